"""What an employer's compliance report says: words and figures, frozen to the digit, naming no worker. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.content import Cover, Version


@dataclass(frozen=True)
class GridCell:
    """A team's finding on a standard, with a symbol beside the word; `local` says that local thresholds count."""

    finding: str
    symbol: str
    word: str
    local: bool


@dataclass(frozen=True)
class GridRow:
    team: str
    area: str
    state: str
    cells: Sequence[GridCell]


@dataclass(frozen=True)
class Heading:
    """A standard at the head of a column, and where its chapter is."""

    anchor: str
    code: str
    title: str


@dataclass(frozen=True)
class LoadRow:
    """A team's, an area's or the employer's workload, in words; `bands`: workers by level."""

    name: str
    area: str
    heads: str
    load: str
    capacity: str
    pct: str
    level: str
    word: str
    demand: str
    over: str
    unallocated: str
    weight: str
    longest: str
    bands: Mapping[str, int]


@dataclass(frozen=True)
class Bands:
    """How many workers are in which band: the bars of a chart, and the same as a table."""

    stacks: Sequence[Mapping[str, object]]
    names: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]
    columns: int


@dataclass(frozen=True)
class TeamFinding:
    """A team's findings on one standard by both thresholds, and what stands in the way of meeting it."""

    team: str
    finding: str
    word: str
    local_finding: str
    local_word: str
    because: Sequence[str]


@dataclass(frozen=True)
class IndicatorCount:
    """An indicator over the teams: its thresholds, and how many teams meet it."""

    text: str
    thresholds: str
    essential: bool
    met: int
    partly: int
    not_met: int
    not_known: int


@dataclass(frozen=True)
class Values:
    """Some of a standard's figures side by side: headings, and a row for each team; `columns` with the team's own."""

    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    columns: int


@dataclass(frozen=True)
class StandardChapter:
    """A standard over all teams: how many meet it, which do not and why, indicator by indicator, and every figure."""

    anchor: str
    code: str
    title: str
    expectations: Sequence[str]
    gap: str
    completeness: str
    source: str
    counts: Sequence[tuple[str, str, int]]
    national_counts: Sequence[tuple[str, str, int]]
    teams: Sequence[TeamFinding]
    indicators: Sequence[IndicatorCount]
    values: Sequence[Values]


@dataclass(frozen=True)
class Varied:
    """A local variation in force: what it replaces, why, by whom and until when; and what each makes of the teams."""

    standard: str
    text: str
    national: str
    local: str
    reason: str
    national_met: str
    local_met: str


@dataclass(frozen=True)
class Exceptions:
    """How often figures were overridden in a team, by hand and with a reason."""

    team: str
    limits: int
    overrides: int
    judged: int


@dataclass(frozen=True)
class Overruled:
    """A finding that is not the one of the figures: what was measured, what stands in its place, and why."""

    team: str
    text: str
    measured: str
    stands: str
    why: str


@dataclass(frozen=True)
class DutyCount:
    """A team's duties that wait for an answer, by age in days."""

    team: str
    open: int
    late: int
    week: int
    month: int
    quarter: int
    older: int
    oldest: str


@dataclass(frozen=True)
class EmployerReport:
    """The whole compliance report. `hidden` says how many teams are suppressed, and why; "" where none is."""

    cover: Cover
    summary: Sequence[str]
    figures: Sequence[Mapping[str, str]]
    hidden: str
    columns: int
    headings: Sequence[Heading]
    grid: Sequence[GridRow]
    areas: Sequence[LoadRow]
    teams: Sequence[LoadRow]
    bands: Bands
    chapters: Sequence[StandardChapter]
    variations: Sequence[Varied]
    exceptions: Sequence[Exceptions]
    overruled: Sequence[Overruled]
    duties: Sequence[DutyCount]
    versions: Sequence[Version]
