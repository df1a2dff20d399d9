"""An administrator makes a worker's file, and erases a worker who has left: figures stay, whose they are goes."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from caseloads.actions.contests import contest, decline
from caseloads.actions.imports import import_caseload
from caseloads.importing import Files, Upload
from caseloads.models import Allocation, CaseChange, Contest, ImportRun, WorkerSnapshot
from caseloads.snapshots import score_employer
from checks.actions.answers import Attached, add_evidence, remove_evidence
from checks.actions.doing import Doing
from checks.actions.duties import raise_concern
from checks.models import Duty, DutyStep, Evidence, HealthCheck
from reports import own_data
from reports.actions import take_data_of
from reports.erasing import called, erase, preview
from reports.models import ReportRun
from teams.models import AdditionalHours, AuditEntry, RoleAssignment, User, Worker
from teams.refusals import NotAllowed
from tests.cast import AT, TODAY, WALL, Cast
from tests.integration.caseloads.test_allocating import give
from tests.integration.caseloads.test_case_forms import the, words
from tests.integration.checks import rounds

LEAVES = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def asha(cast: Cast, settings: Any, tmp_path: Any) -> Worker:
    """Asha, with words about her in every place that keeps some; her last day is today."""
    settings.MEDIA_ROOT = tmp_path
    worker = Worker.objects.get(user=cast.asha)
    give(cast, "Asha Test")
    one = contest(case=the("T-003"), reason="Two visits a week", by=cast.asha, at=AT)
    decline(contest=Contest.objects.get(pk=one.pk), answer="It stays", by=cast.ben, at=AT)
    doing = Doing(by=cast.asha, at=AT)
    raise_concern(worker=worker, team=cast.team, words="My back hurts", past_manager=False, doing=doing)
    worker.absences.create(reason="SICKNESS", starts_on=TODAY - timedelta(days=9), ends_on=TODAY)
    AdditionalHours.objects.create(worker=worker, week=TODAY - timedelta(days=7), hours=Decimal("2.5"), note="Court")
    Allocation.objects.filter(worker=worker).update(agreement="AGREED", agreement_note="Fine by me")
    score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
    rounds.opened(cast)
    for kind, about in (("SHEET", {"worker": worker}), ("TEAM", {"team": cast.team})):
        ReportRun.objects.create(
            kind=kind,
            employer=cast.employer,
            as_of=TODAY,
            status="READY",
            requested_at=AT,
            finished_at=AT,
            content={"workers": [{"name": "Asha Test"}]},
            file=default_storage.save(f"reports/{kind}.pdf", ContentFile(b"%PDF-1.7")),
            **about,
        )
    worker.contracts.update(ends_on=LEAVES)
    User.objects.filter(pk=cast.asha.pk).update(email="asha@testshire.example")
    return worker


def gone(cast: Cast, worker: Worker, *, by: User | None = None, typed: str = "asha  test") -> None:
    erase(worker=worker, typed=typed, once=None, by=by or cast.ewa, on=LEAVES, at=AT)


def test_whatever_says_who_they_are_is_replaced(
    cast: Cast, asha: Worker, django_capture_on_commit_callbacks: Any
) -> None:
    hours = list(AdditionalHours.objects.values_list("hours", flat=True))
    loads = list(WorkerSnapshot.objects.filter(worker=asha).values_list("load", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        gone(cast, asha)
    number = f"Worker removed {asha.pk}"
    row = Worker.objects.get(pk=asha.pk)
    assert (row.name, row.staff_reference) == (number, "")
    user = User.objects.get(pk=cast.asha.pk)
    assert (user.username, user.first_name, user.last_name, user.email) == (f"removed-{asha.pk}", number, "", "")
    assert not user.is_active
    assert not user.has_usable_password()
    assert not RoleAssignment.every.filter(user=user).exists()
    assert set(row.reductions.values_list("reason", flat=True)) == {"Removed"}
    assert set(row.absences.values_list("reason", flat=True)) == {"OTHER"}
    assert set(row.additional_hours.values_list("note", flat=True)) == {""}
    assert set(row.allocations.values_list("agreement_note", flat=True)) == {"Removed"}
    assert set(row.contests.values_list("reason", "answer")) == {("Removed", "Removed")}
    assert set(Duty.objects.filter(worker=row, flag="").values_list("words", flat=True)) == {"Removed"}
    assert set(DutyStep.objects.filter(duty__worker=row, duty__flag="").values_list("words", flat=True)) == {"Removed"}
    texts = " ".join(CaseChange.objects.values_list("text", flat=True))
    assert "Asha Test" not in texts
    assert f"Allocated to {number}" in texts
    assert not ReportRun.objects.exists()
    assert not default_storage.exists("reports/SHEET.pdf")
    assert list(AdditionalHours.objects.values_list("hours", flat=True)) == hours
    assert list(WorkerSnapshot.objects.filter(worker=row).values_list("load", flat=True)) == loads


def everywhere(name: str) -> set[str]:
    """The tables in which a name stands anywhere."""
    found = set()
    for model in apps.get_models():
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{name}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.add(model._meta.label)
    return found


def test_name_stands_nowhere_but_where_the_preview_says_that_it_stays(cast: Cast, asha: Worker) -> None:
    assert {"teams.Worker", "caseloads.CaseChange", "reports.ReportRun"} <= everywhere("Asha Test")
    gone(cast, asha)
    left = everywhere("Asha Test")
    assert left <= {"checks.KeptWorkload", "checks.Answer", "teams.AuditEntry"}
    stays = {line.title for line in preview(asha, on=LEAVES).stays}
    assert "Workloads that health checks kept" in stays
    assert "Entries of the audit trail by them or about them" in stays


def test_entry_names_nobody_and_counts_what_was_done(cast: Cast, asha: Worker) -> None:
    gone(cast, asha)
    entry = AuditEntry.objects.get(event="WORKER_ERASED")
    assert (entry.by, entry.target) == (cast.ewa, f"teams.Worker:{asha.pk}")
    assert entry.detail["replaced"]["Notes on additional hours"] == 1
    assert entry.detail["kept"]["Workloads that health checks kept"] == 1
    assert "Asha" not in json.dumps(entry.detail)


def test_triggers_hold_again_afterwards(cast: Cast, asha: Worker) -> None:
    gone(cast, asha)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        CaseChange.objects.update(text="x")


def test_namesakes_keep_their_history(cast: Cast, asha: Worker) -> None:
    nia = cast.workers["Nia Test"]
    change = CaseChange.objects.filter(case__allocations__worker=nia).exclude(case__allocations__worker=asha).first()
    assert change is not None
    CaseChange.objects.create(case=change.case, revision=99, kind="ALLOCATED", text="Allocated to Asha Test.", at=AT)
    gone(cast, asha)
    assert CaseChange.objects.get(revision=99).text == "Allocated to Asha Test."


@pytest.mark.parametrize(
    ("on", "typed", "sentence"),
    [
        (TODAY, "Asha Test", "works here today or will"),
        (LEAVES, "Asha", "This is not the name of the worker"),
        (LEAVES, "", "This is not the name of the worker"),
    ],
)
def test_refused(cast: Cast, asha: Worker, on: Any, typed: str, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        erase(worker=asha, typed=typed, once=None, by=cast.ewa, on=on, at=AT)
    assert Worker.objects.get(pk=asha.pk).name == "Asha Test"


def test_where_nobody_wrote_anything_nothing_is_said_to_be_removed(cast: Cast, asha: Worker) -> None:
    asha.allocations.update(agreement_note="")
    told = [line.title for line in preview(asha, on=LEAVES).replaced]
    assert "Words about allocations" not in told
    gone(cast, asha)
    assert set(asha.allocations.values_list("agreement_note", flat=True)) == {""}


def test_only_once_and_only_by_an_administrator(cast: Cast, asha: Worker) -> None:
    with pytest.raises(PermissionDenied):
        gone(cast, asha, by=cast.dev)
    gone(cast, asha)
    with pytest.raises(NotAllowed, match="erased already"):
        gone(cast, asha, typed=called(asha))


def test_nobody_erases_themselves(cast: Cast, asha: Worker) -> None:
    Worker.objects.filter(pk=asha.pk).update(user=None)
    Worker.objects.filter(pk=asha.pk).update(user=cast.ewa)
    with pytest.raises(NotAllowed, match="Nobody erases themselves"):
        gone(cast, asha)


def test_worker_without_an_account_is_erased_too(cast: Cast) -> None:
    kit = cast.workers["Kit Test"]
    kit.contracts.update(ends_on=LEAVES)
    gone(cast, kit, typed="Kit Test")
    assert Worker.objects.get(pk=kit.pk).name == f"Worker removed {kit.pk}"


def test_page_tells_what_would_go_and_the_form_does_it(cast: Cast, asha: Worker, client: Client) -> None:
    client.force_login(cast.ewa)
    address = reverse("worker-data", args=[asha.public_id])
    assert "works here today or will" in words(client.get(address))
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        client.force_login(cast.ewa)
        shown = words(client.get(address))
        assert "What is replaced" in shown
        assert "Article 17(3)(e)" in shown
        form = client.get(reverse("worker-erase", args=[asha.public_id]))
        once = str(form.context["form"]["once"].value())
        wrong = client.post(reverse("worker-erase", args=[asha.public_id]), {"once": once, "name": "Somebody"})
        assert "This is not the name of the worker" in words(wrong)
        done = client.post(reverse("worker-erase", args=[asha.public_id]), {"once": once, "name": "Asha Test"})
        assert done.status_code == 302
        assert "erased already" in words(client.get(address))
    assert f"Worker removed {asha.pk}" in words(client.get(reverse("personal-data", args=[cast.employer.slug])))


def attached(cast: Cast, name: str, *, check: HealthCheck | None = None, link: str = "") -> Evidence:
    check = check or HealthCheck.objects.get(team=cast.team)
    file = None if link else ContentFile(b"%PDF-1.7", name=name)
    new = Attached(name, url=link, file=file, media_type="" if link else "application/pdf")
    return add_evidence(answer=rounds.answer_of(check, "fair"), attached=new, doing=rounds.doing(cast.ben))


def imported(cast: Cast) -> ImportRun:
    """An import that came by a command, and can be undone."""
    rows = "case_reference,category,opened_on,team,worker\nN-1,child_in_need,01/10/2026,Heron Team,Asha Test\n"
    import_caseload(
        employer=cast.employer,
        preset=ImportRun.Preset.PLAIN,
        files=Files([Upload("cases.csv", io.BytesIO(rows.encode()))]),
        as_of=TODAY,
        by=None,
        at=AT,
    )
    return ImportRun.objects.latest("pk")


def looked_for(client: Client, worker: Worker, **query: str) -> str:
    return words(client.get(reverse("worker-files", args=[worker.public_id]), query))


def test_files_that_nobody_can_search_are_named_with_where_when_and_by_whom(
    cast: Cast, asha: Worker, client: Client
) -> None:
    attached(cast, "rota.pdf")
    attached(cast, "a link", link="https://testshire.example/rota")
    remove_evidence(evidence=attached(cast, "gone.pdf"), doing=rounds.doing(cast.ben))
    run = imported(cast)
    client.force_login(cast.ewa)
    shown = looked_for(client, asha)
    assert "2 in all, the newest first" in shown
    assert 'rota.pdf</th> <td class="govuk-table__cell">Evidence of a health check</td>' in shown
    assert "Heron Team, Autumn 2026" in shown
    assert "2 November 2026 at 09:30" in shown
    assert "Ben Test" in shown
    assert "A command" in shown
    assert reverse("import", args=[run.public_id]) in shown
    assert "gone.pdf" not in shown
    assert "a link" not in shown
    assert reverse("worker-files", args=[asha.public_id]) in words(
        client.get(reverse("worker-data", args=[asha.public_id]))
    )


def test_files_from_before_somebody_came_cannot_name_them(cast: Cast, asha: Worker, client: Client) -> None:
    attached(cast, "rota.pdf")
    asha.contracts.update(starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=9))
    client.force_login(cast.ewa)
    assert "There are none." in looked_for(client, asha)


def test_many_files_come_page_by_page_in_as_many_statements_as_few(
    cast: Cast, asha: Worker, client: Client, django_assert_max_num_queries: Any
) -> None:
    one = attached(cast, "rota.pdf")
    more = {"answer": one.answer, "file": one.file.name, "added_at": AT}
    Evidence.objects.bulk_create(Evidence(**more, title=f"{n}", file_name=f"{n}.pdf") for n in range(60))
    client.force_login(cast.ewa)
    client.get("/")
    with django_assert_max_num_queries(10 + WALL):
        assert "61 in all" in looked_for(client, asha)
    assert "Page 2 of 2" in looked_for(client, asha, page="2")


def test_administrator_makes_the_file_and_the_worker_sees_it(cast: Cast, asha: Worker, client: Client) -> None:
    client.force_login(cast.ewa)
    file = client.post(reverse("worker-data-file", args=[asha.public_id, "json"]))
    assert f'filename="data-of-worker-{asha.pk}-' in file.headers["Content-Disposition"]
    lists = json.loads(file.content)["lists"]
    assert set(lists) == {held.code for held in own_data.EVERYTHING}
    assert lists["duties"]["rows"][0]["in words"] == "My back hurts"
    entry = AuditEntry.objects.get(event="WORKER_DATA_TAKEN")
    assert (entry.by, entry.detail["workers"]) == (cast.ewa, [asha.pk])
    assert [row[1] for row in own_data.holding("seen").rows(asha)] == [cast.ewa]
    assert not AuditEntry.objects.filter(event="FILE_TAKEN").exists()
    with pytest.raises(PermissionDenied):
        take_data_of(worker=asha, kind="json", by=cast.dev, at=AT)


def test_search_by_name(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    address = reverse("personal-data", args=[cast.employer.slug])
    shown = words(client.get(address, {"name": "nia"}))
    assert "Nia Test" in shown
    assert "Una Test" not in shown
    assert "Nobody has such a name" in words(client.get(address, {"name": "zz"}))


ACTS = "says who did it: the entries about it are theirs, not facts about them"
EXPORTED = {
    "teams.Contract": "contracts",
    "teams.CapacityReduction": "reductions",
    "teams.Absence": "absences",
    "teams.SupervisionSession": "supervision",
    "teams.AdditionalHours": "hours",
    "teams.RoleAssignment": "account",
    "teams.Worker": "profile",
    "caseloads.Allocation": "allocations",
    "caseloads.Contest": "contests",
    "caseloads.Transfer": "transfers",
    "caseloads.WorkerSnapshot": "snapshots",
    "checks.Duty": "duties",
    "checks.Action": "actions",
    "reports.ReportRun": "sheets",
    "teams.AuditEntry": "seen",
    "teams.SignIn": "sign-ins",
    "teams.AccountLetter": "account-letters",
}
NOT_EXPORTED = {
    "teams.Submission": "a mark of a form that was saved, without its content",
    "teams.Integration": "an account by which nobody signs in",
    **dict.fromkeys(
        (
            "teams.ApiToken",
            "caseloads.CaseChange",
            "caseloads.Rating",
            "caseloads.LimitException",
            "caseloads.ImportRun",
            "caseloads.ImportMapping",
            "caseloads.SchemeDraft",
            "standards.ChosenStandards",
            "standards.StandardDraft",
            "standards.LocalVariation",
            "checks.Cycle",
            "checks.HealthCheck",
            "checks.CheckStep",
            "checks.ActionStep",
            "checks.Answer",
            "checks.Evidence",
            "checks.Challenge",
            "checks.DutyStep",
            "checks.Publication",
        ),
        ACTS,
    ),
}


def test_every_table_that_names_a_worker_or_an_account_is_in_the_file_or_has_a_reason() -> None:
    """Whatever is held about somebody is in their file: a new table fails here until it has its list or a reason."""
    ours = [
        model
        for model in apps.get_models()
        if model._meta.app_label in {"teams", "caseloads", "standards", "checks", "reports"}
    ]
    naming = {
        model._meta.label
        for model in ours
        if any(field.related_model in {Worker, User} for field in model._meta.fields)
    }
    assert naming == EXPORTED.keys() | NOT_EXPORTED.keys()
    assert set(EXPORTED.values()) <= {held.code for held in own_data.EVERYTHING}
