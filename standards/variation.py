"""Local variations: when one is in force, due for review or lapsed. Pure. Source: docs/scoring.md, section 7."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from standards.definition import Thresholds, overlap

REVIEW_DUE_WITHIN = timedelta(days=30)


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
    if ended_on is not None and on >= ended_on:
        return Stage.ENDED
    if on < starts_on:
        return Stage.TO_COME
    if days.lapsed(on):
        return Stage.LAPSED
    return Stage.REVIEW_DUE if days.review_due(on) else Stage.IN_FORCE
