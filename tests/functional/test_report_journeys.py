"""What people take away, from the page that offers it to the file on their disk."""

import zipfile
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from checks.actions.standards import load_shipped_standards
from teams.actions.setting_up import add_workers
from tests.cast import PASSWORD, Cast, assemble, new_worker
from tests.functional.pages import check, sign_in, take
from tests.integration.checks import rounds
from tests.integration.reports.reading import words

PATIENCE_MS = 60_000


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    load_shipped_standards(at=timezone.now())
    made = assemble(PASSWORD)
    for team in (made.team, made.other_team):
        new = [new_worker(f"{name} {team.name}", team) for name in ("Ada", "Bob", "Cat", "Dee")]
        add_workers(employer=made.employer, workers=new, by=None, at=timezone.now())
    return made


def test_director_takes_the_compliance_report_and_the_pack_of_a_cycle(
    page: Page, site: str, cast: Cast, worker: Path, tmp_path: Path
) -> None:
    # given a cycle of two teams, and a director who reads the report of today
    cycle = rounds.opened(cast, teams=(cast.team, cast.other_team))
    sign_in(page, site, username="dev", password=PASSWORD)
    page.goto(f"{site}/employers/testshire/report/")
    expect(page.get_by_role("heading", name="Findings, team by team")).to_be_visible()
    check(page)
    # when he asks for it as a PDF, then it names teams and nobody
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_role("button", name="Download the report (PDF)")).to_be_visible(timeout=PATIENCE_MS)
    check(page)
    printed = words(take(page.get_by_role("button", name="Download the report (PDF)"), tmp_path).read_bytes())
    assert "Heron Team" in printed
    assert "Asha Test" not in printed
    page.get_by_role("link", name="Read it as a page").click()
    expect(page.get_by_text("It says what it said then")).to_be_visible()
    check(page)
    # when he goes to the cycle and asks for the pack, then every team's report is in it, and the employer's
    page.goto(f"{site}/cycles/{cycle.public_id}/report/")
    check(page)
    page.get_by_role("button", name="Make the pack").click()
    expect(page.get_by_role("button", name="Download the pack (ZIP)")).to_be_visible(timeout=PATIENCE_MS)
    check(page)
    with zipfile.ZipFile(take(page.get_by_role("button", name="Download the pack (ZIP)"), tmp_path)) as pack:
        assert len(pack.namelist()) == 4
        assert "Asha Test" in words(pack.read(next(name for name in pack.namelist() if "heron" in name)))


def test_social_worker_takes_her_sheet_to_supervision(page: Page, site: str, cast: Cast) -> None:
    # given a social worker on her workload, when she opens her sheet
    sign_in(page, site, username="asha", password=PASSWORD)
    page.get_by_role("link", name="Supervision sheet, on one page to print").click()
    # then the sum is there line by line
    expect(page.get_by_role("heading", name="Supervision sheet: Asha Test")).to_be_visible()
    expect(page.get_by_role("table", name="How the load is made up in Heron Team")).to_contain_text("T-001")
    check(page)
    # and another's sheet is not there for her
    nia = cast.workers["Nia Test"]
    assert page.goto(f"{site}/workers/{nia.public_id}/sheet/").status == 404  # type: ignore[union-attr]


def test_manager_reads_the_report_of_a_health_check(page: Page, site: str, cast: Cast) -> None:
    # given a published health check, when its manager follows the link to its report
    published = rounds.published(cast)
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/checks/{published.public_id}/")
    page.get_by_role("link", name="Report of this health check").click()
    # then it says what was measured, what was judged, and how it went
    expect(page.get_by_role("heading", name="How this health check went")).to_be_visible()
    expect(page.get_by_text("We see it").first).to_be_visible()
    check(page)
