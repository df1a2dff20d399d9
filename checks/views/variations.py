from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checks.forms.variations import DecideForm, ProposeForm
from checks.queries.variations import find_variation, variation_page, variations_page, what_to_vary
from standards.actions import variations as actions
from standards.actions.variations import NewVariation
from teams.access import SignedInRequest
from teams.roles import Permission
from teams.views.saving import show_or_save

asks = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def show_variations(request: SignedInRequest, slug: str) -> HttpResponse:
    """What waits for a decision, what counts, and what is over."""
    page = variations_page(request.user, slug, on=timezone.localdate())
    return render(request, "standards/variations.html", {"page": page})


@require_safe
def show_variation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One variation with its whole history."""
    page = variation_page(request.user, public_id, on=timezone.localdate())
    return render(request, "standards/variation.html", {"page": page})


@asks
def propose_variation(request: SignedInRequest, slug: str, pack: str, indicator: str) -> HttpResponse:
    found = what_to_vary(request.user, slug, pack, indicator, on=timezone.localdate())
    form = ProposeForm(
        request.POST or None, bound=found.bound, unit=found.unit, initial={"starts_on": timezone.localdate()}
    )
    return show_or_save(
        request,
        form,
        lambda: actions.propose_variation(
            employer=found.employer,
            new=NewVariation(pack=pack, indicator=indicator, **form.proposed),
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The variation is proposed. It counts once a director has approved it.",
        back=reverse("variations", args=[slug]),
        template="standards/variation_new.html",
        found=found,
    )


def _decide(
    request: SignedInRequest,
    public_id: UUID,
    action: Callable[..., None],
    *any_of: Permission,
    done: str,
    **said: str,
) -> HttpResponse:
    row = find_variation(request.user, public_id, *any_of)
    page = variation_page(request.user, public_id, on=timezone.localdate())
    form = DecideForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: action(
            variation=row, words=form.cleaned_data["words"], by=request.user, at=timezone.now(), **form.sent
        ),
        done=done,
        back=reverse("variation", args=[public_id]),
        template="standards/variation_decide.html",
        page=page,
        caption=f"Local variation: {page.row.name}",
        button=said["title"],
        **said,
    )


@asks
def approve_variation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return _decide(
        request,
        public_id,
        actions.approve_variation,
        Permission.VARIATION_DECIDE,
        title="Approve",
        done="Approved. Both thresholds are shown wherever this indicator is.",
        intro="The local thresholds will count beside the national ones, with your name and these words.",
    )


@asks
def decline_variation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return _decide(
        request,
        public_id,
        actions.decline_variation,
        Permission.VARIATION_DECIDE,
        title="Decline",
        done="Declined. The national threshold goes on to apply.",
        intro="The national thresholds stay the only ones. Your words are kept with the proposal.",
    )


@asks
def withdraw_variation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return _decide(
        request,
        public_id,
        actions.withdraw_variation,
        Permission.STANDARDS_EDIT,
        title="Withdraw",
        done="Withdrawn. It can be proposed anew.",
        intro="The proposal is kept, and nobody has to decide it any more.",
    )


@asks
def end_variation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return _decide(
        request,
        public_id,
        actions.end_variation,
        Permission.STANDARDS_EDIT,
        Permission.VARIATION_DECIDE,
        title="End it now",
        done="Ended. The national threshold applies.",
        intro="From today the national thresholds are the only ones again. Reports of earlier days stay as they are.",
    )
