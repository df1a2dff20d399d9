"""Everything held about a worker goes to that worker, whole, in two forms, and to nobody else."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.test import Client
from django.urls import reverse

from caseloads.actions.case_changes import Doing, close
from caseloads.actions.contests import contest, decline
from caseloads.models import Contest, Transfer, WorkerSnapshot
from caseloads.snapshots import score_employer
from checks.actions.doing import Doing as Step
from checks.actions.duties import raise_concern
from reports import own_data
from reports.actions import request_sheet, take_own_data
from teams.models import AdditionalHours, AuditEntry, Worker
from tests.cast import AT, TODAY, WALL, Cast, case, holds, record
from tests.integration.caseloads.test_case_forms import the, words
from tests.integration.checks import rounds


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def full(cast: Cast) -> Cast:
    """Asha, with something in most lists."""
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    record(cast, case("H-1", holds(asha, cast.team, ended_on=TODAY)), case("N-1", holds(nia, cast.team)))
    one = contest(case=the("T-003"), reason="Two visits a week", by=cast.asha, at=AT)
    decline(contest=Contest.objects.get(pk=one.pk), answer="It stays", by=cast.ben, at=AT)
    close(case=the("T-001"), closed_on=TODAY, doing=Doing(by=cast.ben, at=AT))
    Transfer.objects.create(
        employer=cast.employer,
        case=the("H-1"),
        from_worker=asha,
        from_team=cast.team,
        to_team=cast.other_team,
        moved_on=TODAY,
        reason="Moved house",
        at=AT,
    )
    asha.absences.create(reason="SICKNESS", starts_on=TODAY - timedelta(days=9), ends_on=TODAY)
    AdditionalHours.objects.create(worker=asha, week=TODAY - timedelta(days=7), hours=Decimal("2.5"))
    words = "Too much court work at once"
    raise_concern(
        worker=Worker.objects.get(user=cast.asha),
        team=cast.team,
        words=words,
        past_manager=False,
        doing=Step(by=cast.asha, at=AT),
    )
    score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
    return cast


def as_json(cast: Cast) -> dict[str, Any]:
    worker = Worker.objects.get(user=cast.asha)
    file = take_own_data(worker=worker, kind="json", by=cast.asha, at=AT)
    assert file.name == "my-data-2026-11-02.json"
    found: dict[str, Any] = json.loads(file.content)["lists"]
    return found


def test_file_holds_every_row_of_hers_and_none_of_others(full: Cast) -> None:
    lists = as_json(full)
    cases = {row["case"]: row for row in lists["allocations"]["rows"]}
    assert set(cases) == {"T-001", "T-002", "T-003", "H-1"}
    assert (cases["H-1"]["until"], cases["T-002"]["until"]) == ("2026-11-02", None)
    assert {row["case"] for row in lists["ratings"]["rows"]} == set(cases)
    assert (
        lists["contests"]["rows"][0] | {"reason": "Two visits a week", "answer": "It stays"}
        == (lists["contests"]["rows"][0])
    )
    assert lists["transfers"]["rows"][0]["reason"] == "Moved house"
    assert lists["reductions"]["rows"][0]["reason"] == "Practice educator"
    assert lists["absences"]["rows"][0]["reason"] == "Sickness"
    assert lists["hours"]["rows"] == [{"week beginning": "2026-10-26", "hours": "2.50", "note": ""}]
    assert lists["profile"]["rows"][0]["registered"] is True
    assert lists["account"]["rows"][0]["roles"] == "Social worker, Heron Team"
    (snapshot,) = lists["snapshots"]["rows"]
    assert Decimal(snapshot["load"]) == WorkerSnapshot.objects.get(worker__user=full.asha).load
    assert "Nia Test" not in json.dumps(lists)


def test_archive_says_the_same_as_the_other_file(full: Cast) -> None:
    worker = Worker.objects.get(user=full.asha)
    file = take_own_data(worker=worker, kind="csv", by=full.asha, at=AT)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert set(archive.namelist()) == {f"{held.code}.csv" for held in own_data.EVERYTHING}
        text = archive.read("allocations.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["case"] for row in rows] == [row["case"] for row in as_json(full)["allocations"]["rows"]]


def test_taking_it_away_is_on_record(full: Cast) -> None:
    as_json(full)
    entry = AuditEntry.objects.get(event="OWN_DATA_DOWNLOADED")
    assert (entry.by, entry.detail) == (full.asha, {"kind": "json"})


@pytest.mark.parametrize("name", ["ben", "dev", "ewa", "gil"])
def test_nobody_takes_another_persons(cast: Cast, name: str) -> None:
    with pytest.raises(Http404):
        take_own_data(worker=cast.workers["Asha Test"], kind="json", by=cast.users[name], at=AT)
    with pytest.raises(Http404):
        take_own_data(worker=None, kind="json", by=cast.users[name], at=AT)
    assert not AuditEntry.objects.filter(event="OWN_DATA_DOWNLOADED").exists()


def test_every_list_has_a_name_of_its_own() -> None:
    codes = [held.code for held in own_data.EVERYTHING]
    assert len(codes) == len(set(codes)) == 23
    with pytest.raises(Http404):
        own_data.holding("passwords")


@pytest.mark.parametrize("code", [held.code for held in own_data.EVERYTHING])
def test_each_list_reads_as_words_in_few_statements(
    full: Cast, client: Client, django_assert_max_num_queries: Any, code: str
) -> None:
    client.force_login(full.asha)
    with django_assert_max_num_queries(6 + WALL):
        answer = client.get(reverse("own-data-rows", args=[code]))
    expected = {
        "profile": "Established",
        "account": "asha",
        "sign-ins": "Where you are signed in",
        "second-factors": "Nothing of this kind",
        "account-letters": "Nothing of this kind",
        "contracts": "37.00",
        "reductions": "Practice educator",
        "absences": "24 October 2026",
        "supervision": "Nothing of this kind",
        "hours": "2.50",
        "allocations": "H-1",
        "ratings": "long_travel × 1",
        "contests": "2 November 2026 at 09:30",
        "limits": "Nothing of this kind",
        "transfers": "Kestrel Team",
        "snapshots": "Heron Team",
        "duties": "Too much court work at once",
        "duty-steps": "2 November 2026 at 09:30",
        "health-check-rows": "Nothing of this kind",
        "actions": "Nothing of this kind",
        "health-check-workloads": "Nothing of this kind",
        "sheets": "Nothing of this kind",
        "seen": "Nothing of this kind",
    }
    assert expected[code] in words(answer)


def test_kept_workloads_and_sheets_are_hers_to_read(full: Cast) -> None:
    rounds.opened(full)
    worker = Worker.objects.get(user=full.asha)
    request_sheet(worker=worker, as_of=TODAY, by=full.ben, at=AT)
    found = as_json(full)
    (line,) = found["health-check-workloads"]["rows"]
    assert (line["cycle"], line["team"], line["cases"]) == ("Autumn 2026", "Heron Team", 2)
    assert [row["by"] for row in found["sheets"]["rows"]] == ["Ben Test"]


def test_page_lists_what_is_held_and_offers_both_files(full: Cast, client: Client) -> None:
    client.force_login(full.asha)
    shown = words(client.get(reverse("own-data")))
    for held in own_data.EVERYTHING:
        assert held.title in shown
    for kind in ("json", "csv"):
        answer = client.post(reverse("own-data-file", args=[kind]))
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data-2026-11-02.')
    assert client.get("/my-data/file/xml/").status_code == 404


def test_account_without_a_worker_is_told_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.dev)
    assert "not linked to a worker" in words(client.get(reverse("own-data")))
    assert "Nothing of this kind" in words(client.get(reverse("own-data-rows", args=["allocations"])))


def test_long_lists_come_in_pages(cast: Cast, client: Client) -> None:
    record(cast, *(case(f"N-{number:03}", holds(cast.workers["Asha Test"], cast.team)) for number in range(120)))
    client.force_login(cast.asha)
    shown = words(client.get(reverse("own-data-rows", args=["allocations"])))
    assert "Page 1 of 2" in shown
