"""What people change about how they prove who they are. The rows themselves are the sign-in library's."""

from datetime import datetime

from django.db import transaction

from teams import audit
from teams.actions import letters
from teams.actions.sessions import end_sessions
from teams.audit import Event
from teams.models import AccountLetter, User


@transaction.atomic
def note_second_factor(*, change: str, kept: str | None, by: User, at: datetime) -> None:
    """Record that somebody set up or removed a second factor, and sign them out everywhere but in the session kept."""
    end_sessions(by, kept=kept)
    for employer in by.employers():
        audit.record(Event.SECOND_FACTOR_CHANGED, employer=employer, target=by, by=by, at=at, detail={"change": change})
    letters.write(by, AccountLetter.Kind.CHANGED, words=change[0].lower() + change[1:], at=at)
