"""When something about staffing is allowed, to the day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from teams import policies, shipped
from teams.supervision import Span

DAY = date(2026, 11, 18)
ONE = timedelta(days=1)


def test_hours_change_on_a_day_with_a_contract() -> None:
    contract = Span(DAY, DAY + 9 * ONE)
    assert policies.why_not_hours_from(DAY, [contract]) is None
    assert "18\u00a0November\u00a02026" in str(policies.why_not_hours_from(DAY, [Span(DAY + ONE)]))


def test_contract_ends_after_it_began() -> None:
    assert policies.why_not_leave_on(DAY + ONE, Span(DAY)) is None
    assert policies.why_not_leave_on(DAY, Span(DAY))


@pytest.mark.parametrize(
    ("day", "before", "allowed"),
    [
        (-90, None, True),
        (8, None, True),
        (9, None, False),
        (-8, Span(DAY - 9 * ONE, DAY), True),
        (-9, Span(DAY - 9 * ONE, DAY), False),
        (-2, Span(DAY - 9 * ONE, DAY - 2 * ONE), True),
        (-3, Span(DAY - 9 * ONE, DAY - 2 * ONE), False),
    ],
)
def test_first_day_leaves_a_day_to_the_hours_before(day: int, before: Span | None, allowed: bool) -> None:  # noqa: FBT001
    contract = Span(DAY, DAY + 9 * ONE)
    assert (policies.why_not_begin_on(DAY + day * ONE, contract, before) is None) is allowed


@pytest.mark.parametrize(("ends_on", "allowed"), [(None, True), (DAY + ONE, True), (DAY, False)])
def test_period_has_a_day(ends_on: date | None, allowed: bool) -> None:  # noqa: FBT001
    assert (policies.why_not_period(DAY, ends_on) is None) is allowed


@pytest.mark.parametrize(
    ("starts", "ends", "allowed"), [(-5, 0, True), (-5, 1, False), (2, None, True), (1, None, False), (-5, None, False)]
)
def test_nobody_is_away_twice(starts: int, ends: int | None, allowed: bool) -> None:  # noqa: FBT001
    others = [Span(DAY, DAY + 2 * ONE)]
    end = None if ends is None else DAY + ends * ONE
    assert (policies.why_not_away(DAY + starts * ONE, end, others) is None) is allowed


def test_absence_without_an_end_leaves_no_later_one() -> None:
    assert policies.why_not_away(DAY + 90 * ONE, None, [Span(DAY)])


@pytest.mark.parametrize(
    ("kind", "amount", "allowed"),
    [
        ("PERCENT", "100", True),
        ("PERCENT", "100.01", False),
        ("PERCENT", "0", False),
        ("HOURS", "168", True),
        ("HOURS", "169", False),
        ("POINTS", "500", True),
    ],
)
def test_amount_of_a_reduction(kind: str, amount: str, allowed: bool) -> None:  # noqa: FBT001
    assert (policies.why_not_amount(kind, Decimal(amount)) is None) is allowed


def test_supervision_is_recorded_once_it_was_held() -> None:
    def why(day: date, *, taken: bool = False) -> str | None:
        return policies.why_not_held_on(day, today=DAY, contracts=[Span(DAY - 9 * ONE)], taken=taken)

    assert why(DAY) is None
    assert "future" in str(why(DAY + ONE))
    assert "no contract" in str(why(DAY - 10 * ONE))
    assert "already" in str(why(DAY, taken=True))


def test_weeks_stay_open_for_four() -> None:
    assert policies.open_weeks(DAY) == [date(2026, 11, day) for day in (16, 9, 2)] + [date(2026, 10, 26)]
    assert policies.why_not_week(date(2026, 10, 26), today=DAY) is None
    assert policies.why_not_week(date(2026, 10, 19), today=DAY)
    assert policies.why_not_week(date(2026, 11, 23), today=DAY)


def test_reasons_that_are_shipped_are_examples_with_an_end() -> None:
    reasons = shipped.reduction_reasons()
    assert len({item.reason for item in reasons}) == len(reasons)
    assert all(0 < item.percent <= 100 and item.months > 0 for item in reasons)
    induction = next(item for item in reasons if item.reason == "Induction into the team")
    assert induction.words == "Induction into the team (example: 50 %, 2 months)"
    assert induction.ends_on(date(2026, 12, 31)) == date(2027, 2, 28)
    assert any(item.words.endswith("1 month)") for item in reasons)
