"""The workload of an employer in its compliance report: each team, each area, and all of them added up. Pure."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from checks.freezing import SUPPRESSED
from checks.suppression import Group, Level
from design import figures
from design.stacked_charts import NAME_OF as NAMES
from reports.content import Chapter
from reports.employer_content import NumberRow, Numbers
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


@dataclass(frozen=True)
class LoadRow:
    """A team's, an area's or the employer's workload, in words; `bands`: workers by level."""

    name: str
    heads: str
    load: str
    capacity: str
    pct: str
    word: str
    demand: str
    over: str
    unallocated: str
    weight: str
    longest: str
    bands: Mapping[str, int]


HEADINGS = (
    "People",
    "Load",
    "Capacity",
    "Load\u00a0%",
    "Demand\u00a0%",
    "Over limit",
    "Unallo\u00adcated",
    "Longest wait",
)


def load_table(caption: str, first: str, rows: Sequence[LoadRow]) -> Numbers:
    """Workloads as a table."""
    return Numbers(
        caption,
        [first, *HEADINGS],
        [
            NumberRow(
                row.name,
                [row.heads, row.load, row.capacity, row.pct, row.demand, row.over, row.unallocated, row.longest],
                row.word,
            )
            for row in rows
        ],
    )


def area_rows(parts: Sequence[Part], shown: Container[Group]) -> list[LoadRow]:
    names = {part.area: part.area_name for part in parts}
    return [
        load_row(name, [part for part in parts if part.area == key], show=Group(Level.AREA, key) in shown)
        for key, name in names.items()
    ]


def team_row(part: Part, *, show: bool) -> LoadRow:
    """A team's workload, with its band."""
    word = part.kept["figures"][0]["word"] if show and part.kept else ""
    return replace(load_row(part.name, [part], show=show), word=word)


def load_row(name: str, parts: Sequence[Part], *, show: bool) -> LoadRow:
    """The workload of some teams added up, or that it is suppressed."""
    if not show:
        hidden = [field.name for field in fields(LoadRow) if field.name not in {"name", "word", "bands"}]
        return LoadRow(name=name, word="", bands={}, **dict.fromkeys(hidden, SUPPRESSED))
    sums = [part.kept["sums"] for part in parts if part.kept]
    together, as_is = total(map(_summed, sums)), len({(one["maximum"], one["unit"]) for one in sums}) <= 1
    return LoadRow(
        name=name,
        word="",
        heads=str(sum(one["head_count"] for one in sums)),
        load=figures.amount(_sum(sums, "load")) if as_is else _full_timers(together.load),
        capacity=figures.amount(_sum(sums, "capacity")) if as_is else _full_timers(together.capacity),
        pct=together.load_words,
        demand=together.demand_words,
        over=f"{together.over} of {together.known}",
        unallocated=str(together.unallocated),
        weight=figures.amount(_sum(sums, "unallocated_weight")) if as_is else "",
        longest="–" if together.longest_wait is None else figures.days(together.longest_wait),
        bands=_bands(sums),
    )


def people_known(part: Part) -> int:
    """How many people's figures are in a team's sums: what its suppression goes by."""
    return int(part.kept["sums"]["known"]) if part.kept else 0


def banded(teams: Sequence[LoadRow], areas: Sequence[LoadRow]) -> list[LoadRow]:
    """Whose bands are told: the teams, or the areas where there are more teams than bars."""
    return [row for row in (teams if len(teams) <= MOST_BARS else areas) if row.bands]


def band_table(rows: Sequence[LoadRow]) -> Numbers:
    """How many workers are in which band."""
    levels = [level for level in LEVELS if any(row.bands.get(level) for row in rows)]
    return Numbers(
        "How many workers are in which band",
        ["Team or area", *(NAMES[level] for level in levels)],
        [NumberRow(row.name, [str(row.bands.get(level, 0)) for level in levels]) for row in rows],
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
