"""Employers, teams and workers as other systems read them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from teams import access
from teams.models import Contract, Employer, Team, User, Worker
from teams.roles import Permission


def said(**asked: Any) -> dict[str, Any]:
    """What was asked for, without what was not: None narrows nothing."""
    return {name: value for name, value in asked.items() if value is not None}


def employer_with_areas(employer: Employer) -> Employer:
    """The employer and its service areas. Two statements."""
    return Employer.objects.prefetch_related("service_areas").get(pk=employer.pk)


def teams(user: User, *, area: str = "") -> QuerySet[Team]:
    """Teams whose workload may be seen, of one service area where one is named."""
    rows = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW).select_related("service_area")
    return rows.filter(service_area__name__iexact=area) if area else rows


def find_team(user: User, public_id: UUID) -> Team:
    return access.find_team(user, public_id, Permission.WORKLOAD_VIEW)


def workers(user: User, *, team: UUID | None = None, staff_reference: str = "", on: date) -> QuerySet[Worker]:
    """Workers of those teams, each with their contracts; in one team on a day, where one is named."""
    contracts = Prefetch("contracts", Contract.objects.select_related("team"))
    rows = Worker.objects.visible_to(user).prefetch_related(contracts)
    if team is not None:
        there = Contract.objects.open_on(on).filter(team__public_id=team)
        rows = rows.filter(pk__in=there.values("worker"))
    return rows.filter(staff_reference=staff_reference) if staff_reference else rows


def find_worker(user: User, public_id: UUID) -> Worker:
    """A worker who may be seen; any other is not there (404)."""
    found = workers(user, on=date.min).filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such worker.")
    return found
