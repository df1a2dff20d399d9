"""Tables as CSV files that are safe to open in a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # also as wide letters, which some spreadsheets read alike


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under their header, as RFC 4180 has it; no words are taken for a formula, and what is missing is empty.

    A number stays as it is, a negative one too: nothing is calculated from `-10.00`.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(map(_harmless, header))
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cell(cell: object) -> str:
    match cell:
        case None:
            return ""
        case int() | Decimal():
            return str(cell)
        case date():
            return cell.isoformat()
        case _:
            return _harmless(str(cell))


def _harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_STARTS_A_FORMULA) else text
