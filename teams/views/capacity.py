from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from teams import access
from teams.access import SignedInRequest
from teams.actions import capacity as actions
from teams.changing import mark_of
from teams.forms.staffing import AbsenceForm, ReductionForm
from teams.models import Team, Worker
from teams.queries import staffing
from teams.roles import Permission
from teams.views.saving import show_or_save
from teams.views.staffing import asks


def _member(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> tuple[Team, Worker, str]:
    team = access.find_team(request.user, public_id, Permission.STAFFING_RECORD)
    worker = staffing.find_member(team, worker_id)
    return team, worker, reverse("team-member", args=[team.public_id, worker.public_id])


@asks
def add_reduction(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    team, worker, back = _member(request, public_id, worker_id)
    start = {"starts_on": timezone.localdate(), "kind": "PERCENT"}
    form = ReductionForm(request.POST or None, initial=start, approvers=staffing.approvers(team))
    return show_or_save(
        request,
        form,
        lambda: actions.add_reduction(
            team=team,
            worker=worker,
            new=form.reduction(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The reduction is saved.",
        back=back,
        title=f"{worker} carries less for a while",
        caption=str(team),
        intro="The reasons and figures in the list are examples — agree your own.",
    )


@asks
def change_reduction(request: SignedInRequest, public_id: UUID, worker_id: UUID, pk: int) -> HttpResponse:
    team, worker, back = _member(request, public_id, worker_id)
    row = staffing.find_reduction(team, worker, pk)
    start = ReductionForm.start_with(row) | {"seen": mark_of([row])}
    form = ReductionForm(request.POST or None, initial=start, approvers=staffing.approvers(team), correcting=True)
    return show_or_save(
        request,
        form,
        lambda: actions.put_right_reduction(
            row=row,
            new=None if form.to_remove else form.reduction(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The change is saved.",
        back=back,
        title="End or correct a reduction",
        caption=f"{worker}, {team}",
    )


@asks
def add_absence(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    team, worker, back = _member(request, public_id, worker_id)
    form = AbsenceForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.add_absence(
            team=team,
            worker=worker,
            new=form.away(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The absence is saved.",
        back=back,
        title=f"{worker} is away",
        caption=str(team),
        intro="An absence takes nothing from capacity by itself: record a reduction too where it lasts.",
    )


@asks
def change_absence(request: SignedInRequest, public_id: UUID, worker_id: UUID, pk: int) -> HttpResponse:
    team, worker, back = _member(request, public_id, worker_id)
    row = staffing.find_absence(worker, pk)
    start = {"reason": row.reason, "starts_on": row.starts_on, "ends_on": row.ends_on, "seen": mark_of([row])}
    form = AbsenceForm(request.POST or None, initial=start, correcting=True)
    return show_or_save(
        request,
        form,
        lambda: actions.put_right_absence(
            team=team,
            row=row,
            new=None if form.to_remove else form.away(),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The change is saved.",
        back=back,
        title="End or correct an absence",
        caption=f"{worker}, {team}",
    )
