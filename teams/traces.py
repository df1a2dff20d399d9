"""What is kept of somebody's coming and going: one entry in the trail of each employer they belong to."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from teams import origin, tenancy
from teams.audit import Event, name_of
from teams.models import AuditEntry, Employer, User


def note_about(
    event: Event, *, who: User, by: User | None, at: datetime, detail: Mapping[str, object] | None = None
) -> None:
    """Enter what concerns a person; whoever belongs to no employer is entered in the service's own trail."""
    where = origin.current()
    employers: list[Employer | None] = [*Employer.objects.visible_to(who).order_by("pk")]
    AuditEntry.objects.bulk_create(
        AuditEntry(
            employer=employer,
            at=at,
            by=by,
            event=event.value,
            target=name_of(who),
            detail=dict(detail or {}),
            address=where.address,
            request=where.request,
        )
        for employer in employers or [None]
    )


def note_failed_sign_in(named: str, *, at: datetime) -> None:
    """Enter a sign-in that failed. What was typed is kept only where it names an account: it may be a password."""
    found = User.objects.filter(Q(username=named) | Q(email__iexact=named)).exclude(username="") if named else ()
    accounts = list(found[:2])
    if len(accounts) == 1:
        with tenancy.by(tenancy.By.USER, accounts[0].pk):
            note_about(Event.SIGN_IN_FAILED, who=accounts[0], by=None, at=at)
        return
    where = origin.current()
    AuditEntry.objects.create(
        employer=None, at=at, event=Event.SIGN_IN_FAILED.value, address=where.address, request=where.request
    )
