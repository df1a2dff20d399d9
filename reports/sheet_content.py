"""What a supervision sheet says: one worker's sum, and what to talk about, on paper. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from caseloads.printed import Figure
from reports.content import Cover


@dataclass(frozen=True)
class SheetLine:
    """One case in the sum, in words; `marks` say whether it is unrated, contested or set by hand."""

    reference: str
    family: str
    parts: str
    weight: str
    sibling_share: str
    share: str
    line: str
    marks: str


@dataclass(frozen=True)
class SheetPost:
    """A worker's workload in one team: stable + Σ lines = load, Σ steps = capacity."""

    team: str
    scheme: str
    figures: Sequence[Figure]
    reason: str
    lines: Sequence[SheetLine]
    stable: str
    load: str
    steps: Sequence[tuple[str, str]]
    capacity: str
    flags: Sequence[str]
    to_review: Sequence[str]


@dataclass(frozen=True)
class SheetContest:
    """A contested weight: which case, why, and how it stands."""

    case: str
    weight: str
    stands: str
    reason: str


@dataclass(frozen=True)
class SheetReduction:
    """What relieves the worker: why, by how much and for how long."""

    reason: str
    amount: str
    since: str
    until: str


@dataclass(frozen=True)
class SheetHours:
    """Additional hours that the worker recorded; only they see them."""

    week: str
    hours: str


@dataclass(frozen=True)
class SupervisionSheet:
    """The sheet. `hours` is None on a sheet that somebody else makes: additional hours are the worker's own."""

    cover: Cover
    posts: Sequence[SheetPost]
    reductions: Sequence[SheetReduction]
    contests: Sequence[SheetContest]
    supervision: str
    last_session: str
    hours: Sequence[SheetHours] | None
    hours_total: str
