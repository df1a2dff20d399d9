"""Migrations say what the models say, one after another and never side by side."""

from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

APPS = ("teams", "caseloads", "standards", "checks", "reports")

NOT_BESIDE_OLD_CODE = {
    ("caseloads", "0002_case_work"): "drops a column in whose place contests came, rows of their own",
    ("caseloads", "0003_import_history"): "drops the files of imports, which became rows of their own",
    ("caseloads", "0004_state_of_a_team"): "a state, empty and not missing, that every snapshot has",
    ("reports", "0003_kinds_of_reports"): "renames the file, which may be an archive by then",
    ("standards", "0002_kinds_choices_variations"): "kinds and bases that every indicator has",
    ("teams", "0002_service_managers_and_submissions"): "a person that every token of a form has",
    ("teams", "0003_staffing"): "a nation that every employer has",
    ("teams", "0004_regions"): "a region, empty and not missing, that every employer has",
    ("teams", "0005_dated_roles"): "a public key that every person has",
    ("teams", "0006_sign_ins"): "sessions become rows of ours, and end",
}
"""Why old code cannot work on during these. A new one of the kind is split in two: docs/how-to/upgrade.md."""

FILLED_IN = {
    ("caseloads", "0007_employer_of_rating"): "an employer, which a trigger fills in where old code leaves it out",
}
"""What the linter takes for one of those, and is none."""

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


def test_old_code_can_work_on_while_migrations_run() -> None:
    """Nothing is dropped, renamed, or asked of rows that the version before writes without it."""
    linter = MigrationLinter(None, no_cache=True, no_output=True)
    wrong = set()
    for (app, name), migration in linter.migration_loader.disk_migrations.items():
        if app in APPS:
            before = linter.nb_erroneous
            linter.lint_migration(migration)
            wrong |= {(app, name)} if linter.nb_erroneous > before else set()
    assert wrong == set(NOT_BESIDE_OLD_CODE) | set(FILLED_IN)
