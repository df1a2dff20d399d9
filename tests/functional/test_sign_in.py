import pytest
from playwright.sync_api import Page, expect

from teams.models import User
from tests.functional.pages import axe, check, overflow, sign_in

PASSWORD = "a-long-enough-password"

BAD_PAGE = """
<html><head><title></title></head><body>
<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
<div style="width: 900px">wide</div></body></html>
"""


@pytest.fixture
def person(live_server: object) -> User:
    return User.objects.create_user(username="ada", password=PASSWORD)


def test_sign_in_page_is_accessible_at_every_width(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/")
    expect(page).to_have_title("Sign in – Team Health Check")
    check(page)


def test_wrong_password_is_told_at_the_top_and_at_the_field(page: Page, site: str, person: User) -> None:
    sign_in(page, site, username=person.username, password="not the password")
    expect(page.get_by_role("alert")).to_contain_text("The user name or password is not right")
    expect(page).to_have_title("Error: Sign in – Team Health Check")
    check(page)


def test_signing_in_works_without_javascript(plain_page: Page, site: str, person: User) -> None:
    sign_in(plain_page, site, username=person.username, password=PASSWORD)
    expect(plain_page.get_by_role("button", name="Sign out")).to_be_visible()
    assert plain_page.url == f"{site}/"


def test_checks_of_these_tests_find_faults(page: Page) -> None:
    page.set_content(BAD_PAGE)
    found = axe(page)
    assert {line.split(" ")[0] for line in found} >= {"document-title", "html-has-lang", "image-alt"}
    assert overflow(page) == ['<div style="width: 900px">wide</div>']
