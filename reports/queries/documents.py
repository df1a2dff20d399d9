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
    if run.worker and run.requested_by:
        return sheets.sheet_for(run.worker, run.requested_by, as_of=run.as_of)
    return employers.report_of_day(run.employer, as_of=run.as_of)
