"""The upload pages: choose, look, confirm once, and nothing left behind."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from caseloads.actions.imports import confirm_import, offer_import
from caseloads.importing import Files, Upload
from caseloads.models import Allocation, Case, ImportRun
from teams.actions.setting_up import open_account
from teams.models import RoleAssignment
from teams.refusals import NotAllowed
from teams.roles import Role
from tests.cast import AT, TODAY, Cast, assemble

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
    usual = {"preset": "plain", "as_of": "02/11/2026", "file": SimpleUploadedFile("cases.csv", data)}
    return client.post(reverse("import-new"), usual | fields)


def begin(client: Client, user: Any, text: str = GOOD) -> ImportRun:
    client.force_login(user)
    response = send(client, text)
    assert response.status_code == 302
    run = ImportRun.objects.latest("pk")
    assert response["Location"] == reverse("import", args=[run.public_id])
    return run


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
        ({"file": "", "staff_file": SimpleUploadedFile("s.csv", b"a,b\n1,2")}, "no row of headings with “worker”"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(
    cast: Cast, client: Client, files: Path, fields: dict[str, Any], sentence: str
) -> None:
    client.force_login(cast.ben)
    response = send(client, **fields)
    shown = words(response)
    assert response.status_code == 200
    assert sentence in shown
    assert "There is a problem" in shown
    assert "<title>Error: " in shown
    assert ImportRun.objects.count() == 0
    assert kept(files) == []


def test_preview_says_what_would_change_and_changes_nothing(cast: Cast, client: Client, files: Path) -> None:
    before = Case.objects.count()
    run = begin(client, cast.ben, GOOD + "-,,,Heron Team,\nN-2,=1+1,,Heron Team,\n")
    shown = words(client.get(reverse("import", args=[run.public_id])))
    for text in ("Cases added: 1", "Allocations ended: 1", "Allocations begun: 2", "This row has no reference", "=1+1"):
        assert text in shown
    assert "Nothing has changed yet" in shown
    assert Case.objects.count() == before
    assert kept(files) == ["cases.csv"]
    problems = client.get(reverse("import-problems", args=[run.public_id]))
    assert "attachment" in problems["Content-Disposition"]
    assert "cases,5,category,'=1+1," in problems.content.decode("utf-8-sig")


def test_confirming_imports_once_and_deletes_the_file(
    cast: Cast, client: Client, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    run = begin(client, cast.ben)
    for _ in range(2):
        with django_capture_on_commit_callbacks() as callbacks:
            response = client.post(reverse("import-apply", args=[run.public_id]))
        delete = [callback for callback in callbacks if getattr(callback, "args", ()) == (run.file.name,)]
        for callback in delete:
            callback()
    assert response["Location"] == reverse("import", args=[run.public_id])
    assert delete == []
    assert kept(files) == []
    assert Case.objects.filter(reference="N-1").count() == 1
    assert Allocation.objects.filter(case__reference="T-003").count() == 2
    shown = words(client.get(response["Location"]))
    assert "Caseload imported" in shown
    assert "What changed" in shown
    run.refresh_from_db()
    assert (run.status, run.applied_at, run.file.name) == ("APPLIED", AT, "")


def test_a_file_that_changes_nothing_is_not_offered(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben)
    confirm_import(run=run, by=cast.ben, at=AT)
    again = begin(client, cast.ben)
    shown = words(client.get(reverse("import", args=[again.public_id])))
    assert "Nothing: everything in the file is recorded already." in shown
    assert reverse("import-apply", args=[again.public_id]) not in shown


def test_putting_away_deletes_the_file(
    cast: Cast, client: Client, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    run = begin(client, cast.ben)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("import-drop", args=[run.public_id]))
    assert response["Location"] == reverse("import-new")
    assert kept(files) == []
    assert "was not imported" in words(client.get(reverse("import", args=[run.public_id])))
    assert client.post(reverse("import-drop", args=[run.public_id]))["Location"] == reverse(
        "import", args=[run.public_id]
    )
    client.post(reverse("import-apply", args=[run.public_id]))
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
    run.file.storage.delete(run.file.name)
    shown = words(client.post(reverse("import-apply", args=[run.public_id])))
    assert "The uploaded file is no longer there. Upload it again." in shown
    run.refresh_from_db()
    assert run.status == "PREVIEW"


def test_a_manager_changes_their_own_teams_only(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    for text in ("K-001,,,Heron Team,Asha Test", "N-1,,,New Team,"):
        shown = words(send(client, HEADINGS + text))
        assert "This file changes cases, people or teams that you do not manage." in shown
        assert "Kestrel" not in shown
    client.force_login(cast.ewa)
    assert send(client, f"{HEADINGS}K-001,,,New Team,Asha Test\n").status_code == 302


def test_a_manager_takes_nobody_from_another_team(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    shown = words(send(client, f"{HEADINGS}N-1,,,Heron Team,Kit Test"))
    assert "This file puts people of other teams into yours: “Kit Test”." in shown
    assert not cast.workers["Kit Test"].contracts.filter(team=cast.team).exists()


def test_who_and_what_is_new_is_named_before_it_is_made(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ewa, f"{HEADINGS}N-1,,,Osprey Team,Ashta Test\n")
    shown = words(client.get(reverse("import", args=[run.public_id])))
    assert "Workers added: Ashta Test." in shown
    assert "Teams added: Osprey Team." in shown


def test_a_managers_name_does_not_make_a_case_allocated(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben, f"{HEADINGS}N-1,,,Heron Team,Ben Test\nN-2,,,Heron Team,\n")
    assert run.counts["counts"]["unallocated"] == 2


def test_file_of_which_no_row_can_be_used_is_not_called_recorded(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben, f"{HEADINGS}N-1,nonsense,,Heron Team,\n")
    assert "no row of the file could be used" in words(client.get(reverse("import", args=[run.public_id])))


def test_a_staff_list_may_come_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    staff = SimpleUploadedFile("staff.csv", b"worker,team,weekly_hours\nAsha Test,Heron Team,30\n")
    sent = client.post(reverse("import-new"), {"staff_file": staff, "as_of": "02/11/2026"}, follow=True)
    changes = words(sent).partition("What would change")[2][:300]
    assert "Team memberships added: 1" in changes


def test_a_right_that_was_taken_away_stops_the_import(cast: Cast, client: Client) -> None:
    run = begin(client, cast.ben, f"{HEADINGS}N-1,,,Heron Team,\n")
    RoleAssignment.objects.filter(user=cast.ben).update(team=cast.other_team)
    shown = words(client.post(reverse("import-apply", args=[run.public_id])))
    assert "cases, people or teams that you do not manage" in shown
    assert Case.objects.filter(reference="N-1").count() == 0


def test_staff_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    staff = SimpleUploadedFile("staff.csv", b"worker,team,weekly_hours\nAsha Test,Heron Team,30\n,Heron Team,1\n")
    assert send(client, file="", staff_file=staff).status_code == 302
    run = ImportRun.objects.get()
    shown = words(client.get(reverse("import", args=[run.public_id])))
    assert "Rows of the staff list: 1." in shown
    assert "This row has no worker’s name." in shown or "This row has no worker&#x27;s name." in shown
    client.post(reverse("import-apply", args=[run.public_id]))
    assert cast.workers["Asha Test"].contracts.latest("starts_on").weekly_hours == 30


@pytest.mark.parametrize("kind", ["cases", "staff"])
def test_templates(cast: Cast, client: Client, kind: str) -> None:
    client.force_login(cast.ben)
    response = client.get(reverse("import-template", args=[kind]))
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert f'filename="{kind}.csv"' in response["Content-Disposition"]


def test_old_uploads_of_others_are_cleared_away(cast: Cast, files: Path) -> None:
    other = open_account(
        employer=cast.employer, username="eve", name="Eve Test", password=None,
        roles=[(Role.ADMINISTRATOR, None)], by=None, at=AT,
    )  # fmt: skip

    def offer(by: Any, at: Any) -> ImportRun:
        upload = Upload("cases.csv", io.BytesIO(GOOD.encode()))
        return offer_import(
            employer=cast.employer, preset=ImportRun.Preset.PLAIN, files=Files(upload), as_of=TODAY, by=by, at=at
        )

    old, new = offer(other, AT - timedelta(days=2)), offer(cast.ewa, AT)
    old.refresh_from_db()
    assert (old.status, new.status) == ("ABANDONED", "PREVIEW")


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_import_once(files: Path) -> None:
    cast = assemble()
    upload = Upload("cases.csv", io.BytesIO(GOOD.encode()))
    run = offer_import(
        employer=cast.employer, preset=ImportRun.Preset.PLAIN, files=Files(upload), as_of=TODAY, by=cast.ben, at=AT
    )

    def confirm(_: int) -> str:
        try:
            confirm_import(run=ImportRun.objects.get(pk=run.pk), by=cast.ben, at=AT)
        except NotAllowed as sentence:
            return str(sentence)
        finally:
            connection.close()
        return "imported"

    with ThreadPoolExecutor(3) as threads:
        said = sorted(threads.map(confirm, range(3)))
    assert said == ["This file has already been imported, or its import cancelled."] * 2 + ["imported"]
    assert Allocation.objects.filter(case__reference="T-003").count() == 2
    assert kept(files) == []
