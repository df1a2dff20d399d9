import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import CDPSession, Page, expect

from teams.models import SignIn, User
from tests.cast import PASSWORD as CAST_PASSWORD
from tests.cast import Cast, assemble
from tests.functional.pages import axe, check, give_password, next_recovery_code, overflow, sign_in, take

PASSWORD = "a-long-enough-password"

BAD_PAGE = """
<html><head><title></title></head><body>
<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
<div style="width: 900px">wide</div></body></html>
"""


@pytest.fixture
def person(live_server: object) -> User:
    return User.objects.create_user(username="ada", email="ada@testshire.example", password=PASSWORD)


@pytest.fixture
def newcomer(transactional_db: None) -> Cast:
    """Everybody has a password, and Dev no second factor yet."""
    cast = assemble(CAST_PASSWORD)
    cast.dev.authenticator_set.all().delete()  # type: ignore[attr-defined]
    return cast


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def key_for_passkeys(page: Page) -> CDPSession:
    """A device that makes and uses passkeys, as a laptop with a fingerprint reader does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_sign_in_page_is_accessible_at_every_width(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/")
    expect(page).to_have_title("Sign in – Team Health Check")
    check(page)


def test_wrong_password_is_told_at_the_top(page: Page, site: str, person: User) -> None:
    sign_in(page, site, username=person.username, password="not the password")
    expect(page.get_by_role("alert")).to_contain_text("The name or the password is not right")
    expect(page).to_have_title("Error: Sign in – Team Health Check")
    check(page)


def test_signing_in_works_without_javascript_and_by_e_mail(plain_page: Page, site: str, person: User) -> None:
    sign_in(plain_page, site, username=person.email, password=PASSWORD)
    expect(plain_page.get_by_role("button", name="Sign out")).to_be_visible()
    assert plain_page.url == f"{site}/"


def test_director_sets_up_an_app_before_anything_else_without_javascript(
    plain_page: Page, open_window: Callable[..., Page], site: str, newcomer: Cast, tmp_path: Path
) -> None:
    # given a director without a second factor who wants to see the overview
    page = plain_page
    page.goto(f"{site}/employers/testshire/overview/")
    give_password(page, username="dev", password=CAST_PASSWORD)
    # then nothing opens but the page that asks for one
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.goto(f"{site}/employers/testshire/overview/")
    expect(page).to_have_url(f"{site}/second-factor/")
    # when he sets up an app
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="The key below as a picture")).to_be_visible()
    secret = page.locator(".app-key").inner_text()
    page.get_by_label("Code that the app shows").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("alert")).to_contain_text("Use the newest code")
    assert page.locator(".app-key").inner_text() == secret
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    # then he is shown his recovery codes, once, and may take them away
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator(".app-codes li").all_inner_texts()
    assert len(set(codes)) == 10
    assert codes[0] in take(page.get_by_role("link", name="Download the codes"), tmp_path).read_text()
    page.reload()
    expect(page.get_by_text("Your codes were shown once")).to_be_visible()
    # and sees the overview
    page.goto(f"{site}/employers/testshire/overview/")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    # and the next time he is asked for a code, which a recovery code stands in for, once
    elsewhere = open_window(javascript=False)
    elsewhere.goto(f"{site}/sign-in/?next=/employers/testshire/overview/")
    give_password(elsewhere, username="dev", password=CAST_PASSWORD)
    expect(elsewhere.get_by_role("heading", name="Second factor")).to_be_visible()
    elsewhere.get_by_label("Code").fill(codes[0])
    elsewhere.get_by_role("button", name="Continue").click()
    expect(elsewhere.get_by_role("heading", name="Overview")).to_be_visible()


def test_pages_of_the_second_factor_are_accessible(page: Page, site: str, newcomer: Cast) -> None:
    page.goto(f"{site}/sign-in/")
    give_password(page, username="dev", password=CAST_PASSWORD)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("heading", name="Set up an app")).to_be_visible()
    check(page)
    page.get_by_label("Code that the app shows").fill(code_of(page.locator(".app-key").inner_text()))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check(page)
    page.goto(f"{site}/second-factor/")
    check(page)
    for name in ("Remove the app", "Make new ones instead of your recovery codes", "Set up a passkey"):
        page.get_by_role("link", name=name).click()
        page.wait_for_url("**/second-factor/*/**")
        check(page)
        page.get_by_role("link", name="Second factor").click()
    page.get_by_role("button", name="Sign out").click()
    give_password(page, username="dev", password=CAST_PASSWORD)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    check(page)


def test_passkey_is_a_second_factor_and_signs_in_alone(page: Page, site: str, newcomer: Cast) -> None:
    # given a director whose laptop makes passkeys
    key_for_passkeys(page)
    page.goto(f"{site}/sign-in/")
    give_password(page, username="dev", password=CAST_PASSWORD)
    # when he sets one up
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("Name of this passkey").fill("Work laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    # then it is his second factor
    page.get_by_role("button", name="Sign out").click()
    give_password(page, username="dev", password=CAST_PASSWORD)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    # and lets him in without a password
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    # and when it is removed he is asked for another
    page.goto(f"{site}/second-factor/")
    page.get_by_role("link", name="Remove the passkey Work laptop").click()
    expect(page.get_by_role("button", name="Remove")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()


def test_checks_of_these_tests_find_faults(page: Page) -> None:
    page.set_content(BAD_PAGE)
    found = axe(page)
    assert {line.split(" ")[0] for line in found} >= {"document-title", "html-has-lang", "image-alt"}
    assert overflow(page) == ['<div style="width: 900px">wide</div>']


def test_administrator_invites_a_manager_who_sets_a_password_and_a_second_factor(
    page: Page, open_window: Callable[..., Page], site: str, newcomer: Cast, worker: Path
) -> None:
    # given an administrator, when she invites a manager for a while
    sign_in(page, site, username="ewa", password=CAST_PASSWORD)
    page.get_by_role("link", name="Accounts of Testshire Council").click()
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Invite somebody").click()
    expect(page.get_by_role("heading", name="Invite somebody")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter their e-mail address")
    check(page)
    page.get_by_label("Name", exact=True).fill("Ida van der Longest-Name-Anybody-Has Test")
    page.get_by_label("E-mail address").fill("ida@testshire.example")
    page.get_by_label("Role").select_option("Manager")
    page.get_by_label("Where").select_option("Team: Heron Team")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way")).to_be_visible()
    # then the worker sends a letter with a link
    ida = open_window()
    ida.goto(site + link_in(worker))
    expect(ida.get_by_role("heading", name="Set your password")).to_be_visible()
    check(ida)
    # and she sets a password by it, once
    ida.get_by_label("New password").fill("password1234")
    ida.get_by_role("button", name="Set the password").click()
    expect(ida.get_by_role("alert")).to_contain_text("known from breaches")
    ida.get_by_label("New password").fill("otter heron kestrel finch")
    ida.get_by_role("button", name="Set the password").click()
    expect(ida.get_by_text("Your password is set")).to_be_visible()
    again = open_window()
    again.goto(site + link_in(worker))
    expect(again.get_by_text("This link was used already")).to_be_visible()
    check(again)
    # and she is led to a second factor
    give_password(ida, username="ida@testshire.example", password="otter heron kestrel finch")
    expect(ida.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    # and the administrator sees how it stands, and signs her out
    page.get_by_role("link", name="Ida van der Longest-Name-Anybody-Has Test").click()
    expect(page.get_by_role("heading", name="Roles")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="Sign them out everywhere?")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Sign them out").click()
    expect(page.get_by_text("They are signed out everywhere")).to_be_visible()
    ida.goto(f"{site}/my-account/")
    expect(ida).to_have_url(f"{site}/sign-in/?next=%2Fmy-account%2F")


def link_in(log: Path) -> str:
    """The newest link to set a password among what the worker would have sent by e-mail."""
    until = time.monotonic() + 30
    while not (found := re.findall(r"http://localhost:8000(/set-password/[\w-]+/)", log.read_text())):
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)
    return str(found[-1])


def test_forgotten_password_and_own_account_pages(page: Page, site: str, newcomer: Cast) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_role("link", name="Forgotten password").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
    check(page)
    page.get_by_label("User name or e-mail address").fill("asha")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look at your e-mail")).to_be_visible()
    check(page)
    sign_in(page, site, username="asha", password=CAST_PASSWORD)
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Change your password").click()
    expect(page.get_by_role("heading", name="Change your password")).to_be_visible()
    check(page)


def test_form_that_came_too_late_leads_back_to_its_page(page: Page, site: str, newcomer: Cast) -> None:
    sign_in(page, site, username="ewa", password=CAST_PASSWORD)
    page.goto(f"{site}/employers/testshire/region/")
    SignIn.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("was not saved")).to_be_visible()
    check(page)
    give_password(page, username="ewa", password=CAST_PASSWORD)
    page.get_by_label("Code").fill(next_recovery_code("ewa"))
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{site}/employers/testshire/region/")
