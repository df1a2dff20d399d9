from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from caseloads.actions.transfers import Handover, Move, record_handover, transfer
from caseloads.forms.transfers import BulkForm, HandoverForm, HandoverHeldForm, TransferForm
from caseloads.queries.cases import find_case
from caseloads.queries.transfers import (
    NOBODY,
    BulkPage,
    TransferPage,
    bulk_page,
    find_transfer,
    giver_of,
    givers,
    held_cases,
    transfer_page,
)
from teams.access import SignedInRequest, find_team, require
from teams.models import Team
from teams.refusals import NotAllowed
from teams.roles import Permission
from teams.views.saving import saved, show_or_save


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who could take a case over, with their load before and after."""
    case = find_case(request.user, public_id, Permission.CASE_RECORD)
    asked = request.POST if request.method == "POST" else request.GET
    page = transfer_page(case, giver=asked.get("giver"), as_of=timezone.localdate())
    form = _transfer_form(request, page)
    if form.is_bound and form.is_valid():
        moves = [Move(case, form.giver_chosen, form.taker)]
        seen, done = {case.pk: form.cleaned_data["seen"]}, f"Case {case} is transferred to {form.taker or form.team}."
        if saved(request, form, _transferring(request, form, moves, form.team or case.team, seen), done=done):
            return redirect("team", case.team.public_id) if form.team else redirect("case", case.public_id)
    return render(request, "caseloads/transfer.html", {"page": page, "form": form})


def _transfer_form(request: SignedInRequest, page: TransferPage) -> TransferForm:
    """The form as sent to be saved; or as typed so far, to be worked out for another holder."""
    start = {"on": timezone.localdate(), "giver": page.giver.public_id if page.giver else ""}
    return TransferForm(
        request.POST if request.method == "POST" and request.POST.get("step") != "look" else None,
        initial=start | request.POST.dict() | {"seen": page.case.revision},
        page=page,
    )


def _transferring(
    request: SignedInRequest, form: HandoverForm, moves: list[Move], to_team: Team, seen: Mapping[int, int]
) -> Callable[[], object]:
    typed, at = form.cleaned_data, timezone.now()
    handover = Handover(typed["reason"], typed["on"], typed["meeting_on"])
    return partial(
        transfer,
        moves=moves,
        to_team=to_team,
        handover=handover,
        past=form.past,
        seen=seen,
        once=typed["once"],
        by=request.user,
        at=at,
    )


@require_safe
def choose_bulk_transfer(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Choose whose cases are moved together, and which of them."""
    team, today = find_team(request.user, public_id, Permission.CASE_RECORD), timezone.localdate()
    context: dict[str, object] = {"team": team, "givers": givers(team, as_of=today)}
    if asked := _as_uuid(request.GET.get("from")):
        giver = giver_of(team, asked, as_of=today)
        context |= {"giver": giver, "rows": held_cases(team, giver, as_of=today)}
    return render(request, "caseloads/bulk_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_many(request: SignedInRequest, public_id: UUID, worker_id: UUID) -> HttpResponse:
    """A proposal of who takes which case, adjusted by hand, with the effect on everybody; confirmed once."""
    team, today = find_team(request.user, public_id, Permission.CASE_RECORD), timezone.localdate()
    wanted = request.POST.getlist("case") if request.method == "POST" else None
    try:
        giver = giver_of(team, worker_id, as_of=today)
        page = bulk_page(team, giver, wanted=wanted, as_of=today)
    except Http404:
        messages.info(request, "No case of this team is in this name any more: they have been transferred already.")
        return redirect("bulk-transfer", public_id)
    except NotAllowed as sentence:
        messages.warning(request, str(sentence))
        return redirect(f"{reverse('bulk-transfer', args=[public_id])}?from={worker_id}")
    form = _bulk_form(request, page)
    if form.is_bound and form.is_valid():
        chosen = form.chosen
        moves = [Move(row.case, giver, chosen[row.case.pk]) for row in page.rows if row.case.pk in chosen]
        done = "1 case is transferred." if len(moves) == 1 else f"{len(moves)} cases are transferred."
        if saved(request, form, _transferring(request, form, moves, team, form.seen), done=done):
            return redirect("team", team.public_id)
    rows = zip(page.rows, form.choices, strict=True)
    context = {"page": page, "form": form, "rows": list(rows), "effects": page.effects(form.chosen)}
    return render(request, "caseloads/bulk_transfer.html", context)


def _bulk_form(request: SignedInRequest, page: BulkPage) -> BulkForm:
    """The form as proposed; as typed so far, to be worked out again; or as sent to be saved."""
    cases, step = [row.case for row in page.rows], request.POST.get("step", "")
    if request.method == "POST" and step not in {"look", "propose"}:
        return BulkForm(request.POST, cases=cases, takers=page.takers, giver=page.giver, approvers=page.approvers)
    shown: dict[str, object] = {"on": timezone.localdate()}
    for row in page.rows:
        shown[f"to_{row.case.public_id}"] = row.proposed.public_id if row.proposed else NOBODY
    typed = {name: value for name, value in request.POST.items() if step == "look" or not name.startswith("to_")}
    seen = {f"seen_{case.public_id}": case.revision for case in cases}
    return BulkForm(
        initial=shown | typed | seen, cases=cases, takers=page.takers, giver=page.giver, approvers=page.approvers
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record_handover_meeting(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Say that the handover meeting was held after all."""
    row = find_transfer(request.user, public_id)
    require(request.user, Permission.CASE_RECORD, team=row.to_team)
    form = HandoverHeldForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: record_handover(row=row, by=request.user, at=timezone.now(), **form.cleaned_data),
        done="The handover meeting is recorded.",
        back=reverse("case", args=[row.case.public_id]),
        back_text=f"Case {row.case}",
        title=f"Handover meeting of case {row.case}",
    )


def _as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
