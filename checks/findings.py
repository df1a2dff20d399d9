"""Findings of indicators and of standards. Pure. Source: docs/scoring.md, section 7."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from standards.definition import Direction, Thresholds

FEWEST_RESPONDENTS = 5
"""The fewest respondents whose answers may be shown: a limit may be raised, never lowered below this."""


class Finding(StrEnum):
    """What comes of comparing an indicator, or a whole standard, with what is expected."""

    MET = "MET"
    PARTLY_MET = "PARTLY_MET"
    NOT_MET = "NOT_MET"
    NOT_KNOWN = "NOT_KNOWN"
    SUPPRESSED = "SUPPRESSED"


FINDING_NAMES = {
    Finding.MET: "Met",
    Finding.PARTLY_MET: "Partly met",
    Finding.NOT_MET: "Not met",
    Finding.NOT_KNOWN: "Not known",
    Finding.SUPPRESSED: "Suppressed",
}

UNKNOWN = frozenset({Finding.NOT_KNOWN, Finding.SUPPRESSED})


def finding_of_indicator(
    value: Decimal | None, thresholds: Thresholds, *, respondents: int | None = None, fewest: int = FEWEST_RESPONDENTS
) -> Finding:
    """Compare a value, in the unit of the measure and rounded as people see it, with the inclusive thresholds.

    `value` None is NOT_KNOWN. `respondents` is given for survey scores only: fewer than `fewest` is SUPPRESSED,
    whatever the value. Raises ValueError for a `fewest` below 5.
    """
    if fewest < FEWEST_RESPONDENTS:
        raise ValueError(f"No fewer than {FEWEST_RESPONDENTS} respondents may be shown.")
    if respondents is not None and respondents < fewest:
        return Finding.SUPPRESSED
    if value is None:
        return Finding.NOT_KNOWN
    if _within(value, thresholds.met, thresholds.direction):
        return Finding.MET
    return Finding.PARTLY_MET if _within(value, thresholds.partly, thresholds.direction) else Finding.NOT_MET


def _within(value: Decimal, bound: Decimal, direction: Direction) -> bool:
    return value <= bound if direction == Direction.AT_MOST else value >= bound


def finding_of_standard(findings: Iterable[tuple[Finding, bool]]) -> Finding:
    """Return the finding of a standard from those of its indicators, each with whether it is essential.

    An essential one not met: NOT_MET. Nothing known (or no indicators): NOT_KNOWN. All known and met: MET. Otherwise
    PARTLY_MET. Suppressed counts as not known.
    """
    given = list(findings)
    known = [finding for finding, _ in given if finding not in UNKNOWN]
    if (Finding.NOT_MET, True) in given:
        return Finding.NOT_MET
    if not known:
        return Finding.NOT_KNOWN
    if len(known) == len(given) and set(known) == {Finding.MET}:
        return Finding.MET
    return Finding.PARTLY_MET
