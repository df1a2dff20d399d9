"""What people do with reports."""

from datetime import date, datetime

from django.db import transaction

from reports import tasks
from reports.models import ReportRun
from teams import audit
from teams.access import require
from teams.audit import Event
from teams.models import Team, User
from teams.roles import Permission


@transaction.atomic
def request_report(*, team: Team, as_of: date, by: User | None, at: datetime) -> ReportRun:
    """Ask for a team's report as a PDF. One that is already on its way for the same day and person is given again."""
    require(by, Permission.REPORT_RENDER, team=team)
    Team.objects.select_for_update().get(pk=team.pk)
    waiting = ReportRun.objects.filter(team=team, as_of=as_of, requested_by=by, status__in=["PENDING", "RUNNING"])
    if run := waiting.first():
        return run
    run = ReportRun.objects.create(employer=team.employer, team=team, as_of=as_of, requested_at=at, requested_by=by)
    audit.record(Event.REPORT_REQUESTED, employer=team.employer, target=run, by=by, at=at)
    transaction.on_commit(lambda: tasks.render.apply_async(kwargs={"run_id": run.pk}, retry=False), robust=True)
    return run
