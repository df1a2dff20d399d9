"""Ending sign-ins: one's own, and those of somebody whose account or role changes."""

from teams.models import SignIn, User


def end_sessions(user: User, *, kept: str | None = None) -> int:
    """Sign somebody out everywhere; `kept` is the key of the one session that goes on. Gives how many ended."""
    ended, _ = SignIn.objects.filter(user=user).exclude(session_key=kept or "").delete()
    return ended
