"""Who must have a second factor, and who has one."""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.conf import settings

from teams.models import RoleAssignment, User
from teams.roles import Role, asks_second_factor

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factor_asked_of(user: User) -> bool:
    """Whether somebody must sign in with a second factor, for a role they have or will have. One statement."""
    if settings.DEMONSTRATION:
        return False
    roles = [Role(role) for role in RoleAssignment.every.unended().filter(user=user).values_list("role", flat=True)]
    return asks_second_factor(roles, of_everybody=settings.SECOND_FACTOR_FOR_SOCIAL_WORKERS)


def has_second_factor(user: User) -> bool:
    """Whether somebody has set up an app or a passkey; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def passkeys_of(user: User) -> Sequence[Authenticator]:
    """The passkeys somebody has set up, the oldest first."""
    return list(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).order_by("pk"))
