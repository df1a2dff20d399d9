"""What entries keep of a change, and how those of an older database come into the chain."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from teams import audit
from teams.audit import Event
from teams.audit_chain import verify
from teams.models import AuditEntry, Employer
from tests.cast import AT, TODAY, Cast

AUDIT = "0008_audit_chain"


def test_only_what_is_different_is_kept(cast: Cast) -> None:
    before = {"hours": Decimal("37.00"), "since": TODAY, "by": cast.ben, "note": None}
    after = {"hours": Decimal("30.00"), "since": TODAY, "by": cast.ben, "note": "Court"}
    assert audit.changed(before, after) == {
        "before": {"hours": "37.00", "note": None},
        "after": {"hours": "30.00", "note": "Court"},
    }
    assert audit.changed({}, {"by": cast.ben}) == {"before": {"by": None}, "after": {"by": cast.ben.pk}}


def test_documents_are_compared_place_by_place() -> None:
    before = {"title": "Old", "standards": [{"code": "1"}, {"code": "2"}], "same": [1]}
    after = {"title": "New", "standards": [{"code": "1"}, {"code": "3"}, {"code": "4"}], "same": [1]}
    assert audit.difference(before, after) == {
        "title": {"before": "Old", "after": "New"},
        "standards.1.code": {"before": "2", "after": "3"},
        "standards.2": {"before": None, "after": {"code": "4"}},
    }
    assert audit.difference([1, 2, 3], [4, 5, 6], most=2) == {
        "0": {"before": 1, "after": 4},
        "1": {"before": 2, "after": 5},
        "more": True,
    }


@pytest.mark.django_db(transaction=True)
def test_entries_from_before_there_was_a_chain_are_linked_by_the_migration() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    before = executor.loader.disk_migrations["teams", AUDIT].dependencies[0]
    executor.migrate([before])
    try:
        old = MigrationExecutor(connection).loader.project_state([before]).apps
        employer = old.get_model("teams", "Employer").objects.create(name="Old Council", slug="old")
        for number in range(5):
            old.get_model("teams", "AuditEntry").objects.create(
                employer=employer, at=AT, event="TEAM_ADDED", target="", detail={"number": number}
            )
    finally:
        MigrationExecutor(connection).migrate(latest)
    found = Employer.objects.get(slug="old")
    assert (verify(found).fault, verify(found).links) == (None, 5)
    audit.record(Event.EMPLOYER_CHANGED, employer=found, target=found, by=None, at=AT)
    assert (verify(found).fault, verify(found).links) == (None, 6)
    assert AuditEntry.objects.count() == 6
