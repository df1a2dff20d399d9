"""Workloads as people see them: rows read, scored by the one pure function, handed on as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd

from caseloads.frames import AreaScheme, read_inputs, schemes_in_force
from caseloads.workload import FLAG_NAMES, Flag, Workload, score, unscored
from teams.models import CareerStage, Employer, Team, Worker


@dataclass(frozen=True)
class AreaWorkload:
    """The scored teams of one service area, and the scheme that was used; None where none is published."""

    scheme: AreaScheme | None
    workload: Workload


def workloads(employer: Employer, *, as_of: date, team: Team | None = None) -> list[AreaWorkload]:
    """Score an employer's teams, or one of them, as they stand on a day. A fixed number of statements."""
    schemes = schemes_in_force(employer, on=as_of)
    inputs = read_inputs(employer, as_of=as_of, team=team)
    if team is not None:
        areas = {team.service_area_id: (team.service_area.name, [team.pk])}
    else:
        areas = {}
        for key, area, name in employer.teams.values_list("pk", "service_area", "service_area__name"):
            areas.setdefault(area, (name, []))[1].append(key)
    return [
        AreaWorkload(scheme=found, workload=score(found.scheme, inputs, as_of=as_of, teams=keys))
        if (found := schemes.get(area))
        else AreaWorkload(
            scheme=None,
            workload=unscored(inputs, f"No weighting scheme is published for {name}.", as_of=as_of, teams=keys),
        )
        for area, (name, keys) in areas.items()
    ]


def decimal(value: Any, places: int) -> Decimal | None:
    """A whole number of hundredths (2 places) or tenths (1 place) as a decimal; missing stays missing."""
    return None if pd.isna(value) else Decimal(int(value)).scaleb(-places)


def whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """A frame's rows as dictionaries."""
    return iter(frame.to_dict("records"))


@dataclass(frozen=True)
class RedFlag:
    """What is wrong, in a word and in a sentence."""

    code: str
    name: str
    detail: str


@dataclass(frozen=True)
class Standing:
    """Load against capacity as shown: state, percentage, band by level and by the scheme's own name."""

    state: str
    pct: Decimal | None
    band: str
    band_name: str


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
    longest_wait: int | None
    median_wait: int | None


@dataclass(frozen=True)
class TeamWorkload:
    """Everything the team page and the report say about one team's workload on a day."""

    team: Team
    as_of: date
    scheme: AreaScheme | None
    workload: Workload
    figures: TeamFigures
    workers: Sequence[WorkerRow]
    unallocated: Sequence[UnallocatedRow]
    team_flags: Sequence[RedFlag]

    @property
    def red_flags(self) -> int:
        return len(self.team_flags) + sum(len(row.flags) for row in self.workers)


def team_workload(team: Team, *, as_of: date) -> TeamWorkload:
    """Score one team for people to read."""
    (area,) = workloads(team.employer, as_of=as_of, team=team)
    result = area.workload
    people = Worker.objects.in_bulk(_people(result))
    flags = _flags(result)
    return TeamWorkload(
        team=team,
        as_of=as_of,
        scheme=area.scheme,
        workload=result,
        figures=_figures(result),
        workers=[_worker_row(row, people, result.lines, flags) for row in records(result.workers)],
        unallocated=[_unallocated_row(row, people, area.scheme) for row in records(result.unallocated)],
        team_flags=flags.get(None, []),
    )


def _people(result: Workload) -> set[int]:
    holders = {key for key in result.unallocated["held_by"] if key != ""}
    return {int(key) for key in {*result.workers["worker"], *holders}}


def _flags(result: Workload) -> dict[int | None, list[RedFlag]]:
    """Red flags by worker; those of the team itself under None."""
    found: dict[int | None, list[RedFlag]] = {}
    for row in records(result.flags):
        flag = RedFlag(code=row["flag"], name=FLAG_NAMES[Flag(row["flag"])], detail=row["detail"])
        found.setdefault(whole(row["worker"]), []).append(flag)
    return found


def _worker_row(
    row: dict[str, Any], people: dict[int, Worker], lines: pd.DataFrame, flags: dict[int | None, list[RedFlag]]
) -> WorkerRow:
    worker = people[row["worker"]]
    own = lines[lines["worker"] == row["worker"]]
    return WorkerRow(
        worker=worker.pk,
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
        standing=_standing(row),
        reason=row["reason"],
        unrated=int(own["unrated"].sum()),
        contested=int(own["contested"].sum()),
        flags=flags.get(worker.pk, []),
    )


def _standing(row: dict[str, Any], prefix: str = "") -> Standing:
    pct = row[f"{prefix}pct"] if prefix else row["load_pct"]
    return Standing(
        state=row[f"{prefix}state"],
        pct=decimal(pct, 1),
        band=row[f"{prefix}band"],
        band_name=row[f"{prefix}band_name"],
    )


def _unallocated_row(row: dict[str, Any], people: dict[int, Worker], scheme: AreaScheme | None) -> UnallocatedRow:
    category = scheme.scheme.categories.get(row["category"]) if scheme else None
    return UnallocatedRow(
        reference=row["reference"],
        category=category.name if category else row["category"] or "No category",
        weight=decimal(row["weight"], 2),
        waiting_days=int(row["waiting_days"]),
        limit=whole(row["limit"]),
        over_limit=bool(row["over_limit"]),
        held_by="" if row["held_by"] == "" else people[row["held_by"]].name,
    )


def _figures(result: Workload) -> TeamFigures:
    (row,) = records(result.teams)
    return TeamFigures(
        head_count=row["head_count"],
        fte=decimal(row["fte"], 2),
        cases=row["cases"],
        families=row["families"],
        load=decimal(row["load"], 2),
        capacity=decimal(row["capacity"], 2),
        standing=_standing(row),
        demand=decimal(row["demand"], 2),
        demand_standing=_standing(row, "demand_"),
        lowest=decimal(row["lowest_pct"], 1),
        median=decimal(row["median_pct"], 1),
        highest=decimal(row["highest_pct"], 1),
        over=row["over"],
        well_over=row["well_over"],
        not_known=row["not_known"],
        unallocated=row["unallocated"],
        unallocated_weight=decimal(row["unallocated_weight"], 2),
        longest_wait=whole(row["longest_wait"]),
        median_wait=whole(row["median_wait"]),
    )
