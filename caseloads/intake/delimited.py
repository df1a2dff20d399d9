"""Reading CSV whatever its encoding and separator, without ever holding an unreasonable line or cell."""

import codecs
import csv
import io
from collections.abc import Iterator

from caseloads.intake.limits import Limits
from caseloads.intake.records import Refused, Row, Table

_SEPARATORS = ",;\t"
_SAMPLE_ROWS = 15
_STEP = 1024 * 1024

LONG_LINE = (
    "Row {row} of “{name}” is far too long for a row of a table. "
    "Check for a missing quotation mark or line end, save the file again as CSV and upload it."
)
LONG_CELL = (
    "Row {row} of “{name}” has a cell with more than {size} characters. "
    "Shorten or empty that cell, save the file again and upload it."
)
TOO_MANY = "“{name}” has more rows or cells than a caseload needs ({rows} rows at most). Upload it in smaller parts."
NOT_TEXT = "“{name}” holds characters that no text file has. Save it as CSV (UTF-8) and upload it again."


def encoding_of(data: bytes) -> str:
    """By byte-order mark, else UTF-8 when all of it is valid, else Windows-1252."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _STEP):
            decoder.decode(data[start : start + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_delimited(data: bytes, *, name: str, title: str, limits: Limits) -> tuple[Table, ...]:
    """One table. Refused when a line, a cell or the whole is too large, or when it is not text."""
    encoding = encoding_of(data)
    separator = _separator(data, encoding=encoding, name=name, limits=limits)
    seen: dict[str, str] = {}
    rows: list[Row] = []
    room = limits.cells
    for row in _rows(data, encoding=encoding, separator=separator, name=name, limits=limits):
        room -= len(row.cells) + 1
        if room < 0 or row.number > limits.rows or len(row.cells) > limits.columns:
            raise Refused(TOO_MANY.format(name=name, rows=limits.rows))
        if row.cells:
            rows.append(Row(row.number, tuple(seen.setdefault(cell, cell) for cell in row.cells)))
    return (Table(title, tuple(rows)),)


def _separator(data: bytes, *, encoding: str, name: str, limits: Limits) -> str:
    """The one that gives the fullest row among the first rows; a comma when nothing separates."""

    def fullest(separator: str) -> int:
        rows = _rows(data, encoding=encoding, separator=separator, name=name, limits=limits)
        return max((sum(map(bool, row.cells)) for row, _ in zip(rows, range(_SAMPLE_ROWS), strict=False)), default=0)

    return max(_SEPARATORS, key=fullest)


def _rows(data: bytes, *, encoding: str, separator: str, name: str, limits: Limits) -> Iterator[Row]:
    csv.field_size_limit(limits.cell_characters)
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace", newline="")
    reader = csv.reader(_lines(text, name=name, limits=limits), delimiter=separator)
    number = 0
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(LONG_CELL.format(row=number, name=name, size=limits.cell_characters)) from error
        while cells and not cells[-1].strip():
            cells.pop()
        yield Row(number, tuple(cells))


def _lines(text: io.TextIOWrapper, *, name: str, limits: Limits) -> Iterator[str]:
    number = 0
    while line := text.readline(limits.line_characters):
        number += 1
        if len(line) == limits.line_characters:
            raise Refused(LONG_LINE.format(row=number, name=name))
        if "\0" in line:
            raise Refused(NOT_TEXT.format(name=name))
        yield line
