"""Duties as people see them: whose turn it is, by when, for how long they have been open, and what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import Http404

from caseloads.workload import FLAG_NAMES, Flag
from checks import duties
from checks.duties import STATE_NAMES, Level, Move, State
from checks.models import Duty, DutyStep, ResponseTimes
from checks.queries.waiting import WaitingCheck, checks_waiting
from design.paging import page_of
from teams.access import find_employer, holds, permissions
from teams.models import Employer, RoleAssignment, Team, User, Worker
from teams.roles import Permission, Role, roles_with

CLOSED_SHOWN = timedelta(days=365)
CONCERN = "Workload concern"
PAGE = 50
ROLES: Mapping[Level, Role] = {level: Role(level.value) for level in Level}


def times_of(employer: Employer) -> duties.ResponseTimes:
    """What the employer agreed for itself; else the example that comes with the product. One statement."""
    row = ResponseTimes.objects.filter(employer=employer).first()
    return duties.ResponseTimes(row.concern_days, row.flag_days, row.source) if row else duties.ResponseTimes()


def levels_held(team: Team) -> dict[Level, list[User]]:
    """Who answers for a team at each level; levels that nobody holds are left out. One statement."""
    roles = [role.value for role in ROLES.values()]
    rows = RoleAssignment.objects.over(team).filter(role__in=roles, user__is_active=True).select_related("user")
    found: dict[Level, list[User]] = {}
    for row in rows.order_by("user__first_name", "user__last_name", "pk"):
        found.setdefault(Level(row.role), []).append(row.user)
    return found


@dataclass(frozen=True)
class DutyRow:
    """One duty in a list."""

    duty: Duty
    on: date

    @property
    def name(self) -> str:
        return name_of(self.duty)

    @property
    def state(self) -> str:
        return STATE_NAMES[State(self.duty.state)]

    @property
    def level(self) -> str:
        return Level(self.duty.level).label

    @property
    def late(self) -> bool:
        return duties.is_late(self.duty.due_on, State(self.duty.state), on=self.on)

    @property
    def days_open(self) -> int:
        return ((self.duty.closed_on or self.on) - self.duty.opened_on).days

    @property
    def still_raised(self) -> bool:
        """A red flag is raised by the newest scoring, today's or yesterday's; a concern as long as it is open."""
        return not self.duty.flag or self.duty.raised_on >= self.on - timedelta(days=1)


def name_of(duty: Duty) -> str:
    return FLAG_NAMES[Flag(duty.flag)] if duty.flag else CONCERN


@dataclass(frozen=True)
class TeamDuties:
    """A team's duties, the most urgent first."""

    team: Team
    page: Page[Duty]
    rows: Sequence[DutyRow]
    closed: bool
    late: int
    unclosed: int


def team_duties(team: Team, *, user: User, as_of: date, closed: bool, number: str | None) -> TeamDuties:
    """The unclosed duties of a team that the user may see; or those closed in the last twelve months."""
    rows = Duty.objects.visible_to(user).filter(team=team).select_related("worker", "case", "team")
    unclosed = rows.unclosed()
    if closed:
        wanted = rows.filter(state=State.CLOSED.value, closed_on__gt=as_of - CLOSED_SHOWN).order_by("-closed_on", "pk")
    else:
        wanted = unclosed.order_by("due_on", "pk")
    page = page_of(wanted, number, PAGE)
    return TeamDuties(
        team=team,
        page=page,
        rows=[DutyRow(duty, as_of) for duty in page],
        closed=closed,
        late=unclosed.filter(due_on__lt=as_of).count(),
        unclosed=unclosed.count(),
    )


@dataclass(frozen=True)
class Turn:
    """Duties and checks that wait for one person, and the employers whose response times they may set."""

    checks: Sequence[WaitingCheck]
    page: Page[Duty]
    rows: Sequence[DutyRow]
    employers: Sequence[Employer]


def duties_awaiting(user: User) -> QuerySet[Duty]:
    """The unclosed duties that it is the user's turn to answer, in every team."""
    turns = Q(pk__in=[])
    for level, role in ROLES.items():
        held = RoleAssignment.objects.filter(user=user, role=role.value)
        reached = (
            Q(team__in=held.values("team"))
            | Q(team__service_area__in=held.values("service_area"))
            | Q(employer__in=held.employer_wide().values("employer"))
        )
        turns |= Q(level=level.value) & reached
    return Duty.objects.visible_to(user).unclosed().filter(turns)


def turn_of(user: User, *, as_of: date, number: str | None) -> Turn:
    """What waits for the user, the most urgent first."""
    rows = duties_awaiting(user).select_related("worker", "case", "team")
    page = page_of(rows.order_by("due_on", "pk"), number, PAGE)
    setting = [role.value for role in roles_with(Permission.RESPONSE_TIMES_SET)]
    roles = RoleAssignment.objects.filter(user=user, role__in=setting).employer_wide()
    employers = Employer.objects.filter(pk__in=roles.values("employer"))
    return Turn(checks_waiting(user, as_of=as_of), page, [DutyRow(duty, as_of) for duty in page], list(employers))


def own_duties(worker: Worker, *, as_of: date) -> list[DutyRow]:
    """A worker's own concerns and the red flags about them, open ones first."""
    rows = Duty.objects.filter(worker=worker).select_related("worker", "case", "team")
    return [DutyRow(duty, as_of) for duty in rows.order_by("-state", "-opened_on", "-pk")]


def require_answerer(duty: Duty, user: User) -> None:
    """Refuse (403) whoever does not answer for the team, and everybody about their own workload."""
    about_self = duty.worker is not None and duty.worker.user_id == user.pk
    if about_self or not holds(user, Permission.DUTY_ANSWER, team=duty.team):
        raise PermissionDenied(f"You cannot {Permission.DUTY_ANSWER.value} here.")


def is_own_concern(duty: Duty, user: User) -> bool:
    return not duty.flag and duty.worker is not None and duty.worker.user_id == user.pk


def find_duty(user: User, public_id: UUID, move: Move | None = None) -> Duty:
    """A duty that the user may see; anybody else's is not there (404).

    With a move, those who may not make it are refused (403): answering is for those who answer for the team, a note
    and opening again also for the worker whose concern it is.
    """
    rows = Duty.objects.visible_to(user).select_related("employer", "team__service_area", "worker__user", "case")
    duty = rows.filter(public_id=public_id).first()
    if duty is None:
        raise Http404("There is no such duty.")
    by_the_worker = move in {Move.UPDATED, Move.REOPENED} and is_own_concern(duty, user)
    if move is not None and not by_the_worker:
        require_answerer(duty, user)
    return duty


@dataclass(frozen=True)
class DutyPage:
    """One duty with its history, and what the user may do about it."""

    row: DutyRow
    steps: Sequence[DutyStep]
    answerers: Sequence[User]
    may_answer: bool
    own: bool
    sees_team: bool

    @property
    def duty(self) -> Duty:
        return self.row.duty

    @property
    def actions(self) -> list[tuple[str, str]]:
        """The pages of what may be done now, and what to call them."""
        closed = self.duty.state == State.CLOSED
        own_concern = self.own and not self.duty.flag
        if closed:
            return [("duty-reopen", "Open again")] if self.may_answer or own_concern else []
        answer = [("duty-plan", "Answer with a plan"), ("duty-close", "Close")] if self.may_answer else []
        return [*answer, ("duty-update", "Add a note")] if self.may_answer or own_concern else []


def duty_page(duty: Duty, *, user: User, as_of: date) -> DutyPage:
    """Six statements."""
    own = duty.worker is not None and duty.worker.user_id == user.pk
    held = permissions(user, duty.team)
    return DutyPage(
        row=DutyRow(duty, as_of),
        steps=list(duty.steps.select_related("by").order_by("-number")),
        answerers=levels_held(duty.team).get(Level(duty.level), []),
        may_answer=Permission.DUTY_ANSWER in held and not own,
        own=own,
        sees_team=Permission.WORKLOAD_VIEW in held,
    )


def own_teams(worker: Worker, *, as_of: date) -> list[Team]:
    """The teams a worker is in on a day."""
    return list(Team.objects.filter(pk__in=worker.contracts.open_on(as_of).values("team")).order_by("name"))


@dataclass(frozen=True)
class Times:
    """An employer's response times; revision 0: it has not agreed any of its own."""

    employer: Employer
    times: duties.ResponseTimes
    revision: int


def find_times(user: User, slug: str) -> Times:
    """An employer's response times, for those who may set them: others of it are refused, strangers see none (404)."""
    employer = find_employer(user, slug, Permission.RESPONSE_TIMES_SET)
    row = ResponseTimes.objects.filter(employer=employer).first()
    return Times(employer, times_of(employer), row.revision if row else 0)
