"""What stands before every page: limits, the end of a session, and the second factor."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from redis import RedisError

from design.figures import how_long
from teams import attempts, sessions
from teams.attempts import AwayError, Limit, TooManyError
from teams.queries.second_factor import has_second_factor, second_factor_asked_of

PAGES = Limit("pages", most=settings.PAGES_A_MINUTE, seconds=60)
# where somebody gets by who must still set up a second factor
BEFORE_SECOND_FACTOR = {
    "sign-out",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}


class Limits:
    """Says how long to wait where something was tried too often, and to come back where nobody can tell.

    Pages stay open when nobody can tell; what people sign in by does not (teams/adapters.py).
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        try:
            attempts.count(PAGES.of(request.user.pk))
        except AwayError:
            return None
        except TooManyError as reason:
            return self.process_exception(request, reason)
        return None

    def process_exception(self, request: HttpRequest, reason: Exception) -> HttpResponse | None:
        if isinstance(reason, TooManyError):
            said = {"wait": how_long(reason.seconds)}
            answer = render(request, "429.html", said, status=HTTPStatus.TOO_MANY_REQUESTS)
            answer["Retry-After"] = str(reason.seconds)
            return answer
        if isinstance(reason, AwayError | RedisError):
            return render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        return None


class SignedIn(LoginRequiredMiddleware):
    """Leads whoever is not signed in, or not any more, to the sign-in, and from there back to the page they were on."""

    def process_view(self, request: HttpRequest, view_func: Any, *rest: Any) -> Any:
        if request.user.is_authenticated:
            if sessions.is_over(request.session, now=time.time()):
                logout(request)
            elif sessions.is_unnoted(request.session, now=timezone.now()):
                request.session.modified = True
        return super().process_view(request, view_func, *rest)

    def handle_no_permission(self, request: HttpRequest, _view: Any) -> HttpResponseRedirect:
        """A form that was sent too late is lost: say so, and lead back to the page that it was on."""
        if request.method in {"GET", "HEAD"}:
            said = {"next": request.get_full_path()}
        else:
            said = {"next": _page_of_form(request), "unsaved": "1"}
        return redirect(f"{reverse('sign-in')}?{urlencode(said)}")


def _page_of_form(request: HttpRequest) -> str:
    """The page of ours that a form was sent from; its own address where the browser does not say."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path:
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return request.path


class SecondFactorFirst:
    """Whoever must have a second factor and has none yet is led to set one up, and nothing else answers."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view_func: Any, *_: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        state = request.session.get(sessions.SECOND_FACTOR)
        if state is None:
            state = request.session[sessions.SECOND_FACTOR] = _state(request)
        if state == sessions.PASSED_BY:
            logout(request)
            return redirect("sign-in")
        name = request.resolver_match.url_name if request.resolver_match else None
        if state == sessions.MISSING and name not in BEFORE_SECOND_FACTOR:
            return redirect("mfa_index")
        return None


def _state(request: Any) -> str:
    """How it stands with the second factor of a session, asked once: whatever changes it ends the session."""
    methods = {record["method"] for record in get_authentication_records(request, request.user)}
    if methods & {"mfa", "socialaccount"}:  # a directory asks for its own
        return sessions.GIVEN
    if has_second_factor(request.user):
        return sessions.PASSED_BY
    return sessions.MISSING if second_factor_asked_of(request.user) else sessions.NOT_ASKED
