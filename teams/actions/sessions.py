"""Ending sign-ins: one's own, and those of somebody whose account or role changes."""

from datetime import datetime
from hmac import compare_digest

from django.db import transaction

from teams import audit
from teams.audit import Event
from teams.models import SignIn, User


def end_sessions(user: User, *, kept: str | None = None) -> int:
    """Sign somebody out everywhere; `kept` is the key of the one session that goes on. Gives how many ended."""
    ended, _ = SignIn.objects.filter(user=user).exclude(session_key=kept or "").delete()
    return ended


@transaction.atomic
def end_sign_in(*, mark: str, by: User, at: datetime) -> None:
    """End one of one's own sign-ins, by its mark; one that has ended already is ended."""
    for row in SignIn.objects.filter(user=by):
        if compare_digest(row.mark, mark):
            row.delete()
            _record(by, ended=1, at=at)


@transaction.atomic
def end_own_sign_ins(*, kept: str | None, by: User, at: datetime) -> int:
    """Sign out everywhere but here. Gives how many sign-ins ended."""
    ended = end_sessions(by, kept=kept)
    _record(by, ended=ended, at=at)
    return ended


def _record(user: User, *, ended: int, at: datetime) -> None:
    for employer in user.employers():
        audit.record(Event.SIGN_INS_ENDED, employer=employer, target=user, by=user, at=at, detail={"ended": ended})
