from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from caseloads.actions.cases import record_case
from caseloads.actions.rating import rate
from caseloads.forms.cases import RateForm, RecordForm
from caseloads.forms.weights import WeightFields
from caseloads.queries.cases import Weight, find_case, find_recorded, newest_rating, scoring_scheme, weigh_choice
from caseloads.workload import Scheme
from teams.access import SignedInRequest, find_team
from teams.models import Team
from teams.roles import Permission
from teams.views.saving import saved

WORK_OUT = "work_out"
WeightForm = TypeVar("WeightForm", bound=WeightFields)


@require_http_methods(["GET", "HEAD", "POST"])
def record_new_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A case of this team. Allocating it comes next, on a page of its own."""
    team = find_team(request.user, public_id, Permission.CASE_RECORD)
    form = asked(request, RecordForm, team=team, first={})
    if form.is_valid():
        new = form.new_case(today=timezone.localdate())
        once = form.cleaned_data["once"]
        action = partial(record_case, team=team, new=new, once=once, by=request.user, at=timezone.now())
        if saved(request, form, action, done="The case is recorded. Nobody holds it yet."):
            return redirect("case", find_recorded(team, new.reference).public_id)
    context = {"title": "Record a case", "caption": team, "back": reverse("team-cases", args=[public_id])}
    return ask(request, form, team=team, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def rate_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Weigh a case anew; what it was rated last is filled in, but for a weight set by hand."""
    case = find_case(request.user, public_id, Permission.CASE_RECORD)
    form = asked(request, RateForm, team=case.team, first=RateForm.filled_in(case, newest_rating(case)))
    if form.is_valid():
        action = partial(rate, case=case, by=request.user, at=timezone.now(), **form.said)
        if saved(request, form, action, done="The case is rated."):
            return redirect("case", public_id)
    context = {"title": "Rate again", "caption": f"Case {case}", "back": reverse("case", args=[public_id])}
    return ask(request, form, team=case.team, context=context)


@require_safe
def weigh(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What the choices made so far weigh: a piece of a page, fetched while somebody chooses."""
    team = find_team(request.user, public_id, Permission.CASE_RECORD)
    return render(
        request,
        "caseloads/_weight.html",
        {"weight": _weight(request.GET, scoring_scheme(team.service_area, on=timezone.localdate()))},
    )


def asked(request: SignedInRequest, kind: type[WeightForm], *, team: Team, first: Mapping[str, Any]) -> WeightForm:
    """The form as it was sent to be saved; else as it is first shown, or as it was sent to be worked out."""
    scheme = scoring_scheme(team.service_area, on=timezone.localdate())
    if request.method == "POST" and WORK_OUT not in request.POST:
        return kind(request.POST, scheme=scheme, initial=first)
    return kind(scheme=scheme, initial=_typed(request.POST) if request.method == "POST" else first)


def ask(
    request: SignedInRequest,
    form: WeightFields,
    *,
    team: Team,
    context: Mapping[str, object],
    template: str = "caseloads/case_form.html",
) -> HttpResponse:
    """The form with the weight of what is chosen in it."""
    weight = _weight(form.data if form.is_bound else form.initial, form.scheme)
    extra = {"form": form, "weight": weight, "weigh": reverse("case-weight", args=[team.public_id])}
    return render(request, template, {**context, **extra})


def _weight(data: Mapping[str, Any], scheme: Scheme | None) -> Weight:
    fields = WeightFields(data, scheme=scheme)
    fields.is_valid()
    return weigh_choice(scheme, fields.draft, fault=fields.fault)


def _typed(data: QueryDict) -> dict[str, Any]:
    """What was sent, to be shown as it was without being judged."""
    return {name: data.getlist(name) if name == "factors" else data.get(name) for name in data}
