"""Instruments and benchmarks from CSV files that an employer brings. Pure: text in, an instrument or sentences out.

The columns are described in docs/surveys.md.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checks.instrument_files import FEWEST_POINTS, MOST_ITEMS, MOST_POINTS, InstrumentError, checked, code_of
from checks.surveys import Instrument, Item, Kind, Responses, Scale

COLUMNS = ("item", "scale", "reversed", "response set")
BENCHMARK_COLUMNS = ("scale", "score")
YES, NO = ("yes", "y", "true", "1", "x"), ("", "no", "n", "false", "0")
LONGEST_FILE = 200_000


@dataclass(frozen=True)
class Heading:
    """What is said about an instrument beside its items."""

    code: str
    version: str
    title: str
    source: str
    licence: str
    intro: str = ""


@dataclass
class _Read:
    """What the lines have given so far."""

    faults: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    scales: dict[str, str] = field(default_factory=dict)
    sets: dict[tuple[str, ...], str] = field(default_factory=dict)


def read_instrument(text: str, heading: Heading) -> Instrument:
    """An instrument from a CSV of its items. Raises InstrumentError with a sentence for each faulty line."""
    read = _Read()
    before = ""
    for line, cells in _lines(text, COLUMNS):
        before = cells["response set"] or before
        read.faults += [f"Line {line}: {fault}" for fault in _take(read, cells, before)]
        if len(read.items) > MOST_ITEMS:
            read.faults.append(f"Line {line}: a survey has at most {MOST_ITEMS} items. Take out what is not asked.")
            break
    if not read.items and not read.faults:
        read.faults.append("The file has no items. Give one on each line below the headings.")
    if read.faults:
        raise InstrumentError(read.faults)
    return checked(
        Instrument(
            **vars(heading),
            kind=Kind.SCALES,
            responses=tuple(Responses(code, words) for words, code in read.sets.items()),
            scales=tuple(Scale(code, name) for code, name in read.scales.items()),
            items=tuple(read.items),
        )
    )


def _take(read: _Read, cells: Mapping[str, str], responses: str) -> Iterator[str]:
    """Keep what a line gives; say what is wrong with it."""
    words = tuple(word.strip() for word in responses.split("|"))
    scale, turned = code_of(cells["scale"]), cells["reversed"].lower()
    if not cells["item"]:
        yield "the item is missing. Enter its wording."
    if not scale:
        yield "the scale is missing. Enter its name."
    if turned not in YES + NO:
        yield f"“{cells['reversed']}” does not say whether the item is reversed. Enter yes or no."
    if not responses:
        yield "the response set is missing. Enter the answers from the lowest to the highest, with | between them."
    elif not FEWEST_POINTS <= len(words) <= MOST_POINTS or len(set(words)) < len(words) or not all(words):
        yield f"the response set needs {FEWEST_POINTS} to {MOST_POINTS} different answers, with | between them."
    read.scales.setdefault(scale, cells["scale"])
    code = read.sets.setdefault(words, f"set-{len(read.sets) + 1}")
    read.items.append(Item(f"item-{len(read.items) + 1}", cells["item"], scale, code, turned in YES))


def read_benchmarks(text: str, instrument: Instrument) -> dict[str, int]:
    """A score from 0 to 100 to compare each scale with. Raises InstrumentError with a sentence for each faulty line."""
    known = {scale.name.lower(): scale.code for scale in instrument.scales} | {
        scale.code: scale.code for scale in instrument.scales
    }
    found: dict[str, int] = {}
    faults = []
    for line, cells in _lines(text, BENCHMARK_COLUMNS):
        scale = known.get(cells["scale"].lower())
        if scale is None:
            faults.append(f"Line {line}: this survey has no scale “{cells['scale']}”. Use a name from its items.")
        elif scale in found:
            faults.append(f"Line {line}: the scale “{cells['scale']}” is there twice. Keep one line for it.")
        elif not cells["score"].isdecimal() or int(cells["score"]) > 100:  # noqa: PLR2004 - the scale's end
            faults.append(f"Line {line}: the score must be a whole number from 0 to 100.")
        else:
            found[scale] = int(cells["score"])
    if faults:
        raise InstrumentError(faults)
    return found


def _lines(text: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the headings with their cells by column; empty lines are passed over."""
    if len(text) > LONGEST_FILE:
        raise InstrumentError(["The file is far too long for a list of questions. Check that it is the right one."])
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\0", ""), newline=""))
    try:
        heads = [cell.strip().lower() for cell in next(reader, [])]
        if missing := [column for column in columns if column not in heads]:
            raise InstrumentError(
                [
                    f"The first line has no column “{column}”. Its columns are: {', '.join(columns)}."
                    for column in missing
                ]
            )
        for row in reader:
            cells = dict(zip(heads, (cell.strip() for cell in row), strict=False))
            if any(cells.values()):
                yield reader.line_num, {column: cells.get(column, "") for column in columns}
    except csv.Error as error:
        raise InstrumentError(
            [f"Line {reader.line_num}: this is not a line of a CSV file. Save it again as CSV."]
        ) from error
