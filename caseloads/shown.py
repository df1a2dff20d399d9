"""What people are shown of a workload: frames of whole numbers as rows of plain values, decimals and words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd

from caseloads.frames import AreaScheme
from caseloads.models import Case
from caseloads.workload import FLAG_NAMES, STATE_NAMES, Flag, State, Workload
from design import figures
from teams.models import CareerStage


def decimal(value: Any, places: int) -> Decimal | None:
    """A whole number of hundredths (2 places) or tenths (1 place) as a decimal; missing stays missing."""
    return None if pd.isna(value) else Decimal(int(value)).scaleb(-places)


def whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """A frame's rows as dictionaries."""
    names = [str(name) for name in frame.columns]
    columns = (frame[name].tolist() for name in names)
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


@dataclass(frozen=True)
class RedFlag:
    """What is wrong, in a word and in a sentence."""

    code: str
    name: str
    detail: str


@dataclass(frozen=True)
class CaseAddress:
    """What a page needs to name a case: where it is found, and how urgent it is."""

    public_id: UUID
    reference: str
    priority: Case.Priority
    rated_on: date | None


@dataclass(frozen=True)
class Person:
    """What a page shows of a worker beside their figures."""

    key: int
    public_id: UUID
    name: str
    career_stage: str
    agency: bool


@dataclass(frozen=True)
class Standing:
    """Load against capacity as shown: state, percentage, band by level and by the scheme's own name."""

    state: str
    pct: Decimal | None
    band: str
    band_name: str

    @property
    def word(self) -> str:
        """The band's name, or the state that stands in its place."""
        return STATE_NAMES.get(State(self.state), self.band_name)

    @property
    def figure(self) -> str:
        """The percentage, or the state that stands in its place: 97.8 %, no capacity."""
        return self.word if self.pct is None else figures.pct(self.pct)

    @property
    def text(self) -> str:
        """Percentage and band in words: 97.8 %, near the limit."""
        return self.word if self.pct is None else f"{figures.pct(self.pct)}, {self.word}"


@dataclass(frozen=True)
class WorkerRow:
    """One worker in one team, as the team page, the worker and the report show them."""

    worker: int
    public_id: UUID
    name: str
    stage: str
    agency: bool
    cases: int
    families: int
    hours: Decimal | None
    fte: Decimal | None
    stable: Decimal | None
    load: Decimal | None
    capacity: Decimal | None
    standing: Standing
    reason: str
    unrated: int
    contested: int
    flags: Sequence[RedFlag]


@dataclass(frozen=True)
class UnallocatedRow:
    """An open case that nobody who counts holds."""

    public_id: UUID
    priority: Case.Priority
    reference: str
    category: str
    weight: Decimal | None
    waiting_days: int
    limit: int | None
    over_limit: bool
    held_by: str


@dataclass(frozen=True)
class TeamFigures:
    """The figures of scoring.md, section 6."""

    head_count: int
    fte: Decimal | None
    cases: int
    families: int
    load: Decimal | None
    capacity: Decimal | None
    standing: Standing
    demand: Decimal | None
    demand_standing: Standing
    lowest: Decimal | None
    median: Decimal | None
    highest: Decimal | None
    over: int
    well_over: int
    not_known: int
    unallocated: int
    unallocated_weight: Decimal | None
    unallocated_not_known: int
    longest_wait: int | None
    median_wait: int | None

    @property
    def known(self) -> int:
        """The workers whose figures are known."""
        return self.head_count - self.not_known


@dataclass(frozen=True)
class LineRow:
    """One case in a worker's sum."""

    public_id: UUID
    reference: str
    family: str
    category: str
    parts: str
    weight: Decimal | None
    sibling_share: int
    share: int
    line: Decimal | None
    unrated: bool
    contested: bool
    overridden: bool


@dataclass(frozen=True)
class Step:
    """One step from base to capacity."""

    label: str
    amount: Decimal | None


def red_flags(result: Workload) -> dict[int | None, list[RedFlag]]:
    """Red flags by worker; those of the team itself under None."""
    found: dict[int | None, list[RedFlag]] = {}
    for row in records(result.flags):
        flag = RedFlag(code=row["flag"], name=FLAG_NAMES[Flag(row["flag"])], detail=row["detail"])
        found.setdefault(whole(row["worker"]), []).append(flag)
    return found


def marked_cases(result: Workload) -> dict[int, tuple[int, int]]:
    """How many of each worker's cases are not rated, and how many contested."""
    marks = result.lines[["worker", "unrated", "contested"]].groupby("worker").sum()
    return {int(worker): (int(unrated), int(contested)) for worker, unrated, contested in marks.itertuples()}


def case_addresses(cases: pd.DataFrame) -> dict[int, CaseAddress]:
    """The addresses of one team's cases, by key."""
    columns = ("case", "public_id", "reference", "priority", "rated_on")
    rows = zip(*(cases[name].tolist() for name in columns), strict=True)
    return {
        key: CaseAddress(public_id, reference, Case.Priority(priority), None if pd.isna(rated_on) else rated_on.date())
        for key, public_id, reference, priority, rated_on in rows
    }


def members(rows: pd.DataFrame) -> dict[int, Person]:
    """Everybody of one team's members, by key."""
    found = zip(*(rows[name].tolist() for name in ("worker", "public_id", "name", "stage", "agency")), strict=True)
    return {row[0]: Person(*row) for row in found}


def to_review(result: Workload, worker: int, addresses: Mapping[int, CaseAddress]) -> list[CaseAddress]:
    """A worker's cases whose ratings are older than the scheme's review interval, the oldest first."""
    flags = result.flags
    old = flags.loc[(flags["flag"] == Flag.RATING_OLD) & (flags["worker"] == worker), "case"]
    return sorted((addresses[key] for key in old), key=lambda case: (case.rated_on or date.min, case.reference))


def worker_row(
    row: dict[str, Any],
    people: Mapping[int, Person],
    marked: Mapping[int, tuple[int, int]],
    flags: dict[int | None, list[RedFlag]],
) -> WorkerRow:
    worker = people[row["worker"]]
    unrated, contested = marked.get(row["worker"], (0, 0))
    return WorkerRow(
        worker=worker.key,
        public_id=worker.public_id,
        name=worker.name,
        stage=CareerStage(worker.career_stage).label if worker.career_stage else "Stage not known",
        agency=worker.agency,
        cases=row["cases"],
        families=row["families"],
        hours=decimal(row["hours"], 2),
        fte=decimal(row["fte"], 2),
        stable=decimal(row["stable"], 2),
        load=decimal(row["load"], 2),
        capacity=decimal(row["capacity"], 2),
        standing=standing_of(row),
        reason=row["reason"],
        unrated=unrated,
        contested=contested,
        flags=flags.get(worker.key, []),
    )


def standing_of(row: dict[str, Any], prefix: str = "") -> Standing:
    pct = row[f"{prefix}pct"] if prefix else row["load_pct"]
    return Standing(
        state=row[f"{prefix}state"],
        pct=decimal(pct, 1),
        band=row[f"{prefix}band"],
        band_name=row[f"{prefix}band_name"],
    )


def urgency(row: UnallocatedRow) -> tuple[int, bool, int, str]:
    """In what order unallocated cases need a worker: by priority, past the category's limit first, longest wait."""
    return row.priority, not row.over_limit, -row.waiting_days, row.reference


def unallocated_row(
    row: dict[str, Any],
    people: Mapping[int, Person],
    scheme: AreaScheme | None,
    addresses: Mapping[int, CaseAddress],
) -> UnallocatedRow:
    address = addresses[row["case"]]
    category = scheme.scheme.categories.get(row["category"]) if scheme else None
    return UnallocatedRow(
        public_id=address.public_id,
        priority=address.priority,
        reference=row["reference"],
        category=category.name if category else row["category"] or "No category",
        weight=decimal(row["weight"], 2),
        waiting_days=int(row["waiting_days"]),
        limit=whole(row["limit"]),
        over_limit=bool(row["over_limit"]),
        held_by="" if row["held_by"] == "" else people[row["held_by"]].name,
    )


def team_figures(result: Workload) -> TeamFigures:
    (row,) = records(result.teams)
    return TeamFigures(
        head_count=row["head_count"],
        fte=None if result.workers["hours"].isna().any() else decimal(row["fte"], 2),
        cases=row["cases"],
        families=row["families"],
        load=decimal(row["load"], 2),
        capacity=decimal(row["capacity"], 2),
        standing=standing_of(row),
        demand=decimal(row["demand"], 2),
        demand_standing=standing_of(row, "demand_"),
        lowest=decimal(row["lowest_pct"], 1),
        median=decimal(row["median_pct"], 1),
        highest=decimal(row["highest_pct"], 1),
        over=row["over"],
        well_over=row["well_over"],
        not_known=row["not_known"],
        unallocated=row["unallocated"],
        unallocated_weight=decimal(row["unallocated_weight"], 2),
        unallocated_not_known=row["unallocated_not_known"],
        longest_wait=whole(row["longest_wait"]),
        median_wait=whole(row["median_wait"]),
    )


def line_row(row: dict[str, Any], addresses: Mapping[int, CaseAddress]) -> LineRow:
    return LineRow(
        public_id=addresses[row["case"]].public_id,
        reference=row["reference"],
        family=row["family"],
        category=row["category_name"],
        parts=row["parts"],
        weight=decimal(row["weight"], 2),
        sibling_share=row["sibling_share"],
        share=row["share"],
        line=decimal(row["line"], 2),
        unrated=row["unrated"],
        contested=row["contested"],
        overridden=row["overridden"],
    )
