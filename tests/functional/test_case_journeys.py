"""Recording and rating a case, and contesting a weight, in a real browser: with JavaScript and without."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from caseloads.models import Case, Contest
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def day(page: Page) -> None:
    page.get_by_label("When was it opened?").fill(f"{timezone.localdate():%d/%m/%Y}")


def address(reference: str) -> str:
    return f"/cases/{Case.objects.get(reference=reference).public_id}/"


def test_manager_records_and_rates_a_case(page: Page, site: str, cast: Cast) -> None:
    # given a manager on the list of his team's cases
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    page.get_by_label("Pages of Heron Team").get_by_role("link", name="Cases").click()
    check(page)
    # when he records a case and forgets its reference
    press(page, "Record a case")
    check(page)
    press(page, "Save")
    # then the summary of what is wrong has the focus, and leads to the field
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Enter the case’s reference")
    check(page)
    page.get_by_role("link", name="Enter the case’s reference").click()
    expect(page.get_by_label("Case reference", exact=True)).to_be_focused()
    # when he chooses what it is, then the weight is told as he chooses
    page.keyboard.type("N-100")
    day(page)
    region = page.locator("[data-weigh]")
    expect(region).to_contain_text("default weight 5.00")
    page.get_by_label("Category").select_option(label="Child protection (8.00)")
    expect(region).to_contain_text("Weight: 8.00. Child protection 8.00")
    page.get_by_label("Long travel").check()
    page.get_by_label("Each further child: how many?").fill("2")
    expect(region).to_contain_text("Weight: 11.00.")
    expect(region).to_contain_text("+ Long travel 1.00 + Each further child 1.00 × 2")
    check(page)
    press(page, "Save")
    # then the case has a page of its own, and nobody holds it yet
    expect(page.get_by_role("heading", name="Case N-100")).to_be_visible()
    expect(page.get_by_text("This case is unallocated.")).to_be_visible()
    expect(page.get_by_text("11.00 points")).to_be_visible()
    check(page)
    # when he rates it again by hand, with a reason
    press(page, "Rate again")
    check(page)
    page.get_by_label("Weight set by hand (optional)").fill("14")
    expect(region).to_contain_text("Weight: 14.00. Weight set by hand 14.00")
    page.get_by_label("Why is it rated now?").fill("Daily visits for now")
    press(page, "Save")
    expect(summary).to_contain_text("Enter why the weight is set by hand")
    page.get_by_label("Why is the weight set by hand?").fill("Agreed in supervision")
    check(page)
    press(page, "Save")
    # then both ratings stand, from old to new
    expect(page.get_by_label("Ratings, newest first")).to_contain_text("11.00 → 14.00")
    expect(page.get_by_text("set by hand", exact=True)).to_be_visible()
    check(page)


def test_case_is_recorded_without_javascript(plain_page: Page, site: str, cast: Cast) -> None:
    # given a browser without JavaScript, when a manager asks for the weight
    sign_in(plain_page, site, username="ben", password=PASSWORD)
    plain_page.goto(f"{site}/teams/{cast.team.public_id}/cases/new/")
    plain_page.get_by_label("Case reference", exact=True).fill("N-200")
    day(plain_page)
    plain_page.get_by_label("Category").select_option(label="Assessment (5.00)")
    plain_page.get_by_label("Hostile household").check()
    press(plain_page, "Work out the weight")
    # then it is worked out, and what was typed is still there
    expect(plain_page.locator("[data-weigh]")).to_contain_text("Weight: 7.00.")
    expect(plain_page.get_by_label("Case reference", exact=True)).to_have_value("N-200")
    press(plain_page, "Save")
    expect(plain_page.get_by_role("heading", name="Case N-200")).to_be_visible()


def test_second_manager_is_told_what_the_first_changed(open_window: Callable[..., Page], site: str, cast: Cast) -> None:
    # given two managers on the same form
    first, second = open_window(), open_window()
    for page, name in ((first, "ben"), (second, "hana")):
        sign_in(page, site, username=name, password=PASSWORD)
        page.goto(f"{site}{address('T-003')}rate/")
    # when the first saves, and then the second
    first.get_by_label("Category").select_option(label="Child protection (8.00)")
    first.get_by_label("Why is it rated now?").fill("Now on a plan")
    press(first, "Save")
    second.get_by_label("Category").select_option(label="Care proceedings (10.00)")
    second.get_by_label("Why is it rated now?").fill("Care application")
    press(second, "Save")
    # then the second is told, keeps what she typed, and decides
    expect(second.locator(".govuk-error-summary")).to_be_focused()
    expect(second.locator(".govuk-error-summary")).to_contain_text("Now on a plan (Ben Test")
    expect(second.get_by_label("Why is it rated now?")).to_have_value("Care application")
    check(second)
    press(second, "Save")
    expect(second.get_by_label("Ratings, newest first")).to_contain_text("9.00 → 11.00")
    # and the back button gives the first a fresh form, filled in from the case as it is now
    first.go_back()
    expect(first.get_by_label("Category")).to_have_value("proceedings")
    expect(first.get_by_label("Why is it rated now?")).to_have_value("")


def contested(page: Page, site: str, cast: Cast, reference: str) -> None:
    """A worker contests a weight from its line."""
    sign_in(page, site, username="asha", password=PASSWORD)
    follow(page, f"Contest the weight of {reference}")
    check(page)
    press(page, "Send")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check(page)
    page.get_by_label("Why is the weight not right?").fill("Two visits a week, each an hour away")
    press(page, "Send")
    expect(page).to_have_url(f"{site}/my-workload/")
    expect(page.get_by_role("heading", name="Contested weights")).to_be_visible()
    expect(page.get_by_text("Waiting for an answer")).to_be_visible()
    check(page)


def answering(page: Page, site: str, cast: Cast, reference: str) -> None:
    """Her manager comes from the team page, where the contest waits, to its answer."""
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    check(page)
    waiting = page.get_by_label("Contested weights that wait for an answer")
    expect(waiting).to_contain_text("Two visits a week")
    waiting.get_by_role("link", name=reference).click()
    follow(page, "Answer Asha Test")
    check(page)


def test_contest_is_accepted_with_a_new_rating(open_window: Callable[..., Page], site: str, cast: Cast) -> None:
    # given a worker who contests the weight of a case of hers
    asha, ben = open_window(), open_window()
    contested(asha, site, cast, "T-003")
    # when her manager answers nothing, then he is told what is missing
    answering(ben, site, cast, "T-003")
    press(ben, "Save")
    expect(ben.locator(".govuk-error-summary")).to_be_focused()
    check(ben)
    # when he accepts with a new rating
    ben.get_by_label("Accept, and rate the case as below").check()
    ben.get_by_label("What do you answer?").fill("You are right, it is on a plan now")
    ben.get_by_label("Category").select_option(label="Child protection (8.00)")
    expect(ben.locator("[data-weigh]")).to_contain_text("Weight: 9.00.")
    press(ben, "Save")
    expect(ben.get_by_label("Ratings, newest first")).to_contain_text("5.00 → 9.00")
    check(ben)
    # then she reads the answer, and her load counts the new weight
    asha.reload()
    expect(asha.get_by_text("You are right, it is on a plan now")).to_be_visible()
    expect(asha.get_by_text("Child protection 8.00 + Long travel 1.00")).to_be_visible()
    check(asha)


def test_contest_is_declined_with_a_reason(open_window: Callable[..., Page], site: str, cast: Cast) -> None:
    # given a worker who contests a weight
    asha, ben = open_window(), open_window(javascript=False)
    contested(asha, site, cast, "T-001")
    # when her manager declines, without JavaScript
    sign_in(ben, site, username="ben", password=PASSWORD)
    ben.goto(f"{site}/contests/{Contest.objects.get().public_id}/")
    ben.get_by_label("Decline: the weight stays as it is").check()
    ben.get_by_label("What do you answer?").fill("The category counts the visits")
    press(ben, "Save")
    expect(ben.get_by_text("Declined", exact=True)).to_be_visible()
    # then the weight and both their words stay
    asha.reload()
    expect(asha.get_by_text("Declined", exact=True)).to_be_visible()
    expect(asha.get_by_text("The category counts the visits")).to_be_visible()
    follow(asha, "My data")
    check(asha)
    follow(asha, "Weights you contested")
    expect(asha.get_by_role("table")).to_contain_text("Two visits a week")
    check(asha)
