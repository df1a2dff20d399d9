"""An employer's drafts, read as the sets they would be if they were published now."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404

from standards.definition import StandardSet
from standards.models import StandardDraft
from standards.models import StandardSet as SetRow
from standards.pack import Fault, PackError, parse_pack
from teams.access import find_employer
from teams.models import Employer, User
from teams.roles import Permission


def find_draft(user: User, public_id: UUID) -> StandardDraft:
    """A draft of an employer whose standards the user may edit: members are refused, strangers see none (404)."""
    rows = StandardDraft.objects.unpublished().select_related("employer", "started_by", "changed_by", "copied_from")
    draft = rows.filter(public_id=public_id).first()
    if draft is None:
        raise Http404("There is no such draft.")
    find_employer(user, draft.employer.slug, Permission.STANDARDS_EDIT)
    return draft


def drafts_of(employer: Employer) -> list[StandardDraft]:
    """The drafts that are being written. One statement."""
    return list(StandardDraft.objects.unpublished().filter(employer=employer).select_related("changed_by"))


def draft_copied_from(copied: SetRow, *, employer: Employer) -> StandardDraft | None:
    """The draft that was begun with a copy of a version and is still being written. One statement."""
    return StandardDraft.objects.unpublished().filter(employer=employer, copied_from=copied).first()


def draft_as_set(draft: StandardDraft, *, measures: Collection[str], scales: Collection[str]) -> StandardSet:
    """What would be published now, under the next version. One statement. Raises PackError for a faulty draft."""
    published = SetRow.objects.filter(employer=draft.employer, pack=draft.pack).count()
    document: dict[str, Any] = draft.document | {"id": draft.pack, "version": str(published + 1)}
    return parse_pack(document, measures=measures, scales=scales)


def faults_of(draft: StandardDraft, *, measures: Collection[str], scales: Collection[str]) -> list[Fault]:
    """Everything that is wrong with a draft. One statement."""
    try:
        draft_as_set(draft, measures=measures, scales=scales)
    except PackError as faulty:
        return faulty.found
    return []
