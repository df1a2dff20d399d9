from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from caseloads.actions.contests import accept, contest, decline
from caseloads.forms.cases import RateForm
from caseloads.forms.contests import AnswerForm, ContestForm
from caseloads.queries.cases import find_case, newest_rating, weight_of
from caseloads.queries.contests import find_contest, require_holder
from caseloads.views.recording import ask, asked
from teams.access import SignedInRequest
from teams.views.saving import saved

RAISED = "Your manager is told. You see the answer here and on the case’s page."


@require_http_methods(["GET", "HEAD", "POST"])
def contest_weight(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A worker says why the weight of a case they hold is not right."""
    case = find_case(request.user, public_id)
    require_holder(request.user, case)
    form = ContestForm(request.POST if request.method == "POST" else None, initial={"seen": case.revision})
    if form.is_valid():
        action = partial(contest, case=case, by=request.user, at=timezone.now(), **form.said)
        if saved(request, form, action, done=RAISED):
            return redirect("own-workload")
    context = {
        "form": form,
        "title": "Contest the weight",
        "caption": f"Case {case}",
        "button": "Send",
        "weight": weight_of(case, as_of=timezone.localdate()),
        "back": reverse("case", args=[public_id]),
    }
    return render(request, "caseloads/contest.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_contest(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A manager accepts, with a new rating, or declines; either way in words."""
    found = find_contest(request.user, public_id)
    case = found.case
    form = asked(request, AnswerForm, team=case.team, first=RateForm.filled_in(case, newest_rating(case)))
    if form.is_valid():
        answer = accept if form.accepts else decline
        action = partial(answer, contest=found, by=request.user, at=timezone.now(), **form.said)
        if saved(request, form, action, done="The contest is answered."):
            return redirect("case", case.public_id)
    back = reverse("case", args=[case.public_id])
    context = {"title": "Answer the contest", "caption": f"Case {case}", "back": back, "contest": found}
    return ask(request, form, team=case.team, context=context, template="caseloads/contest_answer.html")
