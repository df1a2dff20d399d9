"""The small rules of signing in, without a database; and the page that says them."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from design.figures import how_long
from teams import adapters, checking, guarding
from teams.devices import device_in_words
from teams.forms.second_factor import CODES_OF_ACCOUNT
from teams.names import names_of
from teams.policies import why_not_account, why_not_scope
from teams.roles import Role, asks_second_factor

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "accounts.md").read_text()
PERSON: Any = SimpleNamespace(
    pk=1,
    username="nia.ferndale",
    first_name="Nia",
    last_name="Ferndale",
    email="n.ferndale@testshire.example",
    employers=lambda: ["Testshire Council"],
)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "Ferndale likes badgers",
        "пароль из слов достаточно",
        "7391-8264-5518",
        "x" * 4 + "abcdefgh qwerty" + "z" * 100,
        " a blank at both ends ",
    ],
)
def test_good_password_is_taken(password: str) -> None:
    validate_password(password, PERSON)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password_too_short"),
        ("passwordpassword", "breached"),
        ("PasswordPassword", "breached"),
        ("qwertyuiop123", "breached"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "alike"),
        ("abababababababab", "alike"),
        ("Testshire2026!", "context"),
        ("testshire council 1", "context"),
        ("Ferndale 2026!", "context"),
        ("TeamHealthCheck-1", "context"),
        ("caseload-password", "context"),
    ],
)
def test_bad_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, PERSON)
    assert code in {error.code for error in refused.value.error_list}


def test_password_of_nobody_known_is_held_against_the_service_alone() -> None:
    validate_password("Testshire2026!")
    with pytest.raises(ValidationError):
        validate_password("Socialworker12!")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/142.0 Safari/537.36", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Firefox/145.0", "Firefox on a Mac"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_device_is_said_in_words(agent: str, words: str) -> None:
    assert device_in_words(agent) == words


@pytest.mark.parametrize(
    ("roles", "of_everybody", "asked"),
    [
        ([], False, False),
        ([Role.SOCIAL_WORKER], False, False),
        ([Role.SOCIAL_WORKER], True, True),
        ([], True, True),
        ([Role.SOCIAL_WORKER, Role.OBSERVER], False, True),
        *(([role], False, True) for role in Role if role != Role.SOCIAL_WORKER),
    ],
)
def test_who_needs_a_second_factor(roles: list[Role], of_everybody: object, asked: object) -> None:
    assert asks_second_factor(roles, of_everybody=bool(of_everybody)) is asked


@pytest.mark.parametrize(
    ("role", "place", "word"),
    [
        (Role.MANAGER, "team", None),
        (Role.MANAGER, "area", "team"),
        (Role.SOCIAL_WORKER, "employer", "team"),
        (Role.SERVICE_MANAGER, "area", None),
        (Role.SERVICE_MANAGER, "employer", "service area"),
        (Role.DIRECTOR, "area", None),
        (Role.DIRECTOR, "team", "single team"),
        (Role.ADMINISTRATOR, "employer", None),
        (Role.ADMINISTRATOR, "area", "whole employer"),
        (Role.OBSERVER, "employer", None),
    ],
)
def test_where_a_role_is_held(role: Role, place: str, word: str | None) -> None:
    reason = why_not_scope(role, team=place == "team", area=place == "area")
    assert reason is None if word is None else word in str(reason)


def test_whose_accounts_are_an_administrators() -> None:
    assert why_not_account(own=False, elsewhere=False) is None
    assert "your own" in str(why_not_account(own=True, elsewhere=False))
    assert "another employer" in str(why_not_account(own=False, elsewhere=True))


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Ida", ("Ida", "")), (" Ida  van der Test ", ("Ida", "van der Test")), ("x" * 400, ("x" * 150, ""))],
)
def test_name_is_kept_in_two_parts(name: str, parts: tuple[str, str]) -> None:
    assert tuple(names_of(name).values()) == parts


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 minute"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (900, "15 minutes"),
        (3600, "60 minutes"),
        (7201, "3 hours"),
    ],
)
def test_wait_is_never_said_too_short(seconds: int, words: str) -> None:
    assert how_long(seconds) == words


@pytest.mark.parametrize(
    ("limit", "row"),
    [
        (adapters.SIGN_IN_OF_ACCOUNT, "wrong passwords for one account"),
        (adapters.SIGN_IN_FROM_ADDRESS, "wrong passwords from one address"),
        (CODES_OF_ACCOUNT, "wrong codes for one account"),
        (checking.LETTERS_OF_NAME, "links for a new password, to one name"),
        (checking.LETTERS_FROM_ADDRESS, "the same, from one address"),
        (checking.LINKS_FROM_ADDRESS, "opening links for a password, from one address"),
        (guarding.PAGES, "pages, by one person"),
    ],
)
def test_page_says_the_limits_as_they_are(limit: Any, row: str) -> None:
    time = {60: "a minute", 900: "15 minutes", 3600: "an hour"}[limit.seconds]
    assert re.search(rf"^\| {re.escape(row)} \| {limit.most} in {time}", PAGE, re.MULTILINE)
