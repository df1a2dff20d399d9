"""What reports hold about one worker."""

from collections.abc import Sequence

from reports.models import Kind, ReportRun
from teams.holdings import Holding
from teams.models import Worker


def _sheets(worker: Worker) -> Sequence[Sequence[object]]:
    rows = ReportRun.objects.filter(worker=worker, kind=Kind.SHEET).select_related("requested_by").defer("content")
    return [
        (row.as_of, row.requested_at, row.requested_by, row.get_status_display())
        for row in rows.order_by("-requested_at", "-pk")
    ]


HELD = (
    Holding(
        "sheets",
        "Supervision sheets about you",
        "So that you and your supervisor have the same figures in front of you.",
        ("figures of", "asked at", "by", "state"),
        _sheets,
    ),
)
