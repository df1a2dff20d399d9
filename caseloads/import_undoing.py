"""Puts back what an import changed, all of it or nothing, unless people have changed some of it since."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from caseloads import bulk
from caseloads.import_writing import ToScore, ask_for_scores
from caseloads.models import Allocation, Case, CaseChange, ImportImage, ImportRun, Rating
from caseloads.queries.imports import why_not_undo
from design import figures
from teams.access import holds_employer_wide
from teams.models import Contract, Employer, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

NAMED = 10
_SINCE = "This import cannot be undone, because some of what it changed has been changed since: {list}{more}. {todo}"
_TODO = "Correct what is wrong case by case, or import a corrected file."
_TIED = "This import cannot be undone, because later records rest on what it added. " + _TODO

_OTHER_TEAMS = "This import changed teams that you do not manage any more. Ask an administrator to undo it."


@dataclass(frozen=True)
class _Image:
    """What an import left behind, by kind of row."""

    cases_added: list[int]
    cases: list[tuple[int, list[Any]]]
    reopened: list[tuple[int, date | None]]
    revisions: dict[int, int]
    ratings: list[int]
    started: list[int]
    ended: list[tuple[int, date | None, date]]
    workers: list[tuple[int, list[Any], list[Any]]]
    contracts: list[tuple[int, list[Any], list[Any]]]
    contracts_added: list[tuple[int, list[Any]]]
    teams: set[int]


def put_back(*, run: ImportRun, by: User | None, at: datetime) -> ToScore:
    """Undo an import inside the caller's transaction. Raises NotAllowed, a sentence; then nothing has changed."""
    employer = Employer.objects.select_for_update(no_key=True).get(pk=run.employer_id)
    run.refresh_from_db()
    if reason := why_not_undo(run):
        raise NotAllowed(reason)
    image = _read(run)
    _check_teams(run, image, by=by)
    _lock(image)
    if since := _changed_since(image):
        more = f" and {len(since) - NAMED} more" if len(since) > NAMED else ""
        raise NotAllowed(_SINCE.format(list="; ".join(since[:NAMED]), more=more, todo=_TODO))
    undone = ImportRun.objects.filter(pk=run.pk, status=ImportRun.Status.APPLIED)
    undone.update(status=ImportRun.Status.UNDONE, undone_at=at, undone_by=by)
    try:
        with transaction.atomic():
            _write(image, run, by=by, at=at)
            connection.check_constraints()
    except (IntegrityError, ProtectedError) as error:
        raise NotAllowed(_TIED) from error
    return ask_for_scores(employer, image.teams, at=at)


def _check_teams(run: ImportRun, image: _Image, *, by: User | None) -> None:
    """A manager undoes what concerns their own teams only, as they are now."""
    if by is None or holds_employer_wide(by, Permission.CASELOAD_IMPORT, employer=run.employer):
        return
    own = set(Team.objects.where_allowed(by, Permission.CASELOAD_IMPORT).values_list("pk", flat=True))
    if image.teams - own:
        raise NotAllowed(_OTHER_TEAMS)


def _read(run: ImportRun) -> _Image:
    stored = json.loads(zlib.decompress(bytes(ImportImage.objects.get(run=run).data)))
    added, touched = dict(stored["cases_added"]), dict(stored["cases_touched"])
    return _Image(
        cases_added=list(added),
        cases=[(key, _case(before)) for key, before in stored["cases"]],
        reopened=[(key, _day(before)) for key, before in stored["reopened"]],
        revisions=added | touched,
        ratings=stored["ratings"],
        started=stored["allocations_started"],
        ended=[(key, _day(before), date.fromisoformat(after)) for key, before, after in stored["allocations_ended"]],
        workers=[(key, before, after) for key, before, after in stored["workers"]],
        contracts=[(key, _terms(before), _terms(after)) for key, before, after in stored["contracts"]],
        contracts_added=[(key, _terms(after)) for key, after in stored["contracts_added"]],
        teams=set(stored["teams"]),
    )


def _case(before: Sequence[Any]) -> list[Any]:
    team, family, category, opened_on, closed_on = before
    return [team, family, category, _day(opened_on), _day(closed_on)]


def _terms(terms: Sequence[Any]) -> list[Any]:
    hours, starts_on, ends_on = terms
    return [None if hours is None else Decimal(hours), _day(starts_on), _day(ends_on)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _lock(image: _Image) -> None:
    """Lock the cases, in the order of their keys, then the workers and contracts."""
    workers = [key for key, *_ in image.workers]
    contracts = [key for key, *_ in (*image.contracts, *image.contracts_added)]
    with connection.cursor() as cursor:
        for table, keys in (
            ("caseloads_case", list(image.revisions)),
            ("teams_worker", workers),
            ("teams_contract", contracts),
        ):
            cursor.execute(
                f"SELECT count(*) FROM (SELECT id FROM {table} WHERE id = ANY(%s::bigint[]) "  # noqa: S608
                "ORDER BY id FOR NO KEY UPDATE) AS locked",
                [keys],
            )


def _changed_since(image: _Image) -> list[str]:
    """What people have changed of it, in sentences without full stops."""
    return [*_cases_since(image), *_allocations_since(image), *_workers_since(image), *_contracts_since(image)]


def _rows(statement: str, *values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _cases_since(image: _Image) -> Iterable[str]:
    found = _rows(
        """
        SELECT c.reference, change.text, change.at, u.first_name, u.last_name, u.username
          FROM unnest(%s::bigint[], %s::int[]) AS left_at (id, revision)
          JOIN caseloads_case c ON c.id = left_at.id AND c.revision <> left_at.revision
          LEFT JOIN caseloads_casechange change ON change.case_id = c.id AND change.revision = c.revision
          LEFT JOIN teams_user u ON u.id = change.by_id
         ORDER BY c.reference
        """,
        list(image.revisions),
        list(image.revisions.values()),
    )
    for reference, text, at, *name in found:
        first, last, username = (part or "" for part in name)
        who = f"{first} {last}".strip() or username or "the system"
        when = f", {figures.moment(timezone.localtime(at))}" if at else ""
        yield f"{reference}: {(text or 'changed').rstrip('.')} ({who}{when})"


def _allocations_since(image: _Image) -> Iterable[str]:
    """For an allocation that changed without its case: a safeguard, for every change to one is noted on the case."""
    found = _rows(
        """
        SELECT DISTINCT c.reference
          FROM caseloads_allocation held
          JOIN caseloads_case c ON c.id = held.case_id
          LEFT JOIN unnest(%s::bigint[], %s::date[]) AS ended (id, ended_on) ON ended.id = held.id
         WHERE held.id = ANY(%s::bigint[])
           AND held.ended_on IS DISTINCT FROM ended.ended_on AND c.id = ANY(%s::bigint[])
           AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::int[]) AS left_at (id, revision)
                            WHERE left_at.id = c.id AND left_at.revision <> c.revision)
         ORDER BY c.reference
        """,
        [key for key, *_ in image.ended],
        [after for *_, after in image.ended],
        [*image.started, *(key for key, *_ in image.ended)],
        list(image.revisions),
        list(image.revisions),
        list(image.revisions.values()),
    )
    return [f"{reference}: its allocation has changed" for (reference,) in found]


def _workers_since(image: _Image) -> Iterable[str]:
    fields = ("staff_reference", "career_stage", "registered", "case_holding", "agency")
    rows = {
        row[0]: row[1:] for row in Worker.objects.filter(pk__in=_keys(image.workers)).values_list("pk", "name", *fields)
    }
    for key, _, after in image.workers:
        name, *now = rows[key]
        if now != after:
            yield f"{name}: career stage, registration or another detail has changed"


def _contracts_since(image: _Image) -> Iterable[str]:
    left = {key: after for key, *_, after in (*image.contracts, *image.contracts_added)}
    rows = Contract.objects.filter(pk__in=list(left)).values_list(
        "pk", "worker__name", "team__name", "weekly_hours", "starts_on", "ends_on"
    )
    there = {key: (name, team, terms) for key, name, team, *terms in rows}
    for key, after in left.items():
        if key not in there:
            yield "a team membership that it added or changed has been removed"
        elif there[key][2] != after:
            yield f"{there[key][0]}: hours or dates in {there[key][1]} have changed"


def _keys(rows: Iterable[tuple[Any, ...]]) -> list[int]:
    return [key for key, *_ in rows]


def _write(image: _Image, run: ImportRun, *, by: User | None, at: datetime) -> None:
    """In an order in which no rule of the database is broken on the way."""
    with bulk.joining_whole_tables():
        _end_at_once(image.started)
        bulk.change_rows(Allocation, ["id", "ended_on"], [(key, before) for key, before, _ in image.ended])
    with pgtrigger.ignore("caseloads.Rating:append_only"):
        Rating.objects.filter(pk__in=image.ratings)._raw_delete(using=connection.alias)  # noqa: SLF001 - one statement
    bulk.change_rows(
        Case,
        ["id", "team_id", "family_reference", "category", "opened_on", "closed_on"],
        [(key, *before) for key, before in image.cases],
    )
    bulk.change_rows(Case, ["id", "reopened_on"], image.reopened)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE caseloads_case SET closed_on = opened_on, revision = revision + 1 WHERE id = ANY(%s::bigint[])",
            [image.cases_added],
        )
    Contract.objects.filter(pk__in=_keys(image.contracts_added)).delete()
    bulk.change_rows(
        Contract,
        ["id", "weekly_hours", "starts_on", "ends_on"],
        [(key, *before) for key, before, _ in image.contracts],
    )
    bulk.change_rows(
        Worker,
        ["id", "staff_reference", "career_stage", "registered", "case_holding", "agency"],
        [(key, *before) for key, before, _ in image.workers],
    )
    _note(image, run, by=by, at=at)


def _end_at_once(allocations: Sequence[int]) -> None:
    """Let allocations count on no day at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE caseloads_allocation SET ended_on = started_on WHERE id = ANY(%s::bigint[])", [list(allocations)]
        )


def _note(image: _Image, run: ImportRun, *, by: User | None, at: datetime) -> None:
    """One entry in the history of every case."""
    added = set(image.cases_added)
    texts: Mapping[bool, str] = {
        True: f"Closed on the day it was opened: the import of {run.file_name}, which brought it, was undone.",
        False: f"Put back as it was: the import of {run.file_name} was undone.",
    }
    kinds = {True: CaseChange.Kind.CLOSED.value, False: CaseChange.Kind.IMPORTED.value}
    raised = [(key, revision + 1) for key, revision in image.revisions.items() if key not in added]
    bulk.change_rows(Case, ["id", "revision"], raised)
    bulk.add_rows(
        CaseChange,
        ["case_id", "revision", "kind", "text", "at", "by_id"],
        (
            (key, revision + 1, kinds[key in added], texts[key in added], at, by.pk if by else None)
            for key, revision in image.revisions.items()
        ),
    )
