from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from teams import access
from teams.access import SignedInRequest
from teams.actions import supervision as actions
from teams.changing import mark_of
from teams.forms.supervision import RulesForm, SessionForm
from teams.queries import staffing, supervision
from teams.queries.supervision_rules import find_rules
from teams.roles import Permission
from teams.views.saving import show_or_save
from teams.views.staffing import asks


@require_safe
def show_team_supervision(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who of a team was last supervised when, and by when the next session is due."""
    either = (Permission.WORKLOAD_VIEW, Permission.SUPERVISION_RECORD)
    team, may = access.find_team_and_rights(request.user, public_id, *either)
    context = {
        "team": team,
        "today": timezone.localdate(),
        "page": supervision.team_supervision(team, as_of=timezone.localdate()),
        "may_record": Permission.SUPERVISION_RECORD in may,
        "may_agree": access.holds_employer_wide(request.user, Permission.RESPONSE_TIMES_SET, employer=team.employer),
    }
    return render(request, "teams/supervision.html", context)


@require_safe
def show_log(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    """One worker's log, for those who answer for the team."""
    either = (Permission.WORKLOAD_VIEW, Permission.SUPERVISION_RECORD)
    team, may = access.find_team_and_rights(request.user, public_id, *either)
    worker = staffing.find_member(team, worker_id)
    context = {
        "team": team,
        "worker": worker,
        "log": supervision.worker_supervision(worker, as_of=timezone.localdate()),
        "may_record": Permission.SUPERVISION_RECORD in may,
    }
    return render(request, "teams/supervision_log.html", context)


@require_safe
def show_own_supervision(request: SignedInRequest) -> HttpResponse:
    worker = access.own_worker(request.user)
    log = supervision.worker_supervision(worker, as_of=timezone.localdate()) if worker else None
    return render(request, "teams/own_supervision.html", {"worker": worker, "log": log})


@asks
def record_session(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    team = access.find_team(request.user, public_id, Permission.SUPERVISION_RECORD)
    worker = staffing.find_member(team, worker_id)
    supervisors = supervision.supervisors(worker)
    start = supervision.likely(request.user, supervisors) | {"held_on": timezone.localdate()}
    form = SessionForm(request.POST or None, initial=start, supervisors=supervisors)
    return show_or_save(
        request,
        form,
        lambda: actions.record_session(
            team=team,
            worker=worker,
            new=form.session(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done=f"Supervision of {worker} is recorded.",
        back=reverse("team-supervision", args=[team.public_id]),
        title=f"Record supervision of {worker}",
        caption=str(team),
    )


@asks
def change_session(request: SignedInRequest, public_id: UUID, worker_id: UUID, pk: int) -> HttpResponse:
    team = access.find_team(request.user, public_id, Permission.SUPERVISION_RECORD)
    worker = staffing.find_member(team, worker_id)
    row = supervision.find_session(team, worker, pk)
    start = SessionForm.start_with(row) | {"seen": mark_of([row])}
    form = SessionForm(
        request.POST or None, initial=start, supervisors=supervision.supervisors(worker), correcting=True
    )
    return show_or_save(
        request,
        form,
        lambda: actions.put_right_session(
            row=row,
            new=None if form.to_remove else form.session(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The change is saved.",
        back=reverse("supervision-log", args=[team.public_id, worker.public_id]),
        title="Correct a session",
        caption=f"{worker}, {team}",
    )


@asks
def agree_rules(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The employer's own rules of supervision, reached from the page of any of its teams."""
    found = find_rules(request.user, public_id)
    form = RulesForm(request.POST or None, initial={"seen": mark_of(found.rows)}, rules=found.rules)
    return show_or_save(
        request,
        form,
        lambda: actions.agree_rules(
            employer=found.team.employer,
            rules=form.rules(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The rules of supervision are saved. They hold for all teams of the employer.",
        back=reverse("team-supervision", args=[found.team.public_id]),
        title="Rules of supervision",
        caption=str(found.team.employer),
        intro="Days without a session, bank holidays and absences left out. An empty gap means: as agreed with them.",
    )
