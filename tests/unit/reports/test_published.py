"""Reading the published file: what it may look like, and what is said of any other."""

from collections.abc import Callable
from decimal import Decimal
from importlib import resources

import pytest

from reports.published import FIGURES, FileError, Level, number, read_published, why_none
from reports.shipped import adult_figures, shipped_published

SHIPPED = resources.files("reports").joinpath("data", "csww_indicators_england_and_regions.csv").read_bytes()
AREAS = "time_period,geographic_level,region_code,region_name,old_la_code,new_la_code,la_name"
AUTHORITY = "2025,Local authority,E12000009,South West,840,E06000022,Bath"


def file(*lines: str, columns: str = f"{AREAS},cases,caseload_fte") -> bytes:
    return "\n".join([columns, *lines, ""]).encode()


def test_shipped_rows_are_england_and_eleven_regions_in_nine_years() -> None:
    found = shipped_published()
    assert (len(found.rows), found.missing, found.left_out) == (108, [], 0)
    assert {row.year for row in found.rows} == set(range(2017, 2026))
    england = found.rows[0]
    assert (england.year, england.level, england.code, england.region) == (2025, Level.ENGLAND, "E92000001", "")
    assert england.number("cases") == Decimal(321661)
    assert set(england.figures) == set(FIGURES)
    assert found.rows[1].region == found.rows[1].code == "E12000001"


def test_local_authorities_are_read_with_their_region() -> None:
    (row,) = read_published(file(f'{AUTHORITY},"1,204",15.2')).rows
    assert (row.level, row.code, row.name, row.region) == (Level.AUTHORITY, "E06000022", "Bath", "E12000009")
    assert (row.number("cases"), row.number("caseload_fte")) == (Decimal(1204), Decimal("15.2"))


def test_authority_without_a_code_has_the_publishers_own_or_its_name() -> None:
    rows = read_published(
        file(
            "2025,Local authority,E12000009,South West,840,z,Bath,1,1",
            "2025,Local authority,E12000009,South West,z,,Wells,1,1",
        )
    ).rows
    assert [row.code for row in rows] == ["LA-840", "LA-Wells"]


@pytest.mark.parametrize("symbol", ["z", "x", "c", "low", "k", "u", ":", "..", "-", "~", "", "C"])
def test_symbols_are_no_figures_and_say_why(symbol: str) -> None:
    (row,) = read_published(file(f"{AUTHORITY},{symbol},15.2")).rows
    assert row.number("cases") is None
    assert not why_none(row.figures["cases"]).startswith("published as")


def test_symbol_that_is_not_known_is_told_as_it_is() -> None:
    assert why_none("np") == "published as “np”"
    assert number("np") is None


def test_mark_order_further_columns_blank_lines_and_other_levels_do_no_harm() -> None:
    columns = "cases,extra," + ",".join(reversed(AREAS.split(",")))
    authority = ",".join(reversed(AUTHORITY.split(",")))
    content = "\ufeff".encode() + file(
        f"9,?,{authority}", ",,,,,,,,", f"9,?,{authority.replace('Local authority', 'Ward')}", columns=columns
    )
    found = read_published(content)
    assert [row.number("cases") for row in found.rows] == [Decimal(9)]
    assert found.left_out == 1
    assert "caseload_fte" in found.missing
    assert "cases" not in found.missing


def test_file_of_an_older_spreadsheet_is_read() -> None:
    row = "2025,Local authority,E12000009,South West,840,E06000022,Bâth,1,1"
    (found,) = read_published(file(row).replace("â".encode(), b"\xe2")).rows
    assert found.name == "Bâth"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "it has no column “time_period”"),
    "other": (lambda: b"name,age\nAnn,3\n", "This is not the file"),
    "zip": (lambda: b"PK\x03\x04", "unpack it first"),
    "page": (lambda: b"<!DOCTYPE html><html>", "This is not a CSV file"),
    "no figures": (lambda: file(columns=AREAS), "none of the figures"),
    "no rows": (file, "no row of England"),
    "twice a column": (lambda: file(columns=f"{AREAS},cases,cases"), "“cases” is in this file more than once"),
    "ragged": (lambda: file(f"{AUTHORITY},1"), "Line 2 has 8 cells under 9 columns"),
    "year": (lambda: file(AUTHORITY.replace("2025", "202425") + ",1,1"), "“202425” is not a year"),
    "no area": (lambda: file(AUTHORITY.replace("Bath", "") + ",1,1"), "does not say which area"),
    "twice": (lambda: file(f"{AUTHORITY},1,1", f"{AUTHORITY},1,1"), "Line 3: Bath is in this file twice for 2025"),
    "words": (lambda: file(f"{AUTHORITY},about 12,1"), "“about 12” in the column cases is neither"),
    "negative": (lambda: file(f"{AUTHORITY},-5,1"), "“-5” in the column cases is neither"),
    "quote": (lambda: file(f'{AUTHORITY},"1"2,1'), "cannot be read as CSV near line 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_with_a_sentence(name: str) -> None:
    content, sentence = REFUSED[name]
    with pytest.raises(FileError, match=sentence.replace("(", r"\(")):
        read_published(content())


def test_adult_figures_each_name_their_source() -> None:
    found = adult_figures()
    assert len(found) == 30
    assert [one.year for one in found] == sorted((one.year for one in found), reverse=True)
    assert all(one.source.startswith("http") for one in found)
    assert next(one for one in found if one.metric == "vacancy_rate").text == "10.5\u00a0%"
