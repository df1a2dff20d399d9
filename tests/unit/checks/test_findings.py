"""Findings, after the table of docs/scoring.md, section 7."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.findings import FINDING_NAMES, Finding, finding_of_indicator, finding_of_standard
from standards.definition import EXAMPLE, Direction, Thresholds
from tests.unit.caseloads.building import page_tables

RANK = [Finding.NOT_MET, Finding.PARTLY_MET, Finding.MET]
WORDS = {name.lower(): finding for finding, name in FINDING_NAMES.items()}
values = st.integers(-2000, 2000).map(lambda tenths: Decimal(tenths).scaleb(-1))
directions = st.sampled_from(Direction)
findings = st.sampled_from(Finding)


def thresholds(direction: Direction, one: Decimal, other: Decimal) -> Thresholds:
    """Thresholds in the order that the direction asks for."""
    low, high = sorted([one, other])
    met, partly = (low, high) if direction == Direction.AT_MOST else (high, low)
    return Thresholds(direction, met, partly, EXAMPLE)


PAGE_VALUES = {
    "up to *met*": ["100"],
    "above *met*, up to *partly met*": ["100.1", "110"],
    "above *partly met*": ["110.1"],
    "*met* or more": ["110"],
    "below *met*, *partly met* or more": ["109.9", "100"],
    "below *partly met*": ["99.9"],
    "no value": [None],
}


@pytest.mark.parametrize(("direction", "value", "finding"), page_tables()["direction", "value", "finding"][0])
def test_table_of_findings_holds(direction: str, value: str, finding: str) -> None:
    used = Direction.AT_LEAST if direction == "at least" else Direction.AT_MOST
    bounds = thresholds(used, Decimal(100), Decimal(110))
    for number in PAGE_VALUES[value]:
        assert finding_of_indicator(None if number is None else Decimal(number), bounds) == WORDS[finding]


@given(values, directions, values, values, st.data())
def test_threshold_moved_outwards_never_worsens_a_finding(
    value: Decimal, direction: Direction, one: Decimal, other: Decimal, data: st.DataObject
) -> None:
    before = thresholds(direction, one, other)
    sign = 1 if direction == Direction.AT_MOST else -1
    moved = [data.draw(st.integers(0, 500)) * Decimal("0.1") * sign for _ in range(2)]
    after = Thresholds(direction, before.met + moved[0], before.partly + moved[1], EXAMPLE)
    ranks = [RANK.index(finding_of_indicator(value, bounds)) for bounds in (before, after)]
    assert ranks[0] <= ranks[1]


@given(values, values, directions, values, values)
def test_better_value_never_gets_a_worse_finding(
    one: Decimal, other: Decimal, direction: Direction, met: Decimal, partly: Decimal
) -> None:
    bounds = thresholds(direction, met, partly)
    better, worse = sorted([one, other], reverse=direction == Direction.AT_LEAST)
    assert RANK.index(finding_of_indicator(better, bounds)) >= RANK.index(finding_of_indicator(worse, bounds))


@pytest.mark.parametrize(
    ("respondents", "fewest", "finding"),
    [(4, 5, Finding.SUPPRESSED), (5, 5, Finding.MET), (9, 10, Finding.SUPPRESSED), (None, 10, Finding.MET)],
)
def test_score_of_too_few_respondents_is_suppressed(respondents: int | None, fewest: int, finding: Finding) -> None:
    bounds = thresholds(Direction.AT_LEAST, Decimal(75), Decimal(50))
    assert finding_of_indicator(Decimal(80), bounds, respondents=respondents, fewest=fewest) == finding


def test_suppressed_even_where_there_is_no_value() -> None:
    bounds = thresholds(Direction.AT_LEAST, Decimal(75), Decimal(50))
    assert finding_of_indicator(None, bounds, respondents=0) == Finding.SUPPRESSED


def test_limit_of_respondents_is_never_lowered() -> None:
    with pytest.raises(ValueError, match="No fewer than 5 respondents"):
        finding_of_indicator(None, thresholds(Direction.AT_MOST, Decimal(1), Decimal(2)), fewest=4)


MET, PARTLY, NOT, UNKNOWN, HIDDEN = Finding


@pytest.mark.parametrize(
    ("indicators", "finding"),
    [
        ([], UNKNOWN),
        ([(MET, True), (MET, False)], MET),
        ([(MET, True), (NOT, False)], PARTLY),
        ([(MET, True), (NOT, True)], NOT),
        ([(UNKNOWN, True), (NOT, True)], NOT),
        ([(MET, True), (UNKNOWN, False)], PARTLY),
        ([(MET, True), (HIDDEN, False)], PARTLY),
        ([(UNKNOWN, True), (HIDDEN, False)], UNKNOWN),
        ([(NOT, False)], PARTLY),
        ([(PARTLY, True)], PARTLY),
    ],
)
def test_finding_of_a_standard(indicators: list[tuple[Finding, bool]], finding: Finding) -> None:
    assert finding_of_standard(iter(indicators)) == finding


@given(st.lists(st.tuples(findings, st.booleans())))
def test_order_of_indicators_does_not_matter(indicators: list[tuple[Finding, bool]]) -> None:
    assert finding_of_standard(indicators) == finding_of_standard(sorted(indicators))


@given(st.lists(st.tuples(st.sampled_from(RANK), st.booleans()), min_size=1), st.data())
def test_better_indicator_never_worsens_a_standard(indicators: list[tuple[Finding, bool]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(indicators) - 1))
    finding, essential = indicators[place]
    better = data.draw(st.sampled_from(RANK[RANK.index(finding) :]))
    improved = [*indicators[:place], (better, essential), *indicators[place + 1 :]]
    assert RANK.index(finding_of_standard(indicators)) <= RANK.index(finding_of_standard(improved))
