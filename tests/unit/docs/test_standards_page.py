"""docs/standards.md: its tables are what packs and variations do."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from checks.findings import FINDING_NAMES, finding_of_indicator
from standards import pack
from standards.definition import EXAMPLE, Direction, Kind, Thresholds
from standards.shipped import shipped_packs
from standards.variation import STAGE_NAMES, Decision, Variation, stage

PAGE = (Path(__file__).parents[3] / "docs" / "standards.md").read_text(encoding="utf-8")
NATIONAL = Thresholds(Direction.AT_MOST, Decimal(100), Decimal(110), EXAMPLE)
FIRST, REVIEW = date(2026, 4, 1), date(2026, 9, 30)


def rows(*headings: str) -> list[list[str]]:
    """The lines of the one table that has these headings."""
    head = re.escape(f"| {' | '.join(headings)} |")
    (found,) = re.findall(rf"^{head}\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, flags=re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found.splitlines()]


def fields(section: str) -> set[str]:
    """The fields that a section's first table names."""
    text = PAGE.split(section, 1)[1]
    table = text[text.index("|---") :].split("\n\n", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE))


def test_every_field_of_a_pack_is_documented() -> None:
    assert fields("Fields of a **set**") == set(pack.SET_FIELDS)
    assert fields("Fields of a **standard**") == set(pack.STANDARD_FIELDS)
    assert fields("Fields of an **indicator**") == set(pack.ANY_INDICATOR_FIELD)


def test_fields_are_of_the_kinds_that_the_page_says() -> None:
    for name, kinds, _ in rows("field", "of which kind", "what it holds"):
        said = set(Kind) if kinds == "all" else {Kind(kind.upper()) for kind in kinds.split(", ")}
        assert said == {kind for kind in Kind if name.strip("`") in pack.INDICATOR_FIELDS[kind]}, name


def test_every_shipped_pack_is_listed() -> None:
    listed = {cells[0].strip("`") for cells in rows("id", "what it is", "how complete")}
    assert listed == {name.rpartition("-")[0] for name in shipped_packs()}


def name_of(value: str, thresholds: Thresholds) -> str:
    return FINDING_NAMES[finding_of_indicator(Decimal(value), thresholds)].lower()


@pytest.mark.parametrize("cells", rows("on", "the variation is", "national finding", "local finding"))
def test_example_of_the_days(cells: list[str]) -> None:
    on, said, national, local = date.fromisoformat(cells[0]), *cells[1:]
    found = stage(Decision.APPROVED, starts_on=FIRST, review_on=REVIEW, ended_on=None, on=on)
    variation = Variation(Decimal(105), Decimal(120), "", "", FIRST, REVIEW)
    assert STAGE_NAMES[found] == said
    assert national == name_of("108.0", NATIONAL)
    assert local == (name_of("108.0", variation.thresholds(NATIONAL)) if variation.applies(on) else "–")


@pytest.mark.parametrize("cells", rows("value", "local met", "local partly", "national finding", "local finding"))
def test_example_of_the_findings(cells: list[str]) -> None:
    value, met, partly, national, local = cells
    variation = Variation(Decimal(met), Decimal(partly), "", "", FIRST, REVIEW)
    assert variation.fits(NATIONAL)
    assert (national, local) == (name_of(value, NATIONAL), name_of(value, variation.thresholds(NATIONAL)))
