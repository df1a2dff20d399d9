"""The administrator's page of how the service does, and trying again what was given up."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from design.paging import page_of
from operations.queries import failed
from operations.queries.overview import overview
from reports.actions import retry_report
from teams import access
from teams.access import SignedInRequest
from teams.actions.letters import send_again
from teams.models import Employer
from teams.refusals import NotAllowed
from teams.roles import Permission

AGAIN = "It is tried again. This takes a moment."


@require_safe
def show_operations(request: SignedInRequest, slug: str) -> HttpResponse:
    """What waits, what was given up, and what runs here."""
    employer = _employer(request, slug)
    at = timezone.now()
    page = page_of(failed.failed_list(employer, at=at), request.GET.get("page"), failed.PAGE)
    context = {
        "employer": employer,
        "overview": overview(employer, as_of=timezone.localdate(), at=at),
        "page": page,
        "rows": list(failed.failed(list(page))),
    }
    return render(request, "operations/operations.html", context)


@require_POST
def try_report_again(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    run = failed.find_failed_report(_employer(request, slug), public_id)
    return _done(request, slug, lambda: retry_report(run=run, by=request.user, at=timezone.now()))


@require_POST
def try_letter_again(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    employer = _employer(request, slug)
    letter = failed.find_letter(employer, pk)
    return _done(
        request, slug, lambda: send_again(letter=letter, employer=employer, by=request.user, at=timezone.now())
    )


def _employer(request: SignedInRequest, slug: str) -> Employer:
    return access.find_employer(request.user, slug, Permission.EMPLOYER_SET_UP)


def _done(request: SignedInRequest, slug: str, action: Callable[[], object]) -> HttpResponse:
    try:
        action()
    except NotAllowed as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, AGAIN)
    return redirect("operations", slug)
