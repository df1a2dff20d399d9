"""Both findings of an indicator always follow from the same value by the same rule."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from checks.findings import finding_of_indicator
from checks.measures import MEASURES
from checks.queries.findings import IndicatorFinding, varied
from standards.definition import EXAMPLE, Direction, Indicator, Kind, Thresholds
from standards.queries import Local
from standards.variation import Variation

KEY = ("england-2020", "x")
NUMBERS = st.decimals(min_value=0, max_value=200, places=1)
PAIRS = st.tuples(NUMBERS, NUMBERS)


def found(value: Decimal | None, thresholds: Thresholds) -> IndicatorFinding:
    indicator = Indicator("x", Kind.MEASURED, "Words", "", essential=True, basis="Ours", thresholds=thresholds)
    finding = finding_of_indicator(value, thresholds)
    return IndicatorFinding(indicator, MEASURES["team_load_pct"], value, "", finding)


@given(st.none() | NUMBERS, st.sampled_from(Direction), PAIRS, PAIRS)
def test_both_findings_are_those_of_their_thresholds(
    value: Decimal | None, direction: Direction, bounds: tuple[Decimal, Decimal], local: tuple[Decimal, Decimal]
) -> None:
    met, partly = sorted(bounds, reverse=direction == Direction.AT_LEAST)
    thresholds = Thresholds(direction, met, partly, EXAMPLE)
    here = Variation(*local, "", "", date(2026, 1, 1), date(2026, 2, 1))
    one = varied(found(value, thresholds), Local({KEY: here}, {}), KEY)
    assert one.finding == finding_of_indicator(value, thresholds)
    if here.fits(thresholds):
        assert one.local == here
        assert one.effective == one.local_finding == finding_of_indicator(value, here.thresholds(thresholds))
    else:
        assert (one.local, one.local_finding, one.effective) == (None, None, one.finding)


@given(NUMBERS, PAIRS)
def test_lapsed_variation_is_named_and_changes_nothing(value: Decimal, bounds: tuple[Decimal, Decimal]) -> None:
    met, partly = sorted(bounds)
    before = found(value, Thresholds(Direction.AT_MOST, met, partly, EXAMPLE))
    here = Variation(Decimal(1), Decimal(2), "", "", date(2026, 1, 1), date(2026, 2, 1))
    one = varied(before, Local({}, {KEY: here}), KEY)
    assert (one.finding, one.effective, one.local_finding, one.lapsed) == (before.finding, before.finding, None, here)
    assert varied(before, Local({}, {}), KEY) == before
