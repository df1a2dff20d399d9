"""How the library that people sign in by is made ours: our limits, our e-mails, no word about who has an account."""

import logging
import time
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import qrcode
import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import force_bytes
from qrcode.image.svg import SvgPathImage

from teams import attempts, origin, sessions
from teams.attempts import Limit
from teams.devices import device_in_words
from teams.models import User
from teams.refusals import NotAllowed

LOG = logging.getLogger(__name__)
SIGN_IN_OF_ACCOUNT = Limit("sign-in-account", most=10, seconds=900)
SIGN_IN_FROM_ADDRESS = Limit("sign-in-address", most=100, seconds=900)  # a council has one address for all its people
WRONG = "The name or the password is not right. Check both and try again."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "incorrect_password": "The password is not right. Try again.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the audit trail keeps, too; all of whom none is known count as one."""
        return origin.current().address or ""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose name and password these are, if they may sign in. Only attempts that fail count towards the limits."""
        name = (credentials.get("username") or credentials.get("email") or "").strip().casefold()
        address = SIGN_IN_FROM_ADDRESS.of(self.get_client_ip(request))
        attempt = attempts.count(SIGN_IN_OF_ACCOUNT.of(name), address)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()  # a closed account is answered like a wrong password
        if user and may_sign_in_here(user):
            attempt.give_back()
            return user
        return None

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Whoever signs in by their employer's directory cannot pass it by, and nobody signs in to a closed account."""
        by_directory = any(one["method"] == "socialaccount" for one in get_authentication_records(request, user))
        if user.is_active and (by_directory or may_sign_in_here(user)):
            return None
        clear_login(request)
        return render(request, "teams/directory_no_role.html", status=HTTPStatus.FORBIDDEN)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin a session, and note in it when, from where and with what."""
        super().login(request, user)
        request.session[sessions.BEGUN] = int(time.time())
        request.session[sessions.ADDRESS] = self.get_client_ip(request)
        request.session[sessions.DEVICE] = device_in_words(request.headers.get("User-Agent", ""))

    def is_safe_url(self, url: str | None) -> bool:
        """Only places of this site are led back to."""
        return bool(url) and super().is_safe_url(url or "") and str(url).startswith("/")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, app: str) -> bool:
        """Whoever signed in a moment ago need not say it again, and whoever has no password cannot."""
        user: Any = self.request.user
        records = get_authentication_records(self.request, user)
        recent = any(time.time() - one["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for one in records)
        return user.has_usable_password() and not recent

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """By the password alone."""
        by_password = {"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}
        return [by_password] if user.has_usable_password() else []

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Our actions write their own letters."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotAllowed(f"No e-mail “{template_prefix}” of the library’s own is sent.")


class DirectoryFaultsAdapter(DefaultSocialAccountAdapter):
    """What the library finds wrong with a sign-in by the directory is for the log; people are told what to do."""

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        LOG.warning("A sign-in by the directory failed: %s %s", kwargs.get("error"), kwargs.get("exception") or "")
        raise ImmediateHttpResponse(render(request, "teams/directory_refused.html", status=HTTPStatus.FORBIDDEN))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        """Asks at the addresses that the directory's description gives, and nowhere that an answer leads on to."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session


def may_sign_in_here(user: Any) -> bool:
    """Whether somebody may sign in by a password or passkey of ours: those named for it, once there is a directory."""
    return not settings.SSO_ISSUER or user.username in settings.SSO_LOCAL_ACCOUNTS


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That did not work. Use the newest code, and check the clock of the device that shows it.",
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The picture that an app scans, drawn here."""
        return qrcode.make(url, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")  # type: ignore[no-any-return]

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library's own name
        return "Passkey"

    def _get_site_name(self) -> str:
        return "Team Health Check"


@cache
def _cipher() -> MultiFernet:
    """What keeps second factors unreadable in the database, from the service's secret key and the keys before it."""
    keys = [b"second factors:" + force_bytes(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(key).digest())) for key in keys])
