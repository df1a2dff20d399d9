"""The page about retention says what the code does, table by table."""

from pathlib import Path

from reports.retention_rules import KEPT, PERIODS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "how-to" / "retention-and-erasure.md").read_text()


def rows_of_kept() -> list[str]:
    reasons: dict[str, list[str]] = {}
    for row in KEPT:
        reasons.setdefault(row.why, []).append(f"`{row.table}`")
    return [f"| {', '.join(tables)} | {why} |" for why, tables in reasons.items()]


def test_every_period_is_on_the_page_as_it_is() -> None:
    rows = [f"| `{row.table}` | {row.what} | {row.days:,} | {row.ended_by} | {row.source} |" for row in PERIODS]
    assert "\n".join(rows) in PAGE


def test_every_table_that_stays_is_on_the_page_with_its_reason() -> None:
    assert "\n".join(rows_of_kept()) in PAGE
