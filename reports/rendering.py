"""Makes documents: claims a run, freezes its content, draws the file. Twice, late or half does no harm."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from reports import packing
from reports.models import Kind, ReportRun
from reports.queries import documents

PATIENCE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
SORRY = "Something went wrong each time. Ask for a new report; if that fails too, tell your system administrator."
TEMPLATES = {
    Kind.TEAM: "team",
    Kind.CHECK: "team",
    Kind.EMPLOYER: "employer",
    Kind.CYCLE: "employer",
    Kind.SHEET: "sheet",
}

log = logging.getLogger(__name__)
Status = ReportRun.Status


def left_undone(*, at: datetime) -> list[int]:
    """Keys of runs that wait with nobody working on them; those tried often enough are given up, with a reason."""
    stuck = ReportRun.objects.left_undone(before=at - PATIENCE)
    stuck.filter(attempts__gte=MOST_ATTEMPTS).update(status=Status.FAILED, error=SORRY, finished_at=at)
    return list(stuck.values_list("pk", flat=True))


def render(*, run_id: int, clock: Callable[[], datetime]) -> int | None:
    """Make one document, unless it is made or somebody else is making it.

    Return the key of the pack that can be put together now, where this was the last of its parts.
    """
    begun = clock()
    if not _claim(run_id, at=begun):
        return None
    mine = ReportRun.objects.filter(pk=run_id, status=Status.RUNNING, started_at=begun)
    run = _read(run_id)
    try:
        content, document, note = _made(run)
    except Exception:
        log.exception("Report %s could not be made", run_id)
        mine.filter(attempts__gte=MOST_ATTEMPTS).update(status=Status.FAILED, error=SORRY, finished_at=clock())
        mine.update(status=Status.PENDING)
        raise
    ending = "zip" if run.kind == Kind.PACK else "pdf"
    name = default_storage.save(f"reports/{run_id}.{ending}", ContentFile(document))
    stored = mine.update(status=Status.READY, content=content, file=name, finished_at=clock(), error=note)
    for unwanted in filter(None, [run.file.name if stored else name]):
        default_storage.delete(unwanted)
    return run.pack_id if run.pack_id and not unfinished_parts(run.pack_id) else None


def drawn(run: ReportRun, content: dict[str, Any]) -> bytes:
    """A document's file from its content; the same content always gives the same bytes."""
    from reports import pdf  # noqa: PLC0415 - half a second to import, and only here is it needed

    return pdf.draw(TEMPLATES[Kind(run.kind)], content)


def unfinished_parts(pack_id: int) -> bool:
    """Whether a pack waits for a part of it."""
    return ReportRun.objects.filter(pack=pack_id).on_their_way().exists()


@transaction.atomic
def _claim(run_id: int, *, at: datetime) -> bool:
    """Take a run that waits, or one whose maker has not been heard of for long. One taker wins.

    A pack is taken once none of its parts is on its way; its row is locked before they are looked at, so that nobody
    puts them back to waiting in between.
    """
    ReportRun.objects.select_for_update().filter(pk=run_id).values_list("pk").first()
    run = ReportRun.objects.filter(pk=run_id, attempts__lt=MOST_ATTEMPTS)
    run = run.exclude(Exists(ReportRun.objects.filter(pack=OuterRef("pk")).on_their_way()))
    free = run.filter(status=Status.PENDING) | run.filter(status=Status.RUNNING, started_at__lt=at - PATIENCE)
    return bool(free.update(status=Status.RUNNING, started_at=at, attempts=F("attempts") + 1))


def _read(run_id: int) -> ReportRun:
    subjects = ("employer", "team__employer", "team__service_area", "worker__employer", "requested_by")
    checks = ("check_of__employer", "check_of__team__employer", "check_of__team__service_area")
    cycles = ("check_of__cycle__standard_set", "cycle__employer", "cycle__standard_set")
    return ReportRun.objects.select_related(*subjects, *checks, *cycles).get(pk=run_id)


def _made(run: ReportRun) -> tuple[dict[str, Any], bytes, str]:
    """The content to freeze, the file, and what there is to say of it."""
    if run.kind == Kind.PACK:
        document, note = packing.assembled(run)
        return {}, document, note
    content = documents.content_of(run)
    return content, drawn(run, content), ""
