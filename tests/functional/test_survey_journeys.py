"""A staff survey from opening to results, in a real browser: on a phone, without an account, and for a small team."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from checks.models import Cycle, SurveyAnswer, SurveyLink, SurveyWords
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in
from tests.integration.checks.surveying import WORKING, asked, big_team, cycle_of, put, token

PHONE, NARROW = {"width": 375, "height": 800}, {"width": 320, "height": 640}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return cycle_of(cast)


def handed_out(page: Page, site: str, cycle: Cycle) -> list[str]:
    """The links on two slips for Ben's team, each with one to each survey."""
    # given a principal social worker, and a cycle without surveys
    sign_in(page, site, username="cora", password=PASSWORD)
    page.goto(f"{site}/cycles/{cycle.public_id}/surveys/")
    check(page)
    # when she opens both surveys and makes two links for Ben's team
    page.get_by_role("button", name="Open surveys").click()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check(page)
    page.get_by_label("Working conditions survey").check()
    page.get_by_label("Priorities poll").check()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("The surveys are open. Now hand out links.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Make links").click()
    expect(page.get_by_label("Links for Heron Team")).to_have_value("4")
    check(page)
    page.get_by_label("Links for Heron Team").fill("2")
    page.get_by_label("Links for Kestrel Team").fill("0")
    page.get_by_role("button", name="Make the links").click()
    # then two slips can be printed, each with a link to each survey
    expect(page.get_by_role("heading", name="Links to hand out")).to_be_visible()
    check(page)
    found = re.findall(rf"{site}/s/[\w-]+/", page.content())
    assert len(found) == 4
    return found


def test_survey_is_opened_handed_out_and_answered_on_a_phone(
    page: Page, open_window: Callable[..., Page], site: str, cycle: Cycle
) -> None:
    _, one, *_ = handed_out(page, site, cycle)
    # when somebody opens one on a phone, without an account
    phone = open_window()
    phone.set_viewport_size(PHONE)  # type: ignore[arg-type]
    phone.goto(one)
    expect(phone.get_by_role("heading", name="Working conditions survey")).to_be_visible()
    check(phone)
    phone.set_viewport_size(NARROW)  # type: ignore[arg-type]
    check(phone)
    expect(phone.get_by_text("this link is deleted the moment you send them")).to_be_visible()
    # and sends it empty, then with a date of birth in it
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.locator(".govuk-error-summary")).to_be_focused()
    check(phone)
    for item in WORKING.items[:6]:
        phone.get_by_role("group", name=item.text).get_by_label("Often").check()
    own_words = phone.get_by_label("What one change would help your team most? (in your own words)")
    own_words.fill("More staff since he was born on 01/02/2019")
    phone.get_by_role("button", name="Send my answers").click()
    # then what is wrong is said, and the answers are still there
    expect(phone.get_by_role("link", name="This looks like a date of birth")).to_be_visible()
    expect(phone.get_by_role("group", name=WORKING.items[5].text).get_by_label("Often")).to_be_checked()
    check(phone)
    own_words.fill("More staff")
    # when the page has been open for too long, then nothing is sent, and nothing is lost
    phone.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'of last week'")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.locator(".govuk-error-summary")).to_be_focused()
    expect(phone.get_by_role("link", name="This page was open for too long")).to_be_visible()
    expect(own_words).to_have_value("More staff")
    expect(phone.get_by_role("group", name=WORKING.items[5].text).get_by_label("Often")).to_be_checked()
    check(phone)
    phone.get_by_role("button", name="Send my answers").click()
    # then they are thanked, and the link is gone
    expect(phone.get_by_role("heading", name="Thank you. Your answers are kept.")).to_be_visible()
    check(phone)
    phone.goto(one)
    expect(phone.get_by_text("thank you, there is nothing more to do")).to_be_visible()
    check(phone)
    assert phone.context.cookies() == []
    assert SurveyAnswer.objects.get().values == dict.fromkeys((item.code for item in WORKING.items[:6]), 4)
    assert SurveyWords.objects.get().words == "More staff"
    assert SurveyLink.objects.count() == 3


def test_survey_is_answered_on_the_narrowest_phone_without_javascript(
    plain_page: Page, site: str, cast: Cast, cycle: Cycle
) -> None:
    today = timezone.localdate()
    asked(cast, cycle, day=today)
    one = token(cast, cycle, cast.team, day=today)
    plain_page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    plain_page.goto(f"{site}/s/{one.upper()}/")  # as somebody types it from paper
    assert plain_page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]
    for item in WORKING.items:
        plain_page.get_by_role("group", name=item.text).get_by_role("radio").first.check()
    plain_page.get_by_role("button", name="Send my answers").click()
    expect(plain_page.get_by_role("heading", name="Thank you. Your answers are kept.")).to_be_visible()
    assert len(SurveyAnswer.objects.get().values) == len(WORKING.items)


def test_suppressed_team_learns_nothing_and_gives_nothing_away(page: Page, site: str, cast: Cast) -> None:
    # given a closed survey in which a big team, a middling one and one of three people answered
    big, day = big_team(cast, "Osprey Team", 2), timezone.localdate() - timedelta(days=30)
    [survey] = asked(cast, cycle_of(cast, cast.team, cast.other_team, big), day=day)
    for team, count in ((cast.team, 3), (cast.other_team, 6), (big, 12)):
        put(survey, team, count, words=f"Asha of {team} is right" if team == big else "", day=day)
    # when the manager of the small team opens its results
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/")
    page.get_by_role("link", name="Surveys", exact=True).click()
    # then they are suppressed, and the page says why
    expect(page.get_by_text("The results are suppressed: fewer than 5 answered, or hidden so that")).to_be_visible()
    check(page)
    # when the principal social worker releases what people wrote
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, site, username="cora", password=PASSWORD)
    page.goto(f"{site}/surveys/{survey.public_id}/words/")
    expect(page.locator("mark", has_text="Asha")).to_be_visible()
    check(page)
    page.get_by_role("group", name="What becomes of comment 1?").get_by_label("Release").check()
    page.get_by_role("button", name="Save").click()
    # then all groups are shown but the small team, and the one it could be worked out from
    expect(page.get_by_text("Asha of Osprey Team is right")).to_be_visible()
    check(page)
    rows = page.get_by_role("row")
    for name, said in (("Heron Team", "suppressed"), ("Kestrel Team", "suppressed"), ("Osprey Team", "12 of 13")):
        expect(rows.filter(has_text=name)).to_contain_text(said)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.path().read_text(encoding="utf-8-sig").count("suppressed,,") == 2 * len(WORKING.scales)


def test_survey_of_one_s_own_is_loaded(page: Page, site: str, cast: Cast) -> None:
    # given a principal social worker with a faulty file
    sign_in(page, site, username="cora", password=PASSWORD)
    page.goto(f"{site}/employers/{cast.employer.slug}/surveys/")
    check(page)
    page.get_by_role("link", name="Load another survey").click()
    check(page)
    for label, said in (
        ("What is the survey called?", "Our pulse"),
        ("Where is it from?", "Ourselves"),
        ("What allows you to use its wording?", "It is ours"),
    ):
        page.get_by_label(label).fill(said)
    head = "item,scale,reversed,response set\n"
    for text in (f"{head}Too much?,,perhaps,No|Yes\n", f"{head}Too much?,Pressure,yes,No|Yes\n"):
        page.get_by_label("The items, as CSV").set_input_files(
            {"name": "items.csv", "mimeType": "text/csv", "buffer": text.encode()}
        )
        page.get_by_role("button", name="Look at it first").click()
        check(page)
        if "perhaps" in text:  # then each fault of the line is said
            expect(page.get_by_role("link", name="Line 2: the scale is missing. Enter its name.")).to_be_visible()
    # when the file is right, then it is shown before it is loaded
    expect(page.get_by_text("Not loaded yet")).to_be_visible()
    page.get_by_role("button", name="Load this survey").click()
    expect(page.get_by_text("“Our pulse” can now be asked.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Load scores to compare with").click()
    check(page)
