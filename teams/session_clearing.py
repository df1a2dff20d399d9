"""Sessions that have run out leave nothing behind."""

from datetime import datetime

from teams.models import SignIn


def clear_sessions(*, at: datetime) -> None:
    SignIn.objects.filter(expire_date__lt=at).delete()
