"""A health check in a real browser: answered and submitted by the manager, returned and signed by the director."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from checks import figure_taking
from checks.actions import cycles
from checks.actions.doing import Doing
from checks.models import Cycle, HealthCheck
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in
from tests.integration.checks.rounds import accepted, check_of, new_cycle


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


@pytest.fixture
def opening(cast: Cast) -> HealthCheck:
    """A cycle of today with Ben's team in it, whose figures nobody has taken yet."""
    today = timezone.localdate()
    new = new_cycle(period_to=today, measured_on=today, due_on=today)
    by = Doing(cast.cora, timezone.now())
    return check_of(cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=by), cast.team)


@pytest.fixture
def opened(opening: HealthCheck) -> HealthCheck:
    """The same with its figures."""
    figure_taking.open_checks(cycle_id=opening.cycle_id, at=timezone.now())
    return check_of(opening.cycle, opening.team)


def test_manager_who_comes_too_early_looks_again(page: Page, site: str, cast: Cast, opening: HealthCheck) -> None:
    # given a check whose figures are being taken, when its manager opens it
    sign_in(page, site, username="ben", password=PASSWORD)
    for place in (f"cycles/{opening.cycle.public_id}/", f"checks/{opening.public_id}/"):
        page.goto(f"{site}/{place}")
        expect(page.get_by_text("being taken")).to_be_visible()
        check(page)
    # then nothing can be answered yet, and once they are taken everything can
    expect(page.get_by_role("link", name="1. Workload")).to_have_count(0)
    figure_taking.open_checks(cycle_id=opening.cycle_id, at=timezone.now())
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("link", name="1. Workload")).to_be_visible()


def test_manager_is_told_what_is_missing(page: Page, site: str, cast: Cast, opened: HealthCheck) -> None:
    # given a manager whose team has a health check to answer
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    page.get_by_role("navigation", name="Pages of Heron Team").get_by_role("link", name="Health checks").click()
    check(page)
    page.get_by_role("link", name="Autumn 2026").click()
    expect(page.get_by_role("heading", name="Health check of Heron Team")).to_be_visible()
    check(page)
    # when he submits before anything is answered, then the page says what is missing
    page.get_by_role("link", name="Check answers and submit").click()
    page.get_by_role("button", name="Submit the health check").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.get_by_text("2 answers are not complete, in standards 1, 2.")).to_be_visible()
    check(page)
    # when he judges better than the figures and says nothing of why, then that is still needed
    page.get_by_role("link", name="Health check of the team").click()
    page.get_by_role("link", name="1. Workload").click()
    check(page)
    page.get_by_role("link", name="Statement unallocated holds.").click()
    expect(page.get_by_text("1 case", exact=True)).to_be_visible()
    page.get_by_text("How unallocated cases is worked out, and the rows behind it").click()
    expect(page.get_by_role("cell", name="T-005")).to_be_visible()
    check(page)
    page.get_by_role("group", name="Do you judge it otherwise?").get_by_label("Met", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("cell", name="A reason why it is judged better than measured")).to_be_visible()
    page.get_by_role("link", name="Statement unallocated holds.").click()
    page.get_by_label("Why do you judge it otherwise?").fill("It was given out this morning")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Statement well-over holds.")).to_be_visible()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Statement fair holds.")).to_be_visible()


def test_manager_is_saved_by_itself_attaches_plans_and_submits(
    page: Page, site: str, cast: Cast, opened: HealthCheck, tmp_path: Path
) -> None:
    # given a manager at an indicator
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/checks/{opened.public_id}/indicators/fair/")
    # when he types and waits, then it is saved by itself, and kept when he goes on
    page.get_by_label("Commentary").fill("Shared out every Monday with everybody present")
    expect(page.get_by_text("Saved.", exact=True).last).to_be_visible()
    page.get_by_role("group", name="How do you judge it?").get_by_label("Not met").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("cell", name="An action, or a decision not to act")).to_be_visible()
    # when he attaches a file and plans an action
    page.get_by_role("link", name="Statement fair holds.").click()
    expect(page.get_by_label("Commentary")).to_have_value("Shared out every Monday with everybody present")
    page.get_by_role("link", name="Add a link or a file").click()
    check(page)
    page.get_by_label("What is it?").fill("Notes of the team meeting")
    notes = tmp_path / "notes.pdf"
    notes.write_bytes(b"%PDF-1.7 notes")
    page.get_by_label("File", exact=True).set_input_files(notes)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("The evidence is added.")).to_be_visible()
    page.get_by_role("link", name="Plan an action").click()
    check(page)
    page.get_by_label("What will be done?").fill("Cases go to Kestrel Team")
    page.get_by_label("Who sees to it?").select_option("Ben Test")
    page.get_by_label("By which day?").fill("31/12/2098")
    page.get_by_label("How will you see that it worked?").fill("Nobody is well over")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The action is planned.")).to_be_visible()
    check(page)
    # when he answers the other standard and submits, then it is out of his hands
    page.goto(f"{site}/checks/{opened.public_id}/indicators/space/")
    page.get_by_role("group", name="How do you judge it?").get_by_label("Met", exact=True).check()
    page.get_by_label("Commentary").fill("Two rooms, seldom both taken")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{site}/checks/{opened.public_id}/")
    expect(page.get_by_text("2 of 2 standards are complete")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Check answers and submit").click()
    check(page)
    page.get_by_role("button", name="Submit the health check").click()
    expect(page.get_by_text("The health check is submitted.")).to_be_visible()
    check(page)


def test_director_returns_and_panel_asks(open_window: Callable[..., Page], site: str, cast: Cast) -> None:
    # given a check that the principal social worker has accepted, and a director
    made = accepted(cast)
    director = open_window()
    sign_in(director, site, username="dev", password=PASSWORD)
    director.goto(f"{site}/checks/{made.public_id}/")
    check(director)
    # when the director returns it, then its manager reads why
    director.get_by_role("button", name="Return for changes").click()
    director.get_by_role("button", name="Return it").click()
    expect(director.get_by_role("link", name="Enter what has to change")).to_be_visible()
    check(director)
    director.get_by_label("What has to change?").fill("Say more about space")
    director.get_by_role("button", name="Return it").click()
    expect(director.get_by_text("The health check is returned")).to_be_visible()
    manager = open_window()
    sign_in(manager, site, username="ben", password=PASSWORD)
    manager.goto(f"{site}/checks/{made.public_id}/")
    expect(manager.get_by_text("Say more about space").first).to_be_visible()
    check(manager)
    manager.goto(f"{site}/checks/{made.public_id}/submit/")
    manager.get_by_role("button", name="Submit the health check").click()
    # when the panel asks and the manager agrees, then the panel's judgement stands
    panel = open_window()
    sign_in(panel, site, username="cora", password=PASSWORD)
    panel.goto(f"{site}/checks/{made.public_id}/standards/2/")
    check(panel)
    panel.get_by_role("link", name="Challenge this answer").click()
    check(panel)
    panel.get_by_label("What do you ask?").fill("Nine people share two rooms. How is that enough?")
    panel.get_by_role("group", name="What would you judge?").get_by_label("Partly met").check()
    panel.get_by_role("button", name="Ask").click()
    expect(panel.get_by_text("Your question is asked.")).to_be_visible()
    check(panel)
    manager.goto(f"{site}/checks/{made.public_id}/")
    manager.get_by_role("link", name="Statement space holds.").click()
    manager.get_by_role("link", name="Answer the question").click()
    check(manager)
    manager.get_by_role("group", name="Do you agree with the panel?").get_by_label("Yes").check()
    manager.get_by_label("Your answer").fill("It is not enough")
    manager.get_by_role("button", name="Answer", exact=True).click()
    expect(manager.get_by_text("Your answer is saved.")).to_be_visible()
    panel.goto(f"{site}/checks/{made.public_id}/")
    panel.get_by_role("button", name="Accept", exact=True).click()
    expect(panel.get_by_role("heading", name="Accept the health check")).to_be_visible()
    panel.get_by_role("button", name="Accept").click()
    expect(panel.get_by_text("The health check is accepted.")).to_be_visible()


def test_director_signs_and_publishes_and_an_observer_reads(
    open_window: Callable[..., Page], site: str, cast: Cast
) -> None:
    # given a check that is accepted
    made, director = accepted(cast), open_window()
    sign_in(director, site, username="dev", password=PASSWORD)
    # when the director signs and publishes, then an observer reads the public part
    director.goto(f"{site}/checks/{made.public_id}/")
    director.get_by_role("button", name="Sign off").click()
    expect(director.get_by_role("heading", name="Sign the health check off")).to_be_visible()
    check(director)
    director.get_by_role("button", name="Sign off").click()
    expect(director.get_by_text("The health check is signed off.")).to_be_visible()
    director.get_by_role("button", name="Publish the public part").click()
    director.get_by_label("What should readers know?").fill("We look for a third room.")
    director.get_by_label("I have read the actions below").check()
    check(director)
    director.get_by_role("button", name="Publish").click()
    expect(director.get_by_text("The public part is published.")).to_be_visible()
    observer = open_window()
    sign_in(observer, site, username="femi", password=PASSWORD)
    observer.get_by_role("link", name="Health checks, standards and weighting schemes of Testshire Council").click()
    check(observer)
    observer.get_by_role("link", name="Autumn 2026").click()
    check(observer)
    observer.get_by_role("link", name="Heron Team").click()
    expect(observer.get_by_text("We look for a third room.")).to_be_visible()
    check(observer)


def test_two_people_at_one_answer_without_scripts(
    open_window: Callable[..., Page], site: str, cast: Cast, opened: HealthCheck
) -> None:
    # given two people who have the same answer open, in browsers without scripts
    windows = []
    for name in ("ben", "hana"):
        window = open_window(javascript=False)
        sign_in(window, site, username=name, password=PASSWORD)
        window.goto(f"{site}/checks/{opened.public_id}/indicators/fair/")
        windows.append(window)
    first, second = windows
    # when both save, then the second reads what the first wrote and loses nothing of their own
    first.get_by_label("Commentary").fill("Shared out every Monday")
    first.get_by_role("button", name="Save", exact=True).click()
    second.get_by_label("Commentary").fill("Shared out by telephone")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("Ben Test changed this answer").first).to_be_visible()
    expect(second.get_by_text("Shared out every Monday").first).to_be_visible()
    expect(second.get_by_label("Commentary")).to_have_value("Shared out by telephone")
    # when the second puts both together, then that is kept
    second.get_by_label("Commentary").fill("Shared out every Monday, by telephone in between")
    second.get_by_role("button", name="Save", exact=True).click()
    row = opened.answers.get(indicator="fair")
    assert row.commentary == "Shared out every Monday, by telephone in between"


def test_principal_social_worker_opens_a_cycle_and_watches_it(page: Page, site: str, cast: Cast, worker: Path) -> None:
    # given the principal social worker, and published standards
    new_cycle()
    sign_in(page, site, username="cora", password=PASSWORD)
    page.goto(f"{site}/employers/testshire/cycles/")
    check(page)
    # when she opens a cycle for every team
    page.get_by_role("button", name="Open a cycle").click()
    check(page)
    page.get_by_role("button", name="Open the cycle").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check(page)
    page.get_by_label("Name of the cycle").fill("Winter 2026")
    page.get_by_label("Against which standards?").select_option("A small set, version 1")
    page.get_by_role("button", name="Open the cycle").click()
    expect(page.get_by_text("The cycle is open.")).to_be_visible()
    # then a worker takes the figures of each team, and she sees how far they are
    cycle = Cycle.objects.get()
    page.goto(f"{site}/cycles/{cycle.public_id}/")
    for _ in range(30):
        if page.get_by_text("0 of 2").count() == 2:
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_text("0 of 2")).to_have_count(2)
    expect(page.get_by_text("2 being answered")).to_be_visible()
    check(page)
