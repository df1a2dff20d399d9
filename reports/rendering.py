"""Makes reports: claims a run, freezes its content, draws the file. Twice, late or half does no harm."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F

from reports import queries
from reports.content import as_json
from reports.models import ReportRun

PATIENCE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
SORRY = "Something went wrong each time. Ask for a new report; if that fails too, tell your system administrator."

log = logging.getLogger(__name__)
Status = ReportRun.Status


def left_undone(*, at: datetime) -> list[int]:
    """Keys of runs that wait with nobody working on them; those tried often enough are given up, with a reason."""
    stuck = ReportRun.objects.left_undone(before=at - PATIENCE)
    stuck.filter(attempts__gte=MOST_ATTEMPTS).update(status=Status.FAILED, error=SORRY, finished_at=at)
    return list(stuck.values_list("pk", flat=True))


def render(*, run_id: int, clock: Callable[[], datetime]) -> None:
    """Make one report, unless it is made or somebody else is making it."""
    begun = clock()
    if not _claim(run_id, at=begun):
        return
    mine = ReportRun.objects.filter(pk=run_id, status=Status.RUNNING, started_at=begun)
    try:
        content, document = _draw(run_id)
    except Exception:
        log.exception("Report %s could not be made", run_id)
        mine.filter(attempts__gte=MOST_ATTEMPTS).update(status=Status.FAILED, error=SORRY, finished_at=clock())
        mine.update(status=Status.PENDING)
        raise
    name = default_storage.save(f"reports/{run_id}.pdf", ContentFile(document))
    if not mine.update(status=Status.READY, content=content, pdf=name, finished_at=clock(), error=""):
        default_storage.delete(name)


def _claim(run_id: int, *, at: datetime) -> bool:
    """Take a run that waits, or one whose maker has not been heard of for long. One taker wins."""
    run = ReportRun.objects.filter(pk=run_id, attempts__lt=MOST_ATTEMPTS)
    free = run.filter(status=Status.PENDING) | run.filter(status=Status.RUNNING, started_at__lt=at - PATIENCE)
    return bool(free.update(status=Status.RUNNING, started_at=at, attempts=F("attempts") + 1))


def _draw(run_id: int) -> tuple[dict[str, Any], bytes]:
    from reports import pdf  # noqa: PLC0415 - half a second to import, and only here is it needed

    run = ReportRun.objects.select_related("team__employer", "team__service_area").get(pk=run_id)
    content = as_json(queries.team_report(run.team, as_of=run.as_of))
    return content, pdf.team_report(content)
