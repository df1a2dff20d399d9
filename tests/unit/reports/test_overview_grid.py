"""The grid of the overview: cells of findings, and teams in the order asked for."""

from decimal import Decimal
from uuid import UUID

from reports.overview.asking import Sort
from reports.overview.grid import Cell, Column, GridRow, cells, ordered

COLUMNS = [Column("3", "Safe workloads", "3"), Column("5", "Supervision", "5")]


def row(name: str, load: str | None, not_met: int | None = 0, unallocated: int | None = 0) -> GridRow:
    made = None if not_met is None else cells(COLUMNS, {code: ["NOT_MET", ""] for code in ("3", "5")[:not_met]})
    pct = None if load is None else Decimal(load)
    return GridRow(name, UUID(int=len(name)), "Adults", pct, "", "", pct, "", unallocated, made)


def test_a_cell_has_the_finding_and_leads_to_its_standard() -> None:
    met, nothing = cells(COLUMNS, {"3": ["MET", ""]})
    assert (met.sign.word, met.sign.symbol, met.css, met.anchor, met.local_sign) == ("Met", "✓", "met", "3", None)
    assert (nothing.sign.word, nothing.css, nothing.effective) == ("Not measured", "none", "")


def test_where_a_variation_counts_both_findings_are_there() -> None:
    (one,) = cells(COLUMNS[:1], {"3": ["NOT_MET", "MET"]})
    assert (one.sign.word, one.local_sign and one.local_sign.word, one.effective, one.css) == (
        "Not met",
        "Met",
        "MET",
        "met",
    )


def test_an_indicator_has_its_figure() -> None:
    (one,) = cells([Column("3-load", "Team load", "3")], {"3-load": ["97.8 %", "MET", "", "97.8"]})
    assert (one.figure, one.sign.word, one.anchor) == ("97.8 %", "Met", "3")
    assert isinstance(one, Cell)


def names(rows: list[GridRow], sort: Sort) -> list[str]:
    return [one.name for one in ordered(rows, sort)]


def test_teams_are_sorted_by_name_or_the_worst_first() -> None:
    rows = [row("otter", "90", 2, 1), row("Badger", None, None, None), row("Hare", "110", 0, 5), row("Elk", "90", 1, 0)]
    assert names(rows, Sort.NAME) == ["Badger", "Elk", "Hare", "otter"]
    assert names(rows, Sort.LOAD) == names(rows, Sort.DEMAND) == ["Hare", "Elk", "otter", "Badger"]
    assert names(rows, Sort.NOT_MET) == ["otter", "Elk", "Hare", "Badger"]
    assert names(rows, Sort.UNALLOCATED) == ["Hare", "otter", "Elk", "Badger"]
    assert [one.unallocated_words for one in rows] == ["1", "–", "5", "0"]
