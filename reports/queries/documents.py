"""What a document says, by its kind; content that is frozen already is what it says for ever."""

from typing import Any

from django.utils import timezone

from reports.content import as_json
from reports.models import ReportRun
from reports.queries import employers, sheets, teams


def content_of(run: ReportRun) -> dict[str, Any]:
    """The content of a document as it is stored, made from the rows unless it is frozen already."""
    return run.content or as_json(_made(run))


def _made(run: ReportRun) -> Any:
    asked_on = timezone.localdate(run.requested_at)
    if run.team:
        return teams.team_report(run.team, as_of=run.as_of)
    if run.check_of:
        return teams.check_report(run.check_of, as_of=asked_on)
    if run.cycle:
        return employers.report_of_cycle(run.cycle, as_of=asked_on)
    if run.worker:
        return _sheet(run)
    return employers.report_of_day(run.employer, as_of=run.as_of)


def _sheet(run: ReportRun) -> Any:
    """The worker's own sheet where they asked for it, else what whoever asked may see of them."""
    worker, by = run.worker, run.requested_by
    if worker is None or by is None:
        raise ValueError("A supervision sheet is about a worker, and somebody asks for it.")
    if worker.user_id == by.pk:
        return sheets.own_sheet(worker, as_of=run.as_of)
    return sheets.worker_sheet(worker, by, as_of=run.as_of)
