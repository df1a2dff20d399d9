"""The pages on security name tests that exist, and go through the whole standard in its order."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "docs").glob("security*.md"))
NAMED = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
NUMBER = re.compile(r"V(\d+)\.(\d+)\.(\d+)")
LEVEL_1, LEVEL_2 = 70, 183
BEGINNINGS = ("`tests/", "by design: ", "does not apply: ", "not met: ", "not met in part: ")
WORDS = ("a test", "by design", "does not apply", "not met", "not met in part")


@cache
def source(path: str) -> str:
    return (ROOT / path).read_text()


def rows() -> list[list[str]]:
    """The rows of the standard: number, level, subject, and what shows it."""
    lines = (ROOT / "docs" / "security-asvs.md").read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| V")]


def numbers() -> list[tuple[int, ...]]:
    found = [NUMBER.fullmatch(number) for number, *_ in rows()]
    assert None not in found
    return [tuple(map(int, one.groups())) for one in found if one]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_is_named_exists(page: Path) -> None:
    named = set(NAMED.findall(page.read_text()))
    assert named
    missing = [
        f"{path}::{name}" for path, name in named if not re.search(rf"^\s*def {name}\(", source(path), re.MULTILINE)
    ]
    assert missing == []


def test_no_test_is_named_without_its_name() -> None:
    for page in PAGES:
        said = re.findall(r"`(tests/[^`]*)`", page.read_text())
        assert [one for one in said if not NAMED.fullmatch(one)] == []


def test_every_requirement_is_there_once_and_in_order() -> None:
    assert all(earlier < later for earlier, later in pairwise(numbers()))
    levels = [level for _, level, *_ in rows()]
    assert (levels.count("1"), levels.count("2"), len(levels)) == (LEVEL_1, LEVEL_2, LEVEL_1 + LEVEL_2)


def test_every_row_says_what_shows_it_or_why_not() -> None:
    for number, _, subject, shown in rows():
        assert subject, number
        assert shown.startswith(BEGINNINGS), number
        assert len(shown) > len("by design: "), number


def test_the_counts_are_those_of_the_table() -> None:
    page = (ROOT / "docs" / "security-asvs.md").read_text()
    shown = [row[-1] for row in rows()]
    for words, beginning in zip(WORDS, BEGINNINGS, strict=True):
        assert f"| {words} | {sum(one.startswith(beginning) for one in shown)} |" in page
