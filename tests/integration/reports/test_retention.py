"""What is older than its period is told, then taken away; what has no period stays; the trail still verifies."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from reports import retention
from reports.models import ReportRun
from reports.retention_rules import KEPT, PERIODS, YEAR, own_periods, periods
from reports.tasks import apply_retention
from teams import audit
from teams.audit import Event
from teams.audit_chain import verify
from teams.models import AdditionalHours, AuditEntry, RoleAssignment
from tests.cast import AT, TODAY, Cast

OURS = ("teams", "caseloads", "standards", "checks", "reports")


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def old_hours(cast: Cast) -> None:
    """Two weeks that are past their two years, and one that is not."""
    for weeks in (110, 120, 3):
        AdditionalHours.objects.create(
            worker=cast.workers["Asha Test"], week=TODAY - timedelta(weeks=weeks), hours=Decimal(4)
        )


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("apply_retention", *arguments, stdout=out)
    return out.getvalue()


def test_every_table_has_a_period_or_a_reason_to_stay() -> None:
    tables = {model._meta.label for model in apps.get_models() if model._meta.app_label in OURS}
    named = [period.table for period in PERIODS] + [kept.table for kept in KEPT]
    assert sorted(named) == sorted(tables)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.table)
def test_every_period_counts_from_a_field_and_finds_its_employer(cast: Cast, period: Any) -> None:
    assert retention._past(period, TODAY).count() >= 0
    retention._counted(period, TODAY)


def test_what_would_go_is_told_and_nothing_goes(cast: Cast) -> None:
    old_hours(cast)
    for arguments in ((), ("--dry-run",)):
        report = said(*arguments)
        assert "testshire  Additional hours" in report
        assert "2 rows, oldest 15/07/2024; kept for 730 days after the week" in report
        assert "Nothing was deleted. Run it with --apply" in report
    assert AdditionalHours.objects.count() == 3
    assert not AuditEntry.objects.filter(event="RETENTION_APPLIED").exists()


def test_what_is_past_its_period_goes_and_is_on_record(cast: Cast) -> None:
    old_hours(cast)
    assert "2 rows" in said("--apply")
    assert AdditionalHours.objects.get().week == TODAY - timedelta(weeks=3)
    entry = AuditEntry.objects.get(event="RETENTION_APPLIED")
    assert (entry.employer, entry.by, entry.detail) == (cast.employer, None, {"rows": {"teams.AdditionalHours": 2}})
    assert said("--apply") == "Nothing is older than its period.\n"
    assert AuditEntry.objects.filter(event="RETENTION_APPLIED").count() == 1


def test_one_employer_alone(cast: Cast) -> None:
    old_hours(cast)
    assert said("--apply", "--employer", "elsewhere") == "Nothing is older than its period.\n"
    assert AdditionalHours.objects.count() == 3
    with pytest.raises(CommandError, match="There is no employer nowhere"):
        said("--employer", "nowhere")


def test_report_goes_with_its_file(
    cast: Cast, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("reports/old.pdf", ContentFile(b"%PDF-1.7"))
    then = AT - timedelta(days=2 * YEAR + 1)
    ReportRun.objects.create(
        employer=cast.employer,
        team=cast.team,
        as_of=then.date(),
        status="READY",
        requested_at=then,
        finished_at=then,
        file=name,
    )
    with django_capture_on_commit_callbacks(execute=True):
        said("--apply")
    assert not ReportRun.objects.exists()
    assert not default_storage.exists(name)


def test_ended_roles_go_and_others_stay(cast: Cast) -> None:
    long_ago = TODAY - timedelta(days=6 * YEAR + 9)
    RoleAssignment.every.create(
        user=cast.asha,
        role="MANAGER",
        employer=cast.employer,
        team=cast.team,
        starts_on=long_ago - timedelta(days=9),
        ends_on=long_ago,
    )
    before = RoleAssignment.objects.count()
    said("--apply")
    assert RoleAssignment.every.count() == RoleAssignment.objects.count() == before


def test_own_periods_hold_instead_of_the_product_s(cast: Cast) -> None:
    old_hours(cast)
    with override_settings(RETENTION_DAYS="teams.AdditionalHours=3650"):
        assert said() == "Nothing is older than its period.\n"
    with override_settings(RETENTION_DAYS="teams.AdditionalHours=790"):
        assert "(agreed by the employer)" in said()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("teams.Absence", "write teams.Absence= and a whole number of days"),
        ("teams.Absence=soon", "write teams.Absence= and a whole number of days"),
        ("teams.Worker=30", "names teams.Worker, which has no period"),
        ("teams.Absence=5", "teams.Absence is kept for 30 days at least"),
        ("teams.AuditEntry=300", "teams.AuditEntry is kept for 366 days at least"),
    ],
)
def test_settings_that_cannot_hold_are_told(db: None, typed: str, sentence: str) -> None:
    with override_settings(RETENTION_DAYS=typed), pytest.raises(CommandError, match=sentence):
        said()


def test_periods_without_any_of_one_s_own() -> None:
    assert own_periods("") == {}
    assert periods({}) == list(PERIODS)


def enter(cast: Cast, *, days: int) -> None:
    at = AT - timedelta(days=days)
    audit.record(Event.EMPLOYER_CHANGED, employer=cast.employer, target=cast.employer, by=None, at=at)


def test_audit_trail_goes_from_its_beginning_and_still_verifies(cast: Cast) -> None:
    commit()
    assert "Entries of the audit trail" not in said()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM teams_auditlink")
        cursor.execute("DELETE FROM teams_auditentry")
        cursor.execute("SET session_replication_role = DEFAULT")
    for days in (9 * YEAR, 8 * YEAR, 3, 8 * YEAR):
        enter(cast, days=days)
    commit()
    assert "2 rows, oldest" in said()
    said("--apply")
    commit()
    found = verify(cast.employer)
    assert (found.fault, found.number) == (None, 5)
    assert AuditEntry.objects.filter(employer=cast.employer).count() == 3
    entry = AuditEntry.objects.get(event="RETENTION_APPLIED")
    assert entry.detail["rows"] == {"teams.AuditEntry": 2}
    assert entry.detail["chain"]["number"] == 2
    assert said("--apply") == "Nothing is older than its period.\n"


def test_task_takes_away_what_is_due(cast: Cast) -> None:
    old_hours(cast)
    apply_retention()
    assert AdditionalHours.objects.count() == 1
