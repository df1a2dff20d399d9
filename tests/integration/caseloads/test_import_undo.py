"""Undoing the last import: every figure is as it was, nothing of people's own is lost, and it happens once."""

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caseloads import snapshots
from caseloads.actions.case_changes import Correction, Doing, correct
from caseloads.actions.cases import record_cases
from caseloads.actions.imports import import_caseload, undo_import
from caseloads.importing import Files, Outcome, Upload
from caseloads.models import Allocation, Case, CaseChange, Contest, ImportRun, Rating, TeamSnapshot, WorkerSnapshot
from teams.models import AuditEntry, Contract, Employer, RoleAssignment, User, Worker
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast, assemble, case

LATER = AT + timedelta(hours=1)
HEADINGS = "case_reference,category,factors,opened_on,closed_on,team,worker,share,family_reference"
EVERYTHING = (
    "N-1,child_in_need,,2026-10-01,,Heron Team,Asha Test,,",
    "N-2,child_protection,long_travel,2026-10-01,,Heron Team,New Person,60,",
    "N-2,child_protection,,2026-10-01,,Heron Team,Nia Test,40,",
    "N-3,assessment,,2026-10-01,,Osprey Team,Ola Test,,",
    "T-001,child_in_need,,2026-08-01,,Kestrel Team,Kit Test,,F-9",
    "T-002,child_protection,,,,Heron Team,Nia Test,,F-1",
    "T-003,,,,2026-11-01,Heron Team,Asha Test,,",
    "T-004,assessment,,,,Heron Team,Nia Test,,",
    "T-005,child_protection,,,,Heron Team,Una Test,,",
)
STAFF = (
    "Asha Test,Heron Team,30,experienced,yes",
    "Una Test,Kestrel Team,12,,no",
    "New Person,Heron Team,20,NQSW,yes",
)
RECORDED = (
    "Recorded by the import of cases.csv: child_in_need, opened 1 October 2026, Heron Team, "
    "held by Asha Test, rated child_in_need"
)
CHANGED = (
    "Changed by the import of cases.csv: category child_protection → child_in_need; "
    "team Heron Team → Kestrel Team; family F-1 → F-9; opened 3 September 2026 → 1 August 2026; "
    "rated child_in_need; held by Asha Test → Kit Test"
)


def upload(name: str, headings: str, rows: Sequence[str]) -> Upload:
    return Upload(name, io.BytesIO("\n".join([headings, *rows]).encode()))


def bring(
    cast: Cast, *rows: str, staff: Sequence[str] = (), by: User | None = None, employer: Employer | None = None
) -> Outcome:
    lists = [upload("cases.csv", HEADINGS, rows)] if rows else []
    people = upload("staff.csv", "worker,team,weekly_hours,career_stage,registered", staff) if staff else None
    return import_caseload(
        employer=employer or cast.employer,
        preset=ImportRun.Preset.PLAIN,
        files=Files(lists, people),
        as_of=TODAY,
        by=by,
        at=AT,
    )


def last() -> ImportRun:
    return ImportRun.objects.latest("pk")


def undo(run: ImportRun | None = None, *, by: User | None = None) -> None:
    undo_import(run=run or last(), by=by, at=LATER)


def correct_family(cast: Cast, row: Case, *, seen: int | None = None) -> None:
    """A change that somebody makes to a case, by the action of its page."""
    to = Correction(row.reference, "F-7", row.category, Case.Priority(row.priority), row.opened_on, row.closed_on)
    correct(case=row, to=to, reason="It was mistyped", doing=Doing(by=cast.ben, at=AT, seen=seen))


def rows_as_they_are(cast: Cast) -> dict[str, Any]:
    """Rows of cases, workers and so on as far as they count for anything."""
    kept = ("team_id", "category", "family_reference", "opened_on", "closed_on", "reopened_on", "priority")
    counting = Allocation.objects.exclude(ended_on__lte=TODAY - timedelta(days=1000))
    return {
        "cases": list(Case.objects.filter(reference__regex="^[TK]").order_by("pk").values_list("reference", *kept)),
        "allocations": [
            (row.case.reference, row.worker.name, row.team_id, row.share, row.role, row.started_on, row.ended_on)
            for row in counting.order_by("pk").select_related("case", "worker")
            if row.ended_on is None or row.ended_on > row.started_on
        ],
        "ratings": list(Rating.objects.filter(case__reference__regex="^[TK]").order_by("pk").values()),
        "contracts": list(Contract.objects.filter(worker__name__in=cast.workers).order_by("pk").values()),
        "workers": list(Worker.objects.filter(name__in=cast.workers).order_by("pk").values()),
    }


def test_everything_is_put_back_as_it_was(cast: Cast) -> None:
    before = rows_as_they_are(cast)
    outcome = bring(cast, *EVERYTHING, staff=STAFF)
    summary = outcome.summary
    assert min(summary.new_cases, summary.changed_cases, summary.closed_cases, summary.allocations_ended) > 0
    assert min(summary.new_ratings, summary.new_workers, summary.changed_workers, summary.changed_contracts) > 0
    assert rows_as_they_are(cast) != before
    undo()
    assert rows_as_they_are(cast) == before
    run = last()
    assert (run.status, run.undone_at, run.undone_by) == ("UNDONE", LATER, None)


def test_every_figure_is_as_it_was(cast: Cast) -> None:
    def today() -> list[Any]:
        snapshots.score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
        found: list[Any] = []
        for model, key in ((TeamSnapshot, "team"), (WorkerSnapshot, "worker")):
            known = {"team__in": [cast.team, cast.other_team]}
            fields = [field.name for field in model._meta.concrete_fields if field.name not in {"id", "scored_at"}]
            found += list(model.objects.filter(day=TODAY, **known).order_by("team", key).values(*fields))
        return found

    before = today()
    bring(cast, EVERYTHING[0], "T-001,child_in_need,,,,Heron Team,Nia Test,,")
    TeamSnapshot.objects.update(scored_at=AT - timedelta(minutes=1))
    WorkerSnapshot.objects.update(scored_at=AT - timedelta(minutes=1))
    assert today() != before
    undo()
    TeamSnapshot.objects.update(scored_at=AT - timedelta(minutes=1))
    WorkerSnapshot.objects.update(scored_at=AT - timedelta(minutes=1))
    assert today() == before


def test_what_it_added_counts_on_no_day_and_says_why(cast: Cast) -> None:
    bring(cast, *EVERYTHING)
    undo(by=cast.ewa)
    added = Case.objects.filter(reference__startswith="N-")
    assert [row.closed_on == row.opened_on for row in added] == [True] * 3
    assert all(row.ended_on == row.started_on for row in Allocation.objects.filter(case__in=added))
    assert not Contract.objects.filter(worker__name="New Person").exists()
    history = list(CaseChange.objects.filter(case__reference="N-1").values_list("revision", "kind", "text", "by"))
    assert history == [
        (
            1,
            "IMPORTED",
            RECORDED,
            None,
        ),
        (
            2,
            "CLOSED",
            "Closed on the day it was opened: the import of cases.csv, which brought it, was undone.",
            cast.ewa.pk,
        ),
    ]
    old = CaseChange.objects.filter(case__reference="T-001").order_by("revision")
    assert [row.text for row in old][-2:] == [
        CHANGED,
        "Put back as it was: the import of cases.csv was undone.",
    ]
    assert Case.objects.get(reference="T-001").revision == old.last().revision  # type: ignore[union-attr]


def test_the_same_file_may_come_again_after_it_was_undone(cast: Cast) -> None:
    bring(cast, *EVERYTHING, staff=STAFF)
    after = rows_as_they_are(cast) | {"ratings": None}
    undo()
    again = bring(cast, *EVERYTHING, staff=STAFF)
    assert (again.summary.new_cases, again.summary.reopened_cases) == (0, 3)
    assert Case.objects.get(reference="N-1").reopened_on == TODAY
    assert [row[:5] for row in rows_as_they_are(cast)["cases"]] == [row[:5] for row in after["cases"]]
    undo()
    row = Case.objects.get(reference="N-1")
    assert (row.closed_on, row.reopened_on) == (row.opened_on, None)


def test_it_leaves_an_audit_entry_and_asks_for_scores(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    bring(cast, *EVERYTHING)
    with django_capture_on_commit_callbacks() as callbacks:
        undo(by=cast.ewa)
    assert callbacks
    entry = AuditEntry.objects.get(event="CASELOAD_IMPORT_UNDONE")
    assert (entry.by, entry.at, entry.detail["file"]) == (cast.ewa, LATER, "cases.csv")
    assert "T-001" not in str(entry.detail)


# When it is refused


def test_what_people_changed_since_is_named_and_nothing_is_undone(cast: Cast) -> None:
    bring(cast, *EVERYTHING)
    correct_family(cast, Case.objects.get(reference="T-002"))
    before = rows_as_they_are(cast)
    with pytest.raises(NotAllowed) as refusal:
        undo()
    assert "T-002: " in str(refusal.value)
    assert "F-1 → F-7" in str(refusal.value)
    assert "(Ben Test, " in str(refusal.value)
    assert "T-001" not in str(refusal.value)
    assert rows_as_they_are(cast) == before
    assert last().status == "APPLIED"


def test_a_change_to_an_allocation_a_contract_or_a_worker_is_seen_too(cast: Cast) -> None:
    bring(cast, *EVERYTHING, staff=STAFF)
    Allocation.objects.filter(case__reference="N-1").update(ended_on=TODAY + timedelta(days=3))
    Contract.objects.filter(worker__name="New Person").update(weekly_hours=Decimal(21))
    Contract.objects.filter(worker__name="Una Test", team=cast.other_team).delete()
    Worker.objects.filter(name="Asha Test").update(career_stage="ESTABLISHED")
    with pytest.raises(NotAllowed) as refusal:
        undo()
    for sentence in (
        "N-1: its allocation has changed",
        "New Person: hours or dates in Heron Team have changed",
        "a team membership that it added or changed has been removed",
        "Asha Test: career stage, registration or another detail has changed",
    ):
        assert sentence in str(refusal.value)


def test_many_changes_are_counted(cast: Cast) -> None:
    rows = [f"M-{at:02},child_in_need,,2026-10-01,,Heron Team,Asha Test,," for at in range(14)]
    bring(cast, *rows)
    Case.objects.filter(reference__startswith="M-").update(revision=7)
    with pytest.raises(NotAllowed, match=r"M-09: changed \(the system\) and 4 more\. Correct what is wrong"):
        undo()


def test_a_contested_rating_stands_in_the_way_even_where_the_case_was_not_noted(cast: Cast) -> None:
    bring(cast, "T-004,child_in_need,,,,Heron Team,Nia Test,,")
    rating = Rating.objects.get(case__reference="T-004")
    Contest.objects.create(
        employer=cast.employer,
        case=rating.case,
        worker=cast.workers["Nia Test"],
        rating=rating,
        reason="x",
        raised_at=AT,
    )
    with pytest.raises(NotAllowed, match="later records rest on what it added"):
        undo()
    assert Rating.objects.filter(pk=rating.pk).exists()


def test_only_the_last_import_that_changed_something_is_undone_and_once(cast: Cast) -> None:
    bring(cast, *EVERYTHING)
    first = last()
    bring(cast, *EVERYTHING)
    nothing = last()
    with pytest.raises(NotAllowed, match="changed nothing"):
        undo(nothing)
    bring(cast, "N-9,,,,,Heron Team,Asha Test,,")
    with pytest.raises(NotAllowed, match="Another import has changed something since"):
        undo(first)
    undo()
    with pytest.raises(NotAllowed, match="has already been undone"):
        undo(ImportRun.objects.get(changed_something=True, file_name="cases.csv", status="UNDONE"))
    with pytest.raises(NotAllowed, match="Another import"):
        undo(first)


def test_other_employers_imports_do_not_matter(cast: Cast) -> None:
    bring(cast, *EVERYTHING)
    run = last()
    bring(cast, "E-1,,,,,Elsewhere Team,,,", employer=cast.elsewhere.employer)
    undo(run)
    assert Case.objects.get(reference="E-1").closed_on is None


def test_whose_right_it_is(cast: Cast) -> None:
    bring(cast, "N-1,,,,,Heron Team,Asha Test,,", by=cast.ewa)
    with pytest.raises(NotAllowed, match="Only whoever began an import"):
        undo(by=cast.ben)
    with pytest.raises(PermissionDenied):
        undo(by=cast.cora)
    undo(by=cast.ewa)


def test_a_manager_undoes_nothing_in_a_team_that_is_theirs_no_more(cast: Cast) -> None:
    bring(cast, "N-1,,,,,Heron Team,Asha Test,,", by=cast.ben)
    RoleAssignment.objects.filter(user=cast.ben).update(team=cast.other_team)
    with pytest.raises(NotAllowed, match="teams that you do not manage any more"):
        undo(by=cast.ben)
    RoleAssignment.objects.filter(user=cast.ben).update(team=cast.team)
    undo(by=cast.ben)
    assert last().undone_by == cast.ben


def test_a_form_sent_twice_undoes_once(cast: Cast) -> None:
    bring(cast, *EVERYTHING)
    token = uuid4()
    undo_import(run=last(), by=cast.ewa, at=LATER, once=token)
    with pytest.raises(AlreadyDone):
        undo_import(run=last(), by=cast.ewa, at=LATER, once=token)


def test_statements_do_not_grow(cast: Cast) -> None:
    def statements(number: int, prefix: str) -> int:
        rows = [f"{prefix}{at},child_in_need,,,,Heron Team,Asha Test,," for at in range(number)]
        bring(cast, *rows)
        bring(cast, *(row.replace("Asha", "Nia").replace("child_in_need", "assessment") for row in rows))
        with CaptureQueriesContext(connection) as queries:
            undo()
        return len(queries)

    assert statements(2, "a") == statements(40, "b") < 60


# The page


def test_the_page_asks_then_undoes_and_says_so(cast: Cast, client: Client) -> None:
    bring(cast, *EVERYTHING, by=cast.ewa)
    client.force_login(cast.ewa)
    address = reverse("import-undo", args=[last().public_id])
    assert "Undo this import?" in client.get(address).content.decode()
    assert last().status == "APPLIED"
    token = str(uuid4())
    said = client.post(address, {"once": token}, follow=True).content.decode()
    assert "The import of cases.csv is undone." in said
    assert "This import was undone" in said
    assert client.post(address, {"once": token})["Location"] == reverse("import", args=[last().public_id])
    assert "This import cannot be undone." in client.get(address).content.decode()


def test_the_page_says_what_stands_in_the_way(cast: Cast, client: Client) -> None:
    bring(cast, *EVERYTHING, by=cast.ewa)
    Case.objects.filter(reference="T-001").update(revision=9)
    client.force_login(cast.ewa)
    said = client.post(reverse("import-undo", args=[last().public_id]), {"once": str(uuid4())}).content.decode()
    assert "There is a problem" in said
    assert "T-001: changed (the system)" in said


# At once


def _at_once(*acts: Any) -> list[str]:
    def attempt(act: Any) -> str:
        try:
            act()
        except NotAllowed as sentence:
            return str(sentence)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(attempt, acts))


@pytest.mark.django_db(transaction=True)
def test_two_people_undo_at_once_and_it_happens_once() -> None:
    cast = assemble()
    before = rows_as_they_are(cast)
    bring(cast, *EVERYTHING)
    run = last()
    said = _at_once(*[lambda: undo_import(run=ImportRun.objects.get(pk=run.pk), by=cast.ewa, at=LATER)] * 3)
    assert said == ["This import has already been undone."] * 2 + ["done"]
    assert rows_as_they_are(cast) == before
    assert AuditEntry.objects.filter(event="CASELOAD_IMPORT_UNDONE").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_undoing_and_an_import_at_once_wait_for_each_other() -> None:
    cast = assemble()
    bring(cast, *EVERYTHING)
    run = last()
    said = _at_once(
        lambda: undo_import(run=ImportRun.objects.get(pk=run.pk), by=cast.ewa, at=LATER),
        lambda: bring(cast, "N-1,assessment,,,,Heron Team,Asha Test,,"),
    )
    assert said[1] == "done"
    case_row = Case.objects.get(reference="N-1")
    assert (case_row.category, case_row.closed_on) == ("assessment", None)
    assert said[0] == "done" or "Another import has changed something since" in said[0]
    assert list(case_row.changes.values_list("revision", flat=True)) == list(range(1, case_row.revision + 1))


def test_cases_recorded_by_people_are_not_touched(cast: Cast) -> None:
    bring(cast, *EVERYTHING)
    record_cases(team=cast.team, cases=[case("OWN-1")], by=None, at=AT)
    undo()
    assert Case.objects.get(reference="OWN-1").closed_on is None
