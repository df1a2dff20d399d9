"""Tables as CSV files that are safe to open in a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under their header; no cell is taken for a formula, and what is missing is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_harmless("" if cell is None else str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
