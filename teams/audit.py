"""Writes the audit trail: one explicit call in every action, in the action's own transaction."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models

from teams import origin
from teams.audit_events import Event
from teams.models import AuditEntry, Employer, User

__all__ = ["Event", "name_of", "record"]


def record(
    event: Event,
    *,
    employer: Employer | None,
    target: models.Model | None,
    by: User | None,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one entry. `by` is None when nobody but the machine acted, `employer` for the service itself."""
    where = origin.current()
    AuditEntry.objects.create(
        employer=employer,
        at=at,
        by=by,
        event=event.value,
        target=name_of(target) if target else "",
        detail=dict(detail or {}),
        address=where.address,
        request=where.request,
    )


def name_of(row: models.Model) -> str:
    """A row as entries name it: kind and key."""
    return f"{row._meta.label}:{row.pk}"  # noqa: SLF001 - Django documents _meta
