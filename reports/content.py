"""What a report says: words and figures, frozen to the digit, for a page, a PDF or data. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Cover:
    """What a document is, about whom, of which day, and who may read it.

    `day` is ISO, for the document's own date; `as_of` the same day in words; `part` the area of the employer it is
    about, "" for all of it.
    """

    title: str
    subject: str
    employer: str
    part: str
    day: str
    as_of: str
    readers: str


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator, the figure measured for it, its thresholds and the finding.

    `title` names the figure, "" where nothing is measured. The local thresholds and what comes of them are "" where
    there is no local variation; `local_reason` also says when one has lapsed. `overruled` says what stands in the place
    of the figures in a health check, whose finding is `by_figures` ("": nothing is measured). `of_few`: the value is
    that of one worker, or of few.
    """

    code: str
    text: str
    title: str
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
    overruled: str = ""
    by_figures: str = ""
    of_few: bool = False

    @property
    def effective(self) -> str:
        """The finding that counts: by the local threshold where one is in force."""
        return self.local_finding or self.finding

    @property
    def effective_word(self) -> str:
        return self.local_word or self.word


@dataclass(frozen=True)
class Said:
    """What was said and done about one indicator of a health check, each with a label: ("Evidence", "Rota of May")."""

    text: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Chapter:
    """A standard with the finding on it as a whole; what is judged or asked of staff, by its words.

    `code` is the standard's, `pack` that of its set: together they are one of a kind, and so is `anchor`.
    """

    pack: str
    anchor: str
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
    said: Sequence[Said] = ()

    @property
    def effective(self) -> str:
        """The finding that counts: by local thresholds where some are in force."""
        return self.local_finding or self.finding

    @property
    def effective_word(self) -> str:
        return self.local_word or self.word

    @property
    def sentence(self) -> str:
        """The finding in a sentence; with local thresholds, by both."""
        name = f"Standard {self.code}, {self.title}"
        if not self.local_finding:
            return f"{name}: {self.word.lower()}."
        return f"{name}: {self.local_word.lower()} by local thresholds, {self.word.lower()} by national ones."


@dataclass(frozen=True)
class Version:
    """Something the report rests on, and which version of it."""

    name: str
    text: str


@dataclass(frozen=True)
class TeamReport:
    """A team's report, of a day or of a health check.

    `workload` is as `checks.queries.keeping` makes it; None for a health check opened before workloads were kept.
    `steps` are those of a health check, each with its day and who took it.
    """

    cover: Cover
    summary: Sequence[str]
    chapters: Sequence[Chapter]
    workload: Mapping[str, Any] | None
    versions: Sequence[Version]
    steps: Sequence[tuple[str, str]] = field(default_factory=list)


def as_json(report: Any) -> dict[str, Any]:
    """A report as dictionaries, lists and text: what is stored, and what templates read."""
    return asdict(report)
