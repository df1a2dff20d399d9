"""Reads the Department for Education's file of children's social work workforce indicators. Pure.

Source: Explore education statistics, release “Children's social work workforce”, data set “Indicators”. One row for
each year and area; the columns are the publisher's. What was published is kept as text, to the letter: a symbol says
why there is no figure, and is never taken for zero.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ENGLAND = "E92000001"
WHAT_TO_DO = (
    "Download the data set “Indicators” of the release “Children's social work workforce” from Explore education "
    "statistics, and load its CSV file as it is."
)
AREA_COLUMNS = (
    "time_period",
    "geographic_level",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
)
FIGURES = (
    *("inpost_fte", "inpost_headcount", "starters_fte", "starters_headcount", "leavers_fte", "leavers_headcount"),
    *("turnover_rate_fte", "turnover_rate_headcount", "agency_fte", "agency_headcount", "agency_rate_fte"),
    *("agency_rate_headcount", "agency_cover_fte", "agency_cover_rate_fte", "vacancy_fte", "vacancy_rate_fte"),
    *("vacancy_agency_cover_rate_fte", "case_holders_fte", "cases", "caseload_fte", "working_days_lost_fte"),
    "absence_rate_fte",
)
SYMBOLS = {
    "": "not given",
    "z": "not applicable",
    "x": "not available",
    ":": "not available",
    "..": "not available",
    "c": "withheld so that nobody can be told apart",
    "u": "too unreliable to publish",
    "low": "rounds to nothing, and is not nothing",
    "k": "rounds to nothing, and is not nothing",
    "~": "rounds to nothing, and is not nothing",
    "-": "not given",
}
"""What the publisher writes in place of a figure (Government Statistical Service, and the years before)."""

_NUMBER = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")
_YEAR = re.compile(r"(19|20)\d\d")
_CODE = re.compile(r"[A-Z]\d{8}")
_NOT_CSV = (b"PK", b"<!DOCTYPE", b"<html", b"%PDF")


class FileError(ValueError):
    """One sentence that says what is wrong with a file and what to do."""


class Level(StrEnum):
    """What kind of area a row is about. The values are stored."""

    ENGLAND = "ENGLAND"
    REGION = "REGION"
    AUTHORITY = "AUTHORITY"


_LEVELS = {"national": Level.ENGLAND, "regional": Level.REGION, "local authority": Level.AUTHORITY}


@dataclass(frozen=True)
class AreaYear:
    """What was published of one area in one year, ended on 30 September.

    code: of the Office for National Statistics; "LA-" and the publisher's own where an authority has none. region: the
    code of the region that the area is or lies in, "" for England. figures: column → text as published.
    """

    year: int
    level: Level
    code: str
    name: str
    region: str
    figures: Mapping[str, str]

    def number(self, column: str) -> Decimal | None:
        """Return the figure of a column; None where a symbol stands in its place."""
        return number(self.figures.get(column, ""))


@dataclass(frozen=True)
class Published:
    """A file as read: its rows in its own order, the figure columns it lacks, and rows of other kinds of area."""

    rows: Sequence[AreaYear]
    missing: Sequence[str]
    left_out: int


def number(text: str) -> Decimal | None:
    """Return a published figure, as it is written; None for a symbol."""
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def why_none(text: str) -> str:
    """Say what a symbol in place of a figure means."""
    return SYMBOLS.get(text.casefold(), f"published as “{text}”")


def read_published(content: bytes) -> Published:
    """Read a whole file. Raises FileError with one sentence when it is not this file or cannot be read.

    A byte-order mark, columns in another order, further columns and missing figure columns do no harm.
    """
    lines = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        header = _header(next(lines, []))
        return _read(header, enumerate(lines, start=2))
    except csv.Error as fault:
        raise FileError(f"This file cannot be read as CSV near line {lines.line_num}: {fault}. {WHAT_TO_DO}") from fault


def _text(content: bytes) -> str:
    if content.startswith(_NOT_CSV):
        raise FileError(f"This is not a CSV file; if it is a ZIP file, unpack it first. {WHAT_TO_DO}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _header(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in cells]
    if lacking := [name for name in AREA_COLUMNS if name not in names]:
        raise FileError(f"This is not the file: it has no column {_listed(lacking)}. {WHAT_TO_DO}")
    if not set(FIGURES) & set(names):
        raise FileError(f"This file has years and areas and none of the figures. {WHAT_TO_DO}")
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise FileError(f"The column {_listed(twice)} is in this file more than once. {WHAT_TO_DO}")
    return names


def _read(header: Sequence[str], lines: Iterator[tuple[int, list[str]]]) -> Published:
    rows: dict[tuple[int, str], AreaYear] = {}
    left_out = 0
    for number_, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise FileError(f"Line {number_} has {len(cells)} cells under {len(header)} columns. {WHAT_TO_DO}")
        row = _row(number_, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
        if row is None:
            left_out += 1
        elif rows.setdefault((row.year, row.code), row) is not row:
            raise FileError(f"Line {number_}: {row.name} is in this file twice for {row.year}. {WHAT_TO_DO}")
    if not rows:
        raise FileError(f"This file has no row of England, a region or a local authority. {WHAT_TO_DO}")
    return Published(list(rows.values()), [name for name in FIGURES if name not in header], left_out)


def _row(line: int, cells: Mapping[str, str]) -> AreaYear | None:
    """Return one line's row; None for a kind of area that is not read."""
    level = _LEVELS.get(cells["geographic_level"].casefold())
    if level is None:
        return None
    if not _YEAR.fullmatch(cells["time_period"]):
        raise FileError(f"Line {line}: “{cells['time_period']}” is not a year such as 2025. {WHAT_TO_DO}")
    code, name = _area(level, cells)
    if not name:
        raise FileError(f"Line {line} does not say which area it is about. {WHAT_TO_DO}")
    figures = {column: cells[column] for column in FIGURES if column in cells}
    for column, text in figures.items():
        if number(text) is None and (any(sign.isdigit() for sign in text) or len(text) > max(map(len, SYMBOLS))):
            raise FileError(f"Line {line}: “{text}” in the column {column} is neither a figure nor a symbol.")
    region = "" if level == Level.ENGLAND else cells["region_code"]
    return AreaYear(int(cells["time_period"]), level, code, name, region, figures)


def _area(level: Level, cells: Mapping[str, str]) -> tuple[str, str]:
    """Return the code and the name of a line's area."""
    if level == Level.ENGLAND:
        return ENGLAND, "England"
    if level == Level.REGION:
        return cells["region_code"], cells["region_name"]
    code = cells["new_la_code"]
    if not _CODE.fullmatch(code):
        own = cells["old_la_code"] if cells["old_la_code"].isdigit() else cells["la_name"]
        code = f"LA-{own}"
    return code, cells["la_name"]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
