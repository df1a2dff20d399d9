"""Local variations: when one is in force, due for review or lapsed. Pure. Source: docs/scoring.md, section 7."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from standards.definition import HIGHEST_SCORE, Direction, Indicator, Kind, Thresholds, overlap

REVIEW_DUE_WITHIN = timedelta(days=30)
LONGEST = timedelta(days=731)


class Decision(StrEnum):
    """What became of a proposed variation. The values are stored."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class Stage(StrEnum):
    """Where a variation stands on a day. It follows from the decision and the days; nothing has to set it."""

    PROPOSED = "PROPOSED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    TO_COME = "TO_COME"
    IN_FORCE = "IN_FORCE"
    REVIEW_DUE = "REVIEW_DUE"
    LAPSED = "LAPSED"
    ENDED = "ENDED"


STAGE_NAMES = {
    Stage.PROPOSED: "Proposed",
    Stage.DECLINED: "Declined",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.TO_COME: "Approved, not yet in force",
    Stage.IN_FORCE: "In force",
    Stage.REVIEW_DUE: "In force, review due",
    Stage.LAPSED: "Lapsed",
    Stage.ENDED: "Ended early",
}

APPLIES = frozenset({Stage.IN_FORCE, Stage.REVIEW_DUE})


@dataclass(frozen=True)
class Variation:
    """Local thresholds of an indicator, by whom, why and for how long. `ended_on` is the first day without them."""

    met: Decimal
    partly: Decimal
    reason: str
    approver: str
    starts_on: date
    review_on: date
    ended_on: date | None = None

    def applies(self, on: date) -> bool:
        """Whether it is in force on a day: from the first day to the day of review, both included."""
        return self.starts_on <= on <= self.review_on and (self.ended_on is None or on < self.ended_on)

    def lapsed(self, on: date) -> bool:
        """Whether the day of review has passed and nobody ended it before."""
        return on > self.review_on and self.ended_on is None

    @property
    def never_counted(self) -> bool:
        """Whether it was ended before its first day was over."""
        return self.ended_on is not None and self.ended_on <= self.starts_on

    def review_due(self, on: date) -> bool:
        """Whether it is in force and to be looked at again within 30 days."""
        return self.applies(on) and on >= self.review_on - REVIEW_DUE_WITHIN

    def fits(self, national: Thresholds) -> bool:
        """Whether the local thresholds are in order for the direction of an indicator."""
        return not overlap(national.direction, self.met, self.partly)

    def thresholds(self, national: Thresholds) -> Thresholds:
        """The local thresholds: the national ones with other bounds."""
        return replace(national, met=self.met, partly=self.partly, source=self.reason)


def stage(decision: Decision, *, starts_on: date, review_on: date, ended_on: date | None, on: date) -> Stage:
    """Return where a variation stands on a day."""
    if decision != Decision.APPROVED:
        return Stage(decision.value)
    days = Variation(Decimal(0), Decimal(0), "", "", starts_on, review_on, ended_on)
    if ended_on is not None and (on >= ended_on or days.never_counted):
        return Stage.ENDED
    if on < starts_on:
        return Stage.TO_COME
    if days.lapsed(on):
        return Stage.LAPSED
    return Stage.REVIEW_DUE if days.review_due(on) else Stage.IN_FORCE


def why_not_propose(
    indicator: Indicator | None, *, met: Decimal, partly: Decimal, starts_on: date, review_on: date, on: date
) -> str | None:
    """Say why thresholds cannot be proposed on a day for an indicator of a set in use; None: they can."""
    if indicator is None:
        return "This indicator is not in a set of standards that is in use now."
    return _why_not_thresholds(indicator, met, partly) or _why_not_days(starts_on, review_on, on)


def _why_not_thresholds(indicator: Indicator, met: Decimal, partly: Decimal) -> str | None:
    national = indicator.thresholds
    if national is None:
        return "This indicator is judged: it has no thresholds that could be varied."
    if overlap(national.direction, met, partly):
        side = "lower" if national.direction == Direction.AT_MOST else "higher"
        return f"The threshold for partly met cannot be {side} than the one for met: they would overlap."
    if indicator.kind == Kind.SURVEYED and not 0 <= min(met, partly) <= max(met, partly) <= HIGHEST_SCORE:
        return "Scores of a survey are from 0 to 100: choose thresholds between them."
    if (met, partly) == (national.met, national.partly):
        return "These are the national thresholds. Propose others, or propose nothing."
    return None


def _why_not_days(starts_on: date, review_on: date, on: date) -> str | None:
    if starts_on < on:
        return "A variation cannot count for days that have passed. Choose today or a later day."
    if not starts_on < review_on <= starts_on + LONGEST:
        return "Choose a day of review after the first day, and within two years of it."
    return None


def why_not_decide(decision: Decision, *, own: bool = False) -> str | None:
    """Say why a proposal cannot be decided or taken back; None: it can. `own`: whoever decides proposed it."""
    if decision != Decision.PROPOSED:
        return f"This variation has been {decision.value.lower()} already."
    if own:
        return "Whoever proposed a variation cannot decide it. Another director has to."
    return None
