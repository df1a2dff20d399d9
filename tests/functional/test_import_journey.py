"""Bringing a caseload file in a real browser: with faults, with a preview, once, and without JavaScript."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from caseloads.models import Case, ImportRun
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in

ROWS = """case_reference,category,team,worker
N-1,child_in_need,Heron Team,Asha Test
N-2,child_protection,Heron Team,Unallocated
,child_in_need,Heron Team,Nia Test
N-3,no such category,Heron Team,Nia Test
"""


@pytest.fixture
def cast(transactional_db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "media"
    return assemble(PASSWORD)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(ROWS)
    return path


def choose(page: Page, file: Path) -> None:
    page.get_by_label("Plain case list").check()
    page.get_by_label("Caseload file").set_input_files(file)
    page.get_by_role("button", name="Continue").click()


def test_manager_imports_a_file(page: Page, site: str, cast: Cast, file: Path, tmp_path: Path) -> None:
    # given a manager on the page of his team
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    # when he asks to import and chooses nothing
    page.get_by_role("button", name="Import a caseload file").click()
    check(page)
    page.get_by_role("button", name="Continue").click()
    # then the page says what is missing, and leads there
    expect(page.get_by_role("alert")).to_contain_text("Choose a caseload file, a staff list or both")
    check(page)
    # when he chooses something that is no caseload, then it says so
    picture = tmp_path / "photo.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n0000")
    choose(page, picture)
    expect(page.get_by_role("alert")).to_contain_text("is a PNG picture")
    # when he chooses his list, then he sees what would change, and what cannot be used
    choose(page, file)
    expect(page.get_by_role("heading", name="Check before importing")).to_be_visible()
    expect(page.get_by_text("Cases added: 2")).to_be_visible()
    expect(page.get_by_text("This row has no reference for the case.")).to_be_visible()
    check(page)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download all of them (CSV)").click()
    assert "no such category" in Path(downloading.value.path()).read_text()
    assert not Case.objects.filter(reference="N-1").exists()
    # when he confirms, then it is done, once, and nothing of the file is left
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Caseload imported")).to_be_visible()
    check(page)
    assert Case.objects.filter(reference__startswith="N-").count() == 2
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_importing_works_without_javascript(plain_page: Page, site: str, cast: Cast, file: Path) -> None:
    sign_in(plain_page, site, username="ewa", password=PASSWORD)
    plain_page.get_by_role("link", name="Import a caseload file").click()
    choose(plain_page, file)
    plain_page.get_by_role("button", name="Cancel and choose another file").click()
    choose(plain_page, file)
    plain_page.get_by_role("button", name="Import", exact=True).click()
    expect(plain_page.get_by_role("heading", name="Caseload imported")).to_be_visible()
    assert sorted(ImportRun.objects.values_list("status", flat=True)) == ["ABANDONED", "APPLIED"]
