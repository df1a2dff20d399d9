"""The administrator's pages of other systems and their tokens."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from teams import access
from teams.access import SignedInRequest
from teams.actions import integrations as actions
from teams.forms.integrations import IntegrationForm, TokenForm
from teams.forms.once import OnceForm
from teams.models import Employer
from teams.policies import half_a_year_after
from teams.queries import integrations
from teams.queries.integrations import IntegrationRow
from teams.refusals import AlreadyDone, NotAllowed
from teams.roles import Permission
from teams.views.saving import SAVED_ONCE, show_or_save
from teams.views.staffing import asks


def _employer(request: SignedInRequest, slug: str) -> Employer:
    return access.find_employer(request.user, slug, Permission.EMPLOYER_SET_UP)


def _integration(request: SignedInRequest, slug: str, public_id: UUID) -> IntegrationRow:
    return integrations.find_integration(_employer(request, slug), public_id, at=timezone.now())


@require_safe
def show_integrations(request: SignedInRequest, slug: str) -> HttpResponse:
    employer = _employer(request, slug)
    rows = integrations.integrations(employer, at=timezone.now())
    return render(request, "teams/integrations/integrations.html", {"employer": employer, "rows": rows})


@require_safe
def show_integration(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    row = _integration(request, slug, public_id)
    return render(request, "teams/integrations/integration.html", {"employer": row.integration.employer, "row": row})


@asks
def add_integration(request: SignedInRequest, slug: str) -> HttpResponse:
    employer = _employer(request, slug)
    form = IntegrationForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.add_integration(
            employer=employer, by=request.user, at=timezone.now(), **form.what, **form.sent
        ),
        done="The integration is set up. Make a token for it next.",
        back=reverse("integrations", args=[slug]),
        title="Set up an integration",
        caption=str(employer),
        button="Set it up",
    )


@asks
def change_integration(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    row = _integration(request, slug, public_id)
    form = IntegrationForm(
        request.POST or None, initial={"name": row.integration.name, "scopes": row.integration.scopes}
    )
    return show_or_save(
        request,
        form,
        lambda: actions.change_integration(
            integration=row.integration, by=request.user, at=timezone.now(), **form.what, **form.sent
        ),
        done="The integration is changed. Its tokens work as before.",
        back=reverse("integration", args=[slug, public_id]),
        title="Change an integration",
        caption=str(row.integration),
    )


@asks
def end_integration(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    row = _integration(request, slug, public_id)
    form = OnceForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.end_integration(integration=row.integration, by=request.user, at=timezone.now(), **form.sent),
        done="The integration has ended. None of its tokens works any more.",
        back=reverse("integration", args=[slug, public_id]),
        title="End the integration?",
        caption=str(row.integration),
        intro="None of its tokens works any more, at once and for good. What it did stays under its name.",
        button="End it",
    )


@asks
def make_token(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Ask until when a new token works; then show it, on the answer to the form and never again."""
    row = _integration(request, slug, public_id)
    form = TokenForm(request.POST or None, initial={"expires_on": half_a_year_after(timezone.localdate())})
    context = {"employer": row.integration.employer, "row": row, "form": form, "token": ""}
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["expires_on"]
        asked = {"integration": row.integration, "expires_on": day, "by": request.user, "at": timezone.now()}
        try:
            context["token"] = actions.make_token(**asked, **form.sent)
        except AlreadyDone:
            form.add_error(None, f"{SAVED_ONCE} If you have lost the token, withdraw it and make another one")
        except NotAllowed as refusal:
            form.refused(refusal)
    return render(request, "teams/integrations/token.html", context)


@asks
def end_token(request: SignedInRequest, slug: str, public_id: UUID, token_id: UUID) -> HttpResponse:
    row = _integration(request, slug, public_id)
    token = integrations.find_token(row, token_id)
    form = OnceForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.end_token(token=token, by=request.user, at=timezone.now(), **form.sent),
        done="The token is withdrawn.",
        back=reverse("integration", args=[slug, public_id]),
        title="Withdraw the token?",
        caption=f"{row.integration}, {token.begins}…",
        intro="It works no longer, at once and for good. Be sure that the other system uses another one by now.",
        button="Withdraw it",
    )
