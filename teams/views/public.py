"""Pages that need no sign-in: what their address leads to decides whose rows the database shows."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from teams import tenancy
from teams.tenancy import By

View = Callable[..., HttpResponse]


def open_to_anybody(found_by: Callable[..., tuple[By, str]]) -> Callable[[View], View]:
    """Let anybody in, and the view read the rows of the employer that the words of its address lead to."""

    def decorate(view: View) -> View:
        @login_not_required
        @wraps(view)
        def answer(request: HttpRequest, **words: Any) -> HttpResponse:
            with tenancy.also(*found_by(**words)):
                return view(request, **words)

        return answer

    return decorate
