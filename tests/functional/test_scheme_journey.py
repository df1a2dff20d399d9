"""The principal social worker agrees a new version of the weighting scheme, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def test_scheme_is_copied_edited_tried_and_published(plain_page: Page, page: Page, site: str, cast: Cast) -> None:
    # given the principal social worker, in a browser without JavaScript
    sign_in(plain_page, site, username="cora", password=PASSWORD)
    plain_page.goto(f"{site}/employers/testshire/schemes/")
    # when she copies the version in force to a draft
    plain_page.get_by_role("link", name="Begin a draft for Children’s social work").click()
    press(plain_page, "Begin the draft")
    plain_page.get_by_role("link", name="Open the draft for Children’s social work").click()
    # and adds a category, moves it up, and writes a maximum that is no number
    press(plain_page, "Add a category")
    plain_page.get_by_label("Name, category 9").fill("Adoption")
    plain_page.get_by_label("Weight, category 9").fill("6")
    press(plain_page, "Up category 9")
    expect(plain_page.get_by_label("Name, category 8")).to_have_value("Adoption")
    plain_page.get_by_label("Maximum of a full-time worker").fill("many")
    press(plain_page, "Save the draft")
    # then the draft is kept, and says what is wrong with it
    expect(plain_page.get_by_text("1 fault to put right before it can be published")).to_be_visible()
    expect(plain_page.get_by_label("Maximum of a full-time worker")).to_have_value("many")
    # when she puts it right, in a browser with JavaScript this time
    sign_in(page, site, username="cora", password=PASSWORD)
    page.goto(f"{site}/employers/testshire/schemes/")
    check(page)
    page.get_by_role("link", name="Open the draft for Children’s social work").click()
    check(page)
    page.get_by_role("link", name="Maximum of a full-time worker: enter a number").click()
    expect(page.get_by_label("Maximum of a full-time worker")).to_be_focused()
    page.get_by_label("Maximum of a full-time worker").fill("32")
    press(page, "Save and see what it would change")
    # then she sees its effect on every team before anybody is affected
    expect(page.get_by_text("1 more worker would be over.")).to_be_visible()
    expect(page.get_by_role("row", name="Asha Test")).to_be_visible()
    check(page)
    # when she publishes it with a day that is over, she is told; with today, it is published
    page.get_by_role("button", name="Publish this draft").click()
    check(page)
    today = timezone.localdate()
    page.get_by_label("On which day does it take effect?").fill(f"{today - timedelta(days=1):%d/%m/%Y}")
    press(page, "Publish")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check(page)
    page.get_by_label("On which day does it take effect?").fill(f"{today:%d/%m/%Y}")
    press(page, "Publish")
    expect(page.get_by_text("The new version is published.")).to_be_visible()
    page.get_by_role("link", name="Children’s caseload weighting, version 2").click()
    expect(page.get_by_text("Adoption")).to_be_visible()
    check(page)
    # then the page of a team is worked out by it
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    expect(page.get_by_text("Children’s caseload weighting, version 2").first).to_be_visible()
