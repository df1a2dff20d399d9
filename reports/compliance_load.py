"""The workload of an employer in its compliance report: each team, each area, and all of them added up. Pure."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checks.freezing import SUPPRESSED
from checks.suppression import Group, Level
from design import figures
from design.stacked_charts import NAME_OF as NAMES
from reports.content import Chapter
from reports.employer_content import Bands, LoadRow
from reports.overview.totals import Part as Summed
from reports.overview.totals import total

MOST_BARS = 40
LEVELS = ("ROOM", "NEAR", "OVER", "WELL_OVER", "NO_CAPACITY", "NOT_APPLICABLE", "NOT_KNOWN")


@dataclass(frozen=True)
class Part:
    """One team: its key and its area's, what was kept of its workload (None: nothing), and its standards.

    `state` is where its health check stands, "" outside a cycle.
    """

    key: int
    name: str
    area: int
    area_name: str
    head_count: int
    kept: Mapping[str, Any] | None
    chapters: Sequence[Chapter]
    state: str = ""


def area_rows(parts: Sequence[Part], shown: Container[Group]) -> list[LoadRow]:
    names = {part.area: part.area_name for part in parts}
    return [
        load_row(name, "", [part for part in parts if part.area == key], show=Group(Level.AREA, key) in shown)
        for key, name in names.items()
    ]


def load_row(name: str, area: str, parts: Sequence[Part], *, show: bool) -> LoadRow:
    if not show:
        hidden = dict.fromkeys(
            ("heads", "load", "capacity", "pct", "demand", "over", "unallocated", "weight"), SUPPRESSED
        )
        return LoadRow(name, area, **hidden, level="SUPPRESSED", word="Suppressed", longest=SUPPRESSED, bands={})
    sums = [part.kept["sums"] for part in parts if part.kept]
    together, as_is = total(map(_summed, sums)), len({one["maximum"] for one in sums}) <= 1
    only = parts[0].kept["figures"][0] if len(parts) == 1 and parts[0].kept and area else None
    return LoadRow(
        name=name,
        area=area,
        heads=str(sum(one["head_count"] for one in sums)),
        load=figures.amount(_sum(sums, "load")) if as_is else _full_timers(together.load),
        capacity=figures.amount(_sum(sums, "capacity")) if as_is else _full_timers(together.capacity),
        pct=together.load_words,
        level=only["band"] if only else "",
        word=only["word"] if only else "",
        demand=together.demand_words,
        over=f"{together.over} of {together.known}",
        unallocated=str(together.unallocated),
        weight=figures.amount(_sum(sums, "unallocated_weight")) if as_is else "",
        longest="–" if together.longest_wait is None else figures.days(together.longest_wait),
        bands=_bands(sums),
    )


def banded(teams: Sequence[LoadRow], areas: Sequence[LoadRow]) -> Bands:
    """How many workers are in which band, team by team; area by area where there are more teams than bars."""
    told = [row for row in (teams if len(teams) <= MOST_BARS else areas) if row.bands]
    levels = [level for level in LEVELS if any(row.bands.get(level) for row in told)]
    return Bands(
        stacks=[{"name": row.name, "counts": row.bands} for row in told],
        names=[NAMES.get(level, "Not applicable") for level in levels],
        rows=[(row.name, [row.bands.get(level, 0) for level in levels]) for row in told],
        columns=len(levels) + 1,
    )


def _bands(sums: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in sums:
        found.update(one["bands"])
    return {level: found[level] for level in LEVELS if found[level]}


def _sum(sums: Iterable[Mapping[str, Any]], key: str) -> Decimal | None:
    """What is known of a figure, added up; None where nothing is."""
    known = [Decimal(one[key]) for one in sums if one[key] is not None]
    return sum(known, Decimal(0)) if known else None


def _summed(one: Mapping[str, Any]) -> Summed:
    """A team's sums as numbers that can be added to those of teams with another scheme."""
    load, capacity, maximum = (
        None if one[key] is None else Decimal(one[key]) for key in ("load", "capacity", "maximum")
    )
    return Summed(
        load=load,
        capacity=capacity,
        waiting=Decimal(one["unallocated_weight"] or 0),
        maximum=maximum,
        head_count=one["head_count"],
        over=one["over"],
        not_known=one["head_count"] - one["known"],
        unallocated=one["unallocated"],
        longest_wait=one["longest_wait"],
    )


def _full_timers(value: Decimal | None) -> str:
    return figures.NOT_KNOWN if value is None else f"{value:,.1f}\u00a0FTE"
