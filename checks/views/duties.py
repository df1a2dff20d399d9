from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checks.actions import duties as actions
from checks.actions.doing import Doing
from checks.duties import Move
from checks.forms.duties import ConcernForm, NoteForm, PlanForm, ResponseTimesForm
from checks.models import Duty
from checks.queries.duties import (
    duty_page,
    find_duty,
    find_times,
    name_of,
    own_duties,
    own_teams,
    team_duties,
    turn_of,
)
from design.navigation import links
from teams.access import SignedInRequest, find_own_worker, find_team, own_worker
from teams.forms.changing import SeenForm
from teams.forms.once import OnceForm
from teams.roles import Permission
from teams.views.saving import show_or_save


def _doing(request: SignedInRequest, form: OnceForm) -> Doing:
    typed = form.cleaned_data
    seen = typed.get("seen", "")
    return Doing(request.user, timezone.now(), typed["once"], int(seen) if seen.isdecimal() else None)


@require_safe
def show_team_duties(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team = find_team(request.user, public_id, Permission.WORKLOAD_VIEW)
    closed = request.GET.get("show") == "closed"
    found = team_duties(
        team, user=request.user, as_of=timezone.localdate(), closed=closed, number=request.GET.get("page")
    )
    return render(request, "checks/team_duties.html", {"team": team, "found": found})


@require_safe
def show_turn(request: SignedInRequest) -> HttpResponse:
    """Everything that waits for this person, in every team."""
    found = turn_of(request.user, as_of=timezone.localdate(), number=request.GET.get("page"))
    return render(request, "checks/turn.html", {"found": found})


@require_safe
def show_duty(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    duty = find_duty(request.user, public_id)
    page = duty_page(duty, user=request.user, as_of=timezone.localdate())
    return render(request, "checks/duty.html", {"page": page, "actions": links(page.actions, "duty", duty.public_id)})


@require_http_methods(["GET", "HEAD", "POST"])
def plan_duty(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    duty = find_duty(request.user, public_id, Move.PLANNED)
    form = PlanForm(request.POST or None, initial={"seen": duty.steps_taken})
    return _show(
        request,
        duty,
        form,
        lambda: actions.plan(
            duty=duty,
            words=form.cleaned_data["words"],
            by_day=form.cleaned_data["by_day"],
            doing=_doing(request, form),
        ),
        title="Answer with a plan",
        done="The plan is recorded.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def update_duty(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    duty = find_duty(request.user, public_id, Move.UPDATED)
    form = _note(request, duty, "Note")
    return _show(
        request, duty, form, _noting(actions.update, request, duty, form), title="Add a note", done="The note is added."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close_duty(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    duty = find_duty(request.user, public_id, Move.CLOSED)
    form = _note(request, duty, "What came of it?")
    return _show(
        request, duty, form, _noting(actions.close, request, duty, form), title="Close", done="The duty is closed."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_duty(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    duty = find_duty(request.user, public_id, Move.REOPENED)
    form = _note(request, duty, "Why is it not settled?")
    return _show(
        request,
        duty,
        form,
        _noting(actions.reopen, request, duty, form),
        title="Open again",
        done="The duty is open again.",
    )


def _note(request: SignedInRequest, duty: Duty, label: str) -> NoteForm:
    form = NoteForm(request.POST or None, initial={"seen": duty.steps_taken})
    form.fields["words"].label = label
    return form


def _noting(action: Callable[..., None], request: SignedInRequest, duty: Duty, form: NoteForm) -> Callable[[], None]:
    return lambda: action(duty=duty, words=form.cleaned_data["words"], doing=_doing(request, form))


def _show(
    request: SignedInRequest, duty: Duty, form: SeenForm, action: Callable[[], None], *, title: str, done: str
) -> HttpResponse:
    back = reverse("duty", args=[duty.public_id])
    caption = f"{name_of(duty)}: {duty.worker or duty.team}"
    return show_or_save(request, form, action, done=done, back=back, back_text="Duty", title=title, caption=caption)


@require_safe
def show_own_concerns(request: SignedInRequest) -> HttpResponse:
    worker = own_worker(request.user)
    rows = own_duties(worker, as_of=timezone.localdate()) if worker else []
    return render(request, "checks/own_concerns.html", {"worker": worker, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def raise_concern(request: SignedInRequest) -> HttpResponse:
    worker = find_own_worker(request.user)
    form = ConcernForm(request.POST or None, teams=own_teams(worker, as_of=timezone.localdate()))
    return show_or_save(
        request,
        form,
        lambda: actions.raise_concern(
            worker=worker,
            team=form.team_chosen,
            words=form.cleaned_data["words"],
            past_manager=form.cleaned_data["past_manager"],
            doing=_doing(request, form),
        ),
        done="Your concern is recorded. You see below where it stands.",
        back=reverse("own-concerns"),
        title="Raise a workload concern",
        button="Raise the concern",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def set_response_times(request: SignedInRequest, slug: str) -> HttpResponse:
    found = find_times(request.user, slug)
    start = {"seen": found.revision, "concern_days": found.times.concern_days, "flag_days": found.times.flag_days}
    form = ResponseTimesForm(request.POST or None, initial=start | {"source": found.times.source})
    return show_or_save(
        request,
        form,
        lambda: actions.set_response_times(
            employer=found.employer,
            concern_days=form.cleaned_data["concern_days"],
            flag_days=form.cleaned_data["flag_days"],
            source=form.cleaned_data["source"],
            doing=_doing(request, form),
        ),
        done="The response times are saved. Duties that are open keep the day they have.",
        back=reverse("duties"),
        title="Response times",
        caption=str(found.employer),
        intro="Within how many calendar days a duty is answered at each level before it goes up.",
    )
