"""Reading a workbook through the confined child process, and turning what goes wrong there into a sentence."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from caseloads.intake import sandbox
from caseloads.intake.archives import DAMAGED, PROTECTED
from caseloads.intake.limits import Limits
from caseloads.intake.records import Refused, Row, Table

TOO_MUCH = (
    "“{name}” is too large to read, or has a cell far away from the others. "
    "Copy the lists into a new workbook, or save each list as CSV, and upload that."
)
LONG_CELL = "“{name}” has a cell with more than {size} characters. Shorten or empty that cell and upload it again."


def read_workbook(data: bytes, *, name: str, limits: Limits) -> tuple[Table, ...]:
    """Every sheet with text in it. Refused when the reader says no, runs out of memory or takes too long."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(data)
        source.seek(0)
        finished = _run(source, target, limits=limits)
        target.seek(0)
        if not finished:
            raise Refused(TOO_MUCH.format(name=name))
        return parse_lines(map(bytes.decode, target), name=name, limits=limits)


def _run(source: IO[bytes], target: IO[bytes], *, limits: Limits) -> bool:
    """Whether the child came to an end by itself."""
    numbers = (limits.reader_memory, int(limits.reader_seconds) + 1, limits.rows, limits.cells, limits.cell_characters)
    command = [sys.executable, "-I", str(Path(sandbox.__file__)), *map(str, numbers)]
    try:
        done = subprocess.run(
            command,
            stdin=source,
            stdout=target,
            stderr=subprocess.DEVNULL,
            timeout=limits.reader_seconds,
            check=False,
            env={"PYTHONIOENCODING": "utf-8", "MALLOC_ARENA_MAX": "1"},
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def parse_lines(lines: Iterable[str], *, name: str, limits: Limits) -> tuple[Table, ...]:
    """The child's lines as tables. Without its closing line the child was cut short."""
    sheets: list[tuple[str, list[Row]]] = []
    seen: dict[str, str] = {}
    for line in lines:
        said = json.loads(line) if line.strip() else []
        if isinstance(said, list):
            if said:
                sheets[-1][1].append(Row(said[0], tuple(seen.setdefault(text, text) for text in said[1])))
        elif "sheet" in said:
            sheets.append((said["sheet"], []))
        elif "end" in said:
            return tuple(Table(title, tuple(rows)) for title, rows in sheets)
        else:
            raise Refused(_sentence(said["refused"], name=name, limits=limits))
    raise Refused(TOO_MUCH.format(name=name))


def _sentence(reason: str, *, name: str, limits: Limits) -> str:
    sentences = {
        sandbox.TOO_MANY: TOO_MUCH,
        sandbox.TOO_LONG: LONG_CELL,
        sandbox.PROTECTED: PROTECTED,
    }
    return sentences.get(reason, DAMAGED).format(name=name, size=limits.cell_characters)
