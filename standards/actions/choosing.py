"""Choosing which sets of standards an employer uses."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from standards.models import ChosenStandards, StandardSet
from teams import audit, submissions
from teams.access import require_employer_wide
from teams.audit import Event
from teams.changing import require_unchanged
from teams.models import Employer, User
from teams.refusals import NotAllowed
from teams.roles import Permission


@transaction.atomic
def choose_standards(
    *,
    employer: Employer,
    packs: Collection[str],
    by: User,
    at: datetime,
    once: UUID | None = None,
    seen: str | None = None,
) -> None:
    """Use these sets from now on, in the version that is in effect on each day. Health checks keep what they have."""
    require_employer_wide(by, Permission.STANDARDS_EDIT, employer=employer)
    Employer.objects.select_for_update().get(pk=employer.pk)
    before = list(ChosenStandards.objects.filter(employer=employer))
    now = ", ".join(row.pack for row in before) or "none was chosen"
    require_unchanged(seen, before, now=now)
    submissions.claim(once, by=by, at=at)
    known = set(StandardSet.objects.open_to(employer).filter(pack__in=packs).values_list("pack", flat=True))
    if not packs or known != set(packs):
        raise NotAllowed("Choose at least one of the sets of standards that are listed.")
    kept = {row.pack for row in before}
    ChosenStandards.objects.filter(employer=employer).exclude(pack__in=packs).delete()
    ChosenStandards.objects.bulk_create(
        ChosenStandards(employer=employer, pack=pack, chosen_at=at, chosen_by=by) for pack in sorted(known - kept)
    )
    detail = {"packs": {"before": sorted(kept), "after": sorted(known)}}
    audit.record(Event.STANDARDS_CHOSEN, employer=employer, target=employer, by=by, at=at, detail=detail)
