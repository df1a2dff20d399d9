"""People and capacity of a team on a day, for its pages: a fixed number of statements, whatever the size."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404

from design import figures
from teams import workforce
from teams.access import holders
from teams.bank_holidays import bank_holidays
from teams.extra_hours import Entry, Membership, Total, periods, totals_by_team
from teams.models import (
    Absence,
    AdditionalHours,
    CapacityReduction,
    Contract,
    Establishment,
    Team,
    User,
    Worker,
)
from teams.roles import Permission
from teams.supervision import Span, months_after
from teams.workforce import Away, Hours, Moved, Posts

EXPIRING = timedelta(days=28)


@dataclass(frozen=True)
class Member:
    """A worker of the team on the day, with what takes from their capacity."""

    worker: Worker
    contract: Contract
    fte: Decimal | None
    reductions: Sequence[CapacityReduction]
    absences: Sequence[Absence]


@dataclass(frozen=True)
class Move:
    """Somebody who joined or left."""

    worker: Worker
    on: date
    fte: Decimal | None
    agency: bool


@dataclass(frozen=True)
class Lost:
    """Working days lost to one class of reason in 12 months."""

    reason: str
    days: Decimal


@dataclass(frozen=True)
class Rates:
    """The Department for Education's rates of a team; None: not known."""

    vacancy: Decimal | None
    agency: Decimal | None
    turnover: Decimal | None
    absence: Decimal | None


@dataclass(frozen=True)
class TeamStaffing:
    """Everything the page on people and capacity says of a team on a day. FTE have two places."""

    as_of: date
    year_from: date
    members: Sequence[Member]
    expiring: Sequence[CapacityReduction]
    posts: Posts
    established: Decimal | None
    in_post: Decimal | None
    agency: Decimal | None
    vacant: Decimal | None
    rates: Rates
    starters: Sequence[Move]
    leavers: Sequence[Move]
    lost: Sequence[Lost]
    days_lost: Decimal


def team_staffing(team: Team, *, as_of: date) -> TeamStaffing:
    """Gather a team's people and capacity on a day. Five statements."""
    since = months_after(as_of, -workforce.MONTHS)
    contracts = list(Contract.objects.filter(team=team).select_related("worker").order_by("starts_on"))
    people = {row.worker_id: row.worker for row in contracts}
    reductions = _reductions(team, as_of)
    absences = list(Absence.objects.filter(worker__in=people, starts_on__lte=as_of).order_by("starts_on"))
    established = Establishment.objects.filter(team=team).open_on(as_of).first()
    hours = [_hours(row) for row in contracts]
    full_time = team.service_area.full_time_hours
    posts = workforce.posts(hours, established.weekly_hours if established else None, on=as_of)
    gone = workforce.leavers(hours, since=since, until=as_of)
    lost = _lost(team, absences, hours, since=since, until=as_of)
    days_lost = sum((row.days for row in lost), Decimal(0))
    return TeamStaffing(
        as_of=as_of,
        year_from=since,
        members=_members(contracts, reductions, absences, full_time, as_of),
        expiring=_expiring(reductions, as_of),
        posts=posts,
        established=workforce.fte(posts.established, full_time),
        in_post=workforce.fte(posts.in_post, full_time),
        agency=workforce.fte(posts.agency, full_time),
        vacant=workforce.fte(posts.vacant, full_time),
        rates=_rates(posts, gone, days_lost, full_time),
        starters=_moves(workforce.starters(hours, since=since, until=as_of), people, full_time),
        leavers=_moves(gone, people, full_time),
        lost=lost,
        days_lost=days_lost,
    )


def _hours(row: Contract) -> Hours:
    return Hours(row.worker_id, row.weekly_hours, Span(row.starts_on, row.ends_on), agency=row.worker.agency)


def _reductions(team: Team, as_of: date) -> Mapping[int, list[CapacityReduction]]:
    rows = CapacityReduction.objects.filter(team=team).open_on(as_of).select_related("worker", "approved_by")
    found: dict[int, list[CapacityReduction]] = defaultdict(list)
    for row in rows.order_by("ends_on", "pk"):
        found[row.worker_id].append(row)
    return found


def _expiring(reductions: Mapping[int, list[CapacityReduction]], as_of: date) -> list[CapacityReduction]:
    """Those that end within 28 days, the next to end first."""
    ending = [(row.ends_on, row.pk, row) for rows in reductions.values() for row in rows if row.ends_on]
    return [row for ends_on, _, row in sorted(ending, key=lambda each: each[:2]) if ends_on <= as_of + EXPIRING]


def _members(
    contracts: Sequence[Contract],
    reductions: Mapping[int, list[CapacityReduction]],
    absences: Sequence[Absence],
    full_time: Decimal,
    as_of: date,
) -> list[Member]:
    away: dict[int, list[Absence]] = defaultdict(list)
    for absence in absences:
        if absence.ends_on is None or absence.ends_on > as_of:
            away[absence.worker_id].append(absence)
    here = [row for row in contracts if Span(row.starts_on, row.ends_on).covers(as_of)]
    here.sort(key=lambda row: (row.worker.name.casefold(), row.worker_id))
    return [
        Member(
            worker=row.worker,
            contract=row,
            fte=workforce.fte(row.weekly_hours, full_time),
            reductions=reductions.get(row.worker_id, []),
            absences=away[row.worker_id],
        )
        for row in here
    ]


def _moves(rows: Sequence[Moved], people: Mapping[int, Worker], full_time: Decimal) -> list[Move]:
    return [
        Move(people[row.worker], row.on, workforce.fte(row.weekly_hours, full_time), row.agency)
        for row in reversed(rows)
    ]


def _rates(posts: Posts, gone: Sequence[Moved], days_lost: Decimal, full_time: Decimal) -> Rates:
    return Rates(
        vacancy=posts.vacancy_rate,
        agency=posts.agency_rate,
        turnover=workforce.turnover_of(posts, gone),
        absence=workforce.absence_of(posts, days_lost, full_time),
    )


def _lost(team: Team, absences: Sequence[Absence], hours: Sequence[Hours], *, since: date, until: date) -> list[Lost]:
    rows = [Away(row.worker_id, row.reason, Span(row.starts_on, row.ends_on)) for row in absences]
    days = workforce.days_lost(
        rows,
        hours,
        team.service_area.full_time_hours,
        since=since,
        until=until,
        bank_holidays=bank_holidays(team.employer.nation, range(since.year, until.year + 1)),
    )
    return [Lost(label, days[value]) for value, label in Absence.Reason.choices if value in days]


def hours_totals(team: Team, *, today: date) -> list[Total]:
    """A team's additional hours in periods that are closed, hidden where too few people worked any. Two statements.

    Hours of somebody in several teams count in the one with most contracted hours on the week's Monday.
    """
    oldest = min(periods(today), default=today)
    members = Contract.objects.filter(team=team).values("worker")
    rows = AdditionalHours.objects.filter(worker__in=members, week__gte=oldest)
    entries = [Entry(*row) for row in rows.values_list("worker_id", "week", "hours")]
    memberships: dict[int, list[Membership]] = defaultdict(list)
    for row in Contract.objects.filter(worker__in={entry.worker for entry in entries}):
        memberships[row.worker_id].append(Membership(row.team_id, row.weekly_hours, Span(row.starts_on, row.ends_on)))
    return totals_by_team(entries, memberships, [team.pk], today=today)[team.pk]


@dataclass(frozen=True)
class MemberPage:
    """All that is recorded of one worker in one team."""

    worker: Worker
    here: bool
    contracts: Sequence[Contract]
    reductions: Sequence[CapacityReduction]
    absences: Sequence[Absence]


def find_member(team: Team, public_id: UUID) -> Worker:
    """Somebody who works or worked in the team; anybody else is not there (404)."""
    found = Worker.objects.filter(contracts__team=team, public_id=public_id).select_related("employer").first()
    if found is None:
        raise Http404(f"There is no such worker in {team}.")
    return found


def member_page(team: Team, worker: Worker, *, on: date) -> MemberPage:
    """Four statements. `here`: whether they are in the team on the day, or will be."""
    contracts = list(team.contracts.filter(worker=worker).order_by("-starts_on"))
    return MemberPage(
        worker,
        contracts[0].ends_on is None or contracts[0].ends_on > on,
        contracts,
        list(team.reductions.filter(worker=worker).select_related("approved_by").order_by("-starts_on")),
        list(worker.absences.order_by("-starts_on")),
    )


def establishments(team: Team) -> list[Establishment]:
    """The posts of a team, earliest first."""
    return list(team.establishments.all())


def full_time(team: Team) -> Decimal:
    """Hours of a full-time week in the team's area."""
    return figures.plain(team.service_area.full_time_hours)


def find_contract(team: Team, worker: Worker, pk: int) -> Contract:
    found = Contract.objects.filter(team=team, worker=worker, pk=pk).select_related("worker", "team").first()
    if found is None:
        raise Http404("There are no such hours.")
    return found


def find_reduction(team: Team, worker: Worker, pk: int) -> CapacityReduction:
    found = CapacityReduction.objects.filter(team=team, worker=worker, pk=pk).select_related("worker", "team").first()
    if found is None:
        raise Http404("There is no such reduction.")
    return found


def find_absence(worker: Worker, pk: int) -> Absence:
    found = Absence.objects.filter(worker=worker, pk=pk).select_related("worker").first()
    if found is None:
        raise Http404("There is no such absence.")
    return found


def approvers(team: Team) -> list[User]:
    """Who may approve a reduction in the team."""
    return list(holders(Permission.STAFFING_RECORD, team=team))


def open_cases(team: Team, worker: Worker, *, on: date) -> int:
    """How many open cases a worker holds in a team. The rows are of caseloads, reached from the worker's side."""
    still = Q(allocations__ended_on__isnull=True) | Q(allocations__ended_on__gt=on)
    case_open = Q(allocations__case__closed_on__isnull=True) | Q(allocations__case__closed_on__gt=on)
    counted = Q(allocations__team=team) & still & case_open
    rows = Worker.objects.filter(pk=worker.pk).annotate(held=Count("allocations__case", filter=counted, distinct=True))
    return int(rows.values_list("held", flat=True).get())
