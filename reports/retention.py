"""Takes away what is older than its period: first a report of what would go, then, when asked to, the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Count, DateTimeField, Min, QuerySet
from django.utils import timezone

from reports.models import ReportRun
from reports.retention_rules import Period, own_periods, periods
from teams import audit
from teams.audit import Event
from teams.models import AuditLink, Employer
from teams.refusals import NotAllowed

BATCH = 2_000
AUDIT = "teams.AuditEntry"


@dataclass(frozen=True)
class Due:
    """Rows of one table and one employer (None: of none) that are past their period, and the oldest of their days."""

    period: Period
    employer: Employer | None
    rows: int
    oldest: date


def periods_in_force() -> list[Period]:
    """The periods of the settings. Raises NotAllowed for some that cannot hold."""
    try:
        return periods(own_periods(settings.RETENTION_DAYS))
    except ValueError as fault:
        raise NotAllowed(str(fault)) from fault


def carry_out(*, apply: bool, slug: str | None, at: datetime) -> list[Due]:
    """Tell what is past its period, and take it away if it is to be applied."""
    on = timezone.localdate(at)
    return take_away(on=on, at=at, slug=slug) if apply else due(on=on, slug=slug)


def due(*, on: date, slug: str | None = None) -> list[Due]:
    """What would go on a day, by table and employer. Two statements, and one for each table."""
    employers = {row.pk: row for row in _employers(slug)}
    found = []
    for period in periods_in_force():
        for row in _counted(period, on):
            if slug is None or row["whose"] in employers:
                oldest = row["oldest"]
                day = timezone.localdate(oldest) if isinstance(oldest, datetime) else oldest
                found.append(Due(period, employers.get(row["whose"]), row["rows"], day))
    return found


def take_away(*, on: date, at: datetime, slug: str | None = None) -> list[Due]:
    """Take away what is due, employer by employer, each in a transaction of its own with its entry in the trail.

    Run twice it finds nothing more; stopped half-way it goes on from there the next time.
    """
    wanted = due(on=on, slug=slug)
    whose = sorted({row.employer.pk if row.employer else 0 for row in wanted})
    for key in whose:
        its = [row for row in wanted if (row.employer.pk if row.employer else 0) == key]
        _apply(its, on=on, at=at)
    return wanted


@transaction.atomic
def _apply(wanted: Sequence[Due], *, on: date, at: datetime) -> None:
    employer, gone = wanted[0].employer, dict[str, int]()
    detail: dict[str, object] = {"rows": gone}
    for row in wanted:
        if row.period.table == AUDIT:
            gone[AUDIT], detail["chain"] = _prune_audit(employer, row.period, on)
        else:
            gone[row.period.table] = _delete(_past(row.period, on).filter(**_whose(row)))
    audit.record(Event.RETENTION_APPLIED, employer=employer, target=employer, by=None, at=at, detail=detail)


def _employers(slug: str | None) -> QuerySet[Employer]:
    if slug is None:
        return Employer.objects.all()
    found = Employer.objects.filter(slug=slug)
    if not found:
        raise NotAllowed(f"There is no employer {slug}")
    return found


def _whose(row: Due) -> Mapping[str, Any]:
    return {row.period.employer: row.employer} if row.period.employer else {}


def _past(period: Period, on: date) -> QuerySet[Any]:
    """Rows of a table whose period is over on a day."""
    model = apps.get_model(period.table)
    manager = getattr(model, "every", None) or model._default_manager  # noqa: SLF001 - whatever model it is
    rows: QuerySet[Any] = manager.filter(**{f"{period.ends}__lt": _cutoff(period, on)})
    return rows


def _cutoff(period: Period, on: date) -> date | datetime:
    day = on - timedelta(days=period.days)
    path = period.ends.split("__")
    model: Any = apps.get_model(period.table)
    for step in path[:-1]:
        model = model._meta.get_field(step).related_model  # noqa: SLF001
    if isinstance(model._meta.get_field(path[-1]), DateTimeField):  # noqa: SLF001
        return timezone.make_aware(datetime.combine(day, time()))
    return day


def _counted(period: Period, on: date) -> list[dict[str, Any]]:
    if period.table == AUDIT:
        return _counted_entries(period, on)
    found = {"rows": Count("pk"), "oldest": Min(period.ends)}
    rows = _past(period, on).order_by()
    if not period.employer:
        whole = rows.aggregate(**found)
        return [whole | {"whose": None}] if whole["rows"] else []
    return [row | {"whose": row[period.employer]} for row in rows.values(period.employer).annotate(**found)]


def _counted_entries(period: Period, on: date) -> list[dict[str, Any]]:
    """Entries at the beginning of each chain, before the first that is not past its period."""
    counted = []
    for key in [*Employer.objects.order_by("pk").values_list("pk", flat=True), None]:
        links = AuditLink.objects.filter(employer=key, entry__isnull=False)
        past = links.filter(number__lte=_last_past(key, period, on))
        whole = past.aggregate(rows=Count("pk"), oldest=Min("entry__at"))
        counted += [whole | {"whose": key}] if whole["rows"] else []
    return counted


def _last_past(employer: int | None, period: Period, on: date) -> int:
    """The number of the last link before the first whose entry is to stay; 0 where there is none."""
    links = AuditLink.objects.filter(employer=employer)
    stays = links.filter(entry__at__gte=_cutoff(period, on)).order_by("number").first()
    if stays:
        return stays.number - 1
    newest = links.order_by("number").last()
    return newest.number if newest else 0


def _prune_audit(employer: Employer | None, period: Period, on: date) -> tuple[int, dict[str, object]]:
    key = employer.pk if employer else None
    last = AuditLink.objects.get(employer=key, number=_last_past(key, period, on))
    with connection.cursor() as cursor:
        cursor.execute("SELECT teams_audit_prune(%s, %s)", [key, last.number])
        (gone,) = cursor.fetchone()
    return gone, {"number": last.number, "hash": bytes(last.hash).hex()}


def _delete(rows: QuerySet[Any]) -> int:
    """Delete in batches; the files of reports go once it is certain."""
    gone = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        batch = rows.model._base_manager.filter(pk__in=keys)  # noqa: SLF001
        if rows.model is ReportRun:
            for name in batch.exclude(file="").values_list("file", flat=True):
                transaction.on_commit(partial(default_storage.delete, name), robust=True)
        batch.delete()
        gone += len(keys)
    return gone


def in_words(found: Sequence[Due]) -> list[str]:
    """The report, a line for each table and employer."""
    width = max((len(row.period.what) for row in found), default=0)
    return [
        f"{row.employer.slug if row.employer else '–'}  {row.period.what:<{width}}  {row.rows:>9,} rows, oldest "
        f"{row.oldest:%d/%m/%Y}; kept for {row.period.days} days after {row.period.ended_by} ({row.period.source})"
        for row in found
    ]
