"""A survey takes nothing but what came from the page at its link, opened within a day; and nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from checks.models import Cycle, SurveyAnswer, SurveyLink, SurveyWords
from checks.queries.answering import hash_of
from teams.models import AuditEntry
from tests.cast import Cast
from tests.integration.checks.surveying import address, asked, cycle_of, send, token, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = "2026-11-02T10:00:00+00:00"
SAID = {"role-1": "3", "change-one-thing": "Quiet rooms"}


@pytest.fixture
def one(cast: Cast) -> str:
    cycle = cycle_of(cast)
    asked(cast, cycle)
    return token(cast, cycle, cast.team)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return time_machine


def refused(client: Client, one: str, **token_sent: str) -> HttpResponse:
    """What was sent is refused, nothing is saved or entered, and all of it is on the page; returns the page."""
    before = AuditEntry.objects.count()
    page = client.post(address(one), SAID | token_sent)
    assert page.status_code == 403
    assert not SurveyAnswer.objects.exists()
    assert SurveyLink.objects.filter(token_hash=hash_of(one)).exists()
    assert AuditEntry.objects.count() == before
    assert "so nothing was sent" in page.text
    assert re.search(r'name="role-1"[^>]*value="3"[^>]*checked', page.text)
    assert "Quiet rooms" in page.text
    assert not client.cookies.keys() - {"session"}
    return page


def test_nothing_is_saved_without_it(one: str, client: Client) -> None:
    for sent in ({}, {"csrfmiddlewaretoken": ""}, {"csrfmiddlewaretoken": "wapiti"}):
        refused(client, one, **sent)
    assert client.post(address(one), {}).status_code == 403


def test_that_of_another_link_is_not_taken(cast: Cast, one: str, client: Client) -> None:
    another = token(cast, Cycle.objects.get(), cast.other_team)
    refused(client, one, csrfmiddlewaretoken=token_of(client.get(address(another))))


def test_it_lasts_a_day(clock: Any, one: str, client: Client) -> None:
    opened = token_of(client.get(address(one)))
    clock.shift(timedelta(days=1, seconds=1))
    given_back = token_of(refused(client, one, csrfmiddlewaretoken=opened))
    clock.shift(timedelta(days=1))
    sent = client.post(address(one), SAID | {"csrfmiddlewaretoken": given_back})
    assert sent.status_code == 302
    assert SurveyAnswer.objects.get().values == {"role-1": 3}
    assert SurveyWords.objects.get().words == "Quiet rooms"


def test_whoever_is_signed_in_is_not_entered_as_refused(cast: Cast, one: str, client: Client) -> None:
    client.force_login(cast.asha)
    refused(client, one)


def test_a_used_link_says_so_and_takes_nothing(one: str, client: Client) -> None:
    send(client, one, SAID)
    page = client.post(address(one), SAID)
    assert page.status_code == 403
    assert "your answers are kept: thank you" in page.text


def test_it_holds_neither_the_link_nor_its_hash(one: str, client: Client) -> None:
    """It says when the page was opened, to whoever opened it; no row has it, nor any part of it."""
    sent = token_of(client.get(address(one)))
    assert one not in sent
    assert hash_of(one) not in sent
    client.post(address(one), SAID | {"csrfmiddlewaretoken": sent})
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            for part in sent.split(":")[1:]:
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{table}"::text LIKE %s', [f"%{part}%"])  # noqa: S608
                assert cursor.fetchone() == (0,), table
