"""A director looks where the employer stands, and an administrator takes the census file; in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from reports.benchmark_loading import load
from reports.shipped import shipped_published
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    load(shipped_published())
    return assemble(PASSWORD)


def test_director_says_the_region_and_compares(page: Page, site: str, cast: Cast) -> None:
    # given a director whose employer's region is not said
    sign_in(page, site, username="dev", password=PASSWORD)
    page.goto(f"{site}/employers/{cast.employer.slug}/cycles/")
    # when the benchmarks are opened, then they say that they are no target, and ask for the region
    page.get_by_role("link", name="Benchmarks").click()
    expect(page.get_by_text("A benchmark is not a target.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Change the region").click()
    check(page)
    page.get_by_label("Region").select_option("South West")
    page.get_by_role("button", name="Save").click()
    # then the region stands beside England, with the definition and the years one click away
    expect(page.get_by_text("The region is saved.")).to_be_visible()
    page.get_by_role("link", name="Average caseload").click()
    chart = page.get_by_role("img", name="Average caseload, from the lowest to the highest")
    expect(chart).to_be_visible()
    page.get_by_text("What it is: Average caseload").click()
    expect(page.get_by_text("Each child is one case;")).to_be_visible()
    page.get_by_text("Year by year: Average caseload").click()
    years = page.get_by_role("table", name="Average caseload, year by year, the newest first")
    expect(years.get_by_role("row")).to_have_count(10)
    expect(years.get_by_role("row").nth(1)).to_contain_text("15.3")
    check(page)


def test_administrator_takes_the_census_file(plain_page: Page, site: str, cast: Cast) -> None:
    # given an administrator without JavaScript
    page = plain_page
    sign_in(page, site, username="ewa", password=PASSWORD)
    page.goto(f"{site}/employers/{cast.employer.slug}/census/")
    expect(page.get_by_role("heading", name="What you must add")).to_be_visible()
    # when another year is chosen and the file taken
    page.get_by_label("30 September").select_option(index=1)
    page.get_by_role("button", name="Show").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the workers as CSV").click()
    # then it has the element names of the census
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("AgencyWorker,SWENo,FTE,PersonBirthDate,")


def test_census_page_is_accessible(page: Page, site: str, cast: Cast) -> None:
    sign_in(page, site, username="ewa", password=PASSWORD)
    page.goto(f"{site}/employers/{cast.employer.slug}/census/")
    check(page)
