"""What is answered when the database does not: a page that needs none, and gives back what somebody had written."""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from teams.problem_details import problem

AWAY = "The database does not answer. Send it again later."
WRONG = "Something went wrong here, and is in the log of the service. Tell whoever runs it."
TRY_AGAIN_AFTER = 15  # seconds
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
SECRET = re.compile(r"passw|passkey|credential|secret|^code$")


def not_answered(request: HttpRequest) -> HttpResponse:
    """Answers for whatever went wrong: 503 where it was the database, 500 for anything else."""
    error = sys.exc_info()[1]
    other_system = request.path.startswith("/api/v1/")
    if not isinstance(error, OperationalError | InterfaceError):
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, WRONG) if other_system else server_error(request)
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, AWAY) if other_system else _page(request)
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    response["Cache-Control"] = "no-store"
    response.line_broke = connection.connection is None or bool(connection.connection.closed)  # type: ignore[attr-defined]
    return response


def _page(request: HttpRequest) -> HttpResponse:
    """Made without the request: what a page knows of its reader is in the database."""
    return HttpResponse(render_to_string("503_database.html", _said(request)), status=HTTPStatus.SERVICE_UNAVAILABLE)


def _said(request: HttpRequest) -> dict[str, Any]:
    """What the page gives back of a form, with the token that was sent: a page of another site has none of ours."""
    said: dict[str, Any] = {"address": request.get_full_path(), "back": _page_before(request), "sent": False}
    if request.method != "POST":
        return said
    with suppress(Exception):  # a body that broke off, or that nobody could store
        fields = list(_fields(request))
        secret = any(SECRET.search(name) for name, _ in fields)
        files = [(name, file.name) for name, files in request.FILES.lists() for file in files]
        said |= {"fields": [] if secret else fields, "secret": secret, "files": files}
    return said | {"sent": True}


def _fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        for value in values:
            yield name, value


def _page_before(request: HttpRequest) -> str:
    """The page of ours that a form was on; nothing where the browser does not say."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.META.get("HTTP_HOST") or not came_from.path:
        return ""
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
