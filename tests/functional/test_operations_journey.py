"""An administrator finds out why a report did not come, and has it tried again."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from reports.actions import request_report
from reports.models import ReportRun
from tests.cast import PASSWORD, TODAY, Cast, assemble
from tests.functional.pages import check, sign_in

WHY = "Something went wrong each time. " * 4


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


def give_up() -> None:
    ReportRun.objects.update(status="FAILED", error=WHY, attempts=3, finished_at=timezone.now())


def test_what_failed_is_found_and_tried_again(page: Page, plain_page: Page, site: str, cast: Cast) -> None:
    # given a service in which nothing failed
    sign_in(page, site, username="ewa", password=PASSWORD)
    page.get_by_role("link", name="Accounts of Testshire Council").click()
    page.get_by_role("link", name="Operations").click()
    expect(page.get_by_text("Nothing has failed.")).to_be_visible()
    check(page)
    # when a report fails, then the page says why
    request_report(team=cast.team, as_of=TODAY, by=cast.ben, at=timezone.now())
    give_up()
    page.reload()
    row = page.get_by_role("row").filter(has_text="Team health-check report")
    expect(row).to_contain_text("Heron Team")
    expect(row).to_contain_text(WHY.strip())
    check(page)
    # and it is tried again, without JavaScript too
    row.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It is tried again.")).to_be_visible()
    expect(page.get_by_text("Nothing has failed.")).to_be_visible()
    check(page)
    give_up()
    sign_in(plain_page, site, username="ewa", password=PASSWORD)
    plain_page.goto(f"{site}/employers/{cast.employer.slug}/operations/")
    plain_page.get_by_role("button", name="Try again").click()
    expect(plain_page.get_by_text("It is tried again.")).to_be_visible()
