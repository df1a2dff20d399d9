"""Migrations say what the models say, one after another and never side by side."""

from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

APPS = ("teams", "caseloads", "standards", "checks", "reports")

pytestmark = pytest.mark.django_db


def test_models_have_no_change_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", APPS)
def test_migrations_form_one_line(app: str) -> None:
    loader = MigrationLoader(connection)
    names = sorted(name for label, name in loader.disk_migrations if label == app)
    assert [int(name.split("_")[0]) for name in names] == list(range(1, len(names) + 1))
    for earlier, later in pairwise(names):
        assert (app, earlier) in loader.disk_migrations[app, later].dependencies


def test_users_are_our_own_from_the_first_migration() -> None:
    first = MigrationLoader(connection).disk_migrations["teams", "0001_initial"]
    assert "User" in {getattr(operation, "name", "") for operation in first.operations}
