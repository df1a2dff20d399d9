"""What an employer's compliance report says: words and figures, frozen to the digit, naming no worker. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.content import Cover, Version


@dataclass(frozen=True)
class NumberRow:
    """A row of a table of numbers: whose they are, a word under the name ("" for none), and the numbers in words."""

    name: str
    cells: Sequence[str]
    under: str = ""


@dataclass(frozen=True)
class Numbers:
    """A table of numbers; the first heading is that of the names."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[NumberRow]


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
    values: Sequence[Numbers]


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
class Overruled:
    """A finding that is not the one of the figures: what was measured, what stands in its place, and why."""

    team: str
    text: str
    measured: str
    stands: str
    why: str


@dataclass(frozen=True)
class EmployerReport:
    """The whole compliance report. `hidden` says how many teams are suppressed, and why; "" where none is."""

    cover: Cover
    summary: Sequence[str]
    figures: Sequence[Mapping[str, str]]
    hidden: str
    headings: Sequence[Heading]
    grid: Sequence[GridRow]
    areas: Numbers
    teams: Numbers
    bands: Numbers
    stacks: Sequence[Mapping[str, object]]
    chapters: Sequence[StandardChapter]
    variations: Sequence[Varied]
    exceptions: Numbers
    overruled: Sequence[Overruled]
    duties: Numbers
    versions: Sequence[Version]
