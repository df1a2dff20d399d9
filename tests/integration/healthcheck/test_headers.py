"""What every answer says to browsers."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cast import Cast

PAGES = ["/sign-in/", "/nowhere/", "/", "/employers/testshire/overview/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_headers(cast: Cast, client: Client, address: str) -> None:
    client.force_login(cast.dev)
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_cookies_are_not_for_scripts_or_other_sites(cast: Cast, client: Client) -> None:
    [cookie] = client.get("/sign-in/").cookies.values()
    assert cookie.key == settings.CSRF_COOKIE_NAME
    assert cookie["httponly"]
    assert cookie["samesite"] == settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY


def test_sentence_for_the_next_page_travels_as_other_cookies_do(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    client.post(reverse("own-sign-ins-end"))
    cookie = client.cookies[settings.MESSAGES_COOKIE_NAME]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert "You are signed out everywhere but here." in client.get(reverse("own-account")).text
    assert client.cookies[settings.MESSAGES_COOKIE_NAME].value == ""


def test_signing_out_empties_the_browser_of_what_was_looked_at(cast: Cast, client: Client) -> None:
    client.force_login(cast.asha)
    assert client.post(reverse("sign-out")).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(reverse("sign-in")).headers
