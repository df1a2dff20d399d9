"""What watches requests: their ids, their line in the log, their figures; and the addresses that answer watchers."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from structlog.contextvars import bound_contextvars

from operations import counting
from teams import origin

LOG = logging.getLogger(__name__)
NO_VIEW = "none"


class Probes:
    """Answers what watches the service before anything else does: no session, no redirect, no database unless asked."""

    BEGINNING = "/-/"

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(self.BEGINNING):
            return self.answer(request)
        try:
            found = resolve(request.path_info, "operations.urls.watching")
        except Resolver404:
            return self.answer(request)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class Watched:
    """Counts requests by the name of their view, and writes a line for each. No address: it may tell of whom."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, request_id = time.perf_counter(), str(origin.current().request)
        with bound_contextvars(request_id=request_id):
            response = self.answer(request)
            view = request.resolver_match.view_name if request.resolver_match else NO_VIEW
            seconds = counting.seconds_since(began)
            counting.count_request(view=view, status=response.status_code, seconds=seconds)
            said = {
                "view": view,
                "method": request.method,
                "status": response.status_code,
                "seconds": seconds,
            }
            LOG.info("request", extra=said)
        response.headers["X-Request-ID"] = request_id
        return response
