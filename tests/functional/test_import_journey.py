"""A caseload file in a real browser with a real worker: broken, mended, asked about, looked at, imported, undone."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from caseloads import tasks
from caseloads.models import Allocation, Case, ImportRun
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in

ODD = """Our number,category,team,worker
N-1,child_in_need,Heron Team,Asha Test
N-2,CP plan,Heron Team,Unallocated
,child_in_need,Heron Team,Nia Test
T-003,child_in_need,Heron Team,Nia Test
"""
PLAIN = """case_reference,category,team,worker
N-1,child_in_need,Heron Team,Asha Test
"""
PATIENCE_MS = 30_000


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


def file(folder: Path, text: str | bytes, name: str = "cases.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def choose(page: Page, *paths: Path) -> None:
    page.get_by_label("Plain case list").check()
    page.get_by_label("Caseload file").set_input_files(list(paths))
    page.get_by_role("button", name="Continue").click()


def kept() -> list[str]:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    return [path.name for path in folder.rglob("*") if path.is_file()]


def heading(page: Page, name: str) -> None:
    """Wait for the page that follows the worker's work; the page looks again by itself."""
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=PATIENCE_MS)


def told(page: Page, sentence: str) -> None:
    """The error summary says it, and has the focus."""
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check(page)


def test_manager_brings_a_file_and_undoes_it(page: Page, site: str, cast: Cast, worker: Path, tmp_path: Path) -> None:
    # given a manager on the page of his team
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    # when he asks to import and brings what cannot be used, then each time he is told what to do
    page.get_by_role("button", name="Import a caseload file").click()
    check(page)
    brings_broken_files(page, tmp_path)
    # when he has mended the file, then he is asked what its columns and words mean
    page.get_by_role("link", name="choose the file again").click()
    choose(page, file(tmp_path, ODD))
    answers_questions(page)
    # then he sees what would change, line by line, and what cannot be used; nothing has changed
    looks_at_the_preview(page)
    assert not Case.objects.filter(reference="N-1").exists()
    # when he confirms, then it is done, and nothing of the file is left
    page.get_by_role("button", name="Import", exact=True).click()
    heading(page, "Caseload imported")
    check(page)
    assert Case.objects.filter(reference__startswith="N-").count() == 2
    assert kept() == []
    # when he sees that it was the wrong file, then he undoes it from the history
    undoes_it(page)
    assert Allocation.objects.filter(case__reference="T-003", ended_on=None).get().worker.name == "Asha Test"
    # and what he said about the columns is remembered, until he says otherwise
    page.goto(f"{site}/imports/remembered/")
    expect(page.get_by_text("cases, case_reference: the column “Our number”")).to_be_visible()
    check(page)


def brings_broken_files(page: Page, folder: Path) -> None:
    # nothing at all
    page.get_by_role("button", name="Continue").click()
    told(page, "Choose a caseload file, a staff list or both")
    # something that is no caseload: it is said at once
    choose(page, file(folder, b"\x89PNG\r\n\x1a\n0000", "photo.xlsx"))
    told(page, "is a PNG picture")
    # a file that is broken inside: the worker finds out
    choose(page, file(folder, "case_reference\n" + "x" * 40_000))
    heading(page, "This file could not be used")
    told(page, "Shorten or empty that cell")


def answers_questions(page: Page) -> None:
    heading(page, "What columns and words mean")
    check(page)
    page.get_by_role("button", name="Continue").click()
    told(page, "Say which column is “Case reference”")
    page.get_by_label("Case reference").select_option("Our number")
    page.get_by_role("button", name="Continue").click()
    word = page.get_by_label("Category “CP plan” (1 row)")
    expect(word).to_be_visible(timeout=PATIENCE_MS)
    check(page)
    page.get_by_role("button", name="Continue").click()
    told(page, "Choose what this word means")
    word.select_option("child_protection")
    page.get_by_role("button", name="Continue").click()


def looks_at_the_preview(page: Page) -> None:
    heading(page, "Check before importing")
    expect(page.get_by_text("Cases added: 2")).to_be_visible()
    expect(page.get_by_text("held by Asha Test → Nia Test")).to_be_visible()
    expect(page.get_by_text("This row has no reference for the case.")).to_be_visible()
    check(page)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download every change (CSV)").click()
    assert 'Cases added,N-2,"child_protection, opened' in Path(downloading.value.path()).read_text()


def undoes_it(page: Page) -> None:
    page.get_by_role("link", name="All imports").click()
    check(page)
    page.get_by_role("link", name="Undo the import of cases.csv").click()
    check(page)
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("The import of cases.csv is undone.")).to_be_visible()
    heading(page, "This import was undone")
    check(page)


def test_importing_works_without_javascript(
    plain_page: Page, site: str, cast: Cast, worker: Path, tmp_path: Path
) -> None:
    path = file(tmp_path, PLAIN)
    sign_in(plain_page, site, username="ewa", password=PASSWORD)
    plain_page.get_by_role("link", name="Import a caseload file").click()
    choose(plain_page, path)
    heading(plain_page, "Check before importing")
    plain_page.get_by_role("button", name="Cancel and choose another file").click()
    choose(plain_page, path)
    heading(plain_page, "Check before importing")
    plain_page.get_by_role("button", name="Import", exact=True).click()
    heading(plain_page, "Caseload imported")
    assert sorted(ImportRun.objects.values_list("status", flat=True)) == ["ABANDONED", "APPLIED"]
    plain_page.get_by_role("link", name="Undo this import").click()
    plain_page.get_by_role("button", name="Undo the import").click()
    heading(plain_page, "This import was undone")


def test_an_import_whose_messages_were_lost_is_found_by_the_sweeper(cast: Cast, worker: Path) -> None:
    # given files that were kept a while ago, and a message that never reached the worker
    now = timezone.now()
    run = ImportRun.objects.create(
        employer=cast.employer,
        preset="plain",
        status="PENDING",
        file_name="cases.csv",
        as_of=timezone.localdate(),
        created_at=now,
        created_by=cast.ben,
        heard_at=now - timedelta(minutes=4),
    )
    run.files.create(kind="CASES", name="cases.csv", file=ContentFile(PLAIN.encode(), name="cases.csv"))
    # when the sweeper comes round, then the worker reads them, and it may be confirmed
    tasks.sweep_imports()
    wait_for(run, "PREVIEW", worker)
    ImportRun.objects.filter(pk=run.pk).update(
        status="CONFIRMED", confirmed_by=cast.ben, heard_at=now - timedelta(minutes=4)
    )
    tasks.sweep_imports()
    wait_for(run, "APPLIED", worker)
    assert Case.objects.filter(reference="N-1").count() == 1


def wait_for(run: ImportRun, status: str, worker: Path) -> None:
    until = time.monotonic() + 30
    while run.status != status:
        time.sleep(0.2)
        run.refresh_from_db()
        assert time.monotonic() < until, worker.read_text()
