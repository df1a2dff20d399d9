"""Local variations: when they count, and what may be proposed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.findings import Finding, finding_of_indicator
from standards.definition import EXAMPLE, Direction, Indicator, Kind, Thresholds
from standards.variation import APPLIES, Decision, Stage, Variation, stage, why_not_decide, why_not_propose

FIRST, REVIEW = date(2026, 4, 1), date(2026, 9, 30)
DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def variation(met: str = "120", partly: str = "130", ended_on: date | None = None) -> Variation:
    return Variation(Decimal(met), Decimal(partly), "Rural area", "Dev Test", FIRST, REVIEW, ended_on)


def measured(direction: Direction = Direction.AT_MOST, kind: Kind = Kind.MEASURED) -> Indicator:
    thresholds = Thresholds(direction, Decimal(100), Decimal(110 if direction == Direction.AT_MOST else 90), EXAMPLE)
    return Indicator("x", kind, "Words", "", essential=True, basis="Ours", measure="load", thresholds=thresholds)


@pytest.mark.parametrize(
    ("on", "ended_on", "expected"),
    [
        (FIRST - DAY, None, Stage.TO_COME),
        (FIRST, None, Stage.IN_FORCE),
        (REVIEW - MONTH - DAY, None, Stage.IN_FORCE),
        (REVIEW - MONTH, None, Stage.REVIEW_DUE),
        (REVIEW, None, Stage.REVIEW_DUE),
        (REVIEW + DAY, None, Stage.LAPSED),
        (FIRST + DAY, FIRST + DAY, Stage.ENDED),
        (FIRST, FIRST + DAY, Stage.IN_FORCE),
        (FIRST, FIRST, Stage.ENDED),
        (FIRST - DAY, FIRST, Stage.ENDED),
        (FIRST - DAY, FIRST + DAY, Stage.TO_COME),
        (REVIEW + DAY, FIRST + DAY, Stage.ENDED),
    ],
)
def test_stage_of_an_approved_variation_follows_from_its_days(on: date, ended_on: date | None, expected: Stage) -> None:
    found = stage(Decision.APPROVED, starts_on=FIRST, review_on=REVIEW, ended_on=ended_on, on=on)
    assert found == expected
    assert (found in APPLIES) == variation(ended_on=ended_on).applies(on)


@pytest.mark.parametrize("decision", [Decision.PROPOSED, Decision.DECLINED, Decision.WITHDRAWN])
def test_stage_of_what_was_not_approved_is_its_decision(decision: Decision) -> None:
    found = stage(decision, starts_on=FIRST, review_on=REVIEW, ended_on=None, on=REVIEW + DAY)
    assert found.value == decision.value


GOOD: dict[str, Any] = {
    "met": Decimal(120),
    "partly": Decimal(130),
    "starts_on": FIRST,
    "review_on": REVIEW,
    "on": FIRST,
}
OVERLAP = "they would overlap"


@pytest.mark.parametrize(
    ("indicator", "changes", "reason"),
    [
        (measured(), {}, None),
        (measured(Direction.AT_LEAST), {"met": Decimal(80), "partly": Decimal(70)}, None),
        (None, {}, "not in a set of standards"),
        (Indicator("x", Kind.JUDGED, "Words", "", essential=True, basis="Ours"), {}, "it has no thresholds"),
        (measured(), {"partly": Decimal(119)}, f"cannot be lower than the one for met: {OVERLAP}"),
        (measured(Direction.AT_LEAST), {}, f"cannot be higher than the one for met: {OVERLAP}"),
        (measured(), {"met": Decimal(100), "partly": Decimal(110)}, "are the national thresholds"),
        (
            measured(Direction.AT_LEAST, Kind.SURVEYED),
            {"met": Decimal(101), "partly": Decimal(50)},
            "from 0 to 100",
        ),
        (measured(Direction.AT_LEAST, Kind.SURVEYED), {"met": Decimal(80), "partly": Decimal(50)}, None),
        (measured(), {"on": FIRST + DAY}, "cannot count for days that have passed"),
        (measured(), {"review_on": FIRST}, "a day of review after the first day"),
        (measured(), {"review_on": FIRST + timedelta(days=732)}, "within two years"),
        (measured(), {"review_on": FIRST + timedelta(days=731)}, None),
    ],
)
def test_what_may_be_proposed(indicator: Indicator | None, changes: dict[str, Any], reason: str | None) -> None:
    said = why_not_propose(indicator, **(GOOD | changes))
    assert said is None if reason is None else reason in str(said)


def test_proposal_is_decided_once_and_by_another() -> None:
    assert why_not_decide(Decision.PROPOSED) is None
    assert "cannot decide it" in str(why_not_decide(Decision.PROPOSED, own=True))
    assert "declined already" in str(why_not_decide(Decision.DECLINED))


def test_variation_in_the_wrong_order_for_the_direction_does_not_fit() -> None:
    thresholds = measured().thresholds
    assert thresholds
    assert variation().fits(thresholds)
    assert not variation("130", "120").fits(thresholds)


NUMBERS = st.decimals(min_value=0, max_value=200, places=1)
RANK = {Finding.MET: 2, Finding.PARTLY_MET: 1, Finding.NOT_MET: 0}


def ordered(direction: Direction, one: Decimal, other: Decimal) -> tuple[Decimal, Decimal]:
    low, high = sorted([one, other])
    return (low, high) if direction == Direction.AT_MOST else (high, low)


@given(st.sampled_from(Direction), NUMBERS, st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS))
def test_variation_moved_outwards_never_worsens_the_finding(
    direction: Direction, value: Decimal, bounds: tuple[Decimal, Decimal], outwards: tuple[Decimal, Decimal]
) -> None:
    met, partly = ordered(direction, *bounds)
    away = 1 if direction == Direction.AT_MOST else -1
    national = Thresholds(direction, met, partly, EXAMPLE)
    outer = Variation(met + away * min(outwards), partly + away * max(outwards), "", "", FIRST, REVIEW)
    assert outer.fits(national)
    moved = finding_of_indicator(value, outer.thresholds(national))
    assert RANK[moved] >= RANK[finding_of_indicator(value, national)]


@given(st.sampled_from(Direction), NUMBERS, NUMBERS, NUMBERS)
def test_local_thresholds_keep_the_direction_and_name_their_reason(
    direction: Direction, value: Decimal, one: Decimal, other: Decimal
) -> None:
    met, partly = ordered(direction, one, other)
    national = Thresholds(direction, Decimal(0), Decimal(0), EXAMPLE)
    local = Variation(met, partly, "Rural area", "Dev Test", FIRST, REVIEW).thresholds(national)
    assert local == Thresholds(direction, met, partly, "Rural area")
