"""What every template may ask for; nothing is read until one does."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from teams.access import employers_led_by


def rights(request: HttpRequest) -> dict[str, Any]:
    """`led`: the keys of the employers whose overview the reader may see. One statement, when it is asked for."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"led": frozenset()}
    return {"led": SimpleLazyObject(lambda: employers_led_by(user))}
