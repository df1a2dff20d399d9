"""Every form, sent by another site, with too much in it, and with nonsense."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.models import User
from tests.addresses import TABLE
from tests.cast import Cast
from tests.integration.attacks.walking import FORMS, PAGES, blanks_of, keys, sign_in_for, status_of

assert keys is not None  # a fixture of these tests

BAD = (
    "\x00",
    "'; DROP TABLE teams_team; --",
    "' OR 1=1 --",
    '" UNION SELECT password FROM teams_user --',
    "{{ 7 * 7 }}{% debug %}",
    "${jndi:ldap://127.0.0.1/a}",
    "../../../../etc/passwd",
    "-1",
    "0",
    "1e309",
    "99999999999999999999",
    "31/02/2026",
    "\u202e\ufeff\ud7ff\U0001f4a9",
    "a" * 20_000,
    "http://169.254.169.254/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "",
)
answers = st.one_of(st.sampled_from(BAD), st.text(max_size=40))
wrongs = st.lists(st.tuples(st.integers(0, 99), answers), min_size=1, max_size=6)
"""Which of the names, counted round and round, and what is answered to it."""
REFUSED_OR_ASKED_AGAIN = {200, 302, 400, 403, 404, 409, 410, 413, 429}


NO_COOKIE_NEEDED = {"directory-ended"}
"""A directory signs what it says: there is no session that another site could make use of."""


@pytest.mark.parametrize("name", sorted({*FORMS} - NO_COOKIE_NEEDED))
def test_no_other_site_sends_a_form(cast: Cast, keys: dict[str, Any], name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in_for(client, cast, name)
    assert client.post(TABLE[name].address(name, keys), {"once": "x"}).status_code == 403


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(wrong=wrongs)
def test_no_answer_breaks_a_form(
    cast: Cast, client: Client, keys: dict[str, Any], name: str, wrong: list[tuple[int, str]]
) -> None:
    sign_in_for(client, cast, name)
    address = TABLE[name].address(name, keys)
    fields = blanks_of(client.get(address)) if TABLE[name].method == "get" else {}
    names = sorted(fields) or ["once"]
    response = client.post(address, dict(fields) | {names[place % len(names)]: value for place, value in wrong})
    assert response.status_code in REFUSED_OR_ASKED_AGAIN
    assert leads_nowhere_else(response)


def leads_nowhere_else(response: HttpResponse) -> bool:
    location = response.headers.get("Location", "/")
    return location.startswith(("/", "?")) and not location.startswith(("//", "/\\"))


ASKED = [
    "sort",
    "page",
    "on",
    "data",
    "table",
    "next",
    "q",
    "month",
    "area",
    "show",
    "state",
    "from",
    "until",
    "by",
    "back",
]


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(wrong=wrongs)
def test_no_question_breaks_a_page(
    cast: Cast, client: Client, keys: dict[str, Any], name: str, wrong: list[tuple[int, str]]
) -> None:
    sign_in_for(client, cast, name)
    asked = {ASKED[place % len(ASKED)]: value for place, value in wrong}
    response = client.get(TABLE[name].address(name, keys), asked)
    assert status_of(response) in REFUSED_OR_ASKED_AGAIN
    assert leads_nowhere_else(response)


GIVEN = ("is_superuser", "is_staff", "is_active", "user", "by", "employer", "role", "state", "status", "id", "pk")


@pytest.mark.parametrize("name", FORMS)
def test_nobody_assigns_what_a_form_does_not_ask(cast: Cast, client: Client, keys: dict[str, Any], name: str) -> None:
    person = sign_in_for(client, cast, name)
    address = TABLE[name].address(name, keys)
    fields = blanks_of(client.get(address)) if TABLE[name].method == "get" else {}
    more = {key: "1" for key in GIVEN if key not in fields}
    before = User.objects.filter(is_superuser=True).count(), cast.users[person].role_assignments.count()
    response = client.post(address, {key: fields[key] for key in fields} | more)
    assert response.status_code in REFUSED_OR_ASKED_AGAIN
    assert before == (User.objects.filter(is_superuser=True).count(), cast.users[person].role_assignments.count())
