"""The database goes away under a real browser: each page that says so is looked at, and gives back what was written."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from caseloads.models import Case
from tests.cast import PASSWORD, Cast, assemble
from tests.functional.pages import check, sign_in

LONG = "A-very-long-reference-" + 20 * "x"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble(PASSWORD)


@contextmanager
def database_away() -> Iterator[None]:
    """Every line to the database is cut, and no new one is let in, until the block ends."""
    name = str(connection.settings_dict["NAME"])
    connection.close()
    with closing(psycopg2.connect(**connection.get_connection_params() | {"dbname": "postgres"})) as server:
        server.autocommit = True
        line = server.cursor()
        line.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        try:
            line.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            line.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


def look(page: Page, said: str) -> None:
    expect(page.get_by_role("heading", name="Not possible just now", level=1)).to_be_visible()
    expect(page.get_by_text(said)).to_be_visible()
    check(page)


def test_a_form_is_given_back_and_saved_when_it_is_sent_again(page: Page, site: str, cast: Cast) -> None:
    # given a manager who has filled in a form
    sign_in(page, site, username="ben", password=PASSWORD)
    page.goto(f"{site}/teams/{cast.team.public_id}/cases/new/")
    page.get_by_label("Case reference", exact=True).fill(LONG)
    page.get_by_label("When was it opened?").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_label("Category").select_option(label="Assessment (5.00)")
    with database_away():
        # when the database is away as they send it
        page.get_by_role("button", name="Save").click()
        # then the page holds what they wrote, also when it is sent too soon
        look(page, "What you wrote is kept in this page")
        page.get_by_role("button", name="Send it again").click()
        look(page, "What you wrote is kept in this page")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", name=f"Case {LONG}")).to_be_visible()
    assert Case.objects.filter(reference=LONG).count() == 1


def test_a_page_a_file_and_a_password_are_told_apart(page: Page, site: str, cast: Cast, tmp_path: Path) -> None:
    # given an administrator who has chosen a file
    path = tmp_path / f"{LONG}.csv"
    path.write_text("case_reference,category,team,worker\n")
    sign_in(page, site, username="ewa", password=PASSWORD)
    page.goto(f"{site}/imports/new/")
    page.get_by_label("Plain case list").check()
    page.get_by_label("Caseload file").set_input_files(path)
    with database_away():
        # when the database is away, then the file is asked for again
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_label(f"Choose the file again: {path.name}")).to_be_visible()
        look(page, "What you wrote is kept in this page")
        # and a page that was only to be read is offered again
        page.goto(site)
        look(page, "nothing that was saved is lost")
    page.get_by_role("link", name="Try this page again").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("User name or e-mail address").fill("ewa")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with database_away():
        # and no password is repeated
        page.get_by_role("button", name="Sign in", exact=True).click()
        look(page, "is not repeated here")
        assert PASSWORD not in page.content()
