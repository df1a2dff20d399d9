"""Cycles of health checks: which there are, how far each team is, and what a team's checks were."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q
from django.http import Http404

from checks.checking import STATE_NAMES, CheckState
from checks.models import Action, Answer, Challenge, Cycle, HealthCheck
from standards.definition import Kind
from standards.models import StandardSet
from standards.queries import rows_in_force
from teams.access import find_employer, holds_employer_wide
from teams.models import Employer, Team, User
from teams.roles import Permission

HALF_A_YEAR, FOUR_WEEKS = timedelta(days=182), timedelta(days=28)


@dataclass(frozen=True)
class CycleRow:
    """A cycle in a list, with how many of its checks are in each state."""

    cycle: Cycle
    states: Mapping[str, int]

    @property
    def checks(self) -> int:
        return sum(self.states.values())

    @property
    def published(self) -> int:
        return self.states.get(CheckState.PUBLISHED, 0)

    @property
    def open(self) -> int:
        return self.states.get(CheckState.OPEN, 0)


@dataclass(frozen=True)
class Cycles:
    """The cycles of an employer, and whether the reader may open one."""

    employer: Employer
    rows: Sequence[CycleRow]
    may_run: bool


def cycles_of(user: User, slug: str) -> Cycles:
    """The cycles of an employer the user belongs to, the newest first. Four statements."""
    employer = find_employer(user, slug)
    cycles = list(employer.cycles.select_related("standard_set").order_by("-opened_at", "-pk"))
    counts: dict[int, Counter[str]] = {cycle.pk: Counter() for cycle in cycles}
    for cycle, state, many in (
        HealthCheck.objects.filter(cycle__in=cycles).order_by().values_list("cycle", "state").annotate(Count("pk"))
    ):
        counts[cycle][state] = many
    may_run = holds_employer_wide(user, Permission.CYCLE_RUN, employer=employer)
    return Cycles(employer, [CycleRow(cycle, counts[cycle.pk]) for cycle in cycles], may_run)


def find_cycle(user: User, public_id: UUID, right: Permission | None = None) -> Cycle:
    """A cycle of an employer that the user belongs to (404); with a right, it must be held employer-wide (403)."""
    cycle = (
        Cycle.objects.visible_to(user).select_related("employer", "standard_set").filter(public_id=public_id).first()
    )
    if cycle is None:
        raise Http404("There is no such cycle.")
    if right is not None and not holds_employer_wide(user, right, employer=cycle.employer):
        raise PermissionDenied(f"You cannot {right.value} for this employer.")
    return cycle


@dataclass(frozen=True)
class TeamProgress:
    """How far one team's check is: how many judgements of how many have been given, and what else is seen of it."""

    check: HealthCheck
    answered: int
    of: int
    changed_on: date | None
    questions: int
    late: bool
    visible: bool

    @property
    def state(self) -> str:
        return STATE_NAMES[CheckState(self.check.state)]


@dataclass(frozen=True)
class CycleWatch:
    """A cycle and how far each of its teams is, as one page shows it."""

    cycle: Cycle
    rows: Sequence[TeamProgress]
    may_run: bool

    @property
    def counts(self) -> list[tuple[str, int]]:
        """State in words → how many checks are in it; those that none is in are left out."""
        found = Counter(CheckState(row.check.state) for row in self.rows)
        return [(STATE_NAMES[state], found[state]) for state in CheckState if found[state]]

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)


def watch(cycle: Cycle, user: User, *, as_of: date) -> CycleWatch:
    """How far every team of a cycle is. Five statements."""
    judged = Q(kind=Kind.JUDGED.value)
    rows = Answer.objects.filter(check_of__cycle=cycle).order_by().values("check_of")
    counted = {
        row["check_of"]: row
        for row in rows.annotate(
            of=Count("pk", filter=judged),
            answered=Count("pk", filter=judged & Q(judgement__gt="")),
            newest=Max("changed_at"),
        )
    }
    asked = Challenge.objects.filter(check_of__cycle=cycle, state=Challenge.State.OPEN).order_by()
    questions = dict(asked.values_list("check_of").annotate(Count("pk")))
    seen = set(HealthCheck.objects.visible_to(user).filter(cycle=cycle).values_list("pk", flat=True))
    found = []
    for check in cycle.checks.select_related("team__service_area").order_by("team__service_area__name", "team__name"):
        counts: Mapping[str, Any] = counted.get(check.pk) or {}
        newest = counts.get("newest")
        found.append(
            TeamProgress(
                check=check,
                answered=counts.get("answered", 0),
                of=counts.get("of", 0),
                changed_on=newest.date() if newest else None,
                questions=questions.get(check.pk, 0),
                late=check.state == CheckState.OPEN and cycle.due_on < as_of and cycle.state == Cycle.State.OPEN,
                visible=check.pk in seen,
            )
        )
    return CycleWatch(cycle, found, holds_employer_wide(user, Permission.CYCLE_RUN, employer=cycle.employer))


@dataclass(frozen=True)
class Opening:
    """What a new cycle can be about: the published versions and the teams there are."""

    employer: Employer
    sets: Sequence[StandardSet]
    teams: Sequence[Team]
    initial: Mapping[str, object]


def what_to_open(user: User, slug: str, *, as_of: date) -> Opening:
    """What can be chosen for a new cycle; it begins with the standards in use and the last half-year. Six reads."""
    employer = find_employer(user, slug, Permission.CYCLE_RUN)
    sets = StandardSet.objects.open_to(employer).order_by("title", "-effective_on", "-published_at")
    teams = employer.teams.select_related("service_area").order_by("service_area__name", "name")
    used = rows_in_force(employer, on=as_of)
    initial: dict[str, object] = {
        "standard_set": used[0].pk if used else "",
        "period_from": as_of - HALF_A_YEAR,
        "period_to": as_of,
        "measured_on": as_of,
        "due_on": as_of + FOUR_WEEKS,
    }
    return Opening(employer, list(sets), list(teams), initial)


def teams_to_add(cycle: Cycle) -> list[Team]:
    """The teams of the employer that are not in a cycle. One statement."""
    missing = cycle.employer.teams.exclude(health_checks__cycle=cycle).select_related("service_area")
    return list(missing.order_by("service_area__name", "name"))


@dataclass(frozen=True)
class TeamChecks:
    """A team's checks, the newest first, and its actions that are not finished."""

    team: Team
    checks: Sequence[HealthCheck]
    actions: Sequence[Action]


def team_checks(team: Team) -> TeamChecks:
    """Two statements."""
    checks = team.health_checks.filter(measured_at__isnull=False).select_related("cycle__standard_set")
    actions = team.actions.unfinished().select_related("owner", "check_of__cycle")
    return TeamChecks(team, list(checks.order_by("-cycle__opened_at", "-pk")), list(actions))
