from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checks.actions import cycles as actions
from checks.forms.cycles import CloseCycleForm, CycleForm, MoreTeamsForm, PutOffForm
from checks.queries.cycles import cycles_of, find_cycle, team_checks, teams_to_add, watch, what_to_open
from checks.queries.published import publishing_of
from checks.views.doing import doing
from teams.access import SignedInRequest, employers_of, find_team
from teams.roles import Permission
from teams.views.saving import show_or_save


@require_safe
def show_employers(request: SignedInRequest) -> HttpResponse:
    """The cycles of the reader's employer; whoever belongs to several chooses one."""
    employers = employers_of(request.user)
    if len(employers) == 1:
        return redirect("cycles", employers[0].slug)
    return render(request, "checks/employers.html", {"employers": employers})


@require_safe
def show_cycles(request: SignedInRequest, slug: str) -> HttpResponse:
    return render(request, "checks/cycles.html", {"found": cycles_of(request.user, slug)})


@require_safe
def show_cycle(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """How far every team is."""
    cycle = find_cycle(request.user, public_id)
    found = watch(cycle, request.user, as_of=timezone.localdate())
    context = {"cycle": cycle, "found": found, "publishing": publishing_of(cycle, request.user)}
    return render(request, "checks/cycle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_cycle(request: SignedInRequest, slug: str) -> HttpResponse:
    opening = what_to_open(request.user, slug, as_of=timezone.localdate())
    form = CycleForm(request.POST or None, sets=opening.sets, teams=opening.teams, initial=opening.initial)
    return show_or_save(
        request,
        form,
        lambda: actions.open_cycle(
            employer=opening.employer, new=form.new, teams=form.chosen, doing=doing(request, form)
        ),
        done="The cycle is open. Each team’s figures are being taken now; managers are reminded by e-mail.",
        back=reverse("cycles", args=[slug]),
        title="Open a cycle of health checks",
        caption=opening.employer.name,
        button="Open the cycle",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add_teams(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    cycle = find_cycle(request.user, public_id, Permission.CYCLE_RUN)
    form = MoreTeamsForm(request.POST or None, teams=teams_to_add(cycle), initial={"seen": cycle.revision})
    return show_or_save(
        request,
        form,
        lambda: actions.add_teams(cycle=cycle, teams=form.chosen, doing=doing(request, form)),
        done="The teams have their health check; their figures are being taken now.",
        back=reverse("cycle", args=[public_id]),
        title="Add teams to the cycle",
        caption=cycle.name,
        intro="" if form.of else "Every team of the employer is in this cycle already.",
        button="Add them",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def put_off_cycle(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    cycle = find_cycle(request.user, public_id, Permission.CYCLE_RUN)
    form = PutOffForm(request.POST or None, initial={"due_on": cycle.due_on, "seen": cycle.revision})
    return show_or_save(
        request,
        form,
        lambda: actions.put_off(
            cycle=cycle,
            due_on=form.cleaned_data["due_on"],
            reason=form.cleaned_data["reason"],
            doing=doing(request, form),
        ),
        done="The day is changed.",
        back=reverse("cycle", args=[public_id]),
        title="Change the day by which answers are due",
        caption=cycle.name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close_cycle(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    cycle = find_cycle(request.user, public_id, Permission.CYCLE_RUN)
    form = CloseCycleForm(request.POST or None, initial={"seen": cycle.revision})
    return show_or_save(
        request,
        form,
        lambda: actions.close_cycle(cycle=cycle, reason=form.cleaned_data["reason"], doing=doing(request, form)),
        done="The cycle is closed.",
        back=reverse("cycle", args=[public_id]),
        title="Close the cycle",
        caption=cycle.name,
        intro="Checks that are not finished stay as they are. Nobody is reminded any more, and nothing can be changed.",
        button="Close the cycle",
    )


@require_safe
def show_team_checks(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team = find_team(request.user, public_id, Permission.CHECK_VIEW)
    return render(request, "checks/team_checks.html", {"team": team, "found": team_checks(team)})
