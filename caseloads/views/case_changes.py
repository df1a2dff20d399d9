from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from caseloads.actions.case_changes import Doing, close, correct, reopen
from caseloads.forms.cases import CloseForm, CorrectForm, ReopenForm
from caseloads.forms.changing import CaseForm
from caseloads.models import Case
from caseloads.queries.cases import find_case, scoring_scheme
from teams.access import SignedInRequest
from teams.roles import Permission
from teams.views.saving import saved

CLOSING = "Whoever holds it stops holding it on that day. Nothing that is recorded about it is deleted."
REOPENING = "It keeps its history. Nobody holds it until you allocate it."


@require_http_methods(["GET", "HEAD", "POST"])
def correct_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    case = find_case(request.user, public_id, Permission.CASE_RECORD)
    scheme = scoring_scheme(case.team.service_area, on=timezone.localdate())
    form = CorrectForm(request.POST if request.method == "POST" else None, case=case, scheme=scheme)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        action = partial(correct, case=case, to=form.correction, reason=reason, doing=_doing(request, form))
        if saved(request, form, action, done="The case is corrected."):
            return redirect("case", public_id)
    return _ask(request, form, case, title="Correct what is recorded", template="caseloads/case_correct.html")


@require_http_methods(["GET", "HEAD", "POST"])
def close_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    case = find_case(request.user, public_id, Permission.CASE_RECORD)
    first = {"seen": case.revision, "closed_on": timezone.localdate()}
    form = CloseForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        action = partial(close, case=case, closed_on=form.cleaned_data["closed_on"], doing=_doing(request, form))
        if saved(request, form, action, done="The case is closed."):
            return redirect("case", public_id)
    return _ask(request, form, case, title="Close the case", intro=CLOSING, button="Close the case")


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    case = find_case(request.user, public_id, Permission.CASE_RECORD)
    form = ReopenForm(request.POST if request.method == "POST" else None, initial={"seen": case.revision})
    if form.is_valid():
        action = partial(reopen, case=case, reason=form.cleaned_data["reason"], doing=_doing(request, form))
        if saved(request, form, action, done="The case is open again. Nobody holds it yet."):
            return redirect("case", public_id)
    return _ask(request, form, case, title="Open the case again", intro=REOPENING, button="Open again")


def _doing(request: SignedInRequest, form: CaseForm) -> Doing:
    data = form.cleaned_data
    return Doing(by=request.user, at=timezone.now(), seen=data["seen"], once=data["once"])


def _ask(
    request: SignedInRequest, form: CaseForm, case: Case, *, template: str = "design/form_page.html", **context: str
) -> HttpResponse:
    back = reverse("case", args=[case.public_id])
    return render(request, template, {"form": form, "caption": f"Case {case}", "back": back, **context})
