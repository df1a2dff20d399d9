"""Who may call the API, what for, and how often."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from teams import attempts
from teams.actions.integrations import admit
from teams.attempts import AwayError, Limit, TooManyError
from teams.models import ApiToken, User
from teams.scopes import SCOPE_NAMES, Scope
from teams.tokens import shown_in

CALLS = Limit("calls", most=settings.API_CALLS_A_MINUTE, seconds=60)
REFUSED = "This token does not work, or not any more. Ask whoever set up the integration for another one."


class BearerToken(BaseAuthentication):
    """A token in the `Authorization` header, and nothing else: no cookie opens the API."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        token = shown_in(header)
        row = admit(token, at=timezone.now()) if token else None
        if row is None:
            raise AuthenticationFailed(REFUSED)
        return row.integration.user, row

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class WithinScopes(BasePermission):
    """The integration may do what the view is for."""

    message = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        scope: Scope = view.scope_of(request.method or "")
        self.message = f"This integration may not do that. It needs the scope {scope.value}: {SCOPE_NAMES[scope]}."
        return isinstance(request.auth, ApiToken) and scope in request.auth.integration.scopes


class NotTooOften(BaseThrottle):
    """So many calls a minute for each integration. Where nobody can tell, the API stays open."""

    def __init__(self) -> None:
        self.seconds: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            attempts.count(CALLS.of(request.user.pk))
        except AwayError:
            return True
        except TooManyError as reason:
            self.seconds = reason.seconds
            return False
        return True

    def wait(self) -> int | None:
        return self.seconds
