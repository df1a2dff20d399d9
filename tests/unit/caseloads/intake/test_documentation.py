"""The page about importing names every column, list and option there is."""

from pathlib import Path

import pytest
from django.core.management.base import CommandParser

from caseloads.intake.columns import CASE_COLUMNS, STAFF_COLUMNS
from caseloads.intake.lists import LISTINGS
from caseloads.intake.ssd_tables import CATEGORIES, COLUMNS
from caseloads.management.commands.import_caseload import Command

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "how-to" / "import-a-caseload.md").read_text()


@pytest.mark.parametrize("column", [*CASE_COLUMNS, *STAFF_COLUMNS])
def test_every_column_is_described(column: str) -> None:
    assert f"\n| `{column}` |" in PAGE


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.subject)
def test_every_list_is_described(listing: object) -> None:
    assert f"\n| {listing.number} " in PAGE  # type: ignore[attr-defined]
    assert f"`{listing.category}`" in PAGE  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", COLUMNS)
def test_every_table_of_the_dataset_is_described_with_its_columns(table: str) -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{table}` |")]
    assert [column for column in COLUMNS[table] if f"`{column}`" not in row] == []
    category = CATEGORIES[table].category if table in CATEGORIES else ""
    assert category in row


def test_every_option_is_described() -> None:
    parser = CommandParser()
    Command().add_arguments(parser)
    options = {option for action in parser._actions for option in action.option_strings} - {"-h", "--help"}
    assert [option for option in options if f"\n| `{option}` |" not in PAGE] == []
