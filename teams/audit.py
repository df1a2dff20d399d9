"""Writes the audit trail: one explicit call in every action, in the action's own transaction."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import models

from design import kept_words
from teams import origin
from teams.audit_events import Event
from teams.models import AuditEntry, Employer, User

__all__ = ["Event", "changed", "difference", "name_of", "record"]


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
    where, kept = origin.current(), kept_words.decided()
    AuditEntry.objects.create(
        employer=employer,
        at=at,
        by=by,
        event=event.value,
        target=name_of(target) if target else "",
        detail=_plain(detail or {}) | ({"kept as written": kept} if kept else {}),
        address=where.address,
        request=where.request,
    )


def name_of(row: models.Model) -> str:
    """A row as entries name it: kind and key."""
    return f"{row._meta.label}:{row.pk}"  # noqa: SLF001 - Django documents _meta


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """What is different between two states of a row, before and after, as entries keep it."""
    old, new = _plain(before), _plain(after)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {"before": {name: old.get(name) for name in names}, "after": {name: new.get(name) for name in names}}


def difference(before: object, after: object, *, most: int = 200) -> dict[str, object]:
    """What is different between two documents, place by place: `standards.0.title` → before and after."""
    found: dict[str, object] = {}
    for place, old, new in _differences(_plain(before), _plain(after), ""):
        if len(found) == most:
            return found | {"more": True}
        found[place] = {"before": old, "after": new}
    return found


def _differences(before: Any, after: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    match before, after:
        case dict(), dict():
            pairs = [(name, before.get(name), after.get(name)) for name in {**before, **after}]
        case list(), list():
            pairs = [(str(number), *both) for number, both in enumerate(zip_longest(before, after))]
        case _:
            if before != after:
                yield place, before, after
            return
    for name, old, new in pairs:
        yield from _differences(old, new, f"{place}.{name}" if place else name)


def _plain(value: Any) -> Any:
    """A value as JSON has it: a row by its key, days and decimals as text."""
    match value:
        case None | bool() | int() | str():
            return value
        case models.Model():
            return value.pk
        case Mapping():
            return {str(name): _plain(content) for name, content in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case _:
            return str(value)
