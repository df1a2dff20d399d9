"""The chain of the audit trail: entries are linked as they are committed, and whatever is done to them shows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from teams import audit
from teams.actions.setting_up import found_employer
from teams.audit import Event
from teams.audit_chain import Chain, verify, verify_all
from teams.models import AuditEntry, AuditLink, Employer
from tests.cast import AT, Cast, assemble


def enter(employer: Employer | None, **detail: object) -> None:
    audit.record(Event.EMPLOYER_CHANGED, employer=employer, target=employer, by=None, at=AT, detail=detail)


def commit() -> None:
    """As at the end of a transaction: what was put off until then is done now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def employer(db: None) -> Employer:
    """An employer whose chain has six links."""
    row = found_employer(name="Testshire Council", slug="testshire", by=None, at=AT)
    for number in range(5):
        enter(row, number=number, words="naïve – “quoted”")
    commit()
    return row


@contextmanager
def by_hand() -> Iterator[None]:
    """As whoever owns the tables could do it, with every trigger switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def run(sql: str, *values: object) -> None:
    with by_hand(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def entry_of(employer: Employer | None, number: int) -> int:
    return int(AuditLink.objects.get(employer=employer, number=number).entry_id or 0)


def fault(employer: Employer | None) -> str:
    return str(verify(employer).fault)


def test_entries_are_linked_in_the_order_of_their_commit(employer: Employer) -> None:
    found = verify(employer)
    assert (found.fault, found.links, found.number) == (None, 6, 6)
    assert found.hash == bytes(AuditLink.objects.get(employer=employer, number=6).hash)
    assert list(AuditLink.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_each_employer_and_the_service_have_a_chain_of_their_own(employer: Employer) -> None:
    other = found_employer(name="Elsewhere", slug="elsewhere", by=None, at=AT)
    enter(None)
    enter(employer)
    commit()
    assert [(one.whose, one.number, one.fault) for one in verify_all()] == [
        ("elsewhere", 1, None),
        ("testshire", 7, None),
        ("the service itself", 1, None),
    ]
    assert verify(other).hash != verify(None).hash


def test_chain_with_nothing_in_it_holds(db: None) -> None:
    assert verify(None) == Chain(None, 0, 0, b"", None)


@pytest.mark.parametrize(
    "change",
    [
        "detail = '{\"number\": 9}'",
        "at = at + interval '1 microsecond'",
        "event = 'TEAM_ADDED'",
        "target = ''",
        "address = '10.0.0.1'",
        "request = gen_random_uuid()",
        "employer_id = NULL",
    ],
)
def test_changed_entry_is_named(employer: Employer, change: str) -> None:
    entry = entry_of(employer, 3)
    run(f"UPDATE teams_auditentry SET {change} WHERE id = %s", entry)  # noqa: S608
    assert fault(employer) == f"number 3: entry {entry}, or its link, was changed"


def test_changed_link_is_named(employer: Employer) -> None:
    run("UPDATE teams_auditlink SET hash = sha256('x') WHERE employer_id = %s AND number = 2", employer.pk)
    assert "number 2: entry" in fault(employer)


def test_deleted_entry_is_named(employer: Employer) -> None:
    entry = entry_of(employer, 4)
    run("DELETE FROM teams_auditentry WHERE id = %s", entry)
    assert fault(employer) == f"number 4: its entry {entry} is missing"
    run("UPDATE teams_auditlink SET entry_id = NULL WHERE number = 4")
    assert fault(employer) == "number 4: its entry is missing"


def test_deleted_link_is_named(employer: Employer) -> None:
    run("DELETE FROM teams_auditlink WHERE number = 2")
    assert fault(employer) == "number 2 is missing: the next is 3"


def test_first_entry_taken_away_with_its_link_is_named(employer: Employer) -> None:
    run("DELETE FROM teams_auditlink WHERE number = 1")
    assert fault(employer) == "number 1 is missing: the next is 2"
    run("UPDATE teams_auditlink SET entry_id = NULL WHERE number = 2")
    assert fault(employer) == "number 2 has no entry, and no removal says why"


def test_entry_put_in_past_the_chain_is_named(employer: Employer) -> None:
    with by_hand():
        enter(employer, number=99)
    assert fault(employer) == f"entry {AuditEntry.objects.latest('pk').pk} is in no link: it was put in past the chain"


def test_entries_that_changed_places_are_named(employer: Employer) -> None:
    second, fifth = entry_of(employer, 2), entry_of(employer, 5)
    with by_hand():
        links = AuditLink.objects.filter(employer=employer)
        links.filter(number=2).update(entry=None)
        links.filter(number=5).update(entry=second)
        links.filter(number=2).update(entry=fifth)
    assert fault(employer) == f"number 2 is out of order: it is of entry {second}, and names entry {fifth}"


def test_end_cut_off_shows_against_a_noted_head(employer: Employer) -> None:
    noted = verify(employer).head
    entry = entry_of(employer, 6)
    run("DELETE FROM teams_auditlink WHERE number = 6")
    run("DELETE FROM teams_auditentry WHERE id = %s", entry)
    assert verify(employer).fault is None
    assert verify(employer, noted=noted).fault == (
        "it ends at number 5, before the one that was noted: its end was cut off"
    )


def test_chain_made_anew_shows_against_a_noted_head(employer: Employer) -> None:
    noted = verify(employer).head
    run("UPDATE teams_auditentry SET detail = '{}' WHERE id = %s", entry_of(employer, 6))
    run("DELETE FROM teams_auditlink WHERE number = 6")
    with connection.cursor() as cursor:
        cursor.execute("SELECT teams_audit_link(e) FROM teams_auditentry e ORDER BY id DESC LIMIT 1")
    assert verify(employer).fault is None
    assert "number 6 has another hash than the one that was noted" in str(verify(employer, noted=noted).fault)
    commit()
    enter(employer)
    commit()
    assert verify(employer, noted=verify(employer).head).fault is None


def test_walk_goes_in_batches(employer: Employer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teams.audit_chain.BATCH", 4)
    assert verify(employer).links == 6


def test_links_can_only_be_added(employer: Employer) -> None:
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        AuditLink.objects.filter(number=1).update(number=9)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        AuditLink.objects.all().delete()


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def test_command_prints_the_head_of_each_chain(employer: Employer) -> None:
    assert said() == (
        f"testshire: every link holds; 6 links walked, head {verify(employer).head}\n"
        "the service itself: every link holds; 0 links walked, head 0:\n"
    )
    assert said("--employer", "testshire", "--noted", verify(employer).head).count("\n") == 1


def test_command_fails_on_a_broken_chain(employer: Employer) -> None:
    run("DELETE FROM teams_auditlink WHERE number = 2")
    out = StringIO()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", stdout=out)
    assert "testshire: BROKEN: number 2 is missing: the next is 3; 1 links walked, head 1:" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--employer", "nowhere"), "There is no employer nowhere"),
        (("--noted", f"1:{'0' * 64}"), "--noted needs --employer"),
        (("--employer", "testshire", "--noted", "rubbish"), "write the number and the hash"),
    ],
)
def test_command_says_what_it_cannot_do(employer: Employer, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        said(*arguments)


def test_removal_leaves_the_last_link_and_takes_nothing_young(employer: Employer) -> None:
    prune = "SELECT teams_audit_prune(%s, 3)"
    with pytest.raises(InternalError, match="kept for a year"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(prune, [employer.pk])
    assert verify(employer).links == 6


def test_removal_that_is_on_record_leaves_a_chain_that_holds(db: None) -> None:
    employer = found_employer(name="Old Council", slug="old", by=None, at=AT - timedelta(days=900))
    for number in range(4):
        audit.record(
            Event.EMPLOYER_CHANGED,
            employer=employer,
            target=None,
            by=None,
            at=AT - timedelta(days=800),
            detail={"number": number},
        )
    commit()
    anchor = AuditLink.objects.get(employer=employer, number=3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT teams_audit_prune(%s, 3)", [employer.pk])
        assert cursor.fetchone() == (3,)
    assert fault(employer) == "number 3 has no entry, and no removal says why"
    enter(employer, chain={"number": 3, "hash": bytes(anchor.hash).hex()})
    commit()
    assert (verify(employer).fault, verify(employer).links, verify(employer).number) == (None, 4, 6)
    assert AuditEntry.objects.filter(employer=employer).count() == 3
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        AuditEntry.objects.filter(employer=employer).update(event="TEAM_ADDED")


@pytest.mark.django_db(transaction=True)
def test_many_connections_at_once_make_one_chain() -> None:
    employer = found_employer(name="Testshire Council", slug="testshire", by=None, at=AT)

    def work() -> None:
        for _ in range(10):
            with transaction.atomic():
                enter(employer)
                enter(employer)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verify(employer)
    assert (found.fault, found.number) == (None, 121)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_in_no_chain() -> None:
    employer = found_employer(name="Testshire Council", slug="testshire", by=None, at=AT)
    with transaction.atomic():
        enter(employer)
        transaction.set_rollback(True)
    enter(employer)
    assert (verify(employer).fault, verify(employer).number) == (None, 2)


@pytest.mark.django_db(transaction=True)
def test_setting_everything_up_makes_chains_that_hold() -> None:
    cast: Cast = assemble()
    assert [one.fault for one in verify_all()] == [None, None, None]
    assert verify(cast.employer).links == AuditEntry.objects.filter(employer=cast.employer).count()
