"""What people do about roles: give one, end one, and let a colleague stand in while somebody is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from design import figures
from teams import audit, submissions
from teams.access import holds_employer_wide, require_employer_wide
from teams.actions.sessions import end_sessions
from teams.audit import Event
from teams.models import Employer, RoleAssignment, ServiceArea, Team, User
from teams.policies import why_not_stand_in
from teams.refusals import NotAllowed
from teams.roles import Permission, Role


@dataclass(frozen=True)
class NewRole:
    """A role to be given: in a team, in a service area, or (None) in the whole employer."""

    role: Role
    scope: Team | ServiceArea | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def give_role(
    *, employer: Employer, user: User, new: NewRole, once: UUID | None = None, by: User | None, at: datetime
) -> RoleAssignment:
    """Give somebody a role from a day until another. Raises NotAllowed where they have it on some of these days."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=employer)
    submissions.claim(once, by=by, at=at)
    row = RoleAssignment(
        user=user,
        role=new.role.value,
        employer=employer,
        team=new.scope if isinstance(new.scope, Team) else None,
        service_area=new.scope if isinstance(new.scope, ServiceArea) else None,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
    )
    _save([row], f"{user} already has this role on some of these days")
    end_sessions(user)
    audit.record(Event.ROLE_GIVEN, employer=employer, target=user, by=by, at=at, detail={"after": _words(row)})
    return row


@transaction.atomic
def end_role(*, row: RoleAssignment, on: date, once: UUID | None = None, by: User | None, at: datetime) -> None:
    """End a role on a day, the first on which it no longer counts, and with it whoever stands in for it."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=row.employer)
    submissions.claim(once, by=by, at=at)
    _end(row, on=on, event=Event.ROLE_ENDED, by=by, at=at)
    for stand_in in RoleAssignment.every.unended().filter(stands_in_for=row).select_for_update(of=("self",)):
        _end(stand_in, on=min(on, stand_in.ends_on or on), event=Event.STAND_IN_ENDED, by=by, at=at)


@transaction.atomic
def name_stand_in(
    *,
    away: User,
    deputy: User,
    starts_on: date,
    ends_on: date,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> list[RoleAssignment]:
    """Give a colleague the roles of somebody who is away, from a day until they are back.

    Raises NotAllowed with a sentence, PermissionDenied for anybody but the one who is away and an administrator.
    """
    held = list(RoleAssignment.objects.to_lend(away).select_for_update(of=("self",)))
    _require_own_or_administrator(away, held, by=by)
    submissions.claim(once, by=by, at=at)
    same = {row.employer_id for row in RoleAssignment.objects.filter(user=deputy)}
    if reason := why_not_stand_in(
        lends=bool(held),
        colleague=deputy.is_active and deputy.pk != away.pk and same.issuperset(row.employer_id for row in held),
        starts_on=starts_on,
        ends_on=ends_on,
        today=localdate(at),
    ):
        raise NotAllowed(reason)
    rows = [_lent(row, to=deputy, starts_on=starts_on, ends_on=ends_on) for row in held]
    _save(rows, f"{deputy} already stands in for {away} on some of these days")
    end_sessions(deputy)
    for row in rows:
        detail = {"after": _words(row) | {"stands in for": str(away)}}
        audit.record(Event.STAND_IN_NAMED, employer=row.employer, target=deputy, by=by, at=at, detail=detail)
    return rows


@transaction.atomic
def end_stand_in(*, away: User, deputy: User, on: date, once: UUID | None = None, by: User, at: datetime) -> None:
    """The one who was away is back: whoever stood in for them no longer does, from a day on."""
    rows = RoleAssignment.every.unended().filter(user=deputy, stands_in_for__user=away)
    found = list(rows.select_for_update(of=("self",)).select_related("employer", "team", "service_area", "user"))
    _require_own_or_administrator(away, found, by=by)
    submissions.claim(once, by=by, at=at)
    for row in found:
        _end(row, on=on, event=Event.STAND_IN_ENDED, by=by, at=at)


def _lent(row: RoleAssignment, *, to: User, starts_on: date, ends_on: date) -> RoleAssignment:
    """A colleague's role for a while, no longer than it is theirs."""
    return RoleAssignment(
        user=to,
        role=row.role,
        employer=row.employer,
        team=row.team,
        service_area=row.service_area,
        starts_on=starts_on,
        ends_on=min(ends_on, row.ends_on or ends_on),
        stands_in_for=row,
    )


def _require_own_or_administrator(away: User, rows: Sequence[RoleAssignment], *, by: User) -> None:
    if by.pk == away.pk:
        return
    employers = {row.employer_id: row.employer for row in rows}.values()
    if not rows or not all(holds_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=one) for one in employers):
        raise PermissionDenied("You cannot say who stands in for somebody else.")


def _save(rows: list[RoleAssignment], overlap: str) -> None:
    try:
        with transaction.atomic():
            RoleAssignment.every.bulk_create(rows)
    except IntegrityError as error:
        if "role_assignment_no_overlap" in str(error):
            raise NotAllowed(overlap) from error
        raise


def _end(row: RoleAssignment, *, on: date, event: Event, by: User | None, at: datetime) -> None:
    before = _words(row)
    row.ends_on = max(on, row.starts_on or on)
    row.save(update_fields=["ends_on"])
    detail = {"before": before, "after": _words(row)}
    end_sessions(row.user)
    audit.record(event, employer=row.employer, target=row.user, by=by, at=at, detail=detail)


def _words(row: RoleAssignment) -> dict[str, object]:
    return {
        "role": row.role,
        "in": str(row.team or row.service_area or row.employer),
        "from": figures.day(row.starts_on) if row.starts_on else None,
        "until": figures.day(row.ends_on) if row.ends_on else None,
    }
