"""Asking for an e-mail about an account. A worker sends it: nobody waits, and nobody learns from how long it takes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from teams import audit, tasks
from teams.access import require_employer_wide
from teams.audit import Event
from teams.handing_over import after_commit
from teams.models import AccountLetter, Employer, User
from teams.refusals import NotAllowed
from teams.roles import Permission

Kind = AccountLetter.Kind


def write(user: User, kind: AccountLetter.Kind, *, words: str = "", at: datetime) -> AccountLetter | None:
    """Have a letter sent. A newer link takes the place of an older one. None: they have no address."""
    if not user.email:
        return None
    if kind in AccountLetter.WITH_LINK:
        withdraw_links(user, at=at)
    letter = AccountLetter.objects.create(user=user, kind=kind, words=words, made_at=at)
    after_commit(tasks.send_letters)
    return letter


@transaction.atomic
def send_again(*, letter: AccountLetter, employer: Employer, by: User, at: datetime) -> None:
    """Try a letter again that the mail server refused too often."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=employer)
    if not AccountLetter.objects.given_up().filter(pk=letter.pk).update(attempts=0):
        raise NotAllowed("It is not given up any more: somebody else has had it tried again.")
    detail = {"letter": letter.get_kind_display()}
    audit.record(Event.LETTER_SENT_AGAIN, employer=employer, target=letter.user, by=by, at=at, detail=detail)
    after_commit(tasks.send_letters)


def withdraw_links(user: User, *, at: datetime) -> int:
    """Links that were not used yet work no longer. Gives how many."""
    open_links = AccountLetter.objects.filter(user=user, kind__in=AccountLetter.WITH_LINK, used_at__isnull=True)
    return open_links.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)


@transaction.atomic
def ask_for_password(*, name: str, at: datetime) -> None:
    """Send a link for a new password to whoever this is the name or address of. What happens looks the same to all."""
    found = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name), is_active=True).exclude(email="")
    user = found.first()
    if user is not None and (user.has_usable_password() or user.letters.filter(kind=Kind.INVITATION).exists()):
        write(user, Kind.FORGOTTEN, at=at)
    else:
        after_commit(tasks.send_letters)
