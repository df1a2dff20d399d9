from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from teams import access
from teams.access import SignedInRequest
from teams.actions import posts
from teams.actions import staffing as actions
from teams.changing import mark_of
from teams.forms.staffing import (
    AboutForm,
    ColleagueForm,
    DayForm,
    FirstDayForm,
    HoursForm,
    LeaveForm,
    PostsForm,
    StarterForm,
)
from teams.models import Team, Worker
from teams.queries import staffing
from teams.roles import Permission
from teams.views.saving import show_or_save

asks = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def show_staffing(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """People and capacity of a team on a day, today unless another is asked for."""
    either = (Permission.WORKLOAD_VIEW, Permission.STAFFING_RECORD)
    team, may = access.find_team_and_rights(request.user, public_id, *either)
    today = timezone.localdate()
    form = DayForm(request.GET if "on" in request.GET else None, initial={"on": today})
    context = {
        "team": team,
        "form": form,
        "today": today,
        "page": staffing.team_staffing(team, as_of=form.day(today)),
        "may_record": Permission.STAFFING_RECORD in may,
        "totals": staffing.hours_totals(team, today=today) if Permission.HOURS_TOTALS_VIEW in may else None,
    }
    return render(request, "teams/staffing.html", context)


@require_safe
def show_member(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    """All that is recorded of one worker in a team, and what can be done about it."""
    team, worker = _member(request, public_id, worker_id)
    page = staffing.member_page(team, worker, on=timezone.localdate())
    return render(request, "teams/member.html", {"team": team, "page": page})


def _member(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> tuple[Team, Worker]:
    team = access.find_team(request.user, public_id, Permission.STAFFING_RECORD)
    return team, staffing.find_member(team, worker_id)


@asks
def add_starter(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team = access.find_team(request.user, public_id, Permission.STAFFING_RECORD)
    form = StarterForm(request.POST or None, initial={"registered": "", "starts_on": timezone.localdate()})
    return show_or_save(
        request,
        form,
        lambda: actions.add_starter(
            team=team,
            new=form.starter(),
            once=form.cleaned_data["once"],
            by=request.user,
            at=timezone.now(),
        ),
        done="The worker is added.",
        back=reverse("team-staffing", args=[team.public_id]),
        title="Add somebody new",
        caption=str(team),
    )


@asks
def add_colleague(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team = access.find_team(request.user, public_id, Permission.STAFFING_RECORD)
    form = ColleagueForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    return show_or_save(
        request,
        form,
        lambda: actions.add_colleague(team=team, by=request.user, at=timezone.now(), **form.cleaned_data),
        done="The worker is added to the team.",
        back=reverse("team-staffing", args=[team.public_id]),
        title=f"Add somebody who already works for {team.employer}",
        caption=str(team),
    )


@asks
def change_hours(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    team, worker = _member(request, public_id, worker_id)
    rows = actions.contracts_in(team, worker)
    form = HoursForm(request.POST or None, initial={"seen": mark_of(rows), "weekly_hours": rows[-1].weekly_hours})
    return show_or_save(
        request,
        form,
        lambda: actions.change_hours(team=team, worker=worker, by=request.user, at=timezone.now(), **form.cleaned_data),
        done=f"The hours of {worker} are changed.",
        back=reverse("team-member", args=[team.public_id, worker.public_id]),
        title=f"Change the hours of {worker}",
        caption=str(team),
        intro=f"Now: {actions.in_words(rows)}.",
    )


@asks
def correct_first_day(request: SignedInRequest, public_id: UUID, worker_id: UUID, pk: int) -> HttpResponse:
    team, worker = _member(request, public_id, worker_id)
    row, rows = staffing.find_contract(team, worker, pk), actions.contracts_in(team, worker)
    form = FirstDayForm(request.POST or None, initial={"seen": mark_of(rows), "starts_on": row.starts_on})
    return show_or_save(
        request,
        form,
        lambda: actions.correct_first_day(team=team, row=row, by=request.user, at=timezone.now(), **form.cleaned_data),
        done="The first day is corrected.",
        back=reverse("team-member", args=[team.public_id, worker.public_id]),
        title="Correct the first day of hours",
        caption=f"{worker}, {team}",
        intro=f"Now: {actions.in_words([row])}. Hours that ended for these end on the day you enter.",
    )


@asks
def change_details(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    team, worker = _member(request, public_id, worker_id)
    form = AboutForm(request.POST or None, initial=actions.about(worker) | {"seen": mark_of([worker])})
    return show_or_save(
        request,
        form,
        lambda: actions.describe_worker(
            team=team,
            worker=worker,
            about=form.about(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The details are saved.",
        back=reverse("team-member", args=[team.public_id, worker.public_id]),
        title=f"Details of {worker}",
        caption=str(team),
    )


@asks
def end_contract(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    """Somebody leaves: the page says first how many cases stay behind in their name."""
    team, worker = _member(request, public_id, worker_id)
    rows = actions.contracts_in(team, worker)
    form = LeaveForm(request.POST or None, initial={"seen": mark_of(rows)})
    return show_or_save(
        request,
        form,
        lambda: actions.end_contract(team=team, worker=worker, by=request.user, at=timezone.now(), **form.cleaned_data),
        done=f"{worker} leaves the team on the day you entered.",
        back=reverse("team-member", args=[team.public_id, worker.public_id]),
        template="teams/leave.html",
        title=f"{worker} leaves the team",
        caption=str(team),
        team=team,
        worker=worker,
        held=staffing.open_cases(team, worker, on=timezone.localdate()),
        contracts=actions.in_words(rows),
    )


@asks
def set_posts(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team = access.find_team(request.user, public_id, Permission.STAFFING_RECORD)
    rows = staffing.establishments(team)
    form = PostsForm(request.POST or None, initial={"seen": mark_of(rows), "starts_on": timezone.localdate()})
    return show_or_save(
        request,
        form,
        lambda: posts.set_establishment(team=team, by=request.user, at=timezone.now(), **form.cleaned_data),
        done="The posts of the team are saved.",
        back=reverse("team-staffing", args=[team.public_id]),
        title="Posts of the team",
        caption=str(team),
        intro=f"Now: {posts.posts_words(rows)}. A full-time week is {staffing.full_time(team)} hours.",
    )
