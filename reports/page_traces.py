"""What the audit trail keeps of pages: whose workload somebody saw, what they took away, and what they were refused."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg2.extras import Json

from reports.workers_shown import PAGES, Asked, Shows
from teams import origin
from teams.audit import Event
from teams.models import AuditEntry, User
from teams.traces import note_about

ENTERED_ELSEWHERE = frozenset({"own-data-file", "worker-data-file", "census-file", "audit-file"})
"""Files whose making is an action, which enters them itself."""
_INSERT = """
INSERT INTO {entries} (employer_id, at, by_id, event, target, detail, address, request)
SELECT w.employer_id, %s, %s, %s, {target}, %s::jsonb || jsonb_build_object('workers', jsonb_agg(w.id ORDER BY w.id)),
       %s, %s
  FROM ({workers}) AS w (id, employer_id) GROUP BY w.employer_id
"""


@dataclass(frozen=True)
class Answered:
    """A page that was asked for, as its address names it, and how it was answered."""

    by: User
    name: str
    keys: dict[str, Any]
    path: str
    status: int
    file: str = ""


def note_answer(page: Answered, *, at: datetime, day: date) -> None:
    """Enter a page that was answered, if anything about it is to be kept. One statement for whose workload it shows."""
    match page.status:
        case HTTPStatus.FORBIDDEN:
            note_about(Event.REFUSED, who=page.by, by=page.by, at=at, detail=_where(page))
        case HTTPStatus.NOT_FOUND:
            note_about(Event.NOT_FOUND, who=page.by, by=page.by, at=at, detail=_where(page))
        case HTTPStatus.OK | HTTPStatus.NOT_MODIFIED:
            seen = page.name in PAGES and _note_workers(page, *PAGES[page.name], at=at, day=day)
            if page.file and not seen and page.name not in ENTERED_ELSEWHERE:
                note_about(Event.FILE_TAKEN, who=page.by, by=page.by, at=at, detail=_what(page))


def _where(page: Answered) -> dict[str, object]:
    return {"page": page.name, "path": page.path}


def _what(page: Answered) -> dict[str, object]:
    return _where(page) | ({"file": page.file} if page.file else {})


def _note_workers(page: Answered, words: str, shows: Shows, *, at: datetime, day: date) -> bool:
    """Enter whose workload a page shows, its reader left out; False where it shows nobody else's."""
    asked = Asked(page.by, page.keys.get(shows.named), page.keys.get("day", day))
    workers = shows.workers(asked).exclude(user=page.by).order_by().values("pk", "employer_id").distinct()
    sql, params = workers.query.sql_with_params()
    target, key = _target(shows, asked.key)
    event = Event.FILE_TAKEN if page.file else shows.event
    where = origin.current()
    request = str(where.request) if where.request else None
    values = [at, page.by.pk, event.value, *key, Json(_what(page) | {"page": words}), where.address, request, *params]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(entries=AuditEntry._meta.db_table, target=target, workers=sql), values)  # noqa: SLF001
        return bool(cursor.rowcount)


def _target(shows: Shows, key: UUID | None) -> tuple[str, list[str]]:
    """The row that a page is about, as SQL finds it by the key in the address."""
    if shows.about is None:
        return "''", []
    meta = shows.about._meta  # noqa: SLF001 - Django documents _meta
    return f"(SELECT '{meta.label}:' || id FROM {meta.db_table} WHERE public_id = %s)", [str(key)]  # noqa: S608
