"""What holds for every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


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
