"""A local variation from its proposal to the day it lapses, and standards of the employer's own, in a browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from checks.actions.standards import load_shipped_standards
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in

DAYS = 60
LOAD = "The team's load stays within its capacity."
UNALLOCATED = "Hardly any case is without a worker."


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    load_shipped_standards(at=timezone.now())
    return assemble(PASSWORD)


@pytest.fixture
def days_later(time_machine: Any) -> Iterator[Callable[[int], None]]:
    """Moves the server's clock; the browser keeps its own."""
    start = timezone.now()
    return lambda days: time_machine.move_to(start + timedelta(days=days), tick=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def report_row(page: Page, site: str, cast: Cast) -> Any:
    page.goto(f"{site}/teams/{cast.team.public_id}/report/")
    return page.get_by_role("row").filter(has_text=UNALLOCATED)


def propose(cora: Page) -> None:
    # when she proposes thresholds that overlap, then she is told, and proposes others
    cora.get_by_role("link", name=f"Propose other thresholds for: {UNALLOCATED}").click()
    cora.get_by_label("Met, here: at most (cases)", exact=True).fill("2")
    cora.get_by_label("Partly met, here: at most (cases)").fill("1")
    cora.get_by_label("Why are other thresholds needed here?").fill("A new front door passes cases on unscreened")
    cora.get_by_label("On what evidence?").fill("Figures of the front door for October")
    review = timezone.localdate() + timedelta(days=DAYS)
    cora.get_by_label("Reviewed by which day?").fill(review.strftime("%d/%m/%Y"))
    press(cora, "Propose")
    expect(cora.get_by_role("alert")).to_contain_text("they would overlap")
    check(cora)
    cora.get_by_label("Partly met, here: at most (cases)").fill("8")
    press(cora, "Propose")
    expect(cora.get_by_text("It counts once a director has approved it.")).to_be_visible()
    check(cora)


def test_variation_is_proposed_approved_and_lapses(
    open_window: Callable[..., Page], site: str, cast: Cast, days_later: Callable[[int], None]
) -> None:
    # given the principal social worker, who reads the standards in use
    cora = open_window()
    sign_in(cora, site, username="cora", password=PASSWORD)
    cora.goto(f"{site}/employers/testshire/variations/")
    expect(cora.get_by_text("None: the national thresholds apply everywhere.")).to_be_visible()
    check(cora)
    cora.get_by_role("link", name="Employer standards for social workers in England 2020, version 2020.3").click()
    check(cora)
    propose(cora)
    # when the director approves it with words
    dev = open_window()
    sign_in(dev, site, username="dev", password=PASSWORD)
    dev.goto(f"{site}/employers/testshire/variations/")
    dev.get_by_role("link", name=UNALLOCATED).click()
    check(dev)
    dev.get_by_role("button", name="Approve").click()
    check(dev)
    dev.get_by_label("Why?").fill("Agreed until the front door is put right")
    press(dev, "Approve")
    expect(dev.get_by_text("In force", exact=True)).to_be_visible()
    check(dev)
    # then the report gives both thresholds and both findings
    row = report_row(dev, site, cast)
    expect(row).to_contain_text("by the national threshold")
    expect(row).to_contain_text("Here: Met: at most 2")
    expect(row).to_contain_text("Approved by Dev Test")
    check(dev)
    # when it is to be reviewed within a month, then the list says so
    days_later(DAYS - 30)
    sign_in(dev, site, username="dev", password=PASSWORD)
    dev.goto(f"{site}/employers/testshire/variations/")
    expect(dev.get_by_text("In force, review due")).to_be_visible()
    check(dev)
    # when the day of review has passed and nobody did anything, then it has lapsed, and the report says so
    days_later(DAYS + 1)
    sign_in(dev, site, username="dev", password=PASSWORD)
    row = report_row(dev, site, cast)
    expect(row).to_contain_text("The local threshold lapsed on")
    expect(row).not_to_contain_text("by the local one")
    check(dev)
    dev.goto(f"{site}/employers/testshire/variations/")
    dev.get_by_role("link", name=UNALLOCATED).click()
    expect(dev.get_by_text("Lapsed by itself after")).to_be_visible()
    check(dev)


def test_principal_social_worker_writes_and_publishes_her_own(page: Page, site: str, cast: Cast) -> None:
    # given a copy of the standards in use
    sign_in(page, site, username="cora", password=PASSWORD)
    page.goto(f"{site}/employers/testshire/standards/")
    check(page)
    page.get_by_role("link", name="Employer standards for social workers in England 2020").click()
    page.get_by_role("button", name="Copy to a draft of your own").click()
    check(page)
    press(page, "Make the draft")
    expect(page.get_by_text("The draft is there.")).to_be_visible()
    check(page)
    # when she makes a mistake, then it is saved, and the draft says what to put right
    page.get_by_role("link", name="3. Safe workloads and case allocation").click()
    check(page)
    page.get_by_role("link").filter(has_text=f"Change: {LOAD}").click()
    check(page)
    page.get_by_label("Met: at most", exact=True).fill("120")
    press(page, "Save")
    page.get_by_role("link", name="The draft").click()
    expect(page.get_by_text("1 thing to put right before it can be published")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    check(page)
    # when she puts it right, by the link to its place
    page.get_by_role("link", name="Standard 3, indicator 3-load, partly").click()
    page.get_by_label("Met: at most", exact=True).fill("20")
    page.get_by_label("Partly met: at most", exact=True).fill("22")
    press(page, "Save")
    page.get_by_role("button").filter(has_text=f"Down: {LOAD}").click()
    expect(page.get_by_text("Moved.")).to_be_visible()
    page.get_by_role("link", name="The draft").click()
    # then she sees what it would change for every team
    page.get_by_role("button", name="Preview the effect").click()
    expect(page.get_by_text(f"3-load, {LOAD[:-1]}: 1 team would move")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Go on to publish").click()
    check(page)
    press(page, "Publish")
    expect(page.get_by_text("Published. Choose these standards")).to_be_visible()
    # and uses her own from now on
    page.get_by_role("button", name="Choose standards").click()
    check(page)
    page.get_by_label("Employer standards for social workers in England 2020, as used by Testshire Council").check()
    press(page, "Save")
    expect(page.get_by_text("The standards you use are saved.")).to_be_visible()
    check(page)
