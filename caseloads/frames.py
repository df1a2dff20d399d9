"""Reads rows into the frames that scoring works on: a fixed number of statements, whatever the size."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from caseloads.models import (
    Allocation,
    Band,
    Case,
    CaseCategory,
    ComplexityFactor,
    Contest,
    Rating,
    Transfer,
    WeightingScheme,
    WorkerSnapshot,
)
from caseloads.workload import Band as ScoringBand
from caseloads.workload import BandLevel, Category, Factor, Inputs, Scheme, Unit, frame
from teams.models import CapacityReduction, Contract, Employer, ServiceArea, Team
from teams.queries.supervision import supervised

HISTORY_DAYS = 31


@dataclass(frozen=True)
class AreaScheme:
    """The scheme in force in a service area: the row it came from and what scoring needs of it."""

    row: WeightingScheme
    scheme: Scheme


def hundredths(value: Decimal | None) -> int | None:
    """A two-place decimal as whole hundredths."""
    return None if value is None else int(value.scaleb(2))


def schemes_in_force(employer: Employer, *, on: date) -> dict[int, AreaScheme]:
    """Service area key → its scheme on a day. Areas without a published scheme are missing."""
    rows = WeightingScheme.objects.in_force(employer=employer, on=on).select_related("service_area")
    return {row.service_area_id: AreaScheme(row=row, scheme=_published(row)) for row in rows}


def _published(row: WeightingScheme) -> Scheme:
    """A published scheme. It never changes, so its parts are read once; the full-time week is the area's of today."""
    parts = _parts(row.pk, row.published_at)
    return replace(parts, full_time_hours=int(row.service_area.full_time_hours.scaleb(2)))


@lru_cache(maxsize=512)
def _parts(pk: int, _published_at: datetime | None) -> Scheme:
    return scheme_of(WeightingScheme.objects.select_related("service_area").get(pk=pk))


def scheme_of(row: WeightingScheme) -> Scheme:
    """A scheme as scoring takes it. Raises ValueError, a sentence for every fault, when it cannot be scored with."""
    return Scheme(
        name=row.name,
        version=str(row.version),
        unit=Unit(row.unit),
        maximum=int(row.maximum.scaleb(2)),
        stable=int(row.stable.scaleb(2)),
        full_time_hours=int(row.service_area.full_time_hours.scaleb(2)),
        default_weight=int(row.default_weight.scaleb(2)),
        lowest_weight=int(row.lowest_weight.scaleb(2)),
        highest_weight=int(row.highest_weight.scaleb(2)),
        sibling_share=row.sibling_share,
        joint_uplift=row.joint_uplift,
        review_interval_days=row.review_interval_days,
        stage_shares={share.career_stage: share.share for share in row.stage_shares.all()},
        categories={item.code: _category(item) for item in row.categories.all()},
        factors={item.code: _factor(item) for item in row.factors.all()},
        bands=tuple(_band(item) for item in row.bands.all()),
    )


def _category(row: CaseCategory) -> Category:
    return Category(
        code=row.code,
        name=row.name,
        weight=int(row.weight.scaleb(2)),
        reserved=row.reserved,
        unallocated_limit_days=row.unallocated_limit_days,
    )


def _factor(row: ComplexityFactor) -> Factor:
    return Factor(code=row.code, name=row.name, points=int(row.points.scaleb(2)), per_extra=row.per_extra)


def _band(row: Band) -> ScoringBand:
    return ScoringBand(level=BandLevel(row.level), name=row.name, lower=int(row.lower.scaleb(1)))


def schemes_of(area: ServiceArea) -> list[AreaScheme]:
    """Every published version of a service area's scheme, in the order in which they took effect. One statement."""
    rows = WeightingScheme.objects.filter(service_area=area, published_at__isnull=False)
    ordered = rows.select_related("service_area").order_by("effective_on", "version")
    return [AreaScheme(row=row, scheme=_published(row)) for row in ordered]


def read_cases(cases: QuerySet[Case]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cases with their newest ratings, and the factors of those, as scoring takes them. Two statements."""
    ratings = _newest_ratings(cases)
    return _cases(cases, ratings), _factors(ratings)


def read_inputs(employer: Employer, *, as_of: date, team: Team | None = None) -> Inputs:
    """Everything that bears on a day's figures and red flags: an employer's rows, or one team's. Eight statements."""
    history = WorkerSnapshot.objects.filter(
        employer=employer, day__gte=as_of - timedelta(days=HISTORY_DAYS), day__lt=as_of
    )
    return replace(
        read_caseload(employer, as_of=as_of, team=team),
        history=_history(history if team is None else history.filter(team=team)),
        supervision=_supervision(employer, as_of=as_of, team=team),
        handovers=_handovers(employer, as_of=as_of, team=team),
    )


def read_caseload(employer: Employer, *, as_of: date, team: Team | None = None, cases: Collection[int] = ()) -> Inputs:
    """The rows that make loads and capacities on a day: an employer's, or those that bear on one team's figures.

    One team needs its own cases, the cases its members hold, and everybody who holds those, so that it scores
    exactly as it does within its employer; `cases` are further ones that it may be given. Allocations that have ended
    say since when a case has been waiting. Five statements.
    """
    wanted = Case.objects.filter(employer=employer).open_on(as_of)
    contracts = Contract.objects.filter(team__employer=employer).open_on(as_of)
    reductions = CapacityReduction.objects.filter(team__employer=employer).open_on(as_of)
    if team is not None:
        held_here = Allocation.objects.filter(case=OuterRef("pk"), team=team).open_on(as_of)
        wanted = wanted.filter(Q(team=team) | Exists(held_here) | Q(pk__in=cases))
        reductions = reductions.filter(team=team)
    allocations = Allocation.objects.filter(employer=employer, case__in=wanted.values("pk"), started_on__lte=as_of)
    if team is not None:
        contracts = contracts.filter(Q(team=team) | Q(worker__in=allocations.open_on(as_of).values("worker")))
    ratings = _newest_ratings(wanted)
    return Inputs(
        members=_members(contracts, named=team is not None),
        reductions=_reductions(reductions),
        cases=_cases(wanted, ratings, named=team is not None),
        factors=_factors(ratings),
        allocations=_allocations(allocations),
    )


def _handovers(employer: Employer, *, as_of: date, team: Team | None) -> pd.DataFrame:
    """Open cases that came to a team without a handover meeting, the newest transfer of each."""
    rows = Transfer.objects.filter(employer=employer, moved_on__lte=as_of, case__in=Case.objects.open_on(as_of))
    if team is not None:
        rows = rows.filter(to_team=team)
    newest = rows.order_by("case_id", "to_team_id", "-moved_on", "-pk").distinct("case_id", "to_team_id")
    columns = ("case", "to_worker", "to_team", "moved_on", "handover_on")
    moved = [
        {"case": case, "worker": worker, "team": to_team, "moved_on": moved_on}
        for case, worker, to_team, moved_on, meeting in newest.values_list(*columns)
        if meeting is None
    ]
    return frame("handovers", moved)


def _supervision(employer: Employer, *, as_of: date, team: Team | None) -> pd.DataFrame | None:
    """How supervision stands; None where the employer has no session on record, so that nothing is known."""
    rows = [
        {
            "worker": row.worker,
            "due_on": row.standing.due_on,
            "detail": row.standing.sentence,
            "sessions": row.sessions,
            "in_full": row.in_full,
        }
        for row in supervised(employer, as_of=as_of, team=team)
    ]
    return frame("supervision", rows) if rows else None


def _frame(rows: QuerySet[Any], columns: Mapping[str, str], **dtypes: str) -> pd.DataFrame:
    """A queryset as a frame: frame column → field, then the types of the columns that need one."""
    values: Iterable[tuple[object, ...]] = rows.order_by().values_list(*columns.values())
    return pd.DataFrame.from_records(list(values), columns=list(columns)).astype(dtypes)


def _cents(column: pd.Series) -> pd.Series:
    return column.map(hundredths, na_action="ignore").astype("Int64")


def _newest_ratings(cases: QuerySet[Case]) -> pd.DataFrame:
    rows = (
        Rating.objects.filter(case__in=cases.values("pk")).order_by("case_id", "-rated_on", "-pk").distinct("case_id")
    )
    values = rows.values_list("case", "factors", "override", "rated_on")
    frame = pd.DataFrame.from_records(list(values), columns=["case", "factors", "override", "rated_on"])
    return frame.astype({"case": "int64"})


def _members(contracts: QuerySet[Contract], *, named: bool) -> pd.DataFrame:
    """Who is in a team on the day; `named` adds what a page shows of each."""
    columns = {
        "worker": "worker",
        "team": "team",
        "contracted": "weekly_hours",
        "stage": "worker__career_stage",
        "registered": "worker__registered",
        "case_holding": "worker__case_holding",
        "started_on": "starts_on",
        "ended_on": "ends_on",
        **({name: f"worker__{name}" for name in ("public_id", "name", "agency")} if named else {}),
    }
    frame = _frame(contracts, columns, worker="int64", team="int64", registered="boolean", case_holding="bool")
    return frame.assign(contracted=_cents(frame["contracted"]))


def _reductions(rows: QuerySet[CapacityReduction]) -> pd.DataFrame:
    columns = {
        "worker": "worker",
        "team": "team",
        "reduction": "pk",
        "kind": "kind",
        "amount": "amount",
        "reason": "reason",
        "started_on": "starts_on",
        "ended_on": "ends_on",
    }
    frame = _frame(rows, columns, worker="int64", team="int64", reduction="int64")
    return frame.assign(amount=_cents(frame["amount"]))


def _cases(rows: QuerySet[Case], ratings: pd.DataFrame, *, named: bool = False) -> pd.DataFrame:
    """Cases with their newest ratings; `named` adds what a page shows of each: its address and its priority."""
    columns = {
        "case": "pk",
        "reference": "reference",
        "family": "family_reference",
        "team": "team",
        "category": "category",
        "opened_on": "waits_from",
        "closed_on": "closed_on",
        "contested": "is_contested",
        **({"public_id": "public_id", "priority": "priority"} if named else {}),
    }
    waits_from = Greatest("opened_on", "reopened_on")  # PostgreSQL's passes over what is empty
    contested = Exists(Contest.objects.filter(case=OuterRef("pk"), state=Contest.State.OPEN))
    frame = _frame(
        rows.annotate(is_contested=contested, waits_from=waits_from),
        columns,
        case="int64",
        team="int64",
        contested="bool",
    )
    frame = frame.merge(ratings.drop(columns="factors"), on="case", how="left")
    return frame.assign(
        rated=frame["rated_on"].notna() & (frame["category"] != ""),
        override=_cents(frame["override"]),
    )


def _factors(ratings: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (case, factor, int(count))
        for case, factors in zip(ratings["case"], ratings["factors"], strict=True)
        for factor, count in factors.items()
    ]
    frame = pd.DataFrame.from_records(rows, columns=["case", "factor", "count"])
    return frame.astype({"case": "int64", "count": "int64"})


def _allocations(rows: QuerySet[Allocation]) -> pd.DataFrame:
    columns = {
        "case": "case",
        "worker": "worker",
        "team": "team",
        "share": "share",
        "started_on": "started_on",
        "ended_on": "ended_on",
    }
    return _frame(rows, columns, case="int64", worker="int64", team="int64", share="int64")


def _history(rows: QuerySet[WorkerSnapshot]) -> pd.DataFrame:
    columns = {"worker": "worker", "team": "team", "day": "day", "band": "band", "state": "state"}
    frame = _frame(rows, columns, worker="int64", team="int64")
    well_over = frame["band"].eq(BandLevel.WELL_OVER.value) | frame["state"].eq(WorkerSnapshot.State.NO_CAPACITY.value)
    return frame.drop(columns=["band", "state"]).assign(well_over=well_over)
