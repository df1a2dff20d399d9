"""What administrators do about accounts: invite, invite again, close, reset a second factor, sign somebody out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from teams import audit, submissions, tenancy
from teams.access import require_employer_wide
from teams.actions import letters
from teams.actions.roles import NewRole, give_role
from teams.actions.sessions import end_sessions
from teams.audit import Event
from teams.models import AccountLetter, Employer, RoleAssignment, User, Worker
from teams.names import names_of
from teams.policies import why_not_account
from teams.refusals import NotAllowed
from teams.roles import Permission

TAKEN = "There is an account with this e-mail address already"


@dataclass(frozen=True)
class NewAccount:
    """Somebody who is to have an account, by their e-mail address, and the worker they are; None: they are none."""

    name: str
    email: str
    worker: Worker | None = None


@transaction.atomic
def invite(
    *,
    employer: Employer,
    new: NewAccount,
    roles: Sequence[NewRole],
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> User:
    """Open an account and have a link sent by which its owner sets a password."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=employer)
    submissions.claim(once, by=by, at=at)
    user = _opened(new)
    _join(user, new.worker, employer)
    detail = {"name": new.name, "worker": new.worker.pk if new.worker else None}
    audit.record(Event.ACCOUNT_INVITED, employer=employer, target=user, by=by, at=at, detail=detail)
    for role in roles:
        give_role(employer=employer, user=user, new=role, by=by, at=at)
    letters.write(user, AccountLetter.Kind.INVITATION, at=at)
    return user


def _opened(new: NewAccount) -> User:
    email = new.email.lower()
    try:
        with transaction.atomic():
            return User.objects.create_user(username=email, email=email, password=None, **names_of(new.name))
    except IntegrityError as error:
        raise NotAllowed(TAKEN) from error


@transaction.atomic
def change_account(
    *, employer: Employer, account: User, new: NewAccount, once: UUID | None = None, by: User, at: datetime
) -> None:
    """Put right how somebody is called, where they are written to, and which worker they are."""
    locked = _theirs_to_change(employer, account, once=once, by=by, at=at)
    before = {"name": str(locked), "email": locked.email, "worker": _worker_of(locked)}
    if locked.email != new.email.lower():
        letters.withdraw_links(locked, at=at)
    for name, value in ({"email": new.email.lower()} | names_of(new.name)).items():
        setattr(locked, name, value)
    try:
        with transaction.atomic():
            locked.save(update_fields=["first_name", "last_name", "email"])
    except IntegrityError as error:
        raise NotAllowed(TAKEN) from error
    _join(locked, new.worker, employer)
    after = {"name": str(locked), "email": locked.email, "worker": _worker_of(locked)}
    _record(Event.ACCOUNT_CHANGED, employer, locked, by=by, at=at, before=before, after=after)


def _join(account: User, worker: Worker | None, employer: Employer) -> None:
    """Make the account that worker's and no other's; None: nobody's."""
    Worker.objects.filter(user=account, employer=employer).update(user=None)
    if worker is not None and not Worker.objects.filter(user=None, pk=worker.pk).update(user=account):
        raise NotAllowed(f"{worker} has an account already")


def _worker_of(account: User) -> int | None:
    return Worker.objects.filter(user=account).values_list("pk", flat=True).first()


@transaction.atomic
def invite_again(*, employer: Employer, account: User, once: UUID | None = None, by: User, at: datetime) -> None:
    """Send a new link to somebody who has not set a password yet; the link before it works no longer."""
    locked = _theirs_to_change(employer, account, once=once, by=by, at=at)
    if locked.has_usable_password():
        raise NotAllowed("They have set a password already. If they have forgotten it, they can ask for a new one")
    if letters.write(locked, AccountLetter.Kind.INVITATION, at=at) is None:
        raise NotAllowed("The account has no e-mail address to send an invitation to")
    _record(Event.ACCOUNT_INVITED, employer, locked, by=by, at=at, again=True)


@transaction.atomic
def withdraw_invitation(*, employer: Employer, account: User, once: UUID | None = None, by: User, at: datetime) -> None:
    """The link in the last invitation works no longer."""
    locked = _theirs_to_change(employer, account, once=once, by=by, at=at)
    if not letters.withdraw_links(locked, at=at):
        raise NotAllowed("There is no invitation that could still be used")
    _record(Event.INVITATION_WITHDRAWN, employer, locked, by=by, at=at)


@transaction.atomic
def reset_second_factor(*, employer: Employer, account: User, once: UUID | None = None, by: User, at: datetime) -> None:
    """Take every second factor from somebody who has lost theirs; they set up a new one when they next sign in."""
    locked = _theirs_to_change(employer, account, once=once, by=by, at=at)
    removed, _ = Authenticator.objects.filter(user_id=locked.pk).delete()
    if not removed:
        raise NotAllowed("They have no second factor that could be reset")
    end_sessions(locked)
    _record(Event.SECOND_FACTOR_RESET, employer, locked, by=by, at=at)
    letters.write(locked, AccountLetter.Kind.CHANGED, words="an administrator reset its second factor", at=at)


@transaction.atomic
def sign_out(*, employer: Employer, account: User, once: UUID | None = None, by: User, at: datetime) -> None:
    """End every session of somebody."""
    locked = _theirs_to_change(employer, account, once=once, by=by, at=at)
    _record(Event.SIGN_INS_ENDED, employer, locked, by=by, at=at, ended=end_sessions(locked))


@transaction.atomic
def close_account(*, employer: Employer, account: User, once: UUID | None = None, by: User, at: datetime) -> None:
    """Nobody signs in with the account any more; what was done with it stays."""
    locked = _theirs_to_change(employer, account, once=once, by=by, at=at)
    _set_active(locked, False)
    letters.withdraw_links(locked, at=at)
    end_sessions(locked)
    _record(Event.ACCOUNT_CLOSED, employer, locked, by=by, at=at)


@transaction.atomic
def reopen_account(*, employer: Employer, account: User, once: UUID | None = None, by: User, at: datetime) -> None:
    """A closed account may sign in again, with the roles it still has."""
    locked = _theirs_to_change(employer, account, once=once, by=by, at=at)
    _set_active(locked, True)
    _record(Event.ACCOUNT_REOPENED, employer, locked, by=by, at=at)


def _set_active(account: User, active: bool) -> None:  # noqa: FBT001 - the value that is set
    if account.is_active == active:
        raise NotAllowed("The account is open already" if active else "The account is closed already")
    account.is_active = active
    account.save(update_fields=["is_active"])


def _theirs_to_change(employer: Employer, account: User, *, once: UUID | None, by: User, at: datetime) -> User:
    """The account as it is now, held until the transaction ends. Refused where it is not this administrator's alone."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=employer)
    submissions.claim(once, by=by, at=at)
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    with tenancy.also(tenancy.By.USER, locked.pk):
        elsewhere = RoleAssignment.every.unended().filter(user=locked).exclude(employer=employer).exists()
    if reason := why_not_account(own=locked.pk == by.pk, elsewhere=elsewhere):
        raise NotAllowed(reason)
    return locked


def _record(event: Event, employer: Employer, account: User, *, by: User, at: datetime, **detail: object) -> None:
    audit.record(event, employer=employer, target=account, by=by, at=at, detail=detail)
