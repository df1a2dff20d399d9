"""What a draft would change, worked out by hand."""

from dataclasses import replace
from typing import Any

from caseloads.scheme_effects import Effects, Lost, Shift, effects
from caseloads.workload import unscored
from tests.unit.caseloads.building import DAY, Area, scheme


def area() -> Area:
    """A worker at 95 %, one at 47 % and one without capacity, and a case that waits six days."""
    made = Area().worker("near").worker("room").worker("away").reduction("away", "100")
    made.case("a", "near", override=80_00).case("b", "room", category="proceedings", factors={"long travel": 1})
    return made.case("c", "away").case("d", category="child protection", opened_on=DAY.replace(day=16))


def changed(**changes: Any) -> Effects:
    rows, draft = area(), scheme(**changes)
    return effects(rows.score(teams=["T", "U"]), rows.score(draft, teams=["T", "U"]), rows.inputs(), draft)


def test_same_scheme_changes_nothing() -> None:
    found = changed()
    assert found.changes_nothing
    assert (found.newly_over, found.no_longer_over, found.newly_unknown) == (0, 0, 0)
    assert found.moved == []
    assert found.team_shifts == []
    assert found.by_band() == [("room", 1, 1), ("near the limit", 1, 1), ("no capacity", 1, 1)]


def test_smaller_maximum_puts_somebody_over() -> None:
    found = changed(maximum=60_00)
    assert found.newly_over == 1
    assert [after["band_name"] for _, after in found.moved] == ["well over"]
    assert found.by_band() == [
        ("room", 1, 1),
        ("near the limit", 1, 0),
        ("well over", 0, 1),
        ("no capacity", 1, 1),
    ]
    assert found.team_shifts == [Shift(1, "room", "over", up=True)]
    assert not found.changes_nothing


def test_larger_maximum_takes_the_load_off() -> None:
    smaller, larger = scheme(maximum=60_00), scheme()
    rows = area()
    found = effects(rows.score(smaller, teams=["T"]), rows.score(larger, teams=["T"]), rows.inputs(), larger)
    assert (found.newly_over, found.no_longer_over) == (0, 1)
    assert found.team_shifts == [Shift(1, "over", "room", up=False)]


def test_teams_count_the_cases_past_their_limit() -> None:
    categories = dict(scheme().categories)
    categories["child protection"] = replace(categories["child protection"], unallocated_limit_days=30)
    ((before, after), _) = changed(categories=categories).teams
    assert (before["late"], after["late"]) == (1, 0)


def test_what_the_draft_leaves_out_is_counted() -> None:
    categories = {code: one for code, one in scheme().categories.items() if code in {"assessment", "looked after"}}
    found = changed(categories=categories, factors={})
    assert found.lost_categories == [Lost("child in need", 2), Lost("child protection", 1), Lost("proceedings", 1)]
    assert found.lost_factors == [Lost("long travel", 1)]
    assert found.newly_unknown == 3
    assert found.team_shifts == [Shift(1, "room", "not known", up=None)]


def test_first_scheme_of_an_area_makes_loads_known() -> None:
    rows, draft = area(), scheme()
    before = unscored(rows.inputs(), "No scheme.", as_of=DAY, teams=["T"])
    found = effects(before, rows.score(draft, teams=["T"]), rows.inputs(), draft)
    assert found.by_band()[-1] == ("not known", 3, 0)
    assert found.newly_over == 1
    assert found.team_shifts == [Shift(1, "not known", "room", up=None)]
