"""Finding the lists in a workbook: which sheet is which list, where its headings are, which column holds what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caseloads.intake.cells import heading_key, is_empty, key
from caseloads.intake.lists import LISTINGS, NAMES, OTHER_MARKS, REFERENCE, Listing
from caseloads.intake.mapping import ABSENT, NOTHING_SAID, Mapped
from caseloads.intake.records import Row, Table

_HEADINGS_WITHIN = 15  # rows from the top in which the headings are looked for
_LIST_NUMBER = re.compile(r"\blist ?0*(1[01]|[1-9])(?!\d)")
_SHEET_NUMBER = re.compile(r"^l? ?0*(1[01]|[1-9])\b(?! months?\b)")
_FEWEST_COLUMNS = 3
_LONGEST, _WIDEST = 150, 100  # characters of a heading, headings of a row


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table recognised as one of the lists: `columns` gives the index of each column that was found."""

    table: str
    listing: Listing
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    missing: str

    def text(self, row: Row, column: str) -> str:
        """The cell of a row in a column; "" where the row is short or the sheet has no such column."""
        index = self.columns.get(column)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def heading(self, column: str) -> str:
        """The heading as the council wrote it, for messages."""
        index = self.columns.get(column)
        return NAMES.get(column, column) if index is None else " ".join(self.headings[index].split())


def recognise(table: Table, mapped: Mapped = NOTHING_SAID) -> Sheet | None:
    """The sheet as one of lists 3 to 9, or None when it carries no caseload."""
    at, listing = _find_list(table)
    if listing is None:
        return None
    headings = table.rows[at].cells
    columns = _with_said(match_columns(_keys(headings), listing), headings, mapped.headings(str(listing.number)))
    missing = [group for group in listing.needed if not any(name in columns for name in group)]
    return Sheet(
        table=table.name,
        listing=listing,
        headings=headings,
        columns=columns,
        rows=tuple(row for row in table.rows[at + 1 :] if not all(map(is_empty, row.cells))),
        missing=" and for ".join(" or ".join(NAMES[name] for name in group) for group in missing),
    )


def _keys(headings: Sequence[str]) -> list[str]:
    """What headings are recognised by. Longer and further ones than anybody writes would only cost time."""
    return [heading_key(text[:_LONGEST]) for text in headings[:_WIDEST]]


def _with_said(columns: Mapping[str, int], headings: Sequence[str], said: Mapping[str, str]) -> dict[str, int]:
    """The columns found, except where somebody has said which heading is whose, or that there is none."""
    keys = [key(text) for text in headings]
    chosen = {name: keys.index(heading) for name, heading in said.items() if heading in keys and heading}
    return {name: at for name, at in columns.items() if said.get(name) != ABSENT} | chosen


def match_columns(headings: Sequence[str], listing: Listing) -> dict[str, int]:
    """The index of each column of the list; the earliest pattern decides, then the leftmost heading."""
    found: dict[str, int] = {}
    for name, patterns in listing.columns.items():
        hits = (index for pattern in patterns for index, text in enumerate(headings) if pattern.search(text))
        if (first := next(hits, None)) is not None:
            found[name] = first
    return found


def _find_list(table: Table) -> tuple[int, Listing | None]:
    """The index of the heading row among the table's rows, and the list that its headings and titles speak for."""
    best: tuple[int, int, Listing | None] = (0, 0, None)
    titles = _keys([table.name])
    for at, row in enumerate(table.rows[:_HEADINGS_WITHIN]):
        headings = _keys(row.cells)
        listing = _which(headings, titles)
        if listing is not None:
            score = len(match_columns(headings, listing)) + _marks(headings, listing.marks)
            if score > best[0]:
                best = (score, at, listing)
        titles += [text for text in headings if text]
    return best[1], best[2]


def _which(headings: Sequence[str], titles: Sequence[str]) -> Listing | None:
    """The list whose own headings are there. The title settles ties and stands in where no heading tells."""
    if sum(map(bool, headings)) < _FEWEST_COLUMNS:
        return None
    titled = _by_title(titles)
    scores = {listing.number: _marks(headings, listing.marks) for listing in LISTINGS}
    scores |= {number: _marks(headings, marks) for number, marks in OTHER_MARKS.items()}
    if titled is not None and (scores.get(titled, 0) or not any(scores.values())):
        chosen: int | None = titled
    else:
        most = max(scores.values())
        chosen = next((number for number, score in scores.items() if score == most), None) if most else None
    listing = next((listing for listing in LISTINGS if listing.number == chosen), None)
    if listing is None or len(match_columns(headings, listing)) < _FEWEST_COLUMNS - 1:
        return None
    known = match_columns(headings, listing)
    return listing if REFERENCE in known or _marks(headings, listing.marks) else None


def _by_title(titles: Sequence[str]) -> int | None:
    """The number in the sheet's own name or in "List 6" above the headings, else the list the words speak of."""
    numbered = [_LIST_NUMBER.search(title) for title in titles]
    if match := next(filter(None, [*numbered, _SHEET_NUMBER.search(titles[0])]), None):
        return int(match[1])
    for title in titles:
        for listing in reversed(LISTINGS):
            if listing.title.search(title):
                return listing.number
    return None


def _marks(headings: Sequence[str], marks: Sequence[re.Pattern[str]]) -> int:
    return sum(any(mark.search(text) for text in headings) for mark in marks)
