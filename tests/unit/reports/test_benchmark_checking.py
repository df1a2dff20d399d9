"""The published rates worked out again: what was found in the rows that come with the product, and by hand."""

from decimal import Decimal

import pytest

from reports.benchmark_checking import as_json, as_text, check_all, unchecked
from reports.benchmark_measures import RATES, bounds
from reports.published import FIGURES, AreaYear, Level, Published
from reports.shipped import shipped_published

D = Decimal
FOUND = {
    "caseload_fte": (108, 107, 108, 108),
    "vacancy_rate_fte": (108, 106, 108, 108),
    "agency_rate_fte": (108, 102, 103, 104),
    "agency_rate_headcount": (108, 106, 106, 107),
    "turnover_rate_fte": (108, 103, 104, 106),
    "turnover_rate_headcount": (108, 106, 106, 107),
    "absence_rate_fte": (108, 99, 99, 105),
    "agency_cover_rate_fte": (108, 93, 99, 99),
    "vacancy_agency_cover_rate_fte": (107, 90, 98, 98),
}
"""Column → rows compared, equal, within the rounding of the inputs, within 0.1, as docs/benchmarks.md says."""
BY = {rate.column: rate for rate in RATES}


def published(**figures: str) -> Published:
    row = AreaYear(2025, Level.AUTHORITY, "E06000022", "Bath", "E12000009", figures)
    return Published([row], [name for name in FIGURES if name not in figures], 0)


def test_england_and_regions() -> None:
    checked = check_all(shipped_published())
    assert {one.rate.column: (one.compared, one.exact, one.within_rounding, one.near) for one in checked} == FOUND
    assert unchecked(shipped_published()) == []


def test_every_published_rate_is_worked_out() -> None:
    assert {rate.column for rate in RATES} == {name for name in FIGURES if "_rate" in name or name == "caseload_fte"}


def test_row_that_differs_is_told_with_both_values() -> None:
    found = as_json(shipped_published())
    assert found["rows"] == 108
    assert found["measures"]["caseload_fte"]["differ"] == [
        {
            "year": 2017,
            "area_code": "E12000001",
            "area": "North East",
            "published": "18.3",
            "worked_out": "18.4",
            "within_rounding": True,
            "within_0.1": True,
        }
    ]
    west_midlands = [one for one in found["measures"]["agency_rate_fte"]["differ"] if one["year"] == 2024][1]
    assert (west_midlands["published"], west_midlands["worked_out"]) == ("13.9", "12.5")
    assert not west_midlands["within_rounding"]


def test_text_has_every_rate_and_every_row_that_differs() -> None:
    text = as_text(shipped_published())
    assert "Average caseload                                  108    107       108         108       1" in text
    assert text.count("  published ") == sum(len(one.differ) for one in check_all(shipped_published())) == 59
    assert "2017 North East                   published  18.3  worked out  18.4  (within the rounding" in text


def test_symbols_are_not_compared() -> None:
    (one,) = check_all(published(cases="c", case_holders_fte="10", caseload_fte="15.2"))
    assert (one.compared, one.not_compared) == (0, 1)
    (one,) = check_all(published(cases="152", case_holders_fte="10", caseload_fte="z"))
    assert (one.compared, one.not_compared) == (0, 1)


def test_rate_without_anything_to_divide_by_differs_from_any_figure() -> None:
    found = published(agency_cover_fte="0", agency_fte="0.0", agency_cover_rate_fte="80")
    (one,) = check_all(found)
    assert (one.compared, one.exact, one.near) == (1, 0, 0)
    assert as_json(found)["measures"]["agency_cover_rate_fte"]["differ"][0]["worked_out"] is None
    assert "worked out nothing to divide by" in as_text(found)


def test_rates_of_missing_columns_are_named() -> None:
    found = published(cases="152", case_holders_fte="10", caseload_fte="15.2")
    assert len(unchecked(found)) == len(RATES) - 1
    assert "Not checked, because a column is missing: Vacancy rate." in as_text(found)
    assert "caseload_fte" not in as_json(found)["measures_not_checked"]


def test_bounds_follow_from_inputs_before_their_rounding() -> None:
    given = {"cases": D(20721), "case_holders_fte": D("1129.2")}
    assert bounds(BY["caseload_fte"], given) == (D("18.3"), D("18.4"))
    small = {"leavers_fte": D("1.0"), "inpost_fte": D("10.0")}
    assert bounds(BY["turnover_rate_fte"], small) == (D("9.5"), D("10.6"))
    heads = {"leavers_headcount": D(1), "inpost_headcount": D(3)}
    assert bounds(BY["turnover_rate_headcount"], heads) == (D("33.3"), D("33.3"))
    assert bounds(BY["turnover_rate_headcount"], {"leavers_headcount": D(1), "inpost_headcount": D(0)}) is None


@pytest.mark.parametrize("column", FOUND)
def test_definitions_say_what_is_divided_by_what(column: str) -> None:
    assert "÷" in BY[column].formula
    assert BY[column].definition.endswith(".")
