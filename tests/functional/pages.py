"""What every browser test asks of a page."""

import time
from functools import cache
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from playwright.sync_api import Locator, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320
LONGEST_LOOK = 20  # seconds
RUN_AXE = """rules => {
    window.axeFound = null;
    axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(found => { window.axeFound = found; });
}"""


@cache
def axe_source() -> str:
    return AXE.read_text()


def axe(page: Page) -> list[str]:
    """Every fault the accessibility checker finds, one readable line each."""
    result = looked_at(page) or looked_at(page)
    assert result, f"The accessibility checker does not come to an end on {page.url}."
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:200]}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]


def looked_at(page: Page) -> Any:
    """What the checker finds; None where it does not come to an end, as it may not in a window behind another.

    It is asked whether it is done, and not waited for: a browser forgets what it promised to somebody who waits.
    """
    page.bring_to_front()
    page.evaluate(axe_source())
    page.evaluate(RUN_AXE, RULES)
    until = time.monotonic() + LONGEST_LOOK
    while not (result := page.evaluate("window.axeFound")):
        if time.monotonic() > until:
            return None
        page.wait_for_timeout(50)
    return result


def overflow(page: Page) -> list[str]:
    """What sticks out of a window of 320 pixels (a table may scroll inside its own box)."""
    size = page.viewport_size
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    wide = page.evaluate(
        """narrowest => document.scrollingElement.scrollWidth <= narrowest ? [] :
        [...document.querySelectorAll('body *')]
            .filter(element => element.getBoundingClientRect().right > narrowest + 1)
            .map(element => element.outerHTML.slice(0, 120))""",
        NARROWEST,
    )
    if size:
        page.set_viewport_size(size)
    return list(wide)


def check(page: Page) -> None:
    """No accessibility fault, nothing outside a narrow window, the project's own styles and no foreign font."""
    page.wait_for_load_state("load")  # a press only begins to lead to the next page
    assert axe(page) == []
    assert overflow(page) == []
    font = page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    assert font == "Arial, sans-serif"


def sign_in(page: Page, site: str, *, username: str, password: str) -> None:
    """With a password and, where the account has a second factor, its next recovery code."""
    page.goto(f"{site}/sign-in/")
    give_password(page, username=username, password=password)
    if page.url.endswith("/sign-in/second-factor/"):
        page.get_by_label("Code").fill(next_recovery_code(username))
        page.get_by_role("button", name="Continue").click()


def give_password(page: Page, *, username: str, password: str) -> None:
    page.get_by_label("User name or e-mail address").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def next_recovery_code(username: str) -> str:
    codes = Authenticator.objects.get(user__username=username, type=Authenticator.Type.RECOVERY_CODES).wrap()
    return str(codes.get_unused_codes()[0])


def take(offered: Locator, folder: Path) -> Path:
    """Press what gives a file, and keep the file."""
    with offered.page.expect_download() as file:
        offered.click()
    saved = folder / file.value.suggested_filename
    file.value.save_as(saved)
    return saved
