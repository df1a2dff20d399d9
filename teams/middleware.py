"""What holds for every page."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from design import kept_words
from design.page_files import Asked, NoDataError, file_of
from design.paging import PAGED, WHOLE
from teams import origin, tenancy
from teams.tokens import digest_of, shown_in

API = "/api/v1/"


class KnowsOrigin:
    """Whatever a request does is done from its address: the audit trail keeps it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
        address = origin.address_of(*told, proxies=settings.TRUSTED_PROXIES)
        key = origin.key_of(request.headers.get("X-Request-ID", ""), proxies=settings.TRUSTED_PROXIES)
        with origin.request_from(address, key), kept_words.noticed():
            return self.answer(request)


class AsksAgain:
    """A page that only reads is asked for once more where the line to the database broke; a form never is.

    teams/views/faults.py makes the answer that says so, whichever part of a request it was that found out.
    """

    SAFE = ("GET", "HEAD")
    PAUSE = 1.0  # seconds, in which a server that restarts may be there again

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if request.method in self.SAFE and getattr(response, "line_broke", False):
            connection.close()
            time.sleep(self.PAUSE)
            response = self.answer(request)
        return response


class OwnEmployersOnly:
    """The database shows whoever is signed in the rows of their employers, and everybody else none."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with _employers_of(request):
            return self.answer(request)


def _employers_of(request: HttpRequest) -> AbstractContextManager[None]:
    """The employer of a token, where the API is asked: a browser's sign-in opens nothing there."""
    if request.path.startswith(API):
        token = shown_in(request.headers.get("Authorization", ""))
        return tenancy.by(tenancy.By.TOKEN, digest_of(token)) if token else tenancy.of()
    return tenancy.by(tenancy.By.USER, request.user.pk) if request.user.is_authenticated else tenancy.of()


class NoDevices:
    """Pages use no camera, place or payment of whoever reads them, and no other site may use our files."""

    HEADERS = {
        "Permissions-Policy": ", ".join(
            [f"{one}=()" for one in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")]
            + [f"publickey-credentials-{use}=(self)" for use in ("get", "create")]
        ),
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        for name, value in self.HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class KeepNoCopies:
    """Browsers keep no copy of a page behind the sign-in: the back button shows what is true now.

    Figures about people do not stay behind on a shared computer, and a form gone back to is a fresh one.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


class DataOfPages:
    """Gives the data of any page as a file: at the page's address with `?data=ods` or `?data=csv&table=…`.

    The page is asked for as always, so whoever may not see it gets no data of it, and file and page cannot differ.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "data" not in request.GET or request.method not in {"GET", "HEAD"}:
            return self.answer(request)
        query = request.GET
        response = self._whole_page(request)
        if response.status_code != HTTPStatus.OK or not _is_page(response):
            return response
        asked = Asked(
            kind=query["data"],
            table=query.get("table", ""),
            address=request.build_absolute_uri(f"{request.path}{_as_query(_of_page(query))}"),
            reader=str(request.user) if request.user.is_authenticated else "",
            at=timezone.localtime(),
            public=_is_public(request),
        )
        try:
            file = file_of(response.text, asked)
        except NoDataError as sentence:
            return render(request, "404.html", {"sentence": sentence}, status=HTTPStatus.NOT_FOUND)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return HttpResponse(file.content, content_type=file.media_type, headers=headers)

    def _whole_page(self, request: Any) -> HttpResponse:
        """The page without our own questions in its address; a list page by page is asked for again, whole."""
        method, request.method = request.method, "GET"  # the server drops the body of an answer to HEAD
        request.GET = _of_page(request.GET)
        response: HttpResponse = self.answer(request)
        if PAGED in getattr(response, "content", b""):
            request.GET["page"] = WHOLE
            response = self.answer(request)
        request.method = method
        return response


def _is_page(response: HttpResponse) -> bool:
    """Whether an answer is a page, and no file that somebody attached."""
    return not response.streaming and response.get("Content-Type", "").startswith("text/html")


def _is_public(request: HttpRequest) -> bool:
    """Whether the page that answered needs no account, whoever asked for it."""
    return request.resolver_match is not None and not getattr(request.resolver_match.func, "login_required", True)


def _of_page(query: QueryDict) -> QueryDict:
    """A page's own query: without what asks for its data, and without the place in a list."""
    own = query.copy()
    for name in ("data", "table", "page"):
        own.pop(name, None)
    return own


def _as_query(query: QueryDict) -> str:
    return f"?{query.urlencode()}" if query else ""
