"""Cases, ratings, who holds what, and stored workloads as other systems read them."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from caseloads.models import Allocation, Case, CaseChange, Rating, TeamSnapshot, WorkerSnapshot
from teams.models import Team, User, Worker
from teams.queries.through_api import said
from teams.roles import Permission


def cases(
    user: User,
    *,
    reference: str = "",
    team: UUID | None = None,
    worker: UUID | None = None,
    open_on: date | None = None,
    changed_since: datetime | None = None,
) -> QuerySet[Case]:
    """Cases of the teams whose workload may be seen, narrowed by what is asked; `worker` holds them on the day."""
    rows = Case.objects.visible_to(user).select_related("team")
    if reference:
        rows = rows.filter(reference=reference)
    if team is not None:
        rows = rows.filter(team__public_id=team)
    if open_on is not None:
        rows = rows.open_on(open_on)
    if worker is not None:
        held = Allocation.objects.filter(case=OuterRef("pk"), worker__public_id=worker)
        rows = rows.filter(Exists(held.open_on(open_on) if open_on else held))
    if changed_since is not None:
        rows = rows.filter(Exists(CaseChange.objects.filter(case=OuterRef("pk"), at__gte=changed_since)))
    return rows


def find_case(user: User, public_id: UUID) -> Case:
    """A case that may be seen; any other is not there (404)."""
    found = cases(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such case.")
    return found


def ratings(
    user: User, *, case: UUID | None = None, rated_from: date | None = None, rated_to: date | None = None
) -> QuerySet[Rating]:
    """Ratings of the cases that may be seen; the last row of a case is the one that counts."""
    rows = Rating.objects.filter(case__in=Case.objects.visible_to(user)).select_related("case")
    return rows.filter(**said(case__public_id=case, rated_on__gte=rated_from, rated_on__lte=rated_to))


def allocations(
    user: User,
    *,
    case: UUID | None = None,
    worker: UUID | None = None,
    team: UUID | None = None,
    open_on: date | None = None,
) -> QuerySet[Allocation]:
    """Who held a case of the teams whose workload may be seen, from when to when."""
    teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW)
    rows = Allocation.objects.filter(team__in=teams).select_related("case", "worker", "team")
    rows = rows.filter(**said(case__public_id=case, worker__public_id=worker, team__public_id=team))
    return rows.open_on(open_on) if open_on else rows


def team_days(
    user: User, *, team: UUID | None = None, first: date | None = None, last: date | None = None
) -> QuerySet[TeamSnapshot]:
    """What scoring found of teams, day by day."""
    teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW)
    rows = TeamSnapshot.objects.filter(team__in=teams).select_related("team", "scheme")
    return rows.filter(**said(team__public_id=team, day__gte=first, day__lte=last))


def worker_days(
    user: User, team: UUID, *, worker: UUID | None = None, first: date | None = None, last: date | None = None
) -> QuerySet[WorkerSnapshot]:
    """What scoring found of the workers of a team, day by day."""
    workers = Worker.objects.visible_to(user)
    rows = WorkerSnapshot.objects.filter(team__public_id=team, worker__in=workers)
    rows = rows.filter(**said(worker__public_id=worker, day__gte=first, day__lte=last))
    return rows.select_related("team", "worker", "scheme")
