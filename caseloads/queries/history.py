"""What scoring found on past days, as it was scored then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.paginator import Page
from django.db.models import QuerySet

from caseloads.models import Band, TeamSnapshot, WorkerSnapshot
from caseloads.shown import RedFlag, Standing
from caseloads.workload import FLAG_NAMES, State
from design.charts import Point
from design.paging import page_of
from teams.models import Team, Worker

TREND = timedelta(days=365)
DAYS = 60


@dataclass(frozen=True)
class PastWorker:
    """One worker as scored on a past day."""

    name: str
    cases: int
    families: int
    load: Decimal | None
    capacity: Decimal | None
    standing: Standing
    reason: str
    flags: Sequence[RedFlag]


@dataclass(frozen=True)
class PastDay:
    """One team as scored on a past day; without figures where it was not scored then."""

    day: date
    figures: TeamSnapshot | None
    standing: Standing | None
    demand: Standing | None
    workers: Sequence[PastWorker]
    flags: Sequence[RedFlag]
    before: date | None
    after: date | None


@dataclass(frozen=True)
class TeamHistory:
    """A team's past days, newest first, and its load % week by week over twelve months."""

    points: Sequence[Point]
    page: Page[TeamSnapshot]
    rows: Sequence[tuple[TeamSnapshot, Standing]]


def band_names(schemes: Iterable[int | None]) -> Mapping[tuple[int, str], str]:
    """What each scheme calls its bands. One statement."""
    rows = Band.objects.filter(scheme__in=[key for key in schemes if key]).values_list("scheme", "level", "name")
    return {(scheme, level): name for scheme, level, name in rows}


def stored_standing(
    scheme: int | None, pct: Decimal | None, band: str, names: Mapping[tuple[int, str], str], state: str = ""
) -> Standing:
    """A stored figure in words. Without a state (demand has none): a band without a percentage is no capacity."""
    told = state or (State.SCORED if pct is not None else State.NO_CAPACITY if band else State.NOT_KNOWN)
    return Standing(told, pct, band, names.get((scheme or 0, band), ""))


def _newest_of_each_day(rows: QuerySet[TeamSnapshot]) -> QuerySet[TeamSnapshot]:
    return rows.order_by("-day", "-scored_at", "-pk").distinct("day")


def team_history(team: Team, *, as_of: date, number: str | None) -> TeamHistory:
    """Five statements."""
    rows = TeamSnapshot.objects.filter(employer=team.employer_id, team=team, day__lte=as_of)
    page = page_of(_newest_of_each_day(rows), number, DAYS)
    shown = list(page)
    names = band_names({row.scheme_id for row in shown})
    recent = rows.filter(day__gt=as_of - TREND).order_by("day", "scored_at", "pk").values_list("day", "load_pct")
    return TeamHistory(
        points=weekly(recent),
        page=page,
        rows=[(row, _standing_of(row, names)) for row in shown],
    )


def worker_trends(worker: Worker, *, as_of: date) -> dict[int, list[Point]]:
    """A worker's load % in each team, week by week over twelve months. One statement."""
    rows = WorkerSnapshot.objects.filter(worker=worker, day__gt=as_of - TREND, day__lte=as_of)
    found: dict[int, list[tuple[date, Decimal | None]]] = {}
    for team, day, pct in rows.order_by("day", "scored_at", "pk").values_list("team", "day", "load_pct"):
        found.setdefault(team, []).append((day, pct))
    return {team: weekly(told) for team, told in found.items()}


def weekly(rows: Iterable[tuple[date, Decimal | None]]) -> list[Point]:
    """The last figure of each week; rows come by day."""
    last = {day.isocalendar()[:2]: Point(day, pct) for day, pct in rows}
    return list(last.values())


def past_day(team: Team, day: date) -> PastDay:
    """A team as it was scored on a day, with the days scored before and after it. Six statements."""
    rows = TeamSnapshot.objects.filter(employer=team.employer_id, team=team)
    figures = _newest_of_each_day(rows.filter(day=day)).select_related("scheme").first()
    people = list(
        WorkerSnapshot.objects.filter(employer=team.employer_id, team=team, day=day)
        .select_related("worker")
        .order_by("worker_id", "-scored_at", "-pk")
        .distinct("worker_id")
    )
    names = band_names({row.scheme_id for row in people} | ({figures.scheme_id} if figures else set()))
    days = rows.order_by("day").values_list("day", flat=True)
    return PastDay(
        day=day,
        figures=figures,
        standing=stored_standing(figures.scheme_id, figures.load_pct, figures.band, names, figures.state)
        if figures
        else None,
        demand=stored_standing(figures.scheme_id, figures.demand_pct, figures.demand_band, names) if figures else None,
        workers=sorted((_past(row, names) for row in people), key=_heaviest_first),
        flags=_flags(figures.flags) if figures else [],
        before=days.filter(day__lt=day).last(),
        after=days.filter(day__gt=day).first(),
    )


def _standing_of(row: TeamSnapshot, names: Mapping[tuple[int, str], str]) -> Standing:
    return stored_standing(row.scheme_id, row.load_pct, row.band, names, row.state)


def _past(row: WorkerSnapshot, names: Mapping[tuple[int, str], str]) -> PastWorker:
    return PastWorker(
        name=row.worker.name,
        cases=row.cases,
        families=row.families,
        load=row.load,
        capacity=row.capacity,
        standing=stored_standing(row.scheme_id, row.load_pct, row.band, names, row.state),
        reason=row.reason,
        flags=_flags(row.flags),
    )


def _flags(stored: Iterable[Mapping[str, str]]) -> list[RedFlag]:
    """Red flags as they were stored; one that scoring no longer knows keeps its code for a name."""
    known = {flag.value: name for flag, name in FLAG_NAMES.items()}
    return [RedFlag(one["flag"], known.get(one["flag"], one["flag"]), one["detail"]) for one in stored]


def _heaviest_first(row: PastWorker) -> tuple[bool, Decimal, str]:
    no_pct = row.standing.state != State.NO_CAPACITY and row.standing.pct is None
    return no_pct, -(row.standing.pct if row.standing.pct is not None else Decimal(10**9)), row.name.casefold()
