"""Cycles, health checks and findings as other systems read them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from checks.models import Cycle, HealthCheck, TeamFindings
from teams.models import Team, User
from teams.queries.through_api import said
from teams.roles import Permission


def cycles(user: User) -> QuerySet[Cycle]:
    return Cycle.objects.visible_to(user).select_related("standard_set")


def health_checks(user: User, *, cycle: UUID | None = None, team: UUID | None = None) -> QuerySet[HealthCheck]:
    """The health checks that may be seen, of one cycle or team where one is named."""
    rows = HealthCheck.objects.visible_to(user).select_related("cycle", "team")
    return rows.filter(**said(cycle__public_id=cycle, team__public_id=team))


def find_health_check(user: User, public_id: UUID) -> HealthCheck:
    """A health check with its answers; any other is not there (404). Two statements."""
    found = health_checks(user).prefetch_related("answers").filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such health check.")
    return found


def findings(
    user: User, *, team: UUID | None = None, first: date | None = None, last: date | None = None
) -> QuerySet[TeamFindings]:
    """What was found of each team, day by day."""
    teams = Team.objects.where_allowed(user, Permission.CHECK_VIEW)
    rows = TeamFindings.objects.filter(team__in=teams).select_related("team")
    return rows.filter(**said(team__public_id=team, day__gte=first, day__lte=last))


def rows_of(found: TeamFindings, kind: str) -> list[dict[str, Any]]:
    """The stored findings of a team's day as rows: of its standards, or of its indicators with their figures."""
    rows = []
    for pack, inner in getattr(found, kind).items():
        for code, told in inner.items():
            row = {"set": pack, "version": found.versions.get(pack, ""), "code": code}
            names = ("finding", "local_finding") if kind == "standards" else _OF_INDICATOR
            rows.append(row | dict(zip(names, told, strict=True)))
    return rows


_OF_INDICATOR = ("shown", "finding", "local_finding", "value")
