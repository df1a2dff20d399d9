"""Sessions in the database, each with whose it is: so that they can be listed, and ended from elsewhere.

Django's own store, over a row of ours. What a session holds beside Django's and the sign-in's own keys is named here.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from teams.models import SignIn

BEGUN = "begun"  # when they signed in, in seconds since 1970
LONGEST = "longest"  # how many seconds at most; not said: as the settings say
ADDRESS, DEVICE = "address", "device"
SECOND_FACTOR = "second_factor"
GIVEN, NOT_ASKED, MISSING, PASSED_BY = "given", "not asked", "missing", "passed by"
BETWEEN_NOTES = timedelta(minutes=1)  # how exactly it is kept when somebody was last here


class SessionStore(db.SessionStore):
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        return SignIn

    def _get_session_from_db(self) -> SignIn | None:
        row: SignIn | None = super()._get_session_from_db()  # type: ignore[misc]
        self.seen_at = row.seen_at if row else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        row: SignIn = super().create_model_instance(data)  # type: ignore[assignment]
        begun = data.get(BEGUN)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.begun_at = datetime.fromtimestamp(begun, UTC) if begun else None
        row.seen_at = timezone.now()
        row.address, row.device = data.get(ADDRESS), data.get(DEVICE, "")
        return row


def is_over(session: Any, *, now: float) -> bool:
    """Whether somebody has been signed in for so long that they must sign in again, however busy they are."""
    longest = session.get(LONGEST, settings.LONGEST_SESSION)
    return bool(now - session.setdefault(BEGUN, int(now)) > longest)


def is_unnoted(session: Any, *, now: datetime) -> bool:
    """Whether it is a while since it was noted that somebody is there."""
    return session.seen_at is None or now - session.seen_at > BETWEEN_NOTES
