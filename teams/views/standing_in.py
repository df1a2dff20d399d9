from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from teams.access import SignedInRequest
from teams.actions import roles
from teams.forms.once import OnceForm
from teams.forms.standing_in import StandInForm
from teams.models import User
from teams.queries import standing_in
from teams.views.saving import show_or_save
from teams.views.staffing import asks


@require_safe
def show_standing_in(request: SignedInRequest, public_id: UUID | None = None) -> HttpResponse:
    """Who stands in for somebody and for whom they do: one's own page, or an administrator's."""
    account = standing_in.account_of(request.user, public_id)
    context = {"page": standing_in.standing_in(account), "own": account == request.user, "public_id": public_id}
    return render(request, "teams/standing_in.html", context)


@asks
def name_stand_in(request: SignedInRequest, public_id: UUID | None = None) -> HttpResponse:
    account = standing_in.account_of(request.user, public_id)
    form = StandInForm(
        request.POST or None,
        colleagues=standing_in.possible_stand_ins(account),
        initial={"starts_on": timezone.localdate()},
    )
    return show_or_save(
        request,
        form,
        lambda: roles.name_stand_in(away=account, by=request.user, at=timezone.now(), **form.cleaned_data),
        done="They are told on their next page: they stand in from the day you chose.",
        back=_page(public_id),
        template="teams/stand_in_form.html",
        lends=[row.words for row in standing_in.lent_roles(account)],
        title=_title(account, request.user),
    )


@asks
def end_stand_in(request: SignedInRequest, deputy_id: UUID, public_id: UUID | None = None) -> HttpResponse:
    account = standing_in.account_of(request.user, public_id)
    found = standing_in.find_stand_in(account, deputy_id)
    form = OnceForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: roles.end_stand_in(
            away=account, deputy=found.deputy, on=timezone.localdate(), by=request.user, at=timezone.now(), **form.sent
        ),
        done=f"{found.deputy} no longer stands in.",
        back=_page(public_id),
        title=f"End that {found.deputy} stands in?",
        intro="They lose these roles at once. What they have done stays as it is.",
        button="End it",
    )


def _page(public_id: UUID | None) -> str:
    return reverse("standing-in") if public_id is None else reverse("account-standing-in", args=[public_id])


def _title(account: User, user: User) -> str:
    return "Name somebody who stands in for you" if account == user else f"Name somebody who stands in for {account}"
