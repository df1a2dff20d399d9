"""Who the service logs in as, and what is not there for anybody to log in to."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import Client

from healthcheck.wall_login import login_is_held
from teams.tenancy import APPLICATION
from tests.cast import Cast, assemble


def log_in_as(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {role}")


@pytest.mark.django_db
def test_owner_is_told_that_the_wall_does_not_hold_it() -> None:
    with pytest.raises(SystemCheckError, match=r"logs in as \w+, which the rules of the tables do not hold"):
        call_command("check", deploy=True, databases=["default"], tags=["database"])


@pytest.mark.django_db
def test_application_is_held() -> None:
    log_in_as(APPLICATION)
    assert login_is_held(databases=["default"]) == []
    log_in_as("DEFAULT")


def test_nothing_is_asked_without_a_database() -> None:
    assert login_is_held(databases=None) == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/teams/user/", "/django-admin/", "/accounts/"])
def test_there_is_no_django_admin(client: Client, address: str) -> None:
    cast: Cast = assemble()
    assert not apps.is_installed("django.contrib.admin")
    client.force_login(cast.ewa)
    assert client.get(address).status_code == 404
