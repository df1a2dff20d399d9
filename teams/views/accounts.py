"""The administrator's pages of accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from design.paging import page_of
from teams import access
from teams.access import SignedInRequest
from teams.actions import accounts as actions
from teams.actions.roles import end_role as end_a_role
from teams.actions.roles import give_role as give_a_role
from teams.forms.accounts import EndRoleForm, InviteForm, RoleForm, WhoForm
from teams.forms.once import OnceForm
from teams.models import Employer
from teams.queries import accounts
from teams.roles import Permission
from teams.views.saving import show_or_save
from teams.views.staffing import asks


@dataclass(frozen=True)
class Step:
    """Something that is done to an account once an administrator is sure."""

    action: Callable[..., object]
    question: str
    intro: str
    button: str
    done: str


STEPS: Mapping[str, Step] = {
    "invite-again": Step(
        actions.invite_again,
        "Invite again?",
        "A new link is sent, which works for seven days. The link before it works no longer.",
        "Invite again",
        "A new invitation is on its way.",
    ),
    "withdraw": Step(
        actions.withdraw_invitation,
        "Withdraw the invitation?",
        "The link in it works no longer. The account stays, and can be invited again.",
        "Withdraw",
        "The invitation is withdrawn.",
    ),
    "reset-second-factor": Step(
        actions.reset_second_factor,
        "Reset the second factor?",
        "Be sure that it is they who ask: speak to them. Their app, passkeys and recovery codes stop working, they are "
        "signed out everywhere and told by e-mail, and set up a new one when they next sign in.",
        "Reset it",
        "The second factor is reset.",
    ),
    "sign-out": Step(
        actions.sign_out,
        "Sign them out everywhere?",
        "They can sign in again at once.",
        "Sign them out",
        "They are signed out everywhere.",
    ),
    "close": Step(
        actions.close_account,
        "Close the account?",
        "They are signed out everywhere and cannot sign in any more. What they have done stays as it is. The account "
        "can be opened again.",
        "Close the account",
        "The account is closed.",
    ),
    "reopen": Step(
        actions.reopen_account,
        "Open the account again?",
        "They can sign in again, with the roles that have not ended.",
        "Open the account",
        "The account is open.",
    ),
}


def _employer(request: SignedInRequest, slug: str) -> Employer:
    return access.find_employer(request.user, slug, Permission.EMPLOYER_SET_UP)


@require_safe
def show_accounts(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everybody with an account, by name; narrowed down by what is typed, and by how the account stands."""
    employer = _employer(request, slug)
    wanted, state = request.GET.get("name", "").strip()[:100], request.GET.get("state", "")
    page = page_of(accounts.account_list(employer, wanted=wanted, state=state), request.GET.get("page"), accounts.PAGE)
    rows = accounts.accounts(list(page), employer=employer, at=timezone.now())
    context = {"employer": employer, "rows": rows, "page": page, "wanted": wanted, "state": state}
    return render(request, "teams/accounts/accounts.html", context)


@require_safe
def show_account(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    employer = _employer(request, slug)
    account = accounts.find_account_of(employer, public_id, at=timezone.now())
    context = {"employer": employer, "account": account, "own": account.user == request.user}
    return render(request, "teams/accounts/account.html", context)


@asks
def invite(request: SignedInRequest, slug: str) -> HttpResponse:
    employer = _employer(request, slug)
    form = InviteForm(request.POST or None, scopes=accounts.scopes(employer), workers=accounts.workers_to_be(employer))
    return show_or_save(
        request,
        form,
        lambda: actions.invite(
            employer=employer,
            new=form.new_account,
            roles=[form.new_role],
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The invitation is on its way. Its link works for seven days.",
        back=reverse("accounts", args=[slug]),
        title="Invite somebody",
        caption=str(employer),
        button="Send the invitation",
    )


@asks
def change_account(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Put right how somebody is called, where they are written to, and which worker they are."""
    employer = _employer(request, slug)
    account = accounts.find_account_of(employer, public_id, at=timezone.now())
    workers = accounts.workers_to_be(employer, account.user)
    form = WhoForm(request.POST or None, workers=workers, initial=account.as_typed())
    return show_or_save(
        request,
        form,
        lambda: actions.change_account(
            employer=employer,
            account=account.user,
            new=form.new_account,
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The account is changed.",
        back=reverse("account", args=[slug, public_id]),
        title="Change an account",
        caption=str(account.user),
    )


@asks
def give_role(request: SignedInRequest, slug: str, public_id: UUID) -> HttpResponse:
    employer = _employer(request, slug)
    account = accounts.find_account_of(employer, public_id, at=timezone.now())
    form = RoleForm(request.POST or None, scopes=accounts.scopes(employer))
    return show_or_save(
        request,
        form,
        lambda: give_a_role(
            employer=employer, user=account.user, new=form.new_role, by=request.user, at=timezone.now(), **form.sent
        ),
        done="The role is given. They are signed out and see it when they sign in again.",
        back=reverse("account", args=[slug, public_id]),
        title="Give a role",
        caption=str(account.user),
        button="Give the role",
    )


@asks
def end_role(request: SignedInRequest, slug: str, public_id: UUID, pk: int) -> HttpResponse:
    employer = _employer(request, slug)
    account = accounts.find_account_of(employer, public_id, at=timezone.now())
    row = accounts.find_role(employer, account.user, pk)
    form = EndRoleForm(request.POST or None, initial={"on": timezone.localdate()})
    return show_or_save(
        request,
        form,
        lambda: end_a_role(row=row, on=form.cleaned_data["on"], by=request.user, at=timezone.now(), **form.sent),
        done="The role ends on that day.",
        back=reverse("account", args=[slug, public_id]),
        title="End a role",
        caption=str(account.user),
        intro=f"{row.words}. Whoever stands in for them in it no longer does from that day.",
        button="End the role",
    )


@asks
def take_step(request: SignedInRequest, slug: str, public_id: UUID, step: str) -> HttpResponse:
    """One of the things that need nothing but a yes."""
    employer = _employer(request, slug)
    account = accounts.find_account_of(employer, public_id, at=timezone.now())
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404("There is no such step.")
    form = OnceForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: chosen.action(employer=employer, account=account.user, by=request.user, at=timezone.now(), **form.sent),
        done=chosen.done,
        back=reverse("account", args=[slug, public_id]),
        title=chosen.question,
        caption=str(account.user),
        intro=chosen.intro,
        button=chosen.button,
    )
