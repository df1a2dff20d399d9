"""Writes the audit trail: one explicit call in every action, in the action's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db import models

from teams import origin
from teams.models import AuditEntry, Employer, User


class Event(StrEnum):
    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    REFUSED = "REFUSED"
    NOT_FOUND = "NOT_FOUND"
    WORKLOAD_SEEN = "WORKLOAD_SEEN"
    FILE_TAKEN = "FILE_TAKEN"
    AUDIT_TAKEN = "AUDIT_TAKEN"
    EMPLOYER_FOUNDED = "EMPLOYER_FOUNDED"
    EMPLOYER_CHANGED = "EMPLOYER_CHANGED"
    SERVICE_AREA_ADDED = "SERVICE_AREA_ADDED"
    TEAM_ADDED = "TEAM_ADDED"
    WORKERS_ADDED = "WORKERS_ADDED"
    ACCOUNT_OPENED = "ACCOUNT_OPENED"
    ROLE_GIVEN = "ROLE_GIVEN"
    ROLE_ENDED = "ROLE_ENDED"
    STAND_IN_NAMED = "STAND_IN_NAMED"
    STAND_IN_ENDED = "STAND_IN_ENDED"
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
    STANDARDS_DRAFTED = "STANDARDS_DRAFTED"
    STANDARDS_PUBLISHED = "STANDARDS_PUBLISHED"
    STANDARDS_CHOSEN = "STANDARDS_CHOSEN"
    VARIATION_PROPOSED = "VARIATION_PROPOSED"
    VARIATION_DECIDED = "VARIATION_DECIDED"
    VARIATION_ENDED = "VARIATION_ENDED"
    SCHEME_DRAFTED = "SCHEME_DRAFTED"
    CYCLE_OPENED = "CYCLE_OPENED"
    CYCLE_CHANGED = "CYCLE_CHANGED"
    CHECK_ANSWERED = "CHECK_ANSWERED"
    CHECK_MOVED = "CHECK_MOVED"
    CHALLENGE_RAISED = "CHALLENGE_RAISED"
    CHALLENGE_ANSWERED = "CHALLENGE_ANSWERED"
    EVIDENCE_ADDED = "EVIDENCE_ADDED"
    EVIDENCE_REMOVED = "EVIDENCE_REMOVED"
    ACTION_PLANNED = "ACTION_PLANNED"
    ACTION_CHANGED = "ACTION_CHANGED"
    CYCLE_PUBLISHED = "CYCLE_PUBLISHED"
    PUBLICATION_WITHDRAWN = "PUBLICATION_WITHDRAWN"
    SURVEY_OPENED = "SURVEY_OPENED"
    SURVEY_LINKS_MADE = "SURVEY_LINKS_MADE"
    SURVEY_CLOSED = "SURVEY_CLOSED"
    SURVEY_WORDS_DECIDED = "SURVEY_WORDS_DECIDED"
    INSTRUMENT_LOADED = "INSTRUMENT_LOADED"
    CENSUS_DOWNLOADED = "CENSUS_DOWNLOADED"
    REPORT_REQUESTED = "REPORT_REQUESTED"


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
