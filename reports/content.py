"""What a team health-check report says: words and figures, frozen to the digit, for a page, a PDF or JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One headline figure: what it is, its value, what to know of it, and the band it falls in ("" where none)."""

    label: str
    value: str
    note: str = ""
    band: str = ""
    word: str = ""


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator, the figure measured for it, its thresholds and the finding.

    The local thresholds and what comes of them are "" where there is no local variation; `local_reason` also says when
    one has lapsed.
    """

    code: str
    text: str
    value: str
    thresholds: str
    source: str
    essential: bool
    finding: str
    word: str
    note: str
    local_thresholds: str = ""
    local_reason: str = ""
    local_finding: str = ""
    local_word: str = ""


@dataclass(frozen=True)
class Chapter:
    """A standard with the finding on it as a whole; what is judged or asked of staff, by its words."""

    code: str
    title: str
    finding: str
    word: str
    expectations: Sequence[str]
    completeness: str
    source: str
    indicators: Sequence[IndicatorRow]
    gap: str = ""
    local_finding: str = ""
    local_word: str = ""
    judged: Sequence[str] = ()
    surveyed: Sequence[str] = ()


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
class DutyLine:
    """Something that still waits for an answer, and for how long it has been open."""

    name: str
    about: str
    stands: str
    due: str
    open_for: str


@dataclass(frozen=True)
class Explained:
    """A limit that was passed, or a weight set by hand: what, in figures, why, and by whom."""

    what: str
    detail: str
    reason: str
    by: str


@dataclass(frozen=True)
class Version:
    """Something the report rests on, and which version of it."""

    name: str
    text: str


@dataclass(frozen=True)
class TeamReport:
    """The whole report. `day` is ISO, for the document's own date; `as_of` the same day in words."""

    employer: str
    service_area: str
    team: str
    day: str
    as_of: str
    summary: Sequence[str]
    figures: Sequence[Figure]
    chapters: Sequence[Chapter]
    workers: Sequence[WorkerLine]
    bars: Sequence[Bar]
    unallocated: Sequence[UnallocatedLine]
    flags: Sequence[FlagGroup]
    duties: Sequence[DutyLine]
    limits: Sequence[Explained]
    overrides: Sequence[Explained]
    versions: Sequence[Version]


def as_json(report: TeamReport) -> dict[str, Any]:
    """The report as dictionaries, lists and text: what is stored, and what the template reads."""
    return asdict(report)
