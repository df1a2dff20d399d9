"""Figures of a workforce: the published totals, and small teams worked through by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from teams import workforce
from teams.supervision import Span
from teams.workforce import Away, Hours, days_lost, leavers, posts, starters, working_days

DAY = date(2026, 11, 22)
YEAR_AGO = date(2025, 11, 22)
D = Decimal


def test_rates_agree_with_the_published_figures_of_england() -> None:
    """Department for Education, children's social work workforce 2025: England's full-time equivalents and rates."""
    in_post = D("36186.3")
    assert workforce.turnover_rate(leavers=D("4276.3"), in_post=in_post) == D("11.8")
    assert workforce.agency_rate(agency=D("5415.9"), in_post=in_post) == D("13.0")
    assert workforce.vacancy_rate(vacant=D("5965.4"), in_post=in_post) == D("14.2")
    assert workforce.absence_rate(days_lost=D("322786.3"), in_post=in_post) == D("3.5")
    assert workforce.caseload(cases=321661, holders=D("21105.4")) == D("15.2")
    assert workforce.agency_cover_rate(covering=D("4390.8"), agency=D("5415.9")) == D("81.1")
    assert workforce.vacancy_cover_rate(covering=D("4390.8"), vacant=D("5965.4")) == D("73.6")


def test_nobody_in_post_has_no_rate() -> None:
    assert workforce.turnover_rate(leavers=D(1), in_post=D(0)) is None
    assert workforce.vacancy_rate(vacant=D(0), in_post=D(0)) is None
    assert workforce.absence_rate(days_lost=D(1), in_post=D(0)) is None
    assert workforce.caseload(cases=0, holders=D(0)) is None
    assert workforce.agency_cover_rate(covering=D(0), agency=D(0)) is None
    assert workforce.vacancy_cover_rate(covering=D(0), vacant=D(0)) is None


def test_rates_and_fte_round_half_up() -> None:
    assert workforce.turnover_rate(leavers=D("0.25"), in_post=D(1000)) == D("0.0")
    assert workforce.turnover_rate(leavers=D("0.5"), in_post=D(1000)) == D("0.1")
    assert workforce.fte(D("18.5"), D(37)) == D("0.50")
    assert workforce.fte(D("0.185"), D(37)) == D("0.01")
    assert workforce.fte(None, D(37)) is None


def hours(worker: int, weekly: str | None, start: date, end: date | None = None, *, agency: bool = False) -> Hours:
    return Hours(worker, None if weekly is None else D(weekly), Span(start, end), agency=agency)


def test_posts_of_a_day() -> None:
    rows = [
        hours(1, "37", YEAR_AGO),
        hours(2, "18.5", YEAR_AGO),
        hours(3, "37", YEAR_AGO, agency=True),
        hours(4, "37", YEAR_AGO, DAY),
    ]
    found = posts(rows, D(111), on=DAY)
    assert (found.in_post, found.agency, found.vacant, found.not_known) == (D("55.5"), D(37), D("55.5"), 0)
    assert (found.vacancy_rate, found.agency_rate) == (D("50.0"), D("40.0"))


def test_posts_that_are_not_known() -> None:
    found = posts([hours(1, None, YEAR_AGO)], D(37), on=DAY)
    assert (found.not_known, found.vacancy_rate, found.agency_rate) == (1, None, None)
    assert posts([hours(1, "37", YEAR_AGO)], None, on=DAY).vacancy_rate is None
    assert posts([hours(1, "37", YEAR_AGO)], None, on=DAY).vacant is None


def test_more_in_post_than_posts_leaves_no_negative_vacancy() -> None:
    assert posts([hours(1, "37", YEAR_AGO)], D(20), on=DAY).vacant == 0


def test_change_of_hours_is_neither_start_nor_end() -> None:
    change, gone = date(2026, 3, 1), date(2026, 9, 1)
    rows = [hours(1, "37", date(2020, 1, 1), change), hours(1, "30", change, gone), hours(2, "20", change)]
    assert [(row.worker, row.on) for row in starters(rows, since=YEAR_AGO, until=DAY)] == [(2, change)]
    assert [(row.worker, row.on, row.weekly_hours) for row in leavers(rows, since=YEAR_AGO, until=DAY)] == [
        (1, gone, D(30))
    ]


def test_somebody_who_comes_back_left_and_started() -> None:
    rows = [hours(1, "37", date(2020, 1, 1), date(2026, 2, 1)), hours(1, "37", date(2026, 3, 1))]
    assert len(starters(rows, since=YEAR_AGO, until=DAY)) == len(leavers(rows, since=YEAR_AGO, until=DAY)) == 1
    assert leavers(rows, since=date(2026, 2, 1), until=DAY) == []


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    friday = date(2026, 11, 20)
    span = Span(friday, friday + timedelta(days=11))
    assert working_days(span, since=YEAR_AGO, until=date(2027, 1, 1), bank_holidays=()) == 7
    assert working_days(span, since=YEAR_AGO, until=date(2027, 1, 1), bank_holidays={date(2026, 11, 23)}) == 6
    assert working_days(span, since=YEAR_AGO, until=DAY, bank_holidays=()) == 1
    assert working_days(Span(friday), since=YEAR_AGO, until=DAY, bank_holidays=()) == 1


@pytest.mark.parametrize(("weekly", "days"), [("37", "5.0"), ("18.5", "2.5"), (None, None)])
def test_days_lost_count_by_contracted_hours(weekly: str | None, days: str | None) -> None:
    week = Span(date(2026, 11, 2), date(2026, 11, 9))
    rows = [hours(1, weekly, date(2020, 1, 1)), hours(2, "37", date(2020, 1, 1))]
    found = days_lost([Away(1, "SICKNESS", week)], rows, D(37), since=YEAR_AGO, until=DAY, bank_holidays=())
    assert found == ({} if days is None else {"SICKNESS": D(days)})


def test_days_lost_count_only_while_in_the_team_and_not_agency() -> None:
    joined = date(2026, 11, 4)
    week = Away(1, "FAMILY", Span(date(2026, 11, 2), date(2026, 11, 9)))
    always = Away(1, "SPECIAL", Span(date(2026, 11, 9)))
    rows = [hours(1, "37", joined), hours(1, "37", date(2019, 1, 1), date(2020, 1, 1))]
    found = days_lost([week, always], rows, D(37), since=YEAR_AGO, until=date(2026, 11, 11), bank_holidays=())
    assert found == {"FAMILY": D("3.0"), "SPECIAL": D("2.0")}
    agency = [hours(1, "37", joined, agency=True)]
    assert days_lost([week], agency, D(37), since=YEAR_AGO, until=DAY, bank_holidays=()) == {}


whole = some.integers(0, 5000).map(Decimal)


@given(whole, whole)
def test_rates_lie_between_none_and_all(part: Decimal, rest: Decimal) -> None:
    for rate in (
        workforce.vacancy_rate(vacant=part, in_post=rest),
        workforce.agency_rate(agency=part, in_post=rest),
    ):
        assert rate is None or 0 <= rate <= 100
