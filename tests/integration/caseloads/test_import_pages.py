"""The import pages: choose, look, confirm once, and nothing left behind."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caseloads import import_running
from caseloads.models import Allocation, Case, ImportLine, ImportRun
from teams.models import RoleAssignment
from teams.roles import Role
from tests.cast import AT, Cast

HEADINGS = "case_reference,category,opened_on,team,worker\n"
GOOD = f"{HEADINGS}N-1,child_in_need,01/10/2026,Heron Team,Asha Test\nT-003,child_in_need,,Heron Team,Nia Test\n"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield tmp_path


def kept(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def send(client: Client, text: str | bytes = GOOD, **fields: Any) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    usual = {
        "preset": "plain",
        "as_of": "02/11/2026",
        "file": SimpleUploadedFile("cases.csv", data),
        "once": str(uuid4()),
    }
    return client.post(reverse("import-new"), usual | fields)


def work() -> None:
    """What the worker does with whatever waits for it."""
    for run in ImportRun.objects.filter(status="PENDING"):
        import_running.read(run_id=run.pk, clock=lambda: AT)
    for run in ImportRun.objects.filter(status="CONFIRMED"):
        import_running.apply(run_id=run.pk, clock=lambda: AT)


def begin(client: Client, user: Any, text: str = GOOD) -> ImportRun:
    client.force_login(user)
    response = send(client, text)
    assert response.status_code == 302
    run = ImportRun.objects.latest("pk")
    assert response["Location"] == reverse("import", args=[run.public_id])
    work()
    run.refresh_from_db()
    return run


def shown(client: Client, run: ImportRun) -> str:
    return words(client.get(reverse("import", args=[run.public_id]), follow=True))


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_form_asks_for_everything(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    shown = words(client.get(reverse("import-new")))
    assert 'enctype="multipart/form-data"' in shown
    assert 'value="02/11/2026"' in shown
    for label in ("Ofsted Annex A workbook", "Plain case list", "Caseload file", "Staff list (optional)"):
        assert label in shown
    assert 'name="employer"' not in shown


def test_whoever_imports_for_two_employers_chooses(cast: Cast, client: Client) -> None:
    RoleAssignment.objects.create(user=cast.ewa, role=Role.ADMINISTRATOR, employer=cast.elsewhere.employer)
    client.force_login(cast.ewa)
    assert 'name="employer"' in words(client.get(reverse("import-new")))
    assert "Choose an employer" in words(send(client))
    send(client, HEADINGS + "N-9,,,Elsewhere Team,\n", employer=str(cast.elsewhere.employer.pk))
    work()
    assert ImportRun.objects.get().employer == cast.elsewhere.employer


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"preset": ""}, "Choose what kind of file it is"),
        ({"file": ""}, "Choose a caseload file, a staff list or both"),
        ({"as_of": ""}, "Enter the day the file describes"),
        ({"as_of": "31/02/2026"}, "Enter a real day, such as 31/03/2026"),
        ({"as_of": "03/11/2026"}, "Enter today or an earlier day"),
        ({"file": SimpleUploadedFile("cases.csv", b"")}, "“cases.csv” is empty."),
        ({"file": SimpleUploadedFile("a.xlsx", b"\x89PNG....")}, "“a.xlsx” is a PNG picture"),
        ({"file": [SimpleUploadedFile(f"{at}.csv", b"a,b") for at in range(2)]}, "Choose one caseload file"),
        ({"file": [SimpleUploadedFile(f"{at}.csv", b"a,b") for at in range(21)]}, "Choose at most 20 files"),
        ({"file": "", "staff_file": SimpleUploadedFile("s.csv", b"PK\x05\x06")}, "“s.csv” is an empty zip file"),
    ],
)
def test_a_file_that_can_be_no_caseload_is_refused_at_once_with_a_sentence(
    cast: Cast, client: Client, files: Path, fields: dict[str, Any], sentence: str
) -> None:
    client.force_login(cast.ben)
    response = send(client, **fields)
    said = words(response)
    assert response.status_code == 200
    assert sentence in said
    assert "There is a problem" in said
    assert "<title>Error: " in said
    assert ImportRun.objects.count() == 0
    assert kept(files) == []


def test_a_file_that_turns_out_useless_is_refused_with_a_sentence(
    cast: Cast, client: Client, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = begin(client, cast.ben, "\n".join(["a" * 40_000]))
    said = shown(client, run)
    assert run.status == "FAILED"
    assert "has a cell with more than 32767 characters" in said
    assert "There is a problem" in said
    assert "choose the file again" in said
    assert 'http-equiv="refresh"' not in said
    assert kept(files) == []


def test_the_page_looks_again_by_itself_until_the_file_is_read(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    assert send(client).status_code == 302
    run = ImportRun.objects.get()
    for status in ("PENDING", "READING"):
        ImportRun.objects.filter(pk=run.pk).update(status=status, rows_done=45_000)
        said = shown(client, run)
        assert '<meta http-equiv="refresh" content="1">' in said
        assert "Reading the file" in said
    assert "Rows read so far: 45000." in said
    assert reverse("import-drop", args=[run.public_id]) in said
    ImportRun.objects.filter(pk=run.pk).update(status="PREVIEW")
    for status, done, sentence in (
        ("CONFIRMED", 0, "Waiting for its turn."),
        ("APPLYING", 10, "Rows read: 10 of 50."),
        ("APPLYING", 50, "All 50 rows are read; the changes are being written."),
    ):
        ImportRun.objects.filter(pk=run.pk).update(status=status, rows_done=done, rows_total=50)
        said = shown(client, run)
        assert sentence in said
        assert reverse("import-drop", args=[run.public_id]) not in said


def test_a_form_sent_twice_brings_the_file_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    token = str(uuid4())
    assert send(client, once=token).status_code == 302
    again = send(client, once=token)
    assert again["Location"] == reverse("import-history")
    assert ImportRun.objects.count() == 1


def test_preview_says_what_would_change_and_changes_nothing(cast: Cast, client: Client, files: Path) -> None:
    before = Case.objects.count()
    run = begin(client, cast.ben, GOOD + "-,,,Heron Team,\nN-2,,=1+1,Heron Team,\n")
    said = shown(client, run)
    for text in ("Cases added: 1", "Allocations ended: 1", "Allocations begun: 2", "This row has no reference", "=1+1"):
        assert text in said
    assert "child_in_need, opened 1 October 2026, Heron Team, held by Asha Test, rated child_in_need" in said
    assert "held by Asha Test → Nia Test" in said
    assert "Nothing has changed yet" in said
    assert Case.objects.count() == before
    assert kept(files) == ["cases.csv"]
    problems = client.get(reverse("import-problems", args=[run.public_id]))
    assert "attachment" in problems["Content-Disposition"]
    assert "cases,5,opened_on,'=1+1," in problems.content.decode("utf-8-sig")


def test_confirming_imports_once_and_deletes_the_file(
    cast: Cast, client: Client, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    run = begin(client, cast.ben)
    for _ in range(2):
        response = client.post(reverse("import-apply", args=[run.public_id]))
        assert response["Location"] == reverse("import", args=[run.public_id])
        with django_capture_on_commit_callbacks(execute=True):
            work()
    assert kept(files) == []
    assert Case.objects.filter(reference="N-1").count() == 1
    assert Allocation.objects.filter(case__reference="T-003").count() == 2
    said = shown(client, run)
    assert "Caseload imported" in said
    assert "imported by Ben Test on 2 November 2026 at 09:30." in said
    assert "What changed" in said
    run.refresh_from_db()
    assert (run.status, run.applied_at, run.confirmed_by, run.files.count()) == ("APPLIED", AT, cast.ben, 0)


def test_a_file_that_changes_nothing_is_not_offered(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben)
    client.post(reverse("import-apply", args=[run.public_id]))
    work()
    again = begin(client, cast.ben)
    said = shown(client, again)
    assert "Nothing: everything in the file is recorded already." in said
    assert reverse("import-apply", args=[again.public_id]) not in said


def test_putting_away_deletes_the_file(
    cast: Cast, client: Client, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    run = begin(client, cast.ben)
    assert ImportLine.objects.filter(run=run).exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("import-drop", args=[run.public_id]))
    assert response["Location"] == reverse("import-new")
    assert kept(files) == []
    assert not ImportLine.objects.filter(run=run).exists()
    assert "was not imported" in shown(client, run)
    again = client.post(reverse("import-drop", args=[run.public_id]))
    assert again["Location"] == reverse("import", args=[run.public_id])
    client.post(reverse("import-apply", args=[run.public_id]))
    work()
    assert Case.objects.filter(reference="N-1").count() == 0


def test_choosing_another_file_puts_the_first_away(
    cast: Cast, client: Client, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = begin(client, cast.ben)
    with django_capture_on_commit_callbacks(execute=True):
        begin(client, cast.ben)
    first.refresh_from_db()
    assert first.status == "ABANDONED"
    assert len(kept(files)) == 1


def test_a_file_that_has_gone_is_said(cast: Cast, client: Client, files: Path) -> None:
    run = begin(client, cast.ben)
    next(files.rglob("cases.csv")).unlink()
    client.post(reverse("import-apply", args=[run.public_id]))
    work()
    assert "The uploaded file is no longer there. Upload it again." in shown(client, run)
    run.refresh_from_db()
    assert run.status == "PREVIEW"


def test_a_manager_changes_their_own_teams_only(cast: Cast, client: Client) -> None:
    for text in ("K-001,,,Heron Team,Asha Test", "N-1,,,New Team,"):
        said = shown(client, begin(client, cast.ben, HEADINGS + text))
        assert "This file changes cases, people or teams that you do not manage." in said
        assert "Kestrel" not in said
    run = begin(client, cast.ewa, f"{HEADINGS}K-001,,,New Team,Asha Test\n")
    assert run.status == "PREVIEW"


def test_a_manager_takes_nobody_from_another_team(cast: Cast, client: Client) -> None:
    said = shown(client, begin(client, cast.ben, f"{HEADINGS}N-1,,,Heron Team,Kit Test"))
    assert "This file puts people of other teams into yours: “Kit Test”." in said
    assert not cast.workers["Kit Test"].contracts.filter(team=cast.team).exists()


def test_who_and_what_is_new_is_named_before_it_is_made(cast: Cast, client: Client) -> None:
    said = shown(client, begin(client, cast.ewa, f"{HEADINGS}N-1,,,Osprey Team,Ashta Test\n"))
    assert "Workers added (1)" in said
    assert "Ashta Test" in said
    assert "career stage not known, registration not known" in said
    assert "Teams added (1)" in said
    assert "joins Osprey Team, hours not known, from 2 November 2026" in said


def test_a_managers_name_does_not_make_a_case_allocated(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben, f"{HEADINGS}N-1,,,Heron Team,Ben Test\nN-2,,,Heron Team,\n")
    assert run.counts["counts"]["unallocated"] == 2


def test_file_of_which_no_row_can_be_used_is_not_called_recorded(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben, f"{HEADINGS}N-1,,soon,Heron Team,\n")
    assert "no row of the file could be used" in shown(client, run)


def test_a_staff_list_may_come_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    staff = SimpleUploadedFile("staff.csv", b"worker,team,weekly_hours\nAsha Test,Heron Team,30\n,Heron Team,1\n")
    sent = client.post(reverse("import-new"), {"staff_file": staff, "as_of": "02/11/2026", "once": str(uuid4())})
    assert sent.status_code == 302
    work()
    run = ImportRun.objects.get()
    said = shown(client, run)
    assert "Team memberships added: 1" in said
    assert "Rows of the staff list: 1." in said
    assert "This row has no worker’s name." in said or "This row has no worker&#x27;s name." in said
    client.post(reverse("import-apply", args=[run.public_id]))
    work()
    assert cast.workers["Asha Test"].contracts.latest("starts_on").weekly_hours == 30


def test_a_right_that_was_taken_away_stops_the_import(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben, f"{HEADINGS}N-1,,,Heron Team,\n")
    RoleAssignment.objects.filter(user=cast.ben).update(team=cast.other_team)
    client.post(reverse("import-apply", args=[run.public_id]))
    work()
    assert "cases, people or teams that you do not manage" in shown(client, run)
    assert Case.objects.filter(reference="N-1").count() == 0


def test_lines_about_a_team_are_seen_by_whoever_manages_it_now(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben)
    assert "N-1" in shown(client, run)
    address = reverse("import-lines", args=[run.public_id, "CASES_ADDED"])
    assert "N-1" in words(client.get(address))
    RoleAssignment.objects.filter(user=cast.ben).update(team=cast.other_team)
    assert "N-1" not in shown(client, run)
    assert "There is nothing here that you may see." in words(client.get(address))
    assert client.get(reverse("import-lines-file", args=[run.public_id])).content.decode("utf-8-sig") == (
        "section,what,change\r\n"
    )
    client.force_login(cast.ewa)
    assert "N-1" in words(client.get(address))


def test_a_section_is_paged_and_can_be_downloaded_whole(cast: Cast, client: Client) -> None:
    rows = "".join(f"N-{at:03},,,Heron Team,\n" for at in range(60))
    run = begin(client, cast.ben, HEADINGS + rows)
    assert "See all 60" in shown(client, run)
    address = reverse("import-lines", args=[run.public_id, "CASES_ADDED"])
    assert "N-049" in words(client.get(address))
    assert "N-049" not in words(client.get(address, {"page": 2}))
    assert "N-059" in words(client.get(address, {"page": 2}))
    whole = client.get(reverse("import-lines-file", args=[run.public_id])).content.decode("utf-8-sig")
    assert whole.count("Cases added,") == 60
    assert client.get(reverse("import-lines", args=[run.public_id, "NONSENSE"])).status_code == 404


def test_history_is_a_managers_own_and_an_administrators_of_the_whole_employer(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    assert "Nothing has been imported yet." in words(client.get(reverse("import-history")))
    bens = begin(client, cast.ben)
    client.post(reverse("import-apply", args=[bens.public_id]))
    work()
    ewas = begin(client, cast.ewa, f"{HEADINGS}K-001,child_in_need,,Kestrel Team,\n")
    said = words(client.get(reverse("import-history")))
    for run in (bens, ewas):
        assert reverse("import", args=[run.public_id]) in said
    assert reverse("import-undo", args=[bens.public_id]) in said
    assert reverse("import-undo", args=[ewas.public_id]) not in said
    client.force_login(cast.ben)
    said = words(client.get(reverse("import-history")))
    assert "Ben Test" in said
    assert reverse("import", args=[ewas.public_id]) not in said
    assert client.get(reverse("import", args=[ewas.public_id])).status_code == 404


def test_pages_ask_a_fixed_number_of_questions(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    rows = "".join(f"N-{at:03},,,Heron Team,New Worker {at}\n" for at in range(40))
    run = begin(client, cast.ewa, HEADINGS + rows)
    of_run = [run.public_id]
    pages = [
        ("import", of_run),
        ("import-lines", [*of_run, "CASES_ADDED"]),
        ("import-lines-file", of_run),
        ("import-mapping", of_run),
        ("import-history", []),
        ("import-remembered", []),
    ]
    for name, key in pages:
        with django_assert_max_num_queries(15):
            assert client.get(reverse(name, args=key)).status_code == 200
    client.post(reverse("import-apply", args=of_run))
    work()
    for name in ("import", "import-undo"):
        with django_assert_max_num_queries(15):
            assert client.get(reverse(name, args=of_run)).status_code == 200


@pytest.mark.parametrize("kind", ["cases", "staff"])
def test_templates(cast: Cast, client: Client, kind: str) -> None:
    client.force_login(cast.ben)
    response = client.get(reverse("import-template", args=[kind]))
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert f'filename="{kind}.csv"' in response["Content-Disposition"]
