"""docs/benchmarks.md and the how-to of the census say what the code does."""

import re
from pathlib import Path

from reports.benchmark_checking import check_all
from reports.benchmark_measures import RATES
from reports.census import HELPERS, TO_ADD, VACANCY_ELEMENTS, WORKER_ELEMENTS
from reports.shipped import shipped_published

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_table_of_the_check_is_what_it_finds() -> None:
    text = (DOCS / "benchmarks.md").read_text()
    rows = re.findall(r"^\| `(\w+)`" + r" \| (\d+)" * 5 + r" \|$", text, re.MULTILINE)
    assert [(column, *map(int, counts)) for column, *counts in rows] == [
        (one.rate.column, one.compared, one.exact, one.within_rounding, one.near, len(one.differ))
        for one in check_all(shipped_published())
    ]


def test_every_rate_has_its_row_with_its_columns() -> None:
    text = (DOCS / "benchmarks.md").read_text()
    for rate in RATES:
        assert re.search(rf"^\| [^|]+ \| `{rate.column}` \|", text, re.MULTILINE), rate.column


def test_every_element_of_the_census_is_spoken_of() -> None:
    text = (DOCS / "how-to" / "workforce-census.md").read_text()
    filled, add = text.split("## What you must add")
    named = set(re.findall(r"`(\w+)`", filled.split("## How each element is filled")[1]))
    assert set(WORKER_ELEMENTS) - set(TO_ADD) | set(VACANCY_ELEMENTS) <= named
    assert set(re.findall(r"`(\w+)`", add)) == set(TO_ADD)
    assert all(f"`{name}`" in filled for name in HELPERS)
