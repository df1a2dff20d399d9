"""What watches the service is answered before everything else, and told what is missing in a word."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from operations import readiness
from tests.cast import Cast

NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture(autouse=True)
def ask_anew() -> None:
    readiness._once_migrated.cache_clear()


def test_alive_asks_nothing(client: Client, cast: Cast, django_assert_num_queries: Any) -> None:
    client.force_login(cast.asha)
    with django_assert_num_queries(0):
        answer = client.get("/-/alive/")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_ready_when_all_is_there(client: Client, django_assert_num_queries: Any) -> None:
    answer = client.get("/-/ready/")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": []})
    with django_assert_num_queries(1):  # what is applied is not asked twice
        assert client.get("/-/ready/").status_code == 200


@pytest.mark.django_db
def test_broker_that_is_away_is_missing(client: Client, settings: Any) -> None:
    settings.REDIS_URL = NOWHERE
    answer = client.get("/-/ready/")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": ["broker"]})


@pytest.mark.django_db
def test_tables_of_an_older_version_are_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reports' AND name LIKE '0003%'")
    for _ in range(2):
        answer = client.get("/-/ready/")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": ["migrations"]})


@pytest.mark.django_db
def test_database_that_is_away_is_missing_and_no_address_is_told(client: Client, monkeypatch: Any) -> None:
    """A connection of this thread to a server that is not there."""
    elsewhere = connection.copy()
    elsewhere.settings_dict = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": "9"}
    monkeypatch.setattr(readiness, "connection", elsewhere)
    answer = client.get("/-/ready/")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": ["database"]})


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/-/alive/", "/-/ready/"])
def test_no_redirect_to_tls_and_no_host_is_asked_for(settings: Any, page: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/sign-in/").status_code == 301
    answer = Client().get(page, headers={"host": "10.0.0.7:8000"})
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/-/", "/-/secrets/", "/-/alive"])
def test_nothing_else_is_there(client: Client, page: str) -> None:
    assert client.get(page).status_code in {301, 302, 404}
    assert Path(page).parts[1] == "-"
