"""Signing in by the employer's directory: the library's OpenID Connect, with every check that it leaves out.

The library trusts an ID token that it fetched itself, and knows no nonce. Here each is checked (teams/id_tokens.py).
The nonce is the challenge made from the secret that the exchange of the code needs: both are of one sign-in.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import requests
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from teams import sessions, tenancy
from teams.actions.directory import DIRECTORY, Person, bring_in_line
from teams.directory_roles import read_roles
from teams.id_tokens import Expected, NotOursError, read_id_token
from teams.queries.directory import employer_of_directory

LOG = logging.getLogger(__name__)


class NoRoleError(Exception):
    """The directory knows them, and gives them no role here."""


class AwayError(Exception):
    """The directory does not answer."""


class DirectoryProvider(OpenIDConnectProvider):
    def get_oauth2_adapter(self, request: HttpRequest) -> "DirectoryAdapter":
        return DirectoryAdapter(request)

    def get_pkce_params(self) -> dict[str, str]:
        made = generate_code_challenge()
        self.nonce = made["code_challenge"].decode()
        return {**made, "code_challenge": self.nonce, "nonce": self.nonce}


class DirectoryAdapter(OpenIDConnectOAuth2Adapter):
    state: dict[str, Any]

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, DIRECTORY)

    def get_provider(self) -> DirectoryProvider:
        return DirectoryProvider(self.request, app=_app())

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{settings.SITE_ADDRESS}{reverse('directory-back')}"

    def expected(self) -> Expected:
        """Whose tokens are believed: those of exactly the directory that the settings name."""
        config = self.openid_config
        if config.get("issuer") != settings.SSO_ISSUER:
            raise OAuth2Error("The directory calls itself by another name than SSO_ISSUER says.")
        return Expected(settings.SSO_ISSUER, settings.SSO_CLIENT_ID, config["jwks_uri"], settings.SSO_TENANT)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> None:
        """Sign them in, or raise what was wrong."""
        nonce = challenge_of(self.state["pkce_code_verifier"])
        claims = read_id_token(str(kwargs["response"].get("id_token", "")), expected=self.expected(), nonce=nonce)
        with tenancy.by(tenancy.By.SLUG, settings.SSO_EMPLOYER):
            user = bring_in_line(
                employer=employer_of_directory(),
                person=person_of(claims),
                roles=read_roles(_listed(claims.get(settings.SSO_ROLES_CLAIM))),
                at=timezone.now(),
            )
        if user is None:
            raise NoRoleError
        record_authentication(request, user, "socialaccount", provider=DIRECTORY)
        request.session[sessions.LONGEST] = settings.SSO_LONGEST_SESSION
        raise ImmediateHttpResponse(perform_login(request, Login(user=user, redirect_url=self.state.get("next"))))


class ComeBack(OAuth2CallbackView):
    """Somebody comes back from the directory."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state
        return state, response


def challenge_of(verifier: str) -> str:
    """What the directory was told at the beginning of the sign-in that this verifier belongs to."""
    digest = sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def person_of(claims: Any) -> Person:
    """Somebody by what never changes: their object in the tenant, or else the directory's own key for them."""
    lasting = f"{claims['tid']}/{claims['oid']}" if claims.get("tid") and claims.get("oid") else ""
    return Person(
        key=lasting or f"{claims['iss']}|{claims['sub']}",
        subject=str(claims["sub"]),
        name=str(claims.get("name") or claims.get("preferred_username") or ""),
        email=str(claims.get("email") or ""),
        staff_reference=str(claims.get(settings.SSO_STAFF_REFERENCE_CLAIM) or ""),
    )


@contextmanager
def _asked() -> Iterator[None]:
    """What goes wrong in asking the directory is that it is away."""
    try:
        yield
    except requests.RequestException as error:
        LOG.warning("The directory does not answer: %s", error)
        raise AwayError from error


def begin(request: HttpRequest, *, back_to: str | None) -> HttpResponse:
    """Lead to the directory. Nothing in the request's own address changes what the directory is asked."""
    with _asked():
        provider = DirectoryAdapter(request).get_provider()
        answer: HttpResponse = provider.redirect(request, process="login", next_url=back_to)
    return answer


def come_back(request: HttpRequest) -> HttpResponse:
    """Sign in whoever comes back. Raises NoRoleError or AwayError; anything else that is wrong is for the log alone."""
    try:
        with _asked():
            answer: HttpResponse = ComeBack.adapter_view(DirectoryAdapter(request))(request)
    except (NotOursError, KeyError) as reason:
        LOG.warning("A sign-in by the directory was refused: %s", reason)
        raise NotOursError from reason
    return answer


def expected(request: HttpRequest) -> Expected:
    """Whose tokens are believed. Raises AwayError."""
    with _asked():
        return DirectoryAdapter(request).expected()


def _app() -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=DIRECTORY,
        name=settings.SSO_NAME,
        client_id=settings.SSO_CLIENT_ID,
        secret=settings.SSO_CLIENT_SECRET,
        settings={"server_url": settings.SSO_ISSUER.rstrip("/"), "scope": ["openid", "profile", "email"]},
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
