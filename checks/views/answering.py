"""Answering a survey by a one-time link: no sign-in, no cookie, and nothing kept about the request."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from checks.actions.answering import answer
from checks.forms.answering import AnswerForm
from checks.forms.from_page import FromPage
from checks.queries.answering import find_sheet, hash_of
from teams.refusals import AlreadyDone, NotAllowed
from teams.tenancy import By
from teams.views.public import open_to_anybody

NOBODY = {"user": None, "messages": ()}  # whoever is signed in on this computer does not matter here


def holder(*, token: str) -> tuple[By, str]:
    return By.SURVEY_LINK, hash_of(token)


@csrf_exempt  # which would need a cookie: the page has a token of its own
@open_to_anybody(holder)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_survey(request: HttpRequest, token: str) -> HttpResponse:
    page = FromPage(request.POST if request.method == "POST" else None, secret=hash_of(token))
    try:
        response = _sheet(request, token, page)
    except AlreadyDone:
        response = _apart(request, "checks/survey_used.html", status=HTTPStatus.GONE)
    except NotAllowed as why:
        response = _apart(request, "checks/survey_over.html", {"why": str(why)}, status=HTTPStatus.GONE)
    if page.why_not:
        response.status_code = HTTPStatus.FORBIDDEN
    return response


def _sheet(request: HttpRequest, token: str, page: FromPage) -> HttpResponse:
    """The questions, or thanks for the answers. Raises AlreadyDone and NotAllowed, as answering does."""
    today = timezone.localdate()
    sheet = find_sheet(token, on=today)
    if sheet is None:
        raise AlreadyDone
    if sheet.closed:
        raise NotAllowed(sheet.closed)
    form = AnswerForm(page.data if page.is_bound else None, instrument=sheet.instrument)
    if form.is_valid() and page.is_valid():
        answer(token=token, values=form.values, words=form.words, day=today)
        return _unkept(redirect("survey-thanks"))
    if page.why_not:
        form.add_error(None, page.why_not)
    return _apart(request, "checks/survey.html", {"form": form, "page": page, "sheet": sheet})


@login_not_required
@require_safe
def thank(request: HttpRequest) -> HttpResponse:
    return _apart(request, "checks/survey_thanks.html")


def _apart(
    request: HttpRequest, template: str, context: dict[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page that is the same whoever is signed in, and that leaves no trace in the browser."""
    return _unkept(render(request, template, NOBODY | (context or {}), status=status))


def _unkept(response: HttpResponse) -> HttpResponse:
    """No copy in the browser, and no address passed on to where its links lead."""
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
