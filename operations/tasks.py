"""Celery's door into watching: one call, nothing returned."""

from celery import shared_task
from django.utils import timezone

from operations import looking
from teams import tenancy


@shared_task(name="operations.look_around")
def look_around() -> None:
    """Every minute: what waits and what failed, of all employers, for whoever watches the service."""
    with tenancy.of_every_employer():
        looking.look_around(as_of=timezone.localdate(), at=timezone.now())
