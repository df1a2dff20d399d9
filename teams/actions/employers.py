"""What people change about an employer."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from teams import audit, submissions
from teams.access import holds_employer_wide
from teams.audit import Event
from teams.models import Employer, User
from teams.refusals import NotAllowed
from teams.roles import Permission

MAY_SET_REGION = (Permission.EMPLOYER_SET_UP, Permission.OVERVIEW_VIEW)


@transaction.atomic
def set_region(
    *, employer: Employer, region: str, once: UUID | None = None, seen: str | None = None, by: User, at: datetime
) -> None:
    """Say in which region of England an employer lies; empty: not said."""
    if not any(holds_employer_wide(by, right, employer=employer) for right in MAY_SET_REGION):
        raise PermissionDenied("You cannot set the region of this employer.")
    submissions.claim(once, by=by, at=at)
    row = Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    if seen is not None and seen != row.region:
        now = row.get_region_display() if row.region else "not said"
        raise NotAllowed(f"Somebody else has changed the region since you opened the page. It is now: {now}.")
    before, row.region = row.region, region
    row.save(update_fields=["region"])
    detail = {"region": {"before": before, "after": region}}
    audit.record(Event.EMPLOYER_CHANGED, employer=row, target=row, by=by, at=at, detail=detail)
