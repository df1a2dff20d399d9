"""Work that was given up, so that somebody may have it tried again. Names no worker whose sheet it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.http import Http404

from caseloads.models import ImportRun
from reports.models import Kind, ReportRun
from teams.models import AccountLetter, Employer
from teams.queries.letters import letters_of

KEPT = timedelta(days=30)
PAGE = 50
REPORT, IMPORT, LETTER = "report", "import", "letter"
NOT_SENT = "The mail server did not take it."


@dataclass(frozen=True)
class Failed:
    """`key`: by which it is tried again, or looked at."""

    work: str
    key: str
    what: str
    about: str
    at: datetime
    reason: str


def failed_list(employer: Employer, *, at: datetime) -> QuerySet[Any, Any]:
    """What was given up lately, the newest first; as rows of one statement, to be shown page by page."""
    reports, imports, letters = _each(employer, at)
    about = Coalesce("team__name", "check_of__team__name", "cycle__name", Value(""))
    runs = {"key": "public_id", "reason": "error"}
    sent = _as_rows(LETTER, letters, key="pk", about=F("user__email"), when="made_at", reason=Value(NOT_SENT))
    brought = _as_rows(IMPORT, imports, about=F("file_name"), when="heard_at", **runs)
    return (
        _as_rows(REPORT, reports, about=about, when="finished_at", **runs)
        .union(brought, sent, all=True)
        .order_by("-when", "key")
    )


def failed(rows: list[dict[str, Any]]) -> Iterator[Failed]:
    labels = dict(Kind.choices) | dict(ImportRun.Preset.choices) | dict(AccountLetter.Kind.choices)
    for row in rows:
        yield Failed(row["work"], row["key"], labels[row["what"]], row["about"], row["when"], row["reason"])


def numbers_failed(*, at: datetime) -> dict[str, int]:
    """How much was given up lately, of all whose rows can be seen."""
    return {work: rows.count() for work, rows in zip((REPORT, IMPORT, LETTER), _each(None, at), strict=True)}


def find_failed_report(employer: Employer, public_id: UUID) -> ReportRun:
    run = ReportRun.objects.filter(employer=employer, public_id=public_id).first()
    if run is None:
        raise Http404("There is no such report.")
    return run


def find_letter(employer: Employer, pk: int) -> AccountLetter:
    letter = letters_of(employer).filter(pk=pk).first()
    if letter is None:
        raise Http404("There is no such e-mail.")
    return letter


def _each(employer: Employer | None, at: datetime) -> tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]:
    since = at - KEPT
    reports = ReportRun.objects.filter(status=ReportRun.Status.FAILED, finished_at__gte=since)
    imports = ImportRun.objects.filter(status=ImportRun.Status.FAILED, heard_at__gte=since)
    letters = letters_of(employer).given_up().filter(made_at__gte=since)
    if employer:
        reports, imports = reports.filter(employer=employer), imports.filter(employer=employer)
    return reports, imports, letters


def _as_rows(work: str, rows: QuerySet[Any], *, key: str, about: Any, when: str, reason: Any) -> QuerySet[Any, Any]:
    return rows.order_by().values(
        work=Value(work),
        key=Cast(key, CharField()),
        what=F("preset" if work == IMPORT else "kind"),
        about=about,
        when=F(when),
        reason=Cast(reason, TextField()),
    )
