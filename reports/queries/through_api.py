"""Reports as other systems read them, and what they ask one about."""

from uuid import UUID

from django.db.models import QuerySet

from checks.models import Cycle, HealthCheck
from checks.queries.cycles import find_cycle
from reports.models import Kind, ReportRun
from reports.queries.teams import find_measured_check
from teams import access
from teams.models import Employer, Team, User
from teams.roles import Permission

ASKED_ABOUT = {Kind.TEAM: "team", Kind.CHECK: "health_check", Kind.EMPLOYER: "", Kind.CYCLE: "cycle"}
"""The kinds that another system may ask for → what it names; "": the whole employer."""


def reports(user: User, *, kind: str = "") -> QuerySet[ReportRun]:
    """Reports that may be seen, without the parts of packs."""
    rows = ReportRun.objects.visible_to(user).filter(pack__isnull=True).defer("content")
    rows = rows.select_related("team", "check_of", "cycle")
    return rows.filter(kind=kind) if kind else rows


def subject(user: User, employer: Employer, kind: Kind, key: UUID | None) -> Team | HealthCheck | Cycle | Employer:
    """What a report is asked about; 404 for what is not there, or not for this reader."""
    match kind, key:
        case Kind.TEAM, UUID():
            return access.find_team(user, key, Permission.REPORT_RENDER)
        case Kind.CHECK, UUID():
            return find_measured_check(user, key)
        case Kind.CYCLE, UUID():
            return find_cycle(user, key, Permission.OVERVIEW_VIEW)
        case _:
            return employer
