"""A manager's and a worker's day with the people of a team: supervision, capacity, hours; in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from teams.models import CapacityReduction, Worker
from tests.cast import PASSWORD, Cast, assemble, supervise
from tests.functional.pages import check, sign_in


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The team's log: everybody was supervised this week, and Asha too long ago."""
    made, today = assemble(PASSWORD), timezone.localdate()
    supervise(made, made.workers["Asha Test"], today - timedelta(days=60))
    for name in ("Nia Test", "Una Test"):
        supervise(made, made.workers[name], today)
    return made


def test_manager_records_supervision_and_a_reduction(page: Page, site: str, cast: Cast) -> None:
    # given a manager whose worker's supervision is overdue
    sign_in(page, site, username="ben", password=PASSWORD)
    team = f"{site}/teams/{cast.team.public_id}/"
    page.goto(team)
    expect(page.get_by_text("Supervision overdue.")).to_be_visible()
    # when he opens the log of the team and records a session without saying how long it was
    page.get_by_role("link", name="Supervision", exact=True).click()
    expect(page.get_by_text("Overdue: 1 of the 3 who hold cases.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Record a session of Asha Test").click()
    check(page)
    page.get_by_role("group", name="Was it interrupted?").get_by_label("No").check()
    page.get_by_role("group", name="Was there time to reflect on practice?").get_by_label("Yes").check()
    page.get_by_role("button", name="Save").click()
    # then the page says what is missing, and leads there
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter whole minutes from 1 to 480, such as 90").click()
    expect(page.get_by_label("How many minutes did it last?")).to_be_focused()
    check(page)
    # when he says it, then it is recorded and the flag is gone
    page.get_by_label("How many minutes did it last?").fill("90")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Supervision of Asha Test is recorded.")).to_be_visible()
    expect(page.get_by_text("Overdue: 0 of the 3 who hold cases.")).to_be_visible()
    check(page)
    page.goto(team)
    expect(page.get_by_text("Supervision overdue.")).to_have_count(0)
    # when he lets her carry less, by a reason from the list
    page.get_by_role("link", name="People and capacity").click()
    check(page)
    page.get_by_role("link", name="Asha Test").click()
    check(page)
    page.get_by_role("link", name="Add a reduction").click()
    page.get_by_label("Reason", exact=True).select_option("Induction into the team")
    page.get_by_label("Approved by").select_option("Hana Test")
    check(page)
    page.get_by_role("button", name="Save").click()
    # then it counts from that day, with its end and who approved it
    expect(page.get_by_text("The reduction is saved.")).to_be_visible()
    expect(page.get_by_text("approved by Hana Test")).to_be_visible()
    check(page)
    assert CapacityReduction.objects.get(reason="Induction into the team").ends_on


def test_worker_records_additional_hours(page: Page, site: str, cast: Cast) -> None:
    # given a social worker on her own pages
    sign_in(page, site, username="asha", password=PASSWORD)
    page.get_by_role("link", name="Additional hours").click()
    check(page)
    # when she enters this week's hours, then they are hers alone to see
    page.get_by_role("link", name=re.compile("^Enter.*Week of")).first.click()
    check(page)
    page.get_by_label("Hours you worked beyond your contract in this week").fill("2.5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your additional hours are saved.")).to_be_visible()
    expect(page.get_by_text("Together: 2.50 hours.")).to_be_visible()
    check(page)
    # and her supervision log says that it is overdue
    page.get_by_role("link", name="Supervision", exact=True).click()
    expect(page.get_by_text("Overdue", exact=True)).to_be_visible()
    check(page)


def test_staffing_works_without_javascript(plain_page: Page, site: str, cast: Cast) -> None:
    sign_in(plain_page, site, username="ben", password=PASSWORD)
    plain_page.goto(f"{site}/teams/{cast.team.public_id}/people/")
    plain_page.get_by_role("link", name="Nia Test").click()
    plain_page.get_by_role("link", name="Change hours from a day").click()
    plain_page.get_by_label("Contracted hours a week (optional)").fill("18.5")
    plain_page.get_by_label("From which day?").fill(f"{timezone.localdate():%d/%m/%Y}")
    plain_page.get_by_role("button", name="Save").click()
    expect(plain_page.get_by_text("The hours of Nia Test are changed.")).to_be_visible()
    expect(plain_page.get_by_text("18.50 hours a week from")).to_be_visible()


def test_name_without_a_space_stays_on_the_page(page: Page, site: str, cast: Cast) -> None:
    # given a worker whose name is one long word
    asha = cast.workers["Asha Test"]
    Worker.objects.filter(pk=asha.pk).update(name="Testingtonhampsteadshirefordbury" * 3)
    sign_in(page, site, username="ben", password=PASSWORD)
    # then every page about them keeps within the narrowest screen
    for path in ("people/", f"people/{asha.public_id}/", "supervision/", f"supervision/{asha.public_id}/"):
        page.goto(f"{site}/teams/{cast.team.public_id}/{path}")
        check(page)
