"""From the first release to this one: its own demonstration, scored by its own code, brought up to date and scored."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from caseloads.models import Allocation, Case, Rating, TeamSnapshot, WorkerSnapshot
from caseloads.snapshots import score_employer
from healthcheck import wall
from healthcheck.backups.programs import program
from healthcheck.wall_rules import RULES
from teams.audit_chain import verify_all
from teams.models import AuditEntry, Employer

DUMP = Path(__file__).with_name("release-0.1.0.dump")
NAME = "first_release"
OURS = {"teams", "caseloads", "standards", "checks", "reports"}
OF_TEAMS = (
    "cases",
    "families",
    "load",
    "capacity",
    "load_pct",
    "band",
    "head_count",
    "hours",
    "over",
    "not_known",
)
"""Not the state: the first release did not record one of teams."""
OF_WORKERS = ("cases", "families", "load", "capacity", "load_pct", "state", "band")


@pytest.fixture
def upgraded(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """The first release's database, migrated to the newest; how many rows each table held before."""
    with django_db_blocker.unblock():
        kept = connection.settings_dict["NAME"]
        _server(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")
        connection.close()
        connection.settings_dict["NAME"] = NAME
        try:
            _restore()
            before = rows()
            call_command("migrate", interactive=False, verbosity=0)
            yield before
        finally:
            connection.close()
            connection.settings_dict["NAME"] = kept
            _server(f"DROP DATABASE {NAME} WITH (FORCE)")


def _server(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _restore() -> None:
    told = connection.settings_dict
    words = [program("pg_restore", at_least=18), "--no-owner", f"--host={told['HOST']}", f"--username={told['USER']}"]
    subprocess.run([*words, f"--dbname={NAME}", str(DUMP)], check=True)


def test_everything_is_kept_and_every_team_scores_the_same(upgraded: dict[str, int]) -> None:
    assert (Case.objects.count(), Rating.objects.count(), Allocation.objects.count()) == (2848, 2765, 2905)
    before = scored()
    day = TeamSnapshot.objects.earliest("day").day
    for employer in Employer.objects.all():
        score_employer(employer_id=employer.pk, as_of=day, at=datetime.combine(day, time(23), tzinfo=UTC))
    assert TeamSnapshot.objects.filter(scored_at__hour=23).count() == TeamSnapshot.objects.count()
    assert scored() == before
    assert WorkerSnapshot.objects.count() == 112


def test_no_table_loses_a_row(upgraded: dict[str, int]) -> None:
    after = rows()
    assert sum(upgraded.values()) == 9_177
    assert {name: many for name, many in upgraded.items() if after.get(name, 0) < many} == {}
    assert not Rating.objects.exclude(employer=F("case__employer")).exists()


def test_the_wall_stands_and_the_audit_trail_holds(upgraded: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(wall.TABLES)
        assert {name for (name,) in cursor.fetchall()} == set(RULES)
        cursor.execute("SELECT count(*) FROM pg_policies WHERE policyname = 'written'")
        assert cursor.fetchone() == (sum(rule.read is not None for rule in RULES.values()),)
    chains = list(verify_all())
    assert [chain.fault for chain in chains] == [None] * len(chains)
    assert sum(chain.links for chain in chains) == AuditEntry.objects.count() == 63


def rows() -> dict[str, int]:
    """How many rows each table of ours holds."""
    with connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if one.partition("_")[0] in OURS]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables))  # noqa: S608
        return dict(cursor.fetchall())


def scored() -> list[tuple[Any, ...]]:
    """What every team and every worker scores."""
    teams = TeamSnapshot.objects.order_by("team").values_list("team", "day", "scheme", *OF_TEAMS)
    workers = WorkerSnapshot.objects.order_by("team", "worker").values_list("team", "worker", "day", *OF_WORKERS)
    return [*teams, *workers]
