"""What Django tells of people who sign in, sign out, or fail to: the one place where a signal is listened to."""

from collections.abc import Mapping

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from teams import tenancy
from teams.audit import Event
from teams.models import User
from teams.traces import note_about, note_failed_sign_in


@receiver(user_logged_in, dispatch_uid="note_sign_in")
def note_sign_in(*, user: User, **_: object) -> None:
    with tenancy.by(tenancy.By.USER, user.pk):
        note_about(Event.SIGNED_IN, who=user, by=user, at=timezone.now())


@receiver(user_logged_out, dispatch_uid="note_sign_out")
def note_sign_out(*, user: User | None, **_: object) -> None:
    if user is not None:
        with tenancy.by(tenancy.By.USER, user.pk):
            note_about(Event.SIGNED_OUT, who=user, by=user, at=timezone.now())


@receiver(user_login_failed, dispatch_uid="note_failure")
def note_failure(*, credentials: Mapping[str, object], **_: object) -> None:
    named = credentials.get("username") or credentials.get("email") or ""
    note_failed_sign_in(str(named), at=timezone.now())
