"""Two people at once: whoever fills a form in from rows that have changed since is told, and nothing is lost."""

from collections.abc import Iterable
from hashlib import blake2s

from django.db import models

from teams.models import StaffingChange, Team, Worker
from teams.refusals import NotAllowed


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


def ask_for_scores(teams: Iterable[Team]) -> None:
    """Note that staffing changed: the next sweep has these teams scored (docs/decisions/0008-staffing-changes.md)."""
    StaffingChange.objects.bulk_create(StaffingChange(team=team) for team in sorted(set(teams), key=lambda row: row.pk))
