"""A program of its own: reads a workbook on standard input, writes its cells as lines of JSON on standard output.

It runs in a child process with little memory and time, because a workbook is read by native code that trusts sizes
given in the file. It imports nothing of ours, so that it starts quickly and can be started by its path.
"""

import contextlib
import datetime as dt
import itertools
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

TOO_MANY, TOO_LONG, PROTECTED, UNREADABLE = "too many", "too long", "protected", "unreadable"
MOST_SHEETS = 60
_EXACT = 2**53  # the whole numbers a float holds exactly


def as_text(cell: Any) -> str:
    """A cell as a person would read it: dates in ISO order, whole numbers without a point."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


def sheet_rows(sheet: Any, *, longest: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with its number, cells from column A, and no empty cells at its end."""
    _, first_column = sheet.start or (0, 0)
    padding = [""] * first_column  # the reader gives the empty rows above the first cell, but not the columns before it
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [as_text(cell) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if any(len(text) > longest for text in texts):
            raise OverflowError(TOO_LONG)
        if texts:
            yield number, padding + texts


def copy(source: BinaryIO, target: TextIO, *, rows: int, cells: int, longest: int) -> None:
    """Write one line per sheet, {"sheet": name}, followed by one line per row, [number, [cells]]."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - after the limits are set

    workbook = CalamineWorkbook.from_filelike(source)
    if len(workbook.sheet_names) > MOST_SHEETS:
        raise OverflowError(TOO_MANY)
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        target.write(json.dumps({"sheet": name}) + "\n")
        for number, texts in sheet_rows(sheet, longest=longest):
            rows, cells = rows - 1, cells - len(texts)
            if rows < 0 or cells < 0:
                raise OverflowError(TOO_MANY)
            target.write(json.dumps([number, texts]) + "\n")


def confine(*, memory: int, seconds: int) -> None:
    """Give this process little memory and time. Some systems cannot limit memory: time still is."""
    import resource  # noqa: PLC0415 - not on Windows, where only the parent's clock guards

    for kind, amount in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (amount, amount))


def why_not(error: BaseException) -> str:
    """The one word that the parent turns into a sentence."""
    if isinstance(error, OverflowError):
        return str(error)
    if isinstance(error, MemoryError):
        return TOO_MANY
    return PROTECTED if type(error).__name__ == "PasswordError" else UNREADABLE


def main(arguments: list[str], source: BinaryIO, target: TextIO) -> int:
    memory, seconds, rows, cells, longest = (int(argument) for argument in itertools.islice(arguments, 5))
    confine(memory=memory, seconds=seconds)
    try:
        copy(source, target, rows=rows, cells=cells, longest=longest)
        target.write(json.dumps({"end": True}) + "\n")
    except BaseException as error:  # noqa: BLE001 - the native reader panics with exceptions of its own
        target.write("\n" + json.dumps({"refused": why_not(error)}) + "\n")
    target.flush()
    return 0


if __name__ == "__main__":  # pragma: no cover - workbooks.py starts it as a program
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout))
