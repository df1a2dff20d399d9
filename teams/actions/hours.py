"""What workers do about their additional hours: nobody else enters or changes them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from teams import audit, policies, submissions
from teams.audit import Event
from teams.changing import lock_worker, values_of
from teams.models import AdditionalHours, Employer, User, Worker
from teams.refusals import NotAllowed


@transaction.atomic
def record_hours(
    *, worker: Worker, week: date, hours: Decimal, note: str, once: UUID | None = None, by: User, at: datetime
) -> None:
    """Enter one's own additional hours of a week, or change them while the week is open."""
    if worker.user_id != by.pk:
        raise PermissionDenied("Additional hours are entered by the worker alone.")
    submissions.claim(once, by=by, at=at)
    if reason := policies.why_not_week(week, today=timezone.localdate(at)):
        raise NotAllowed(reason)
    worker = lock_worker(worker)
    row = worker.additional_hours.filter(week=week).first()
    before = values_of(row, "hours", "note") if row else None
    row = row or AdditionalHours(worker=worker, week=week)
    row.hours, row.note = hours, note
    row.save()
    detail = {"week": week.isoformat(), "before": before and str(before["hours"]), "after": str(hours)}
    audit.record(Event.HOURS_RECORDED, employer=worker.employer, target=row, by=by, at=at, detail=detail)


@transaction.atomic
def take_over_hours(*, employer: Employer, rows: Sequence[tuple[Worker, date, Decimal]], at: datetime) -> None:
    """Take over many workers' own entries in one write, such as from the system used before. By command only."""
    AdditionalHours.objects.bulk_create(
        AdditionalHours(worker=worker, week=week, hours=hours) for worker, week, hours in rows
    )
    detail = {"rows": len(rows)}
    audit.record(Event.HOURS_RECORDED, employer=employer, target=employer, by=None, at=at, detail=detail)
