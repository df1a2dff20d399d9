"""What people come for, from the first page to the last, with a real worker behind the pages."""

import time
from pathlib import Path

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from caseloads import snapshots
from caseloads.models import ScoringNeed, TeamSnapshot
from checks.actions.standards import load_shipped_standards
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in

PATIENCE_S = 30


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    load_shipped_standards(at=timezone.now())
    return assemble(PASSWORD)


def test_social_worker_reads_her_workload(page: Page, site: str, cast: Cast) -> None:
    # given a social worker with three cases, when she signs in
    sign_in(page, site, username="asha", password=PASSWORD)
    # then she is on her own workload, and the lines add up to the load
    expect(page).to_have_url(f"{site}/my-workload/")
    expect(page.get_by_role("heading", name="My workload")).to_be_visible()
    check(page)
    counted = page.locator("table").first.locator("tbody tr td:first-of-type").all_inner_texts()
    stable, load = page.locator("table").first.locator("tfoot tr td:first-of-type").all_inner_texts()
    assert f"{sum(map(float, [*counted, stable])):.2f}" == load == "30.50"
    # and her capacity says what was taken from it
    expect(page.get_by_text("Practice educator")).to_be_visible()
    # and her team's page is not hers to see
    assert page.goto(f"{site}/teams/{cast.team.public_id}/").status == 403  # type: ignore[union-attr]
    check(page)


def test_manager_downloads_the_report(page: Page, site: str, cast: Cast, worker: Path, tmp_path: Path) -> None:
    # given a manager whose team was scored this night
    snapshots.score_employer(employer_id=cast.employer.pk, as_of=timezone.localdate(), at=timezone.now())
    sign_in(page, site, username="ben", password=PASSWORD)
    check(page)
    # when he opens his team, reads its report and asks for the PDF
    page.get_by_role("link", name="Heron Team").click()
    expect(page.get_by_role("heading", name="Heron Team")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Report", exact=True).click()
    expect(page.get_by_role("heading", name="Standards and findings")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Make the PDF").click()
    # then the page says how far it is until it is ready
    download = page.get_by_role("button", name="Download the report (PDF)")
    expect(download).to_be_visible(timeout=PATIENCE_S * 1000)
    check(page)
    with page.expect_download() as file:
        download.click()
    saved = tmp_path / file.value.suggested_filename
    file.value.save_as(saved)
    assert saved.name.startswith("health-check-heron-team-")
    words = "".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(saved))
    assert "Asha Test" in words


def test_outsider_finds_nothing(page: Page, site: str, cast: Cast) -> None:
    # given a manager of another employer
    sign_in(page, site, username="gil", password=PASSWORD)
    expect(page.get_by_role("link", name="Elsewhere Team")).to_be_visible()
    # when he tries the addresses of this one, then there is nothing
    worker = cast.workers["Asha Test"]
    for address in (
        f"teams/{cast.team.public_id}",
        f"teams/{cast.team.public_id}/report",
        f"workers/{worker.public_id}",
    ):
        assert page.goto(f"{site}/{address}/").status == 404  # type: ignore[union-attr]
        assert "Heron" not in page.content()
        check(page)


def test_everything_works_without_javascript(plain_page: Page, site: str, cast: Cast, worker: Path) -> None:
    sign_in(plain_page, site, username="ben", password=PASSWORD)
    plain_page.get_by_role("link", name="Heron Team").click()
    plain_page.get_by_role("columnheader", name="Cases").get_by_role("link").click()
    expect(plain_page.get_by_role("columnheader", name="Cases")).to_have_attribute("aria-sort", "descending")
    plain_page.get_by_role("link", name="Report", exact=True).click()
    plain_page.get_by_role("button", name="Make the PDF").click()
    until = time.monotonic() + PATIENCE_S
    while not plain_page.get_by_role("button", name="Download the report (PDF)").is_visible():
        assert time.monotonic() < until, worker.read_text()
        plain_page.wait_for_timeout(500)


def test_change_is_scored_by_the_worker_soon(cast: Cast, worker: Path) -> None:
    teams = cast.employer.teams.all()
    until = time.monotonic() + PATIENCE_S
    while TeamSnapshot.objects.filter(team__in=teams).count() < len(teams):
        assert time.monotonic() < until, worker.read_text()
        time.sleep(0.2)
    assert not ScoringNeed.objects.outstanding().filter(team__in=teams).exists()
