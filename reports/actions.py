"""What people do with reports."""

from datetime import date, datetime

from django.db import transaction
from django.http import Http404

from reports import own_data, tasks
from reports.models import ReportRun
from teams import audit
from teams.access import require
from teams.audit import Event
from teams.models import Team, User, Worker
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


@transaction.atomic
def take_own_data(*, worker: Worker | None, kind: str, by: User, at: datetime) -> own_data.OwnFile:
    """Make the file of everything held about whoever asks, and nobody else."""
    if worker is None or worker.user_id != by.pk:
        raise Http404("There is no such file.")
    audit.record(
        Event.OWN_DATA_DOWNLOADED, employer=worker.employer, target=worker, by=by, at=at, detail={"kind": kind}
    )
    return own_data.as_file(worker, kind, at=at)
