"""Celery's doors into accounts: one call each, nothing returned."""

from celery import shared_task
from django.utils import timezone

from teams import letter_sending, session_clearing


@shared_task(name="teams.send_letters")
def send_letters() -> None:
    """At once when one is written, and every minute for what could not be sent before."""
    letter_sending.send_letters(at=timezone.now())


@shared_task(name="teams.clear_sessions")
def clear_sessions() -> None:
    """Every hour: sessions that have run out leave nothing behind."""
    session_clearing.clear_sessions(at=timezone.now())
