"""Every page that is answered leaves the traces it has to; where one cannot be written, the page is not given."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from reports.page_traces import Answered, note_answer


class KeepsTraces:
    """Notes refusals, files taken away, and whose workload was seen. Public pages leave nothing about their readers."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        found = request.resolver_match
        if found is None or not request.user.is_authenticated or _is_public(found.func):
            return response
        disposition = response.get("Content-Disposition", "")
        page = Answered(
            by=request.user,
            name=found.url_name or "",
            keys=found.kwargs,
            path=request.path,
            status=response.status_code,
            file=_named(disposition) if disposition.startswith("attachment") else "",
        )
        note_answer(page, at=timezone.now(), day=timezone.localdate())
        return response


def _is_public(view: object) -> bool:
    """Whether a view needs neither an account nor a token."""
    return not getattr(view, "login_required", True) and not getattr(view, "asks_token", False)


def _named(disposition: str) -> str:
    """The file's name, as the browser is told it."""
    return disposition.partition("filename=")[2].strip('"') or "file"
