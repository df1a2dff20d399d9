"""The audit trail as an administrator searches it: newest first, each entry in words. Features never read it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from design.paging import WHOLE
from design.spreadsheets import csv_text
from design.table_values import LONGEST_LIST
from teams.audit import Event, name_of
from teams.audit_words import CONFIDENTIAL, Change, changes_of, words_of
from teams.models import AuditEntry, Employer, RoleAssignment, ServiceArea, Team, User, Worker

PAGE = 50
MOST_NAMED = 50
CASE = "caseloads.Case"
NAMED: Sequence[str] = ("teams.Employer", "teams.ServiceArea", "teams.Team", "teams.Worker", "teams.User", CASE)
"""Kinds of rows whose names an administrator knows anyway; any other is called by its kind and number."""
COLUMNS = ("when", "who", "what", "about", "details", "from where", "request")


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is empty is not asked."""

    who: str = ""
    event: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None
    address: str = ""


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    entry: AuditEntry
    who: str
    what: str
    about: str
    workers: Sequence[str]
    changes: Sequence[Change]


@dataclass(frozen=True)
class TrailPage:
    """Some entries, and where the older ones begin; "" where there are none."""

    lines: Sequence[Line]
    older: str


def entries(employer: Employer, wanted: Wanted) -> QuerySet[AuditEntry]:
    """The entries looked for, newest first, without what no administrator reads."""
    rows = AuditEntry.objects.filter(employer=employer).exclude(event__in=[event.value for event in CONFIDENTIAL])
    if wanted.who:
        rows = rows.filter(by__in=_people(employer, wanted.who))
    if wanted.event:
        rows = rows.filter(event=wanted.event)
    if wanted.about:
        rows = rows.filter(_about(employer, wanted.about))
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.address:
        rows = rows.filter(address=wanted.address)
    return rows.order_by("-at", "-pk")


def trail_page(employer: Employer, wanted: Wanted, *, after: str) -> TrailPage:
    """A page of the trail, after the place where the page before ended; `all`: as much as the data of a page hold."""
    size = LONGEST_LIST if after == WHOLE else PAGE
    rows = _after(entries(employer, wanted), after).select_related("by")
    found = list(rows[: size + 1])
    older = _place(found[size - 1]) if len(found) > size else ""
    return TrailPage(_lines(found[:size]), older)


def trail_csv(employer: Employer, wanted: Wanted) -> tuple[str, int]:
    """The newest entries looked for as CSV, as many as the data of a page hold, and how many they are."""
    lines = _lines(list(entries(employer, wanted).select_related("by")[:LONGEST_LIST]))
    return csv_text(COLUMNS, map(_cells, lines)), len(lines)


def _cells(line: Line) -> Sequence[object]:
    entry = line.entry
    about = "; ".join(filter(None, [line.about, *line.workers]))
    details = "; ".join(change_words(change) for change in line.changes)
    at = timezone.localtime(entry.at).isoformat()
    return at, line.who, line.what, about, details, entry.address, entry.request or ""


def change_words(change: Change) -> str:
    name = change.name.replace("_", " ")
    return f"{name}: {change.after}" if change.before is None else f"{name}: {change.before} → {change.after}"


def _place(entry: AuditEntry) -> str:
    return f"{entry.at.astimezone(UTC).isoformat()}~{entry.pk}"


def _after(rows: QuerySet[AuditEntry], place: str) -> QuerySet[AuditEntry]:
    """The rows beyond a place; all of them for one that is none."""
    moment, _, key = place.partition("~")
    try:
        at, pk = datetime.fromisoformat(moment), int(key)
    except ValueError:
        return rows
    return rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))


def _people(employer: Employer, name: str) -> list[int]:
    """Accounts of the employer's people by a part of the name, or by the user name."""
    members = RoleAssignment.every.filter(employer=employer).values("user")
    users = User.objects.filter(Q(pk__in=members) | Q(worker__employer=employer))
    named = users.annotate(whole=Concat("first_name", Value(" "), "last_name"))
    found = named.filter(Q(whole__icontains=name) | Q(username__iexact=name)).order_by("pk")
    return list(found.values_list("pk", flat=True)[:MOST_NAMED])


def _about(employer: Employer, name: str) -> Q:
    """Entries about whatever has a name: workers, accounts, teams, areas, and a case by its whole reference."""
    workers = list(Worker.objects.filter(employer=employer, name__icontains=name).order_by("pk")[:MOST_NAMED])
    rows: list[Model] = [
        *workers,
        *User.objects.filter(pk__in=_people(employer, name)),
        *Team.objects.filter(employer=employer, name__icontains=name).order_by("pk")[:MOST_NAMED],
        *ServiceArea.objects.filter(employer=employer, name__icontains=name),
        *_manager(CASE).filter(employer=employer, reference__iexact=name),
    ]
    wanted = Q(target__in=[name_of(row) for row in rows])
    for worker in workers:
        wanted |= Q(detail__contains={"workers": [worker.pk]}) | Q(detail__contains={"worker": worker.pk})
    return wanted


def _manager(label: str) -> Any:
    return apps.get_model(label)._default_manager  # noqa: SLF001 - whatever model it is


def _lines(rows: Sequence[AuditEntry]) -> list[Line]:
    """Entries in words. One statement for each kind of row that they are about."""
    names = _names(rows)
    return [
        Line(
            entry=row,
            who=str(row.by) if row.by else "" if row.event == Event.SIGN_IN_FAILED else "The system",
            what=words_of(row.event),
            about=names.get(row.target, _kind(row.target)),
            workers=[names[target] for target in _workers(row) if target in names],
            changes=changes_of(row.event, row.detail),
        )
        for row in rows
    ]


def _names(rows: Collection[AuditEntry]) -> Mapping[str, str]:
    """What the rows are called that entries are about, by their names in the trail."""
    wanted: dict[str, set[int]] = {label: set() for label in NAMED}
    for target in _targets(rows):
        label, _, key = target.partition(":")
        if label in wanted and key.isdecimal():
            wanted[label].add(int(key))
    return {
        f"{label}:{key}": f"case {row}" if label == CASE else str(row)
        for label, keys in wanted.items()
        if keys
        for key, row in _manager(label).in_bulk(keys).items()
    }


def _targets(rows: Collection[AuditEntry]) -> Iterator[str]:
    for row in rows:
        yield row.target
        yield from _workers(row)


def _workers(row: AuditEntry) -> list[str]:
    """The workers that an entry names beside what it is about; that of an import counts them, and names none."""
    found = row.detail.get("workers", [row.detail["worker"]] if "worker" in row.detail else [])
    keys = found if isinstance(found, list) else []
    return [f"teams.Worker:{key}" for key in keys if isinstance(key, int) and f"teams.Worker:{key}" != row.target]


def _kind(target: str) -> str:
    """A row of a kind without a name: such as evidence 12."""
    label, _, key = target.partition(":")
    if not label:
        return ""
    app, _, model = label.partition(".")
    known = apps.all_models.get(app, {}).get(model.lower())
    return f"{known._meta.verbose_name if known else model} {key}"  # noqa: SLF001 - Django documents _meta
