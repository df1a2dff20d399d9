"""The director looks at the whole employer, finds the team that needs it most, reads why, and how it came about."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from caseloads.snapshots import score_employer
from checks import finding_keeping
from checks.actions.standards import load_shipped_standards
from teams.models import CapacityReduction
from tests.cast import BEGUN, PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in, take
from tests.integration.reports.reading import words

MONTHS_AGO = (100, 65, 35, 0)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Asha has almost no capacity, so her team is the heaviest; the employer was scored in four months."""
    load_shipped_standards(at=timezone.now())
    cast = assemble(PASSWORD)
    CapacityReduction.objects.create(
        worker=cast.workers["Asha Test"], team=cast.team, kind="PERCENT", amount=85, reason="Court", starts_on=BEGUN
    )
    for days_ago in MONTHS_AGO:
        at = timezone.now() - timedelta(days=days_ago)
        day = timezone.localdate() - timedelta(days=days_ago)
        score_employer(employer_id=cast.employer.pk, as_of=day, at=at)
        finding_keeping.keep_findings(employer_id=cast.employer.pk, as_of=day, at=at)
    return cast


def grid(page: Page) -> Locator:
    return page.get_by_role("region", name="Findings of Testshire Council")


def first_team(page: Page) -> str:
    rows = grid(page).get_by_role("row")
    return rows.nth(1).get_by_role("rowheader").get_by_role("link").inner_text()


def test_director_finds_the_heaviest_team_reads_why_and_takes_it_away(
    page: Page, site: str, cast: Cast, worker: Path, tmp_path: Path
) -> None:
    # given a director, who opens the overview from the list of teams
    sign_in(page, site, username="dev", password=PASSWORD)
    page.get_by_role("link", name="Overview of Testshire Council").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    check(page)
    # when they sort by load, then the heaviest team is first, and the table says how it is sorted
    page.get_by_role("link", name="Load", exact=True).click()
    expect(grid(page).get_by_role("columnheader", name="Load", exact=True)).to_have_attribute("aria-sort", "descending")
    assert first_team(page) == "Heron Team"
    # when they narrow it to one standard, then the figures behind the finding are there, in the same order
    page.get_by_label("Standard", exact=True).select_option(label="3. Safe workloads and case allocation")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("columnheader", name="3-unallocated")).to_be_visible()
    assert first_team(page) == "Heron Team"
    check(page)
    # when they follow a finding, then they read the team's evidence for that standard
    grid(page).get_by_role("row").nth(1).get_by_role("link", name="Not met").first.click()
    expect(page.locator("#standard-england-2020-3")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Team workload health check: Heron Team")).to_be_visible()
    # when they take the figures and the report away, then both say what the page says
    load = page.locator(".app-figures__value").first.inner_text().removesuffix("\u00a0%")
    table = take(page.get_by_role("link", name="Everything on this page as a spreadsheet (ODS)"), tmp_path)
    figures = CalamineWorkbook.from_path(table).get_sheet_by_index(1).to_python()
    assert ["Team load", float(load), "%"] == figures[1][:3]
    page.get_by_role("button", name="Make the PDF").click()
    ready = page.get_by_role("button", name="Download the report (PDF)")
    expect(ready).to_be_visible(timeout=60_000)
    assert f"Team load {load}" in words(take(ready, tmp_path).read_bytes())
    # when they look at how it came about, then every line has its figures, and what changed is told
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    page.get_by_role("link", name="Over time").click()
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    expect(page.get_by_role("img", name="Team load, month by month")).to_be_visible()
    check(page)
    page.get_by_role("link", name="24 months").click()
    expect(page.get_by_role("region", name="Load and cases").get_by_role("row")).to_have_count(25)
    check(page)


def test_a_past_month_is_shown_without_scripts(plain_page: Page, site: str, cast: Cast) -> None:
    sign_in(plain_page, site, username="cora", password=PASSWORD)
    plain_page.goto(f"{site}/employers/testshire/overview/")
    plain_page.get_by_label("Period").select_option(index=1)
    plain_page.get_by_role("button", name="Show").click()
    expect(plain_page.get_by_text("the last day of the month on which teams were scored")).to_be_visible()
    expect(plain_page.get_by_text("How these stood in a past month is not kept.")).to_be_visible()
