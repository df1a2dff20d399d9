"""The sign-in page: the sign-in library's, with what the settings say of it; and signing in by a passkey alone."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect


class SignIn(LoginView):
    template_name = "teams/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"demonstration": settings.DEMONSTRATION, "directory": settings.SSO_NAME if settings.SSO_ISSUER else ""}
        return dict(super().get_context_data(**kwargs)) | said


class SignOut(LogoutView):
    """Leaves nothing of what was looked at in the browser; its cookies are the host's, and go one by one."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post(*args, **kwargs)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


class SignInByPasskey(LoginWebAuthnView):
    def form_invalid(self, _form: Any) -> HttpResponse:
        """The browser's answer was none of ours."""
        messages.error(self.request, "The passkey was not accepted. Try again, or sign in with your password.")
        return redirect("sign-in")
