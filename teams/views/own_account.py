"""One's own account: where one is signed in, and one's password; and the links by which one is set."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from teams import checking, tenancy
from teams.access import SignedInRequest
from teams.actions import letters, passwords, sessions
from teams.forms.accounts import ChangePasswordForm, ForgottenForm, NewPasswordForm
from teams.models import User
from teams.queries.accounts import sign_ins_of
from teams.queries.second_factor import has_second_factor
from teams.refusals import NotAllowed
from teams.views.staffing import asks


@require_safe
def show_own_account(request: SignedInRequest) -> HttpResponse:
    here = request.session.session_key
    context = {
        "sign_ins": [(row, row.session_key == here) for row in sign_ins_of(request.user, at=timezone.now())],
        "second_factor": has_second_factor(request.user),
    }
    return render(request, "teams/accounts/own.html", context)


@require_POST
def end_sign_in(request: SignedInRequest, mark: str) -> HttpResponse:
    sessions.end_sign_in(mark=mark, by=request.user, at=timezone.now())
    messages.success(request, "That sign-in is ended.")
    return redirect("own-account")


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    sessions.end_own_sign_ins(kept=request.session.session_key, by=request.user, at=timezone.now())
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("own-account")


@asks
@sensitive_post_parameters()
def change_password(request: SignedInRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if form.is_bound and form.is_valid() and checking.own_password(request, form):
        kept, data = request.session.session_key, form.cleaned_data
        passwords.change_password(password=data["password"], kept=kept, by=request.user, at=timezone.now())
        checking.keep_signed_in(request)
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return redirect("own-account")
    context = {"form": form, "back": reverse("own-account"), "title": "Change your password"}
    return render(request, "teams/accounts/password_form.html", context)


@asks
@login_not_required
def ask_for_password(request: HttpRequest) -> HttpResponse:
    """Whoever asks is told the same, whether there is such an account or not."""
    form = ForgottenForm(request.POST or None)
    if form.is_bound and form.is_valid():
        checking.limit_letters(request, form.cleaned_data["name"])
        letters.ask_for_password(name=form.cleaned_data["name"], at=timezone.now())
        return render(request, "teams/accounts/letter_asked_for.html")
    return render(request, "teams/accounts/forgotten.html", {"form": form})


@asks
@login_not_required
@never_cache
@sensitive_post_parameters()
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link. Only sending the form uses the link up: mail programs look at links before people do."""
    try:
        checking.limit_links(request)
        letter = passwords.find_link(token, at=timezone.now())
        with tenancy.by(tenancy.By.USER, letter.user_id):
            return _choose_password(request, token, letter.user)
    except NotAllowed as reason:
        return render(request, "teams/accounts/link_over.html", {"reason": reason}, status=410)


def _choose_password(request: HttpRequest, token: str, account: User) -> HttpResponse:
    form = NewPasswordForm(request.POST or None, user=account)
    if form.is_bound and form.is_valid():
        passwords.set_password(token=token, password=form.cleaned_data["password"], at=timezone.now())
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("sign-in")
    return render(request, "teams/accounts/set_password.html", {"form": form, "account": account})
