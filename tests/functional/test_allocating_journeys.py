"""Allocating with a warning, moving a leaver's cases together, and a concern that goes up by itself, in a browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from caseloads.models import Allocation, Case, LimitException, Transfer
from checks import tasks
from checks.models import Duty
from teams.models import CapacityReduction
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


@pytest.fixture
def days_later(time_machine: Any) -> Iterator[Callable[[int], None]]:
    """Moves the server's clock; the browser keeps its own."""
    start = timezone.now()
    return lambda days: time_machine.move_to(start + timedelta(days=days), tick=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer).check()


def seen_with_scripts(page: Page) -> None:
    """Without scripts the checker cannot run; the page is the one that it has seen with them."""


def holders(reference: str) -> list[str]:
    rows = Allocation.objects.filter(case__reference=reference, ended_on=None).select_related("worker")
    return [row.worker.name for row in rows]


@pytest.mark.parametrize("javascript", [True, False])
def test_manager_allocates_past_a_limit_that_warns(
    open_window: Callable[..., Page],
    site: str,
    cast: Cast,
    javascript: bool,  # noqa: FBT001 - a case of the test
) -> None:
    # given an unallocated case, and a worker with hardly any time
    page = open_window(javascript=javascript)
    look = check if javascript else seen_with_scripts
    CapacityReduction.objects.create(
        worker=cast.workers["Asha Test"],
        team=cast.team,
        kind="PERCENT",
        amount=80,
        reason="Court",
        starts_on=timezone.localdate(),
    )
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    look(page)
    # when the manager goes from the list of what waits to allocating it
    page.get_by_role("link", name="Allocate T-005").click()
    expect(page.get_by_role("heading", name="Allocate case T-005")).to_be_visible()
    look(page)
    # then everybody is shown with their load before and after
    row = page.get_by_role("row").filter(has_text="Asha Test")
    expect(row).to_contain_text("Load above the limit, or not known")
    expect(row).to_contain_text("well over")
    # when nobody is chosen, then the summary says so and has the focus
    press(page, "Allocate")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Choose who is to hold the case")
    if javascript:
        expect(summary).to_be_focused()
    look(page)
    # when she is chosen, then the limit asks for a reason before anything is saved
    page.get_by_label("Asha Test").check()
    press(page, "Allocate")
    expect(summary).to_contain_text("This goes past a limit. Say why it is right all the same.")
    assert holders("T-005") == []
    look(page)
    page.get_by_label("Why is it right to go past the limit?").fill("The family knows her")
    choose(page, "What does the worker say to it?", "The worker disagrees")
    page.get_by_label("In their words (optional)").fill("Two court weeks ahead")
    press(page, "Allocate")
    # then the case says who holds it, what she said, and which limit was passed
    expect(page.get_by_text("Case T-005 is allocated to Asha Test.")).to_be_visible()
    expect(page.get_by_text("Asha Test disagrees: Two court weeks ahead.")).to_be_visible()
    look(page)
    assert holders("T-005") == ["Asha Test"]
    assert LimitException.objects.get().reason == "The family knows her"


def test_manager_moves_a_leavers_cases_together(page: Page, site: str, cast: Cast) -> None:
    # given a manager whose worker leaves
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    press(page, "Transfer several cases")
    check(page)
    page.get_by_role("link", name="Asha Test").click()
    check(page)
    # when he asks for a proposal
    press(page, "Propose who takes them")
    expect(page.get_by_role("heading", name="Transfer 3 cases of Asha Test")).to_be_visible()
    check(page)
    # then each case has somebody or a sentence, and he changes one by hand and looks at what it makes of everybody
    page.get_by_label("Who takes case T-003?").select_option(label="Nia Test")
    for reference in ("T-001", "T-002"):
        page.get_by_label(f"Who takes case {reference}?").select_option(label="Nobody: unallocated")
    press(page, "Work out again")
    expect(page.get_by_role("row").filter(has_text="Nia Test").last).to_contain_text("from 22.2 % to 27.8 %")
    check(page)
    # when he confirms without saying whether there is a handover, then he is asked
    page.get_by_label("Why?").fill("Asha goes to another team")
    press(page, "Transfer these cases")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose whether there is a handover meeting")
    check(page)
    choose(page, "Is there a handover meeting?", "No meeting is held")
    press(page, "Transfer these cases")
    # then all of them have moved at once, and the one without a meeting is a red flag
    expect(page.get_by_text("3 cases are transferred.")).to_be_visible()
    expect(page.get_by_text("Transferred without a handover meeting").first).to_be_visible()
    assert holders("T-003") == ["Nia Test"]
    assert holders("T-001") == []
    # and the form that the back button shows is a fresh one that saves nothing twice
    page.go_back()
    assert Transfer.objects.count() == 3
    # when the meeting is held after all, then he records it and the red flag is gone
    page.goto(f"{site}/cases/{Case.objects.get(reference='T-003').public_id}/")
    page.get_by_role("link", name="Record a meeting held since").click()
    check(page)
    page.get_by_label("On which day was the meeting?").fill(f"{timezone.localdate():%d/%m/%Y}")
    press(page, "Save")
    expect(page.get_by_text("The handover meeting is recorded.")).to_be_visible()
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    expect(page.get_by_text("Transferred without a handover meeting")).to_have_count(0)


def test_a_concern_that_nobody_answers_goes_up_by_itself(
    open_window: Callable[..., Page], site: str, cast: Cast, days_later: Callable[[int], None]
) -> None:
    # given a social worker with too much to do, when she raises a concern
    asha = open_window()
    sign_in(asha, site, username="asha", password=PASSWORD)
    asha.get_by_label("My pages").get_by_role("link", name="Concerns").click()
    check(asha)
    press(asha, "Raise a workload concern")
    check(asha)
    press(asha, "Raise the concern")
    expect(asha.locator(".govuk-error-summary")).to_be_focused()
    asha.get_by_label("What is your concern?").fill("Three court reports fall due in one week")
    check(asha)
    press(asha, "Raise the concern")
    # then she sees that it waits for her manager
    expect(asha.get_by_text("Your concern is recorded.")).to_be_visible()
    expect(asha.get_by_role("row").filter(has_text="Workload concern")).to_contain_text("with the manager")
    check(asha)
    # when nobody has answered in time
    days_later(6)
    tasks.sweep()
    sign_in(asha, site, username="asha", password=PASSWORD)
    asha.get_by_label("My pages").get_by_role("link", name="Concerns").click()
    # then it waits for the next level, and she sees every step
    expect(asha.get_by_role("row").filter(has_text="Workload concern")).to_contain_text("with the service manager")
    asha.get_by_role("link", name="Workload concern").click()
    expect(asha.get_by_text("It goes to the service manager.")).to_be_visible()
    check(asha)
    # and it goes to the director when it waits again
    days_later(12)
    tasks.sweep()
    assert Duty.objects.get().level == "DIRECTOR"
    dev = open_window()
    sign_in(dev, site, username="dev", password=PASSWORD)
    dev.get_by_label("Your account").get_by_role("link", name="Duties").click()
    check(dev)
    # when the director answers with a plan and closes it, then she sees what came of it
    dev.get_by_role("link", name="Workload concern").click()
    press(dev, "Answer with a plan")
    check(dev)
    dev.get_by_label("What will be done?").fill("A colleague takes two of the reports")
    dev.get_by_label("By which day?").fill(f"{timezone.localdate() + timedelta(days=3):%d/%m/%Y}")
    press(dev, "Save")
    press(dev, "Close")
    dev.get_by_label("What came of it?").fill("Both reports were written by others")
    press(dev, "Save")
    expect(dev.get_by_text("The duty is closed.")).to_be_visible()
    sign_in(asha, site, username="asha", password=PASSWORD)
    asha.get_by_label("My pages").get_by_role("link", name="Concerns").click()
    asha.get_by_role("link", name="Workload concern").click()
    expect(asha.get_by_text("Both reports were written by others")).to_be_visible()
    expect(asha.get_by_role("button", name="Open again")).to_be_visible()
    check(asha)


@pytest.mark.parametrize("page_name", ["what-if/?joiners=1&spread=on", "history/", "duties/"])
def test_planning_pages_are_clean(page: Page, site: str, cast: Cast, page_name: str) -> None:
    sign_in(page, site, username="dev", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/{page_name}")
    check(page)
