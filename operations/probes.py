"""Short answers for what watches the service: containers, proxies, monitoring."""

import hmac
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from operations import counting, readiness


@require_safe
@never_cache
def say_alive(_request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def say_ready(_request: HttpRequest) -> HttpResponse:
    """Whether requests can be answered and work be handed over; and if not, what is missing, in a word."""
    missing = readiness.missing()
    status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
    return JsonResponse({"ready": not missing, "missing": missing}, status=status)


@require_safe
@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    """The figures of the running service, for whoever shows the token of the settings; nobody else is told of them."""
    if not settings.METRICS_TOKEN or not _shows_token(request):
        return HttpResponse("There is nothing here.", content_type="text/plain", status=HTTPStatus.NOT_FOUND)
    return HttpResponse(counting.exposition(), content_type=CONTENT_TYPE_LATEST)


def _shows_token(request: HttpRequest) -> bool:
    shown = request.headers.get("Authorization", "")
    return hmac.compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
