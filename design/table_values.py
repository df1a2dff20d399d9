"""What the text of a cell stands for: a number and its unit, a day, or a symbol where no figure is. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Value = str | Decimal | date

LONGEST_LIST = 10_000  # rows of a list that the data of its page hold

# After the Government Statistical Service's guidance on symbols in tables (analysisfunction.civilservice.gov.uk).
SYMBOLS = {
    "z": "not applicable: there is nothing to count",
    "x": "not known: nothing from which it could be worked out is recorded",
    "c": "confidential: hidden, so that nobody can be recognised",
    "low": "more than nothing, but rounds to 0",
}
_WORDS = {"–": "z", "not known": "x", "suppressed": "c"}
_LOW = re.compile(r"under 0\.0*1( %)?")
_NUMBER = re.compile(r"(?:× )?([+−-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?: ?(%|[A-Za-z]+))?")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")


@dataclass(frozen=True)
class Number:
    """A number as written, with its places, and the word or sign behind it, if any."""

    value: Decimal
    unit: str


def number_in(text: str) -> Number | None:
    """The number that a text is, such as `1,204.50`, `−10.00`, `97.8 %`, `× 50 %` or `12 days`; None for any other."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, whole, places, unit = found.groups()
    value = Decimal(f"{whole.replace(',', '')}{places or ''}")
    return Number(-value if sign in {"−", "-"} else value, unit or "")


def day_in(text: str) -> date | None:
    """The day that a text is, such as `3 March 2026`; None for any other."""
    if (found := _DAY.fullmatch(text)) is None:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return None


def symbol_in(text: str) -> str | None:
    """The symbol for a text that says why there is no figure; None for any other."""
    return "low" if _LOW.fullmatch(text) else _WORDS.get(text)


@dataclass(frozen=True)
class Column:
    """A column's heading, with the unit that all its numbers share, and its values."""

    heading: str
    values: Sequence[Value]


def column_of(heading: str, cells: Sequence[tuple[str, bool]]) -> Column:
    """Read a column: of each cell its text, and whether it is meant as a figure. Days and symbols are read in any."""
    numbers = [number_in(text) if figure else None for text, figure in cells]
    units = {_one(found.unit) for found in numbers if found}
    shared = len(units) == 1
    values = [
        found.value if found and (shared or not found.unit) else plain_value(text)
        for found, (text, _) in zip(numbers, cells, strict=True)
    ]
    unit = max((found.unit for found in numbers if found), key=len) if shared else ""
    return Column(_with_unit(heading, unit), values)


def plain_value(text: str) -> Value:
    """A symbol, a day, or the text itself."""
    return symbol_in(text) or day_in(text) or text


def _one(unit: str) -> str:
    return unit.lower().removesuffix("s")


def _with_unit(heading: str, unit: str) -> str:
    if unit.lower() in heading.lower():
        return heading
    return f"{heading} %" if unit == "%" else f"{heading} ({unit})"
