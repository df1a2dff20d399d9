"""What changed over time: told once, in order, under the number that marks it."""

from datetime import date

from design.line_charts import Mark
from reports.overview.changes import (
    SCHEME,
    STANDARDS,
    Change,
    numbered,
    scheme_changes,
    standard_change,
    variation_changes,
)

JANUARY, MARCH, MAY, JULY = (date(2026, month, 1) for month in (1, 3, 5, 7))


def test_changes_are_numbered_by_their_day_and_told_once() -> None:
    one, two = Change(MAY, SCHEME, "b"), Change(MARCH, STANDARDS, "a")
    found = numbered([one, two, one])
    assert [(row.number, row.change, row.mark) for row in found] == [
        (1, two, Mark(MARCH, 1)),
        (2, one, Mark(MAY, 2)),
    ]
    assert numbered([]) == []


def test_the_scheme_at_the_beginning_is_no_change() -> None:
    first, second = (JANUARY, "Weights", 1, JANUARY), (MAY, "Weights", 2, MAY)
    assert scheme_changes([]) == scheme_changes([first]) == []
    (change,) = scheme_changes([second, first])
    assert change.day == MAY
    assert change.words == "Scored by version 2 of “Weights” from here on, in force since 1\u00a0May\u00a02026."


def test_sets_are_chosen_and_versions_take_effect() -> None:
    assert standard_change(MAY, title="A set", version="2").words == "Version 2 of “A set” took effect."
    assert standard_change(MAY, title="A set", version="").words == "“A set” was chosen."


def varied(starts_on: date, over_on: date, *, early: bool = False) -> list[tuple[date, str]]:
    found = variation_changes(
        "Waits are short.",
        limits="Met: at most 7 days.",
        starts_on=starts_on,
        over_on=over_on,
        ended_early=early,
        since=MARCH,
        until=MAY,
    )
    return [(one.day, one.words) for one in found]


def test_a_variation_is_told_when_it_begins_and_when_it_is_over() -> None:
    began = "Local thresholds began for: Waits are short. Met: at most 7 days."
    assert varied(MARCH, MAY) == [
        (MARCH, began),
        (MAY, "Local thresholds no longer count, lapsed after their day of review: Waits are short."),
    ]
    assert varied(MARCH, JULY) == [(MARCH, began)]
    assert varied(JANUARY, MAY, early=True) == [
        (MAY, "Local thresholds no longer count, ended early: Waits are short.")
    ]
    assert varied(JANUARY, JULY) == []
