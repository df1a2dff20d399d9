"""The administrator's pages of integrations: set up, changed, tokens made once and withdrawn."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams.actions.integrations import add_integration, make_token
from teams.models import ApiToken, AuditEntry, Integration
from teams.scopes import Scope
from tests.cast import AT, WALL, Cast

TOKEN = re.compile(r"thc_[\w-]{43}")


@pytest.fixture
def ewa(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ewa)
    return client


@pytest.fixture
def integration(cast: Cast) -> Integration:
    return add_integration(
        employer=cast.employer, name="Case system", scopes=[Scope.CASES_WRITE, Scope.TEAMS_READ], by=None, at=AT
    )


def send(client: Client, page: str, /, *keys: object, **said: Any) -> Any:
    """Fill a form in as it was shown, and send it."""
    address = reverse(page, args=keys)
    form = client.get(address).context["form"]
    return client.post(address, {"once": form["once"].value()} | said, follow=True)


def test_is_set_up_changed_and_ended(cast: Cast, ewa: Client) -> None:
    slug = cast.employer.slug
    assert "There is none yet" in ewa.get(reverse("integrations", args=[slug])).text
    page = send(ewa, "integration-new", slug, name="Case system", scopes=["cases:write"])
    assert "The integration is set up" in page.text
    row = Integration.objects.get()
    page = send(ewa, "integration-change", slug, row.public_id, name="Reports", scopes=["reports:read", "reports:make"])
    row.refresh_from_db()
    assert (row.name, sorted(row.scopes)) == ("Reports", ["reports:make", "reports:read"])
    page = send(ewa, "integration-end", slug, row.public_id)
    assert "Ended on" in page.text
    assert "Make a token" not in page.text
    events = list(AuditEntry.objects.filter(event__startswith="INTEGRATION").order_by("pk").values_list("event", "by"))
    assert events == [(f"INTEGRATION_{what}", cast.ewa.pk) for what in ("ADDED", "CHANGED", "ENDED")]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"scopes": ["teams:read"]}, "Enter a name"),
        ({"name": "Other"}, "Choose what it may do"),
        ({"name": "Other", "scopes": ["everything"]}, "Choose from the list"),
        ({"name": "case SYSTEM", "scopes": ["teams:read"]}, "of this name already"),
    ],
)
def test_bad_answers_are_told(
    cast: Cast, ewa: Client, integration: Integration, said: dict[str, Any], sentence: str
) -> None:
    assert sentence in send(ewa, "integration-new", cast.employer.slug, **said).text
    assert Integration.objects.get() == integration


def test_token_is_shown_once(cast: Cast, ewa: Client, integration: Integration) -> None:
    address = reverse("token-new", args=[cast.employer.slug, integration.public_id])
    said = {"once": ewa.get(address).context["form"]["once"].value(), "expires_on": "01/02/2027"}
    page = ewa.post(address, said)
    [token] = TOKEN.findall(page.text)
    assert "no-store" in page["Cache-Control"]
    again = ewa.post(address, said)
    assert not TOKEN.search(again.text)
    assert "make another one" in again.text
    shown = ewa.get(reverse("integration", args=[cast.employer.slug, integration.public_id]))
    assert token[:10] in shown.text
    assert token not in shown.text
    entry = AuditEntry.objects.get(event="TOKEN_MADE")
    assert token not in str(entry.detail)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("", "Enter the day"), ("31/02/2027", "real day"), ("01/01/2020", "Choose a day from tomorrow")],
)
def test_end_of_a_token_is_asked(cast: Cast, ewa: Client, integration: Integration, day: str, sentence: str) -> None:
    page = send(ewa, "token-new", cast.employer.slug, integration.public_id, expires_on=day)
    assert sentence in page.text
    assert not ApiToken.objects.exists()


def test_how_it_stands_is_told(cast: Cast, ewa: Client, integration: Integration) -> None:
    slug, now = cast.employer.slug, timezone.now()
    pages = reverse("integrations", args=[slug])
    assert "No token that works" in ewa.get(pages).text
    make_token(integration=integration, expires_on=now.date() + timedelta(days=10), by=None, at=now)
    assert "Token expires soon" in ewa.get(pages).text
    make_token(integration=integration, expires_on=now.date() + timedelta(days=100), by=cast.ewa, at=now)
    assert ">Works<" in ewa.get(pages).text
    page = ewa.get(reverse("integration", args=[slug, integration.public_id]))
    assert "Expires soon" in page.text
    soonest = ApiToken.objects.order_by("expires_at")[0]
    page = send(ewa, "token-end", slug, integration.public_id, soonest.public_id)
    assert "Withdrawn on" in page.text
    page = send(ewa, "token-end", slug, integration.public_id, soonest.public_id)
    assert "withdrawn already" in page.text
    ApiToken.objects.filter(pk=soonest.pk).update(ended_at=None, expires_at=now, made_at=AT)
    assert "Expired" in ewa.get(reverse("integration", args=[slug, integration.public_id])).text


def test_nobody_gives_the_role_or_acts_on_its_account(cast: Cast, ewa: Client, integration: Integration) -> None:
    page = ewa.get(reverse("accounts", args=[cast.employer.slug]))
    assert "Case system" not in page.text
    assert ewa.get(reverse("account", args=[cast.employer.slug, integration.user.public_id])).status_code == 404
    form = ewa.get(reverse("account-new", args=[cast.employer.slug]))
    assert "INTEGRATION" not in form.text


def test_list_takes_as_many_statements_however_long(cast: Cast, ewa: Client, django_assert_num_queries: Any) -> None:
    for number in range(12):
        row = add_integration(
            employer=cast.employer, name=f"System {number}", scopes=[Scope.TEAMS_READ], by=None, at=AT
        )
        make_token(integration=row, expires_on=AT.date() + timedelta(days=30), by=None, at=AT)
    address = reverse("integrations", args=[cast.employer.slug])
    with django_assert_num_queries(WALL + 6):
        assert ewa.get(address).text.count("System ") >= 12
