"""Errors of the API as problem details (RFC 9457): what is wrong in a sentence, and in which field."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from teams.attempts import TooManyError
from teams.problem_details import MEDIA_TYPE, problem
from teams.refusals import NotAllowed

INVALID = "Something in the call is not as it should be; errors says what."


class Refused(APIException):
    """Something that cannot be done now, and why."""

    status_code = HTTPStatus.CONFLICT


class Wait(APIException):
    """Something was tried too often."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many calls. Wait {seconds} seconds.")
        self.wait = seconds


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Any error of a view as a problem; None for a fault of ours, which is answered by `fault`."""
    match error:
        case NotAllowed():
            error = Refused(str(error))
        case TooManyError(seconds=seconds):
            error = Wait(seconds)
    response = exception_handler(error, context)
    if response is None:
        return None
    set_rollback()
    said = {"title": HTTPStatus(response.status_code).phrase, "status": response.status_code}
    if isinstance(error, ValidationError):
        errors = [{"field": field, "message": message} for field, message in _flat(error.detail, "")]
        response.data = said | {"detail": INVALID, "errors": errors}
    else:
        response.data = said | {"detail": str(response.data.get("detail", ""))}
    response.content_type = MEDIA_TYPE
    return response


def _flat(detail: Any, place: str) -> Iterator[tuple[str, str]]:
    """Errors of fields within fields, each with its place."""
    match detail:
        case Mapping():
            for name, inner in detail.items():
                yield from _flat(inner, f"{place}.{name}" if place else str(name))
        case list() if any(isinstance(one, Mapping | list) for one in detail):
            for number, inner in enumerate(detail):
                yield from _flat(inner, f"{place}.{number}" if place else str(number))
        case list():
            yield from ((place, str(one)) for one in detail)
        case _:
            yield place, str(detail)


@login_not_required
def not_found(request: HttpRequest, path: str = "") -> JsonResponse:
    """There is no such address below the API."""
    return problem(HTTPStatus.NOT_FOUND, "There is no such address in the API. Its description is at /api/.")
