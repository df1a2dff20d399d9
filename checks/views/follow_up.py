from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checks.actions import follow_up as actions
from checks.forms.moves import ActionForm, ActionStepForm, NoActionForm
from checks.queries.answers import check_page
from checks.queries.follow_up import action_page, find_action, own_said, published_page, team_said
from checks.queries.lookups import find_answer, owners_of
from checks.queries.published import publishing_of
from checks.views.doing import doing
from teams.access import SignedInRequest
from teams.roles import Permission
from teams.views.saving import show_or_save


@require_http_methods(["GET", "HEAD", "POST"])
def plan_action(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    answer = find_answer(request.user, public_id, code, Permission.CHECK_ANSWER)
    row = check_page(answer.check_of, request.user, as_of=timezone.localdate()).row(code)
    form = ActionForm(request.POST or None, owners=owners_of(answer.check_of.team))
    return show_or_save(
        request,
        form,
        lambda: actions.plan(answer=answer, about=row.indicator.text, planned=form.planned, doing=doing(request, form)),
        done="The action is planned.",
        back=reverse("check-answer", args=[public_id, code]),
        title="Plan an action",
        caption=row.indicator.text,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide_not_to_act(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    answer = find_answer(request.user, public_id, code, Permission.CHECK_ANSWER)
    row = check_page(answer.check_of, request.user, as_of=timezone.localdate()).row(code)
    form = NoActionForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.decide_not_to_act(
            answer=answer, about=row.indicator.text, words=form.cleaned_data["words"], doing=doing(request, form)
        ),
        done="The decision is recorded.",
        back=reverse("check-answer", args=[public_id, code]),
        title="Decide not to act",
        caption=row.indicator.text,
        button="Record the decision",
    )


CHANGES = {"note": actions.note, "finish": actions.finish, "stop": actions.stop}


@require_http_methods(["GET", "HEAD", "POST"])
def change_action(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """An action with its history, and the form to say how far it is for whoever may."""
    page = action_page(find_action(request.user, public_id), request.user, as_of=timezone.localdate())
    form = ActionStepForm(request.POST or None, initial={"seen": page.action.steps_taken})
    return show_or_save(
        request,
        form,
        lambda: CHANGES[form.cleaned_data["what"]](
            action=page.action, words=form.cleaned_data["words"], doing=doing(request, form)
        ),
        done="Saved.",
        back=reverse("action", args=[public_id]),
        template="checks/action.html",
        page=page,
    )


@require_safe
def show_team_said(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What the staff of a team said, and what is done about it: for its members and whoever sees its check."""
    return render(request, "checks/said.html", {"found": team_said(request.user, public_id)})


@require_safe
def show_own_said(request: SignedInRequest) -> HttpResponse:
    found = own_said(request.user, as_of=timezone.localdate())
    return render(request, "checks/own_said.html", {"found": found})


@require_safe
def show_published(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The public part of a check, for everybody who belongs to the employer."""
    page = published_page(request.user, public_id, as_of=timezone.localdate())
    context = {"page": page, "publishing": publishing_of(page.check.cycle, request.user)}
    return render(request, "checks/published.html", context)
