"""A cycle given to the public in a real browser: published by the director, read by anybody, taken away, withdrawn."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checks.models import Cycle
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in
from tests.integration.checks import publishing


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return publishing.to_publish(cast)


def downloaded(page: Page, name: str) -> str:
    with page.expect_download() as begun:
        page.get_by_role("link", name=name).click()
    return Path(begun.value.path()).read_text(encoding="utf-8-sig")


def test_a_cycle_is_published_read_taken_away_and_withdrawn(
    open_window: Callable[..., Page], site: str, cast: Cast, cycle: Cycle
) -> None:
    # given a director who reads what the public would see
    director = open_window()
    sign_in(director, site, username="dev", password=PASSWORD)
    director.goto(f"{site}/cycles/{cycle.public_id}/")
    director.get_by_role("link", name="Publish this cycle to the public").click()
    check(director)
    director.get_by_label("What should readers know?").fill("We looked at every team together.")
    director.get_by_label("2. Wellbeing").uncheck()
    director.get_by_label("I have read all that is shown below").check()
    # when what would be published is not what was shown, then it is shown first, and published after that
    director.get_by_role("button", name="Publish", exact=True).click()
    expect(director.locator(".govuk-error-summary")).to_contain_text("not what you were shown")
    expect(director.get_by_text("Not published: standard 2, Wellbeing.")).to_be_visible()
    check(director)
    director.get_by_role("button", name="Publish", exact=True).click()
    address = director.get_by_role("link", name="/published/testshire/autumn-2026/").inner_text()
    check(director)
    # then the observer is led to it from the published check of a team
    femi = open_window()
    sign_in(femi, site, username="femi", password=PASSWORD)
    femi.goto(f"{site}/cycles/{cycle.public_id}/")
    femi.get_by_role("link", name="Heron Team").click()
    femi.get_by_role("link", name="the public page").click()
    expect(femi.get_by_role("heading", name="Health checks of social work teams: Autumn 2026")).to_be_visible()
    # and anybody reads it without signing in or JavaScript, and takes it away
    anybody = open_window(javascript=False)
    anybody.goto(address)
    expect(anybody.get_by_text("We looked at every team together.")).to_be_visible()
    rows = list(csv.DictReader(io.StringIO(downloaded(anybody, "everything as one CSV file"), newline="")))
    assert {row["team"] for row in rows} == {"", "Heron Team"}
    answer = anybody.request.get(f"{address}data.json")
    assert json.loads(answer.text())["employer"] == "Testshire Council"
    # and it stands by itself, on a narrow window too
    public = open_window()
    public.goto(address)
    check(public)
    public.get_by_role("link", name="Heron Team").click()
    check(public)
    public.get_by_role("link", name="Autumn 2026").click()
    public.get_by_role("link", name="All that is published").click()
    check(public)
    # when the director withdraws it, then its address says so
    director.get_by_role("link", name="Withdraw what is published").click()
    director.get_by_label("Why is it withdrawn?").fill("A figure was wrong")
    director.get_by_role("button", name="Withdraw").click()
    anybody.goto(address)
    expect(anybody.get_by_text("A figure was wrong")).to_be_visible()


def test_figures_of_a_page_are_taken_away(plain_page: Page, site: str, cast: Cast) -> None:
    sign_in(plain_page, site, username="ben", password=PASSWORD)
    plain_page.goto(f"{site}/teams/{cast.team.public_id}/")
    with plain_page.expect_download() as begun:
        plain_page.get_by_role("link", name="Everything on this page as a spreadsheet (ODS)").click()
    assert begun.value.suggested_filename.startswith("heron-team-")
    plain_page.get_by_text("Each table as a CSV file").click()
    text = downloaded(plain_page, "Workers, their cases, load and capacity as CSV")
    assert "Asha Test" in text
