"""What administrators do about other systems: set one up, say what it may do, make and withdraw its tokens."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from design import figures
from teams import attempts, audit, origin, submissions
from teams.access import require_employer_wide
from teams.attempts import AwayError, Limit
from teams.audit import Event
from teams.models import ApiToken, Employer, Integration, RoleAssignment, User
from teams.policies import why_not_token
from teams.queries.integrations import known_token
from teams.refusals import NotAllowed
from teams.roles import Permission, Role
from teams.scopes import Scope
from teams.tokens import SHOWN, digest_of, new_token

MINUTE = timedelta(minutes=1)
REFUSED_CALLS = Limit("refused tokens", most=30, seconds=60)
"""From one address; whoever has the wrong token is told to wait, and the trail is not flooded."""
_TAKEN = "There is an integration of this name already. Choose another name, so that people can tell them apart"


@transaction.atomic
def add_integration(
    *,
    employer: Employer,
    name: str,
    scopes: Collection[Scope],
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> Integration:
    """Set another system up, with an account of its own by which nobody can sign in."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=employer)
    submissions.claim(once, by=by, at=at)
    user = User.objects.create_user(username=f"integration-{uuid4().hex}", password=None, first_name=name)
    row = Integration(employer=employer, user=user, name=name, scopes=sorted(scopes), made_at=at)
    _save(row)
    RoleAssignment.objects.create(user=user, role=Role.INTEGRATION.value, employer=employer)
    _record(Event.INTEGRATION_ADDED, row, by=by, at=at, name=name, scopes=row.scopes)
    return row


@transaction.atomic
def change_integration(
    *,
    integration: Integration,
    name: str,
    scopes: Collection[Scope],
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> None:
    """Give an integration another name, or other things that it may do; its tokens stay as they are."""
    row = _theirs(integration, once=once, by=by, at=at)
    before = {"name": row.name, "scopes": row.scopes}
    row.name, row.scopes = name, sorted(scopes)
    _save(row)
    User.objects.filter(pk=row.user_id).update(first_name=name)
    changes = audit.changed(before, {"name": row.name, "scopes": row.scopes})
    _record(Event.INTEGRATION_CHANGED, row, by=by, at=at, **changes)


@transaction.atomic
def end_integration(*, integration: Integration, once: UUID | None = None, by: User, at: datetime) -> None:
    """None of its tokens works any more, for good. What it did stays under its name."""
    row = _theirs(integration, once=once, by=by, at=at)
    if row.ended_at is not None:
        raise NotAllowed("This integration has ended already")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record(Event.INTEGRATION_ENDED, row, by=by, at=at, name=row.name)


@transaction.atomic
def make_token(
    *, integration: Integration, expires_on: date, once: UUID | None = None, by: User | None, at: datetime
) -> str:
    """Make a token that works until a day, and give it: nobody can be shown it again.

    The token before it goes on working, so that the other system can change over in its own time.
    """
    row = _theirs(integration, once=once, by=by, at=at)
    working = ApiToken.objects.filter(integration=row).working(at).count()
    today = timezone.localdate(at)
    if reason := why_not_token(ended=row.ended_at is not None, working=working, today=today, expires_on=expires_on):
        raise NotAllowed(reason)
    token = new_token()
    kept = ApiToken.objects.create(
        integration=row,
        digest=digest_of(token),
        begins=token[:SHOWN],
        made_at=at,
        made_by=by,
        expires_at=timezone.make_aware(datetime.combine(expires_on, time())),
    )
    detail = {"name": row.name, "begins": kept.begins, "expires": figures.day(expires_on)}
    _record(Event.TOKEN_MADE, row, by=by, at=at, **detail)
    return token


@transaction.atomic
def end_token(*, token: ApiToken, once: UUID | None = None, by: User, at: datetime) -> None:
    """A token works no longer, from now on."""
    row = _theirs(token.integration, once=once, by=by, at=at)
    if not ApiToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at):
        raise NotAllowed("This token was withdrawn already")
    _record(Event.TOKEN_ENDED, row, by=by, at=at, name=row.name, begins=token.begins)


def _theirs(integration: Integration, *, once: UUID | None, by: User | None, at: datetime) -> Integration:
    """The integration as it is now, held until the transaction ends."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=integration.employer)
    submissions.claim(once, by=by, at=at)
    locked = Integration.objects.select_for_update(no_key=True, of=("self",)).select_related("employer")
    return locked.get(pk=integration.pk)


def _save(row: Integration) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NotAllowed(_TAKEN) from error


def _record(event: Event, row: Integration, *, by: User | None, at: datetime, **detail: object) -> None:
    audit.record(event, employer=row.employer, target=row, by=by, at=at, detail=detail)


def admit(token: str, *, at: datetime) -> ApiToken | None:
    """The row of a token that opens the API now; None: it does not, which is entered in the trail.

    When and where it was last used is kept to the minute. Raises TooManyError where one address shows wrong ones often.
    """
    digest, where = digest_of(token), origin.current().address
    if row := known_token(digest, at=at):
        if row.used_at is None or row.used_at <= at - MINUTE or row.used_from != where:
            ApiToken.objects.filter(pk=row.pk).update(used_at=at, used_from=where)
        return row
    with suppress(AwayError):
        attempts.count(REFUSED_CALLS.of(where))
    stale = ApiToken.objects.filter(digest=digest).select_related("integration__employer").first()
    known, begins = (stale.integration if stale else None), token[:SHOWN]
    employer = known.employer if known else None
    audit.record(Event.TOKEN_REFUSED, employer=employer, target=known, by=None, at=at, detail={"begins": begins})
    return None
