"""Celery's doors into duties: ids in, one call, nothing returned. The truth of what is done is in the rows."""

from celery import shared_task
from django.utils import timezone

from checks import duty_keeping


@shared_task(name="checks.sweep")
def sweep() -> None:
    """Every minute: look through what was scored since, and move late duties up."""
    for employer_id in duty_keeping.employers_to_keep(as_of=timezone.localdate()):
        keep_duties.delay(employer_id=employer_id)
    duty_keeping.move_late_ones_up(as_of=timezone.localdate(), at=timezone.now())


@shared_task(name="checks.keep_duties")
def keep_duties(*, employer_id: int) -> None:
    duty_keeping.keep_duties(employer_id=employer_id, as_of=timezone.localdate(), at=timezone.now())
