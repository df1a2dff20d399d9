"""Two people at once: whoever fills a form in from rows that have changed since is told, and nothing is lost."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from hashlib import blake2s
from typing import TYPE_CHECKING, TypeVar

from django.db import models

from teams.models import Absence, CapacityReduction, StaffingChange, SupervisionSession, Team, Worker
from teams.refusals import NotAllowed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WorkersRow = TypeVar("WorkersRow", Absence, CapacityReduction, SupervisionSession)


def mark_of(rows: Iterable[models.Model]) -> str:
    """A mark of rows as they are: another one when anything in them, or their number, has changed."""
    values = [[str(field.value_from_object(row)) for field in row._meta.concrete_fields] for row in rows]  # noqa: SLF001
    return blake2s(repr(values).encode(), digest_size=8).hexdigest()


def require_unchanged(seen: str | None, rows: Iterable[models.Model], *, now: str) -> None:
    """Refuse what was filled in from rows that have changed since; `now` says how they are. None: from no form."""
    if seen is not None and seen != mark_of(rows):
        raise NotAllowed(
            f"Somebody else changed this while you had the form open. It is now: {now}. "
            "Nothing of yours is saved yet: check it against that, and save again if it is still right"
        )


def lock_worker(worker: Worker) -> Worker:
    """The worker as they are now, held until the transaction ends: changes to one worker come one after another."""
    return Worker.objects.select_for_update(of=("self",)).select_related("employer").get(pk=worker.pk)


def lock_row(
    row: WorkersRow,
    *,
    what: str,
    among: "models.QuerySet[WorkersRow]",
    seen: str | None,
    words: Callable[[WorkersRow], str],
) -> WorkersRow:
    """A row about a worker as it is now, held with its worker. Refused when it is gone, or not as it was seen."""
    lock_worker(row.worker)
    found = among.filter(pk=row.pk).first()
    if found is None:
        raise NotAllowed(f"Somebody else has removed this {what}. There is nothing left to change")
    require_unchanged(seen, [found], now=words(found))
    return found


def values_of(row: models.Model, *names: str) -> dict[str, object]:
    """Some fields of a row by name, as they are now."""
    return {name: row._meta.get_field(name).value_from_object(row) for name in names}  # type: ignore[union-attr]  # noqa: SLF001


def put_right(
    row: models.Model, new: "DataclassInstance | None", *, of: "type[DataclassInstance]", why: str
) -> dict[str, object]:
    """Write what is new over a row, or remove one that should never have been. Gives what the audit trail keeps."""
    before = values_of(row, *(field.name for field in fields(of)))
    if new is None:
        type(row)._default_manager.filter(pk=row.pk).delete()  # noqa: SLF001 - the row keeps its number for the trail
        return {"before": before, "why": why}
    for name, value in vars(new).items():
        setattr(row, name, value)
    row.save()
    return {"before": before, "after": vars(new)}


def ask_for_scores(teams: Iterable[Team]) -> None:
    """Note that staffing changed: the next sweep has these teams scored (docs/decisions/0008-staffing-changes.md)."""
    StaffingChange.objects.bulk_create(StaffingChange(team=team) for team in sorted(set(teams), key=lambda row: row.pk))
