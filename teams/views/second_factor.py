"""Setting up, changing and giving a second factor: the sign-in library's views, with what is ours around them."""

from base64 import b64encode
from typing import Any

from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator

from teams import sessions
from teams.actions.second_factor import note_second_factor
from teams.queries.second_factor import has_second_factor, passkeys_of, second_factor_asked_of


def noted(request: HttpRequest, change: str) -> None:
    """Have a change recorded and the other sessions ended; this one is looked at anew."""
    user: Any = request.user
    note_second_factor(change=change, kept=request.session.session_key, by=user, at=timezone.now())
    without = sessions.MISSING if second_factor_asked_of(user) else sessions.NOT_ASKED
    request.session[sessions.SECOND_FACTOR] = sessions.GIVEN if has_second_factor(user) else without
    messages.success(request, f"{change}. You are signed out everywhere else.")


class ShowFactors(IndexView):
    template_name = "teams/second_factor/factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        own = {"asked": second_factor_asked_of(user), "has_one": has_second_factor(user), "passkeys": passkeys_of(user)}
        return dict(super().get_context_data(**kwargs)) | own


class GiveFactor(AuthenticateView):
    template_name = "teams/second_factor/give.html"

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody whose second factor was reset while they looked for it begins again."""
        pending = unstash_login(request, peek=True)
        if pending and pending.user and not has_second_factor(pending.user):
            clear_login(request)
            messages.info(request, "Your second factor was reset. Sign in, and set up a new one.")
            return redirect("sign-in")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class SetUpApp(ActivateTOTPView):
    template_name = "teams/second_factor/set_up_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        noted(self.request, "The app is set up")
        return answer


class RemoveApp(DeactivateTOTPView):
    template_name = "teams/second_factor/remove_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        noted(self.request, "The app is removed")
        return answer


class AddPasskey(AddWebAuthnView):
    template_name = "teams/second_factor/add_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to make a passkey that asks for its owner's finger, face or PIN."""
        found = dict(super().get_context_data(**kwargs))
        options = begin_registration(self.request.user, passwordless=True)  # the newest options are those that count
        return found | {"js_data": {"creation_options": options}}

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        noted(self.request, "The passkey is set up")
        return answer


class RemovePasskey(RemoveWebAuthnView):
    template_name = "teams/second_factor/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        noted(self.request, "The passkey is removed")
        return answer


class ShowRecoveryCodes(ViewRecoveryCodesView):
    template_name = "teams/second_factor/recovery_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The codes as a file too: it is part of the page, since they are shown this once."""
        found = dict(super().get_context_data(**kwargs))
        text = render_to_string("teams/second_factor/recovery_codes.txt", found | {"user": self.request.user})
        return found | {"file": b64encode(text.encode()).decode()}


class MakeRecoveryCodes(GenerateRecoveryCodesView):
    template_name = "teams/second_factor/make_recovery_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        noted(self.request, "You have new recovery codes")
        return answer

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes")
