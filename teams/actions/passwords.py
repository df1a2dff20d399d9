"""Setting a password: by a link that works once, or by whoever knows the one before."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from teams import audit
from teams.actions import letters
from teams.actions.sessions import end_sessions
from teams.audit import Event
from teams.letter_sending import hash_of
from teams.models import AccountLetter, User
from teams.refusals import NotAllowed

GONE = "This link is not valid, or a newer one has taken its place"
USED = "This link was used already"
LATE = "This link has run out"


def find_link(token: str, *, at: datetime) -> AccountLetter:
    """The letter whose link this is. Raises NotAllowed with a sentence when it does not set a password any more."""
    letter = AccountLetter.objects.select_related("user").filter(token_hash=hash_of(token)).first()
    if letter is None or letter.withdrawn_at is not None or not letter.user.is_active:
        raise NotAllowed(GONE)
    if letter.used_at is not None:
        raise NotAllowed(USED)
    if letter.expires_at is None or letter.expires_at <= at:
        raise NotAllowed(LATE)
    return letter


@transaction.atomic
def set_password(*, token: str, password: str, at: datetime) -> User:
    """Use a link. Of two who use it at once the second is told that it was used. Every session of theirs ends."""
    letter = find_link(token, at=at)
    if not _unused(letter, at=at).update(used_at=at):
        raise NotAllowed(USED)
    user = letter.user
    letters.withdraw_links(user, at=at)
    _change(user, password=password, kept=None, how=letter.get_kind_display(), at=at)
    return user


@transaction.atomic
def change_password(*, password: str, kept: str | None, by: User, at: datetime) -> None:
    """Change one's own password; every other session ends, and so does every link to set one."""
    letters.withdraw_links(by, at=at)
    _change(by, password=password, kept=kept, how="By themselves", at=at)


def _change(user: User, *, password: str, kept: str | None, how: str, at: datetime) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user, kept=kept)
    for employer in user.employers():
        audit.record(Event.PASSWORD_CHANGED, employer=employer, target=user, by=user, at=at, detail={"how": how})
    letters.write(user, AccountLetter.Kind.CHANGED, words="a password was set", at=at)


def _unused(letter: AccountLetter, *, at: datetime) -> QuerySet[AccountLetter]:
    rows = AccountLetter.objects.filter(pk=letter.pk, used_at=None, withdrawn_at=None)
    return rows.filter(token_hash=letter.token_hash, expires_at__gt=at)
