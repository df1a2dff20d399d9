"""What every template may ask for; nothing is read until one does."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from teams.access import employer_wide_rights
from teams.roles import Permission


def rights(request: HttpRequest) -> dict[str, Any]:
    """`rights`: what the reader may do in whole employers, by the employer's key, as names of permissions.

    `led`: the keys of the employers whose overview they may see; `administered`: of those whose accounts are theirs
    to set up. One statement for all, when it is asked for.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rights": {}, "led": frozenset(), "administered": frozenset()}
    held = SimpleLazyObject(
        lambda: {key: {one.name for one in found} for key, found in employer_wide_rights(user).items()}
    )
    led = SimpleLazyObject(lambda: {key for key, names in held.items() if Permission.OVERVIEW_VIEW.name in names})
    ours = SimpleLazyObject(lambda: {key for key, names in held.items() if Permission.EMPLOYER_SET_UP.name in names})
    return {"rights": held, "led": led, "administered": ours}
