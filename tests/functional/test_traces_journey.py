"""A manager looks and writes, the worker sees who looked, and the administrator searches, makes a file and erases."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from caseloads.actions.imports import import_caseload
from caseloads.importing import Files, Upload
from caseloads.models import Case, ImportRun
from teams.models import User
from tests.cast import PASSWORD, TODAY, Cast, assemble
from tests.functional.pages import check, sign_in, take


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


def bring(cast: Cast, *, by: User, name: str) -> None:
    """An import that can be undone, and so may name somebody."""
    rows = "case_reference,category,opened_on,team,worker\nN-1,child_in_need,01/10/2026,Heron Team,Asha Test\n"
    files = Files([Upload(name, io.BytesIO(rows.encode()))])
    about = {"employer": cast.employer, "preset": ImportRun.Preset.PLAIN, "as_of": TODAY}
    import_caseload(**about, files=files, by=by, at=timezone.now())


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


def test_whoever_looks_is_seen_and_what_was_done_is_found(page: Page, site: str, cast: Cast, tmp_path: Path) -> None:
    # given a manager who looks at the team
    sign_in(page, site, username="ben", password=PASSWORD)
    page.get_by_role("link", name="Heron Team").click()
    expect(page.get_by_role("heading", name="Heron Team")).to_be_visible()
    sign_out(page)
    # when the worker opens who has seen their workload, then the manager is there with the page
    sign_in(page, site, username="asha", password=PASSWORD)
    page.get_by_role("link", name="Who has seen your workload").click()
    expect(page.get_by_role("row").filter(has_text="Ben Test")).to_contain_text("Overview of the team")
    check(page)
    # when words look identifying, then the form says so, and keeps them only when it is told to
    case = Case.objects.get(reference="T-003")
    page.goto(f"{site}/cases/{case.public_id}/contest/")
    page.get_by_label("Why is the weight not right?").fill("Visits are to M1 1AE, two hours away")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("This looks like a postcode")
    check(page)
    page.get_by_label("Keep it as written").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("This looks like a postcode")).to_have_count(0)
    sign_out(page)
    # then the administrator finds both, and takes the entries away
    sign_in(page, site, username="ewa", password=PASSWORD)
    page.goto(f"{site}/employers/{cast.employer.slug}/cycles/")
    page.get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()
    check(page)
    page.get_by_label("About").fill("asha")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row").filter(has_text="Saw the workload of somebody else")).to_contain_text("Ben Test")
    expect(page.get_by_text("looks like: a postcode")).to_be_visible()
    check(page)
    saved = take(page.get_by_role("button", name="Download these entries (CSV)"), tmp_path)
    assert "saw the workload of somebody else" in saved.read_text("utf-8-sig")


def test_administrator_erases_a_worker_who_has_left_without_javascript(
    plain_page: Page, page: Page, site: str, cast: Cast
) -> None:
    # given a worker whose hours ended
    kit = cast.workers["Kit Test"]
    kit.contracts.update(ends_on=timezone.localdate() - timedelta(days=1))
    sign_in(plain_page, site, username="ewa", password=PASSWORD)
    plain_page.goto(f"{site}/employers/{cast.employer.slug}/personal-data/")
    plain_page.get_by_label("Name").fill("kit")
    plain_page.get_by_role("button", name="Find").click()
    plain_page.get_by_role("link", name="Kit Test").click()
    expect(plain_page.get_by_text("What stays, and why", exact=True)).to_be_visible()
    # when the name is typed wrongly nothing happens, and typed rightly the worker is erased
    plain_page.get_by_role("button", name="Erase this worker").click()
    plain_page.get_by_label("Type the worker’s name").fill("Kit")
    plain_page.get_by_role("button", name="Erase for good").click()
    expect(plain_page.get_by_role("alert")).to_contain_text("This is not the name of the worker")
    plain_page.get_by_label("Type the worker’s name").fill("Kit Test")
    plain_page.get_by_role("button", name="Erase for good").click()
    # then the page says so, under the number
    expect(plain_page.get_by_role("heading", name=f"Worker removed {kit.pk}")).to_be_visible()
    expect(plain_page.get_by_text("This worker has been erased already.")).to_be_visible()


def test_pages_about_personal_data_are_for_everybody_s_eyes(page: Page, site: str, cast: Cast) -> None:
    bring(cast, by=cast.ewa, name=f"{'a-long-name-without-a-break-' * 4}.csv")
    sign_in(page, site, username="ewa", password=PASSWORD)
    asha = cast.workers["Asha Test"]
    for address in (
        f"employers/{cast.employer.slug}/personal-data",
        f"workers/{asha.public_id}/personal-data",
        f"workers/{asha.public_id}/files-to-look-at",
        f"workers/{asha.public_id}/erase",
    ):
        page.goto(f"{site}/{address}/")
        check(page)
