from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from caseloads.actions.allocating import Offer, allocate, answer_allocation, reshare
from caseloads.forms.allocating import AgreementForm, AllocateForm, SharesForm
from caseloads.queries.allocating import AllocatePage, allocate_page, approvers, own_allocation, shares
from caseloads.queries.cases import find_case
from teams.access import SignedInRequest
from teams.refusals import NotAllowed
from teams.roles import Permission
from teams.views.saving import saved, show_or_save


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
    if form.is_bound and form.is_valid():
        typed, at = form.cleaned_data, timezone.now()
        offer = Offer(form.chosen, typed["share"], typed["on"], typed["agreement"], typed["note"])
        action = partial(allocate, case=case, offer=offer, past=form.past, by=request.user, at=at, **form.sent)
        if saved(request, form, action, done=f"Case {case} is allocated to {form.chosen}."):
            return redirect("case", case.public_id)
    return render(request, "caseloads/allocate.html", {"page": page, "form": form})


def _allocate_form(request: SignedInRequest, page: AllocatePage) -> AllocateForm:
    """The form as sent to be saved; or as typed so far, to be worked out for another share."""
    typed = request.POST.dict() if request.method == "POST" else {"on": timezone.localdate()}
    return AllocateForm(
        request.POST if request.method == "POST" and request.POST.get("step") != "look" else None,
        initial=typed | {"share": page.share, "seen": page.case.revision},
        workers=page.workers,
        approvers=page.approvers,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def share_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The share of each who holds the case, and who leads it."""
    case, today = find_case(request.user, public_id, Permission.CASE_RECORD), timezone.localdate()
    rows = [holding.allocation for holding in shares(case, on=today).holdings]
    lead = next((row.worker.public_id for row in rows if row.role == "LEAD"), "")
    start = {"seen": case.revision, "on": today, "lead": lead}
    form = SharesForm(request.POST or None, initial=start, team=case.team, rows=rows, approvers=approvers(case.team))
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("on", "reason")}
        wanted = {"wanted": form.wanted, "lead": form.leads, "past": form.past, **said}
        action = partial(reshare, case=case, by=request.user, at=timezone.now(), **wanted, **form.sent)
        if saved(request, form, action, done=f"The shares of case {case} are saved."):
            return redirect("case", case.public_id)
    return render(request, "caseloads/shares.html", {"case": case, "form": form, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def answer_own_allocation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The worker's own word on a case they hold."""
    allocation = own_allocation(request.user, public_id, as_of=timezone.localdate())
    form = AgreementForm(request.POST or None, initial={"agreement": allocation.agreement})
    return show_or_save(
        request,
        form,
        lambda: answer_allocation(allocation=allocation, by=request.user, at=timezone.now(), **form.said),
        done="Your answer is recorded.",
        back=reverse("case", args=[public_id]),
        back_text=f"Case {allocation.case}",
        title="What do you say to being given this case?",
        caption=f"Case {allocation.case}",
    )
