"""Links and pictures of the documentation lead somewhere, and every page can be found from the index."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def inner_links(page: Path) -> list[tuple[Path, str]]:
    """The files a page links to, each with the heading it names, if it names one."""
    links = [link.partition("#") for link in LINK.findall(page.read_text()) if not re.match(r"\w+:", link)]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in links]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in inner_links(page):
        assert target.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {anchor} in {target.name}"


def test_every_page_is_in_the_index() -> None:
    listed = {target for target, _ in inner_links(ROOT / "docs" / "README.md")}
    assert {page for page in PAGES[2:] if page.name != "README.md"} - listed == set()
