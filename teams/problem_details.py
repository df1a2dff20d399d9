"""Errors of the API as problem details (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem(status: HTTPStatus, detail: str) -> JsonResponse:
    """A status, and a sentence that says what to do."""
    said = {"title": status.phrase, "status": status.value, "detail": detail}
    return JsonResponse(said, status=status, content_type=MEDIA_TYPE)
