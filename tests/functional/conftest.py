"""A real browser against a real server over the test database. When it cannot run, the tests fail; none is skipped."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from healthcheck import embedded

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 10_000
# What is pressed while a page still moves to its place is pressed beside it: nothing can be pressed before.
AT_REST_ONLY = """
    const moving = new CSSStyleSheet();
    moving.replaceSync("body { pointer-events: none }");
    document.adoptedStyleSheets = [moving];
    addEventListener("load", () => { document.adoptedStyleSheets = []; });
"""

pytest.register_assert_rewrite("tests.functional.pages")

# Playwright's loop runs in this thread, and Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("No Chromium here: run bin/test, which installs it.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """A Celery worker over the test database and broker, as in production and with its login; yields its log.

    It is gone before the test's rows are: nothing then holds on to what is being emptied.
    """
    log = tmp_path / "worker.log"
    name = str(connection.settings_dict["NAME"])
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0].replace(f"//{embedded.OWNER}@", f"//{embedded.APPLICATION}@")
    environment = os.environ | {"DATABASE_URL": f"{server}/{name}"}
    command = [sys.executable, "-m", "celery", "-A", "healthcheck.celery", "worker", "--pool=threads", "-c1"]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, env=environment) as running:
        yield log
        running.terminate()


@pytest.fixture(autouse=True)
def _first_tries(no_attempts_yet: None) -> None:
    """Everybody signs in from one address here, and so do the tests of its limits."""


@pytest.fixture
def site(live_server: LiveServer) -> str:
    return str(live_server.url)


@pytest.fixture
def open_window(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own (cookies and all) per call; whatever goes wrong inside it fails the test."""
    wrong: list[str] = []
    contexts = []

    def keep_inside(route: Route) -> None:
        if route.request.url.startswith((site, "data:", "blob:")):
            route.continue_()
            return
        wrong.append(f"asked for {route.request.url}")
        route.abort()

    def window(*, javascript: bool = True) -> Page:
        context = browser.new_context(java_script_enabled=javascript, accept_downloads=True, locale="en-GB")
        context.set_default_timeout(PATIENCE_MS)
        context.route("**/*", keep_inside)
        if javascript:
            context.add_init_script(AT_REST_ONLY)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        page.on(
            "console", lambda line: wrong.append(f"console: {line.text}") if is_fault(line.text, line.type) else None
        )
        return page

    yield window
    for context in contexts:
        context.close()
    assert wrong == []


def is_fault(text: str, kind: str) -> bool:
    """The browser logs every answer of 400 and above as an error; tests of strangers ask for those."""
    return kind == "error" and "Failed to load resource" not in text


@pytest.fixture
def page(open_window: Callable[..., Page]) -> Page:
    return open_window()


@pytest.fixture
def plain_page(open_window: Callable[..., Page]) -> Page:
    """A browser without JavaScript."""
    return open_window(javascript=False)
