"""What measures are taken from, read for all teams at once: a fixed number of statements, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils import timezone

from caseloads.models import TeamSnapshot
from caseloads.queries.twelve_months import Stretch, came_and_went, changes_of_lead, days_over, transfers_to
from caseloads.queries.workloads import TeamWorkload
from caseloads.workload import Flag
from checks.duties import Move, ResponseTimes, State
from checks.facts import (
    CaseDay,
    Change,
    Concern,
    Ending,
    Handed,
    LoadDuty,
    OverDay,
    Recorded,
    Session,
    TeamFacts,
    team_facts,
)
from checks.measures.overload import LOAD_FLAGS
from checks.models import Duty, DutyStep
from checks.models import ResponseTimes as ResponseTimesRow
from teams.bank_holidays import bank_holidays
from teams.extra_hours import Entry, Membership, Total, periods, totals_by_team
from teams.models import (
    Absence,
    AdditionalHours,
    CapacityReduction,
    Contract,
    Establishment,
    SupervisionSession,
    Team,
)
from teams.queries.staffing import EXPIRING
from teams.queries.supervision import RECENT
from teams.supervision import Span, months_after
from teams.workforce import MONTHS, Away, Hours

RowT = TypeVar("RowT")
Grouped = Mapping[int, Sequence[RowT]]


def measure_teams(workloads: Sequence[TeamWorkload], *, as_of: date) -> dict[int, TeamFacts]:
    """Gather the facts of some teams of one employer, whose workloads are of the same day: team key → facts.

    Eleven statements.
    """
    if not workloads:
        return {}
    reading = _Reading(workloads, as_of, Stretch(months_after(as_of, -MONTHS), as_of))
    found = _read(reading)
    own = {row["pk"]: row for row in _teams(reading)}
    return {
        one.team.pk: team_facts(one.workload, one.team.pk, _recorded(own[one.team.pk], one, found)) for one in workloads
    }


@dataclass(frozen=True)
class _Reading:
    """Which teams are read, and for which day and twelve months."""

    workloads: Sequence[TeamWorkload]
    as_of: date
    stretch: Stretch

    @property
    def teams(self) -> list[int]:
        return [one.team.pk for one in self.workloads]

    @property
    def members(self) -> Any:
        """Everybody who is or was in one of the teams, as a subquery."""
        return Contract.objects.filter(team__in=self.teams).values("worker")


@dataclass(frozen=True)
class _Found:
    """What was read: by worker, by case or by team."""

    since: date
    names: Mapping[int, str]
    contracts: Grouped[Hours]
    absences: Grouped[Away]
    sessions: Grouped[Session]
    changes: Grouped[Change]
    overs: Grouped[OverDay]
    handed: Grouped[Handed]
    concerns: Grouped[Concern]
    load_duties: Grouped[LoadDuty]
    opened: Grouped[CaseDay]
    closed: Grouped[CaseDay]
    endings: Grouped[Ending]
    extra_hours: Grouped[Total]


def _recorded(row: Mapping[str, Any], workload: TeamWorkload, found: _Found) -> Recorded:
    """Put together what was read of one team."""
    team, since, until = workload.team.pk, found.since, workload.as_of
    here = {hours.worker for hours in found.contracts[team]}
    return Recorded(
        since=since,
        names=found.names,
        categories={code: one.name for code, one in workload.scheme.scheme.categories.items()}
        if workload.scheme
        else {},
        full_time=row["service_area__full_time_hours"],
        established=row["established"],
        contracts=found.contracts[team],
        absences=[away for worker in here for away in found.absences[worker]],
        bank_holidays=bank_holidays(row["employer__nation"], range(since.year, until.year + 1)),
        scored_from=row["scored_from"],
        scored_days=row["scored_days"] or 0,
        overs=found.overs[team],
        sessions=[session for one in workload.workers for session in found.sessions[one.worker]],
        handed=found.handed[team],
        concerns=found.concerns[team],
        load_duties=found.load_duties[team],
        changes=[change for case in _cases_of(workload) for change in found.changes[case]],
        opened=found.opened[team],
        closed=found.closed[team],
        endings=found.endings[team],
        extra_hours=found.extra_hours[team],
    )


def _cases_of(workload: TeamWorkload) -> set[int]:
    return {key for rows in (workload.workload.lines, workload.workload.unallocated) for key in rows["case"].tolist()}


def _grouped(rows: Iterable[tuple[int, RowT]]) -> Grouped[RowT]:
    found: dict[int, list[RowT]] = defaultdict(list)
    for key, row in rows:
        found[key].append(row)
    return found


def _read(reading: _Reading) -> _Found:
    teams, stretch = reading.teams, reading.stretch
    members = list(_contracts(reading))
    concerns, load_duties = _duties(reading)
    cases = came_and_went(teams, stretch)
    over = days_over(reading.workloads[0].team.employer_id, teams, stretch)
    changes = changes_of_lead({case for one in reading.workloads for case in _cases_of(one)}, stretch)
    return _Found(
        since=stretch.since,
        names={row.worker_id: row.worker.name for row in members},
        contracts=_grouped((row.team_id, _hours(row)) for row in members),
        absences=_grouped(_absences(reading)),
        sessions=_grouped(_sessions(reading)),
        changes=_grouped((row.case, Change(row.case, row.on, row.giver, row.taker)) for row in changes),
        overs=_grouped((row[0], OverDay(row[1], row[2], row[3], row[4])) for row in over),
        handed=_grouped(
            (row.team, Handed(row.reference, row.on, row.giver, row.taker, row.meeting_on))
            for row in transfers_to(teams, stretch)
        ),
        concerns=concerns,
        load_duties=load_duties,
        opened=_grouped((team, CaseDay(name, on)) for team, name, on, _ in cases if on > stretch.since),
        closed=_grouped((team, CaseDay(name, on)) for team, name, _, on in cases if on and on <= stretch.until),
        endings=_grouped(_endings(reading)),
        extra_hours=_extra_hours(reading, members),
    )


def _teams(reading: _Reading) -> Iterable[Mapping[str, Any]]:
    """Each team with its posts, and since when and on how many days of the twelve months it was scored."""
    posts = Establishment.objects.filter(team=OuterRef("pk")).open_on(reading.as_of)
    scored = TeamSnapshot.objects.filter(
        team=OuterRef("pk"), day__gt=reading.stretch.since, day__lte=reading.as_of
    ).order_by()
    by_team = scored.values("team").annotate(first=Min("day"), number=Count("day", distinct=True))
    return Team.objects.filter(pk__in=reading.teams).values(
        "pk",
        "service_area__full_time_hours",
        "employer__nation",
        established=Subquery(posts.values("weekly_hours")[:1]),
        scored_from=Subquery(by_team.values("first")),
        scored_days=Subquery(by_team.values("number")),
    )


def _contracts(reading: _Reading) -> Iterable[Contract]:
    """Contracts of the twelve months of everybody who is or was in one of the teams, in all their teams."""
    rows = Contract.objects.filter(worker__in=reading.members, starts_on__lte=reading.as_of)
    open_since = Q(ends_on__isnull=True) | Q(ends_on__gt=reading.stretch.since)
    return rows.filter(open_since).select_related("worker").order_by("starts_on", "pk")


def _hours(row: Contract) -> Hours:
    return Hours(row.worker_id, row.weekly_hours, Span(row.starts_on, row.ends_on), agency=row.worker.agency)


def _absences(reading: _Reading) -> Iterable[tuple[int, Away]]:
    rows = Absence.objects.filter(worker__in=reading.members, starts_on__lte=reading.as_of)
    for row in rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=reading.stretch.since)):
        yield row.worker_id, Away(row.worker_id, row.get_reason_display(), Span(row.starts_on, row.ends_on))


def _sessions(reading: _Reading) -> Iterable[tuple[int, Session]]:
    workers = {row.worker for one in reading.workloads for row in one.workers}
    recent = {"held_on__gt": reading.as_of - RECENT, "held_on__lte": reading.as_of}
    rows = SupervisionSession.objects.filter(worker__in=workers, **recent).order_by()
    columns = ("worker", "held_on", "minutes", "interrupted", "reflective", "supervisor_registered")
    return ((row[0], Session(*row)) for row in rows.values_list(*columns))


def _duties(reading: _Reading) -> tuple[Grouped[Concern], Grouped[LoadDuty]]:
    """Concerns of the twelve months that did not go past the manager, and open duties about load. One statement.

    A concern that went past the worker's manager is in no figure: the manager could tell from a number that there is
    one, and in a small team whose it is.
    """
    concern = Q(flag="", past_manager=False, opened_on__gt=reading.stretch.since)
    load = Q(flag__in=[flag.value for flag in LOAD_FLAGS], worker__isnull=False) & ~Q(state=State.CLOSED.value)
    answers = DutyStep.objects.filter(duty=OuterRef("pk"), move__in=[Move.PLANNED.value, Move.CLOSED.value])
    times = ResponseTimesRow.objects.filter(employer=OuterRef("employer"))
    rows = Duty.objects.filter(concern | load, team__in=reading.teams, opened_on__lte=reading.as_of).order_by()
    found = rows.values(
        *("team", "flag", "worker", "state", "opened_on", "due_on"),
        answered_at=Subquery(answers.order_by("number").values("at")[:1]),
        answer_days=Subquery(times.values("concern_days")),
    )
    told = list(found)
    return (
        _grouped((row["team"], _concern(row, reading.as_of)) for row in told if not row["flag"]),
        _grouped((row["team"], _load_duty(row)) for row in told if row["flag"]),
    )


def _concern(row: Mapping[str, Any], as_of: date) -> Concern:
    answered = timezone.localtime(row["answered_at"]).date() if row["answered_at"] else None
    by_then = answered if answered and answered <= as_of else None
    return Concern(row["opened_on"], by_then, row["answer_days"] or ResponseTimes().concern_days)


def _load_duty(row: Mapping[str, Any]) -> LoadDuty:
    planned = row["state"] == State.PLANNED.value
    return LoadDuty(row["worker"], Flag(row["flag"]), row["opened_on"], row["due_on"], planned)


def _endings(reading: _Reading) -> Iterable[tuple[int, Ending]]:
    rows = CapacityReduction.objects.filter(team__in=reading.teams).open_on(reading.as_of)
    ending = rows.filter(ends_on__lte=reading.as_of + EXPIRING).order_by()
    for row in ending:
        if row.ends_on:
            yield row.team_id, Ending(row.worker_id, row.reason, row.ends_on)


def _extra_hours(reading: _Reading, members: Iterable[Contract]) -> Mapping[int, list[Total]]:
    oldest = min(periods(reading.as_of), default=reading.as_of)
    rows = AdditionalHours.objects.filter(worker__in=reading.members, week__gte=oldest)
    entries = [Entry(*row) for row in rows.values_list("worker_id", "week", "hours")]
    memberships = _grouped(
        (row.worker_id, Membership(row.team_id, row.weekly_hours, Span(row.starts_on, row.ends_on))) for row in members
    )
    return totals_by_team(entries, memberships, reading.teams, today=reading.as_of)
