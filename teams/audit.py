"""Writes the audit trail: one explicit call in every action, in the action's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db import models

from teams.models import AuditEntry, Employer, User


class Event(StrEnum):
    EMPLOYER_FOUNDED = "EMPLOYER_FOUNDED"
    SERVICE_AREA_ADDED = "SERVICE_AREA_ADDED"
    TEAM_ADDED = "TEAM_ADDED"
    WORKERS_ADDED = "WORKERS_ADDED"
    ACCOUNT_OPENED = "ACCOUNT_OPENED"
    SCHEME_PUBLISHED = "SCHEME_PUBLISHED"
    CASES_RECORDED = "CASES_RECORDED"
    CASE_CHANGED = "CASE_CHANGED"
    CASE_ALLOCATED = "CASE_ALLOCATED"
    CASES_TRANSFERRED = "CASES_TRANSFERRED"
    CONTEST_RAISED = "CONTEST_RAISED"
    CONTEST_ANSWERED = "CONTEST_ANSWERED"
    CASELOAD_IMPORTED = "CASELOAD_IMPORTED"
    CASELOAD_IMPORT_UNDONE = "CASELOAD_IMPORT_UNDONE"
    CASELOAD_MAPPING_CHANGED = "CASELOAD_MAPPING_CHANGED"
    STAFFING_CHANGED = "STAFFING_CHANGED"
    SUPERVISION_RECORDED = "SUPERVISION_RECORDED"
    HOURS_RECORDED = "HOURS_RECORDED"
    OWN_DATA_DOWNLOADED = "OWN_DATA_DOWNLOADED"
    CONCERN_RAISED = "CONCERN_RAISED"
    DUTY_CHANGED = "DUTY_CHANGED"
    RESPONSE_TIMES_SET = "RESPONSE_TIMES_SET"
    REPORT_REQUESTED = "REPORT_REQUESTED"


def record(
    event: Event,
    *,
    employer: Employer,
    target: models.Model,
    by: User | None,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one entry. `by` is None when nobody but the machine acted."""
    AuditEntry.objects.create(
        employer=employer,
        at=at,
        by=by,
        event=event.value,
        target=f"{target._meta.label}:{target.pk}",  # noqa: SLF001 - Django documents _meta
        detail=dict(detail or {}),
    )
