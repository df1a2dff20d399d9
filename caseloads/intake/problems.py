"""The list of problems as a CSV file that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

COLUMNS = ("sheet", "row", "column", "value", "reason")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def problems_csv(problems: Iterable[Mapping[str, object]]) -> str:
    """Problems, each a mapping with the keys of COLUMNS, as CSV text in which no cell is taken for a formula."""
    return rows_csv(COLUMNS, ([str(problem[column]) for column in COLUMNS] for problem in problems))


def rows_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows under their headings as CSV text in which no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
