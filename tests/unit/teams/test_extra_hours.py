"""Totals of additional hours, from which nobody's own may be worked out."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from teams.extra_hours import FIRST_MONDAY, SPAN, Entry, Membership, home, periods, totals, totals_by_team
from teams.policies import open_weeks
from teams.supervision import Span

TODAY = date(2026, 11, 22)
NEWEST = periods(TODAY)[0]


def entries(people: int, hours: str = "2.5", week: date = NEWEST) -> list[Entry]:
    return [Entry(number, week, Decimal(hours)) for number in range(people)]


def test_four_people_are_hidden_and_five_are_not() -> None:
    assert totals(entries(4), today=TODAY)[0].hidden
    shown = totals(entries(5), today=TODAY)[0]
    assert (shown.people, shown.hours, shown.hidden) == (5, Decimal("12.5"), False)
    assert shown.last_on == NEWEST + timedelta(days=27)


def test_nothing_worked_is_nobody_counted() -> None:
    assert totals(entries(4) + entries(9, "0")[4:], today=TODAY)[0].hidden


def test_somebody_counts_once_however_many_weeks() -> None:
    weeks = [Entry(1, NEWEST + timedelta(weeks=number), Decimal(1)) for number in range(4)]
    assert totals(weeks, today=TODAY)[0].hidden


def test_open_weeks_are_in_no_total() -> None:
    assert totals(entries(9, week=open_weeks(TODAY)[0]), today=TODAY)[0].hidden
    assert all(start + SPAN <= open_weeks(TODAY)[-1] for start in periods(TODAY))


def test_before_the_first_period_there_is_none() -> None:
    assert periods(date(2024, 1, 10)) == []
    assert len(periods(date(2024, 4, 1))) == 2


@given(some.integers(0, 400))
def test_total_that_is_shown_never_changes_later(days: int) -> None:
    later = {row.starts_on: row for row in totals(entries(6), today=TODAY + timedelta(days=days))}
    assert later.get(NEWEST, totals(entries(6), today=TODAY)[0]) == totals(entries(6), today=TODAY)[0]


@given(some.integers(0, 400))
def test_periods_have_no_day_in_common(days: int) -> None:
    starts = periods(TODAY + timedelta(days=days))
    assert all(later - earlier == SPAN for later, earlier in pairwise(starts))


def test_hours_of_somebody_in_several_teams_count_where_most_are_contracted() -> None:
    week, always = FIRST_MONDAY, Span(FIRST_MONDAY)
    ended = Span(FIRST_MONDAY - timedelta(days=30), FIRST_MONDAY)
    rows = [Membership(1, Decimal(10), always), Membership(2, Decimal(20), always), Membership(3, Decimal(37), ended)]
    assert home(rows, week) == 2
    assert home([*rows[:1], Membership(9, Decimal(10), always)], week) == 1
    assert home([Membership(4, None, always)], week) == 4
    assert home(rows[2:], week) is None


def test_totals_of_teams_have_no_hour_in_common() -> None:
    both = [Membership(1, Decimal(10), Span(FIRST_MONDAY)), Membership(2, Decimal(20), Span(FIRST_MONDAY))]
    today = FIRST_MONDAY + timedelta(weeks=9)
    given_hours = [Entry(worker, FIRST_MONDAY, Decimal(2)) for worker in range(5)]
    found = totals_by_team(given_hours, dict.fromkeys(range(5), both), [1, 2], today=today)
    assert [total.hours for total in found[1]] == [None]
    assert [total.hours for total in found[2]] == [Decimal(10)]
