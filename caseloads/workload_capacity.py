"""Capacity of one worker in exact arithmetic, step by step. Source: docs/scoring.md, sections 3 and 4.

Plain integers: a capacity is a fraction over 10 000 × 100 × full-time hours, and is rounded only at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from caseloads.workload_scheme import WHOLE, Kind, Scheme, half_up, two_places

PERCENT = WHOLE * WHOLE
"""A percent amount is in hundredths of a percent: 100 % is 10 000."""


class StepKind(StrEnum):
    """What a line of the explanation of a capacity is."""

    BASE = "BASE"
    REDUCTION = "REDUCTION"
    FLOOR = "FLOOR"
    RESULT = "RESULT"


@dataclass(frozen=True)
class Reduction:
    """A capacity reduction that counts on the day: `amount` in hundredths of a percent, hour or unit."""

    kind: str
    amount: int
    reason: str

    @property
    def label(self) -> str:
        """The reduction in words."""
        amount = two_places(self.amount)
        words = {Kind.PERCENT: f"{amount} %", Kind.HOURS: f"{amount} hours a week", Kind.POINTS: amount}[
            Kind(self.kind)
        ]
        return f"Reduction of {words}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True)
class Step:
    """One line of the explanation of a capacity; the amounts before the result add up to it exactly."""

    kind: StepKind
    label: str
    amount: int


@dataclass(frozen=True)
class Capacity:
    """A worker's capacity and stable load in hundredths, and how the capacity is made up."""

    capacity: int
    stable: int
    steps: tuple[Step, ...]


def faults(reductions: Sequence[Reduction]) -> list[str]:
    """Return a sentence for each reduction that cannot be counted."""
    found = [
        f"A capacity reduction has the kind “{entry.kind}”, which is not known."
        for entry in reductions
        if entry.kind not in set(Kind)
    ]
    return found + [
        "A capacity reduction has no amount, or one below zero." for entry in reductions if entry.amount < 0
    ]


def capacity_of(scheme: Scheme, *, contracted: int, stage: str, reductions: Sequence[Reduction]) -> Capacity:
    """Return a worker's capacity: maximum × stage share × FTE, less the reductions, never below zero.

    `contracted` is hundredths of hours a week. Every step shows the rounded running figure less the one before it, so
    the steps add up to the capacity whatever the fractions. Raises KeyError for a stage that is not in the scheme.
    """
    full_time, share = scheme.full_time_hours, scheme.stage_shares[stage]
    scale = PERCENT * WHOLE * full_time
    base = PERCENT * scheme.maximum * share * contracted
    steps = [Step(StepKind.BASE, _base_label(scheme, share, contracted), half_up(base, scale))]
    left = base
    for entry in reductions:
        before, left = left, left - _taken(scheme, entry, base, scale)
        steps.append(Step(StepKind.REDUCTION, entry.label, half_up(left, scale) - half_up(before, scale)))
    result = half_up(max(0, left), scale)
    if left < 0:
        steps.append(Step(StepKind.FLOOR, "Capacity is never below zero", -half_up(left, scale)))
    steps.append(Step(StepKind.RESULT, "Capacity", result))
    return Capacity(result, _stable(scheme, contracted, base, left), tuple(steps))


def _taken(scheme: Scheme, entry: Reduction, base: int, scale: int) -> int:
    """Return what one reduction takes, as a numerator over `scale`."""
    if entry.kind == Kind.PERCENT:
        return base // PERCENT * entry.amount
    if entry.kind == Kind.HOURS:
        return PERCENT * WHOLE * scheme.maximum * entry.amount
    return scale * entry.amount


def _stable(scheme: Scheme, contracted: int, base: int, left: int) -> int:
    """Return the stable load: that of a full-timer × FTE × what the reductions leave of the base."""
    if base == 0:
        remaining, whole = int(left == 0), 1
    else:
        remaining, whole = max(0, left), base
    return half_up(scheme.stable * contracted * remaining, scheme.full_time_hours * whole)


def _base_label(scheme: Scheme, share: int, contracted: int) -> str:
    hours = f"{two_places(contracted)} of {two_places(scheme.full_time_hours)} hours"
    return f"Maximum {two_places(scheme.maximum)} × {share} % for the career stage × {hours}"
