"""A team's workload as a report prints it and a health check keeps it: figures in words, to the digit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One headline figure: what it is, its value, what to know of it, and the band it falls in ("" where none)."""

    label: str
    value: str
    note: str = ""
    band: str = ""
    word: str = ""


@dataclass(frozen=True)
class WorkerLine:
    """A worker's line in the table of the team's workload."""

    name: str
    stage: str
    fte: str
    cases: int
    families: int
    load: str
    capacity: str
    pct: str
    band: str
    word: str
    reason: str


@dataclass(frozen=True)
class Bar:
    """A worker's bar in the chart; `pct` is a decimal in text, None where there is no bar to draw."""

    name: str
    pct: str | None
    text: str
    level: str


@dataclass(frozen=True)
class UnallocatedLine:
    """A case that nobody who counts holds."""

    reference: str
    category: str
    weight: str
    waiting: str
    limit: str
    too_long: bool
    held_by: str


@dataclass(frozen=True)
class FlagGroup:
    """The red flags of one worker, or of the team."""

    name: str
    flags: Sequence[str]


@dataclass(frozen=True)
class Sums:
    """A team's figures as numbers, from which those of areas and of the employer are added up.

    Weights are decimals in text, in the unit of the scheme, None where not known; `maximum` is what a full-time worker
    may hold by it and `unit` what it counts in, None without a scheme. bands: workers by level, a state standing in
    where there is no band.
    """

    head_count: int
    known: int
    over: int
    well_over: int
    cases: int
    load: str | None
    capacity: str | None
    demand: str | None
    unallocated: int
    unallocated_weight: str | None
    longest_wait: int | None
    red_flags: int
    maximum: str | None
    unit: str | None
    bands: Mapping[str, int]


@dataclass(frozen=True)
class PrintedWorkload:
    """Everything a report says of a team's workload on a day."""

    sentences: Sequence[str]
    figures: Sequence[Figure]
    workers: Sequence[WorkerLine]
    bars: Sequence[Bar]
    unallocated: Sequence[UnallocatedLine]
    flags: Sequence[FlagGroup]
    sums: Sums
