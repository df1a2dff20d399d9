"""Reads rows into the frames that scoring works on: a fixed number of statements, whatever the size."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import (
    BooleanField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast, Greatest

from caseloads.fetching import read_columns, read_frame
from caseloads.models import (
    Allocation,
    Band,
    Case,
    CaseCategory,
    ComplexityFactor,
    Contest,
    Transfer,
    WeightingScheme,
    WorkerSnapshot,
)
from caseloads.models.snapshots import WELL_OVER
from caseloads.workload import COLUMNS, BandLevel, Category, Factor, Inputs, Scheme, Unit, frame, typed
from caseloads.workload import Band as ScoringBand
from caseloads.workload_flags import EXCESSIVE_DAYS, LONGEST_GAP
from caseloads.workload_inputs import open_on, unheld
from teams.models import CapacityReduction, Contract, Employer, ServiceArea, Team
from teams.queries.supervision import supervised

HISTORY_DAYS = 31
HISTORY = timedelta(days=HISTORY_DAYS)


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
    """Cases with their newest ratings, and the factors of those, as scoring takes them. One statement."""
    return _cases(cases)


def read_inputs(employer: Employer, *, as_of: date, teams: Collection[Team] = ()) -> Inputs:
    """Everything that bears on a day's figures and red flags: some teams' rows in seven statements, or in eight those
    of an employer. Of a whole employer's allocations that have ended, those alone that bear on a figure.
    """
    caseload = read_caseload(employer, as_of=as_of, teams=teams) if teams else _whole_caseload(employer, as_of=as_of)
    return replace(
        caseload,
        history=_history(employer, as_of=as_of, teams=teams),
        supervision=_supervision(employer, as_of=as_of, teams=teams),
        handovers=_handovers(employer, as_of=as_of, teams=teams),
    )


def read_caseload(employer: Employer, *, as_of: date, teams: Collection[Team], cases: Collection[int] = ()) -> Inputs:
    """The rows that bear on the loads and capacities of some teams on a day.

    A team needs its own cases, the cases its members hold, and everybody who holds those, so that it scores
    exactly as it does within its employer; `cases` are further ones that it may be given. Allocations that have ended
    say since when a case has been waiting, also one that is only thought away from its holder. Four statements, each
    told the keys that the one before has found, and no employer: by that the database would look through all of it.
    """
    wanted = Case.objects.of_teams(teams, on=as_of, besides=cases).open_on(as_of)
    read, factors = _cases(wanted, named=True)
    begun = Allocation.objects.filter(started_on__lte=as_of)
    allocations = _allocations(begun.filter(case__in=read["case"].tolist()))
    holders = set(allocations["worker"][open_on(allocations, "started_on", "ended_on", as_of)].tolist())
    concerned = Q(team__in=teams) | Q(worker__in=holders)
    return Inputs(
        members=_members(Contract.objects.filter(concerned, team__employer=employer).open_on(as_of), named=True),
        reductions=_reductions(CapacityReduction.objects.filter(team__in=teams).open_on(as_of)),
        cases=read,
        factors=factors,
        allocations=allocations,
    )


def _whole_caseload(employer: Employer, *, as_of: date) -> Inputs:
    """An employer's rows. Of what has ended, that of the cases that nobody holds: it says since when they wait."""
    cases, factors = _cases(Case.objects.filter(employer=employer).open_on(as_of))
    begun = Allocation.objects.filter(employer=employer, started_on__lte=as_of)
    now = Inputs(
        members=_members(Contract.objects.filter(team__employer=employer).open_on(as_of), named=False),
        reductions=_reductions(CapacityReduction.objects.filter(team__employer=employer).open_on(as_of)),
        cases=cases,
        factors=factors,
        allocations=_allocations(begun.open_on(as_of)),
    )
    waiting: list[Any] = unheld(now)
    past = _allocations(Allocation.objects.filter(case__in=waiting, started_on__lte=as_of, ended_on__lte=as_of))
    if not len(past):
        return now
    return replace(now, allocations=pd.concat([now.allocations, past], ignore_index=True))


def _handovers(employer: Employer, *, as_of: date, teams: Collection[Team]) -> pd.DataFrame:
    """Open cases that came to a team without a handover meeting, the newest transfer of each."""
    rows = Transfer.objects.filter(employer=employer, moved_on__lte=as_of, case__in=Case.objects.open_on(as_of))
    if teams:
        rows = rows.filter(to_team__in=teams)
    newest = rows.order_by("case_id", "to_team_id", "-moved_on", "-pk").distinct("case_id", "to_team_id")
    columns = ("case", "to_worker", "to_team", "moved_on", "handover_on")
    moved = [
        {"case": case, "worker": worker, "team": to_team, "moved_on": moved_on}
        for case, worker, to_team, moved_on, meeting in newest.values_list(*columns)
        if meeting is None
    ]
    return frame("handovers", moved)


def _supervision(employer: Employer, *, as_of: date, teams: Collection[Team]) -> pd.DataFrame | None:
    """How supervision stands; None where the employer has no session on record, so that nothing is known."""
    rows = supervised(employer, as_of=as_of, teams=teams)
    columns = {
        "worker": [row.worker for row in rows],
        "due_on": [row.standing.due_on for row in rows],
        "detail": [row.standing.sentence for row in rows],
        "sessions": [row.sessions for row in rows],
        "in_full": [row.in_full for row in rows],
    }
    return typed("supervision", columns) if rows else None


def _members(contracts: QuerySet[Contract], *, named: bool) -> pd.DataFrame:
    """Who is in a team on the day; `named` adds what a page shows of each."""
    fields = {
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
    return read_frame("members", fields, contracts)


def _reductions(rows: QuerySet[CapacityReduction]) -> pd.DataFrame:
    fields = {
        "worker": "worker",
        "team": "team",
        "reduction": "pk",
        "kind": "kind",
        "amount": "amount",
        "reason": "reason",
        "started_on": "starts_on",
        "ended_on": "ends_on",
    }
    return read_frame("reductions", fields, rows)


def _cases(rows: QuerySet[Case], *, named: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cases with their newest ratings, and the factors of those. One statement.

    `named` adds what a page shows of each: its address and its priority.
    """
    fields: dict[str, str | Expression] = {
        "case": "pk",
        "reference": "reference",
        "family": "family_reference",
        "team": "team",
        "category": "category",
        "opened_on": "waits_from",
        "closed_on": "closed_on",
        "contested": "is_contested",
        "override": "rating__override",
        "rated_on": "rating__rated_on",
        "factors": Cast("rating__factors", TextField()),
        **({"public_id": "public_id", "priority": "priority"} if named else {}),
    }
    waits_from = Greatest("opened_on", "reopened_on")  # PostgreSQL's passes over what is empty
    contested = Exists(Contest.objects.filter(case=OuterRef("pk"), state=Contest.State.OPEN))
    # by employer too, so that a whole employer's are found at once
    rating = FilteredRelation("ratings", condition=Q(ratings__employer=F("employer")))
    all_ratings = rows.annotate(is_contested=contested, waits_from=waits_from, rating=rating)
    newest = all_ratings.order_by("pk", "-rating__rated_on", "-rating__pk").distinct("pk")
    columns = read_columns("cases", fields, newest)
    factors = _factors(columns["case"], columns.pop("factors"))
    cases = typed("cases", columns)
    rated = cases["rated_on"].notna() & (cases["category"] != "")
    return cases.assign(rated=rated), factors


def _factors(cases: Sequence[int], told: Sequence[str | None]) -> pd.DataFrame:
    given = [_counts(factors) if factors else {} for factors in told]
    of_cases = np.repeat(np.array(cases, np.int64), np.array([len(each) for each in given], np.int64))
    counts = [*chain.from_iterable(each.values() for each in given)]
    return typed("factors", {"case": of_cases, "factor": [*chain.from_iterable(given)], "count": counts})


@lru_cache(maxsize=4096)
def _counts(factors: str) -> Mapping[str, int]:
    """The factors of a rating, from their text: there are few different ones."""
    found: dict[str, int] = json.loads(factors)
    return found


def _allocations(rows: QuerySet[Allocation]) -> pd.DataFrame:
    return read_frame("allocations", {column: column for column in COLUMNS["allocations"]}, rows)


def _history(employer: Employer, *, as_of: date, teams: Collection[Team]) -> pd.DataFrame:
    """A month of whoever can have been well over for all of it: others raise no flag by what they were before."""
    recent = WorkerSnapshot.objects.filter(day__gte=as_of - HISTORY, day__lt=as_of).order_by()
    recent = recent.filter(team__in=teams) if teams else recent
    spans = recent.filter(employer=employer).well_over().values("worker", "team")
    spans = spans.annotate(first=Min("day"), last=Max("day"))
    lately, long_ago = as_of - timedelta(days=LONGEST_GAP + 1), as_of - timedelta(days=EXCESSIVE_DAYS - 1)
    always = spans.filter(first__lte=long_ago, last__gte=lately).values("worker")
    well_over = ExpressionWrapper(WELL_OVER, BooleanField())
    rows = recent.filter(worker__in=always)
    return read_frame("history", {"worker": "worker", "team": "team", "day": "day", "well_over": well_over}, rows)
