"""Contested weights as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from caseloads.models import Case, Contest
from teams.access import require
from teams.models import Team, User, Worker
from teams.roles import Permission


@dataclass(frozen=True)
class ContestRow:
    """A contest, and for how many days it has waited or did wait for its answer."""

    contest: Contest
    days: int


def find_contest(user: User, public_id: UUID) -> Contest:
    """A contest that the user may answer. Whoever may not see its case is told there is none (404)."""
    cases = Case.objects.visible_to(user).values("pk")
    found = Contest.objects.filter(public_id=public_id, case__in=cases).select_related(
        "worker", "case__employer", "case__team__service_area", "case__team__employer", "answered_by"
    )
    contest = found.first()
    if contest is None:
        raise Http404("There is no such contest.")
    require(user, Permission.CASE_RECORD, team=contest.case.team)
    return contest


def require_holder(user: User, case: Case) -> None:
    """Refuse (403) whoever never held the case: its weight is no part of their load."""
    if not case.allocations.filter(worker__user=user).exists():
        raise PermissionDenied("You cannot contest the weight of a case that you never held.")


def open_contests(team: Team, *, as_of: date) -> list[ContestRow]:
    """The contests of a team's cases that wait for an answer, the oldest first. One statement."""
    rows = Contest.objects.filter(case__team=team, state=Contest.State.OPEN).select_related("case", "worker")
    return _rows(rows.order_by("raised_at", "pk"), as_of=as_of)


def contests_of(worker: Worker, *, as_of: date, teams: QuerySet[Team] | None = None) -> list[ContestRow]:
    """A worker's contests, open ones first, then the newest; of cases of the teams given. One statement."""
    rows = Contest.objects.filter(worker=worker).select_related("case", "answered_by")
    if teams is not None:
        rows = rows.filter(case__team__in=teams.values("pk"))
    newest = _rows(rows.order_by("-raised_at", "-pk"), as_of=as_of)
    return sorted(newest, key=lambda row: row.contest.state != Contest.State.OPEN)


def _rows(contests: Iterable[Contest], *, as_of: date) -> list[ContestRow]:
    return [ContestRow(row, (_until(row, as_of) - timezone.localdate(row.raised_at)).days) for row in contests]


def _until(contest: Contest, as_of: date) -> date:
    return timezone.localdate(contest.answered_at) if contest.answered_at else as_of
