from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from caseloads.actions.allocating import Offer, allocate, answer_allocation, reshare
from caseloads.actions.placing import LimitsPassed, PastLimit
from caseloads.forms.allocating import AgreementForm, AllocateForm, SharesForm
from caseloads.models import Case
from caseloads.queries.allocating import AllocatePage, allocate_page, approvers, own_allocation, shares
from caseloads.queries.cases import find_case
from teams.access import SignedInRequest
from teams.refusals import AlreadyDone, NotAllowed
from teams.roles import Permission

SAVED_ONCE = "This had already been saved; nothing was saved twice."


@require_http_methods(["GET", "HEAD", "POST"])
def allocate_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Everybody of the team with the load they would have; the choice is saved, or its limit asked about."""
    case = find_case(request.user, public_id, Permission.CASE_RECORD)
    asked = request.POST if request.method == "POST" else request.GET
    try:
        page = allocate_page(case, asked_share=asked.get("share"), as_of=timezone.localdate())
    except NotAllowed as sentence:
        messages.warning(request, str(sentence))
        return redirect("case", case.public_id)
    form = _allocate_form(request, page)
    limits = None
    if form.is_bound and form.is_valid():
        try:
            _allocate(request, page, form)
        except LimitsPassed as refusal:
            limits = refusal
            form.add_error("limit_reason", str(refusal))
        except NotAllowed as sentence:
            form.add_error(None, str(sentence))
        else:
            return redirect("case", case.public_id)
        form.look_again(case.revision)
    return render(request, "caseloads/allocate.html", {"page": page, "form": form, "limits": limits})


def _allocate_form(request: SignedInRequest, page: AllocatePage) -> AllocateForm:
    if request.method == "POST" and request.POST.get("step") != "look":
        return AllocateForm(request.POST, workers=page.workers, approvers=page.approvers)
    typed = request.POST.dict() if request.method == "POST" else {"on": timezone.localdate()}
    return AllocateForm(
        initial=typed | {"share": page.share, "seen": page.case.revision},
        workers=page.workers,
        approvers=page.approvers,
    )


def _allocate(request: SignedInRequest, page: AllocatePage, form: AllocateForm) -> None:
    typed = form.cleaned_data
    try:
        allocate(
            case=page.case,
            offer=Offer(form.chosen, typed["share"], typed["on"], typed["agreement"], typed["note"]),
            past=PastLimit(typed["limit_reason"], form.approver),
            seen=typed["seen"],
            once=typed["once"],
            by=request.user,
            at=timezone.now(),
        )
    except AlreadyDone:
        messages.info(request, SAVED_ONCE)
    else:
        messages.success(request, f"Case {page.case} is allocated to {form.chosen}.")


@require_http_methods(["GET", "HEAD", "POST"])
def share_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The share of each who holds the case, and who leads it."""
    case, today = find_case(request.user, public_id, Permission.CASE_RECORD), timezone.localdate()
    rows = [holding.allocation for holding in shares(case, on=today).of_team(case.team)]
    lead = next((row.worker.public_id for row in rows if row.role == "LEAD"), "")
    start = {"seen": case.revision, "on": today, "lead": lead}
    form = SharesForm(request.POST or None, initial=start, rows=rows, approvers=approvers(case.team))
    limits = None
    if form.is_bound and form.is_valid():
        try:
            _share(request, case, form)
        except LimitsPassed as refusal:
            limits = refusal
            form.add_error("limit_reason", str(refusal))
        except NotAllowed as sentence:
            form.add_error(None, str(sentence))
        else:
            return redirect("case", case.public_id)
        form.look_again(case.revision)
    return render(request, "caseloads/shares.html", {"case": case, "form": form, "limits": limits, "rows": rows})


def _share(request: SignedInRequest, case: Case, form: SharesForm) -> None:
    typed = form.cleaned_data
    try:
        reshare(
            case=case,
            wanted=form.wanted,
            lead=form.leads,
            on=typed["on"],
            past=PastLimit(typed["limit_reason"], form.approver),
            seen=typed["seen"],
            once=typed["once"],
            by=request.user,
            at=timezone.now(),
        )
    except AlreadyDone:
        messages.info(request, SAVED_ONCE)
    else:
        messages.success(request, f"The shares of case {case} are saved.")


@require_http_methods(["GET", "HEAD", "POST"])
def answer_own_allocation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The worker's own word on a case they hold."""
    allocation = own_allocation(request.user, public_id, as_of=timezone.localdate())
    form = AgreementForm(
        request.POST or None, initial={"agreement": allocation.agreement, "words": allocation.agreement_note}
    )
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            answer_allocation(
                allocation=allocation,
                agreement=typed["agreement"],
                words=typed["words"],
                once=typed["once"],
                by=request.user,
                at=timezone.now(),
            )
        except AlreadyDone:
            messages.info(request, SAVED_ONCE)
        else:
            messages.success(request, "Your answer is recorded.")
        return redirect("case", public_id)
    context = {
        "form": form,
        "title": "What do you say to being given this case?",
        "caption": f"Case {allocation.case}",
        "back": reverse("case", args=[public_id]),
        "back_text": f"Case {allocation.case}",
    }
    return render(request, "design/form_page.html", context)
