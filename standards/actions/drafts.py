"""Writing an employer's own standards: start from a copy, change it part by part, publish it, or give it up."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from standards import editing
from standards.actions.publishing import write_set
from standards.definition import StandardSet as Definition
from standards.editing import Document, Place
from standards.models import StandardDraft, StandardSet
from standards.pack import PackError
from standards.queries.drafts import draft_as_set
from standards.queries.sets import published_set
from teams import audit, submissions
from teams.access import require_employer_wide
from teams.audit import Event
from teams.models import Employer, User
from teams.refusals import NotAllowed
from teams.roles import Permission


@transaction.atomic
def start_draft(
    *, employer: Employer, copied: StandardSet, by: User, at: datetime, once: UUID | None = None
) -> StandardDraft:
    """Begin the employer's own version with a copy of a published one."""
    require_employer_wide(by, Permission.STANDARDS_EDIT, employer=employer)
    submissions.claim(once, by=by, at=at)
    Employer.objects.select_for_update().get(pk=employer.pk)
    document = editing.own_copy(published_set(copied), publisher=employer.name)
    open_one = StandardDraft.objects.unpublished().filter(employer=employer, pack=document["id"]).first()
    if open_one is not None:
        raise NotAllowed(
            f"{open_one.started_by} started a draft of these standards already. Open that one, or give it up first."
        )
    document["effective_on"] = timezone.localdate(at).isoformat()
    document["effective"] = "As published by the employer"
    row = StandardDraft.objects.create(
        employer=employer,
        pack=document["id"],
        document=document,
        copied_from=copied,
        started_at=at,
        started_by=by,
        changed_at=at,
        changed_by=by,
    )
    _record(row, "started", by=by, at=at)
    return row


def change_set(
    *, draft: StandardDraft, fields: Mapping[str, Any], by: User, at: datetime, once: UUID | None, seen: int | None
) -> None:
    """Change what the draft says of itself: its title, from when it counts, how complete it is."""
    _edit(draft, lambda document: editing.changed_fields(document, fields), by=by, at=at, once=once, seen=seen)


def add_standard(
    *, draft: StandardDraft, fields: Mapping[str, Any], by: User, at: datetime, once: UUID | None, seen: int | None
) -> None:
    """Add a standard at the end of the draft."""
    _edit(draft, lambda document: editing.with_standard(document, fields), by=by, at=at, once=once, seen=seen)


def add_entry(
    *,
    draft: StandardDraft,
    place: Place,
    fields: Mapping[str, Any],
    by: User,
    at: datetime,
    once: UUID | None,
    seen: int | None,
) -> None:
    """Add an expectation or an indicator at the end of a standard."""
    _edit(draft, lambda document: editing.with_entry(document, place, fields), by=by, at=at, once=once, seen=seen)


def change_part(
    *,
    draft: StandardDraft,
    place: Place,
    fields: Mapping[str, Any],
    by: User,
    at: datetime,
    once: UUID | None,
    seen: int | None,
) -> None:
    """Change a standard, an expectation or an indicator. It may be faulty until the draft is published."""
    _edit(draft, lambda document: editing.changed(document, place, fields), by=by, at=at, once=once, seen=seen)


def remove_part(
    *, draft: StandardDraft, place: Place, by: User, at: datetime, once: UUID | None, seen: int | None
) -> None:
    """Take a standard, an expectation or an indicator out of the draft."""
    _edit(draft, lambda document: editing.removed(document, place), by=by, at=at, once=once, seen=seen)


def move_part(
    *, draft: StandardDraft, place: Place, up: bool, by: User, at: datetime, once: UUID | None, seen: int | None
) -> None:
    """Move a part one place up or down."""
    _edit(draft, lambda document: editing.moved(document, place, up=up), by=by, at=at, once=once, seen=seen)


@transaction.atomic
def give_up_draft(*, draft: StandardDraft, by: User, at: datetime, once: UUID | None, seen: int | None) -> None:
    """Throw a draft away. What was published before stays."""
    locked = _lock(draft, by=by, seen=seen)
    submissions.claim(once, by=by, at=at)
    _record(locked, "given up", by=by, at=at, document=locked.document)
    locked.delete()


@transaction.atomic
def publish_draft(
    *,
    draft: StandardDraft,
    measures: Collection[str],
    scales: Collection[str],
    by: User,
    at: datetime,
    once: UUID | None,
    seen: int | None,
) -> StandardSet:
    """Publish a draft as the employer's own next version, which never changes. Refused while anything is wrong."""
    locked = _lock(draft, by=by, seen=seen)
    submissions.claim(once, by=by, at=at)
    today = timezone.localdate(at)
    try:
        given = draft_as_set(locked, measures=measures, scales=scales)
    except PackError as faults:
        one = len(faults.found) == 1
        raise NotAllowed(
            f"{len(faults.found)} thing{'' if one else 's'} must be put right before this can be published. "
            f"{'It is' if one else 'They are'} listed on the page of the draft."
        ) from faults
    _require_changed(locked, given)
    _require_from_today(given.effective_on, today)
    locked.published = write_set(given, employer=locked.employer, at=at)
    locked.save(update_fields=["published"])
    detail = {"pack": given.id, "version": given.version}
    audit.record(Event.STANDARDS_PUBLISHED, employer=locked.employer, target=locked, by=by, at=at, detail=detail)
    return locked.published


def _require_changed(draft: StandardDraft, given: Definition) -> None:
    """Refuse what says the same as the employer's newest version, or, before there is one, as what was copied."""
    own = StandardSet.objects.filter(employer=draft.employer, pack=draft.pack).order_by("pk").last()
    before = published_set(own or draft.copied_from)
    if editing.says_the_same(given, before, publisher=draft.employer.name):
        raise NotAllowed("Nothing was changed: there is nothing to publish. Change a part of it, or give up the draft.")


def _require_from_today(effective_on: date, today: date) -> None:
    if effective_on < today:
        raise NotAllowed(
            "Standards cannot count for days that have passed. Change the day they are used from to today or later."
        )


@transaction.atomic
def _edit(
    draft: StandardDraft,
    change: Callable[[Document], Document],
    *,
    by: User,
    at: datetime,
    once: UUID | None,
    seen: int | None,
) -> None:
    locked = _lock(draft, by=by, seen=seen)
    submissions.claim(once, by=by, at=at)
    before = locked.document
    try:
        locked.document = change(before)
    except editing.NoSuchPartError as gone:
        raise NotAllowed(str(gone)) from gone
    locked.changed_at, locked.changed_by, locked.revision = at, by, locked.revision + 1
    locked.save(update_fields=["document", "changed_at", "changed_by", "revision"])
    _record(locked, "changed", by=by, at=at, changes=audit.difference(before, locked.document))


def _lock(draft: StandardDraft, *, by: User, seen: int | None) -> StandardDraft:
    """The draft as it is now, held until the transaction ends. Refused when it is not as it was seen."""
    require_employer_wide(by, Permission.STANDARDS_EDIT, employer=draft.employer)
    rows = (
        StandardDraft.objects.unpublished()
        .select_for_update(of=("self",))
        .select_related("employer", "changed_by", "copied_from")
    )
    locked = rows.filter(pk=draft.pk).first()
    if locked is None:
        raise NotAllowed("Somebody else has published this draft or given it up. There is nothing left to change.")
    if seen is not None and seen != locked.revision:
        raise NotAllowed(
            f"{locked.changed_by} changed this draft while you had the form open. Nothing of yours is saved yet: look "
            "at the draft as it is now in another tab, and save again if yours is still right."
        )
    return locked


def _record(row: StandardDraft, what: str, *, by: User, at: datetime, **told: object) -> None:
    detail = {"pack": row.pack, "what": what, "revision": row.revision} | told
    audit.record(Event.STANDARDS_DRAFTED, employer=row.employer, target=row, by=by, at=at, detail=detail)
