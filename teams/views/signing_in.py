"""The sign-in page: the sign-in library's, with what the settings say of it."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings


class SignIn(LoginView):
    template_name = "teams/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"demonstration": settings.DEMONSTRATION, "directory": settings.SSO_NAME if settings.SSO_ISSUER else ""}
        return dict(super().get_context_data(**kwargs)) | said
