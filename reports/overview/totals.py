"""Figures of several teams together: sums, never means. Pure.

Service areas may count in different units. So each team's load and capacity are divided by what one full-time worker
may hold by the scheme of its area, before they are added: load % = 100 × Σ loads ÷ Σ capacities, in full-time workers.
Within one scheme this is the same as adding points. Source: docs/overview.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from design import figures

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Part:
    """One team's figures; load and capacity None: not known, or no scheme to divide by."""

    load: Decimal | None
    capacity: Decimal | None
    waiting: Decimal
    maximum: Decimal | None
    head_count: int
    over: int
    not_known: int
    unallocated: int
    longest_wait: int | None


@dataclass(frozen=True)
class Total:
    """Teams together; load, capacity and demand in full-time workers, None where none is known."""

    teams: int
    load: Decimal | None
    capacity: Decimal | None
    demand: Decimal | None
    over: int
    known: int
    unallocated: int
    longest_wait: int | None

    @property
    def load_pct(self) -> Decimal | None:
        return share(self.load, self.capacity)

    @property
    def demand_pct(self) -> Decimal | None:
        return share(self.demand, self.capacity)

    @property
    def load_words(self) -> str:
        return percentage(self.load_pct)

    @property
    def demand_words(self) -> str:
        return percentage(self.demand_pct)

    @property
    def of_words(self) -> str:
        """Load and capacity in words."""
        if self.load is None or self.capacity is None:
            return "no team's load is known"
        return f"work for {self.load:,.1f} full-time workers, capacity of {self.capacity:,.1f}"


def total(parts: Iterable[Part]) -> Total:
    """Add teams up."""
    given = list(parts)
    summed = [
        (one.load / one.maximum, one.capacity / one.maximum, (one.load + one.waiting) / one.maximum)
        for one in given
        if one.load is not None and one.capacity is not None and one.maximum is not None
    ]
    load, capacity, demand = (sum(column, Decimal(0)) for column in zip(*summed, strict=True)) if summed else [None] * 3
    return Total(
        teams=len(given),
        load=load,
        capacity=capacity,
        demand=demand,
        over=sum(one.over for one in given),
        known=sum(one.head_count - one.not_known for one in given),
        unallocated=sum(one.unallocated for one in given),
        longest_wait=max((one.longest_wait for one in given if one.longest_wait is not None), default=None),
    )


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return 100 × part ÷ whole to one place, half up; None where either is not known or the whole is nothing."""
    if part is None or whole is None or not whole:
        return None
    return (100 * part / whole).quantize(TENTH, ROUND_HALF_UP)


def percentage(value: Decimal | None) -> str:
    """Say a percentage; a dash where there is none."""
    return "–" if value is None else figures.pct(value)
