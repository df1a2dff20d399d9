from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from caseloads.actions.placing import LimitsPassed, PastLimit
from caseloads.actions.transfers import Handover, Move, record_handover, transfer
from caseloads.forms.transfers import BulkForm, HandoverHeldForm, TransferForm
from caseloads.models import Transfer
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
from caseloads.views.allocating import SAVED_ONCE
from teams.access import SignedInRequest, find_team, require
from teams.models import Team
from teams.refusals import AlreadyDone, NotAllowed
from teams.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who could take a case over, with their load before and after."""
    case = find_case(request.user, public_id, Permission.CASE_RECORD)
    asked = request.POST if request.method == "POST" else request.GET
    page = transfer_page(case, giver=asked.get("giver"), as_of=timezone.localdate())
    form = _transfer_form(request, page)
    limits = None
    if form.is_bound and form.is_valid():
        moves = [Move(case, form.giver_chosen, form.taker)]
        limits = _transfer(request, form, moves, form.team or case.team, {case.pk: form.cleaned_data["seen"]})
        if not form.errors:
            return redirect("team", case.team.public_id) if form.team else redirect("case", case.public_id)
        form.look_again(case.revision)
    return render(request, "caseloads/transfer.html", {"page": page, "form": form, "limits": limits})


def _transfer_form(request: SignedInRequest, page: TransferPage) -> TransferForm:
    if request.method == "POST" and request.POST.get("step") != "look":
        return TransferForm(request.POST, page=page)
    start = {"on": timezone.localdate(), "giver": page.giver.public_id if page.giver else ""}
    return TransferForm(initial=start | request.POST.dict() | {"seen": page.case.revision}, page=page)


def _transfer(
    request: SignedInRequest, form: TransferForm | BulkForm, moves: list[Move], to_team: Team, seen: Mapping[int, int]
) -> LimitsPassed | None:
    """Move the cases; a refusal is an error of the form, and a limit that was passed is returned to be asked about."""
    typed = form.cleaned_data
    try:
        done = transfer(
            moves=moves,
            to_team=to_team,
            handover=Handover(typed["reason"], typed["on"], typed["meeting_on"]),
            past=PastLimit(typed["limit_reason"], form.approver),
            seen=seen,
            once=typed["once"],
            by=request.user,
            at=timezone.now(),
        )
    except LimitsPassed as refusal:
        form.add_error("limit_reason", str(refusal))
        return refusal
    except NotAllowed as sentence:
        form.add_error(None, str(sentence))
    except AlreadyDone:
        messages.info(request, SAVED_ONCE)
    else:
        messages.success(request, _done(done))
    return None


def _done(rows: list[Transfer]) -> str:
    if len(rows) > 1:
        return f"{len(rows)} cases are transferred."
    return f"Case {rows[0].case} is transferred to {rows[0].to_worker or rows[0].to_team}."


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
    asked = request.POST if request.method == "POST" else request.GET
    try:
        giver = giver_of(team, worker_id, as_of=today)
        page = bulk_page(team, giver, wanted=asked.getlist("case"), as_of=today)
    except Http404:
        messages.info(request, "None of these cases is in this name any more. Look at the cases of the team.")
        return redirect("bulk-transfer", public_id)
    except NotAllowed as sentence:
        messages.warning(request, str(sentence))
        return redirect(f"{reverse('bulk-transfer', args=[public_id])}?from={worker_id}")
    form = _bulk_form(request, page)
    limits = None
    if form.is_bound and form.is_valid():
        chosen = form.chosen
        moves = [Move(row.case, giver, chosen[row.case.pk]) for row in page.rows if row.case.pk in chosen]
        limits = _transfer(request, form, moves, team, form.seen)
        if not form.errors:
            return redirect("team", team.public_id)
        form.look_again()
    rows = zip(page.rows, form.choices, strict=True)
    context = {"page": page, "form": form, "rows": list(rows), "limits": limits, "effects": page.effects(form.chosen)}
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
    back = reverse("case", args=[row.case.public_id])
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            record_handover(
                row=row, meeting_on=typed["meeting_on"], once=typed["once"], by=request.user, at=timezone.now()
            )
        except AlreadyDone:
            messages.info(request, SAVED_ONCE)
        except NotAllowed as sentence:
            messages.warning(request, str(sentence))
        else:
            messages.success(request, "The handover meeting is recorded.")
        return redirect(back)
    title = f"Handover meeting of case {row.case}"
    context = {"form": form, "title": title, "back": back, "back_text": f"Case {row.case}"}
    return render(request, "design/form_page.html", context)


def _as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
