"""A table of a page as columns: spans laid out, headings joined, notes beside the figures they explain. Pure."""

from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from design.table_text import CONTROLS, cell_words, classes, is_doing, words
from design.table_values import Column, column_of

NUMERIC = "govuk-table__cell--numeric"
WIDEST = 200

Placed = tuple[HtmlElement, bool]


def columns_of(table: HtmlElement) -> Sequence[Column]:
    """The columns of a table; those that only hold links and buttons to do something are left out.

    Several rows of headings are joined by commas. A cell over several rows is in each of them, one over several
    columns in the first of them. What stands under the figures of a column is a column of its own beside it.
    """
    head, body = _rows(table)
    headings, cells = _grid(head), _grid(body)
    width = max((len(row) for row in (*headings, *cells)), default=0)
    return [
        column
        for place in range(width)
        for column in _read(_heading(headings, place), [_at(row, place) for row in cells])
    ]


def _rows(table: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Rows of headings and of figures; without a head of its own, a table's first row of headings alone is it."""
    own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    head = [row for row in own if row.getparent().tag == "thead"]
    if not head and own and all(cell.tag == "th" for cell in own[0]):
        head = own[:1]
    return head, [row for row in own if row not in head]


def _grid(rows: Sequence[HtmlElement]) -> list[list[Placed | None]]:
    """Rows of cells in their places, each with whether this is the first of the columns it covers."""
    below: dict[int, tuple[int, Placed]] = {}
    grid: list[list[Placed | None]] = []
    for row in rows:
        line: list[Placed | None] = []
        for cell in [one for one in row if one.tag in {"td", "th"}]:
            line.extend(_from_above(below, len(line)))
            across = [(cell, offset == 0) for offset in range(_span(cell, "colspan"))]
            if (down := _span(cell, "rowspan")) > 1:
                below |= {len(line) + offset: (down - 1, placed) for offset, placed in enumerate(across)}
            line.extend(across)
        line.extend(_from_above(below, len(line)))
        grid.append(line)
    return grid


def _from_above(below: dict[int, tuple[int, Placed]], place: int) -> Iterator[Placed]:
    while place in below:
        left, placed = below.pop(place)
        if left > 1:
            below[place] = (left - 1, placed)
        yield placed
        place += 1


def _span(cell: HtmlElement, name: str) -> int:
    told = cell.get(name) or "1"
    return min(max(int(told), 1), WIDEST) if told.isdecimal() else 1


def _at(row: Sequence[Placed | None], place: int) -> Placed | None:
    return row[place] if place < len(row) else None


def _heading(rows: Sequence[Sequence[Placed | None]], place: int) -> str:
    told = [words(placed[0]) for row in rows if (placed := _at(row, place))]
    return ", ".join(dict.fromkeys(filter(None, told)))


def _read(heading: str, cells: Sequence[Placed | None]) -> Iterator[Column]:
    """A column and, where anything stands under its figures, that as another."""
    if any(map(_only_does, cells)) and all(_only_does(placed) or not _text(placed)[0] for placed in cells):
        return
    told = [_text(placed) for placed in cells]
    figures = [placed is not None and NUMERIC in classes(placed[0]) for placed in cells]
    yield column_of(heading, [(text, figure) for (text, _), figure in zip(told, figures, strict=True)])
    if any(note for _, note in told):
        yield column_of(f"{heading}: note", [(note, False) for _, note in told])


def _text(placed: Placed | None) -> tuple[str, str]:
    if placed is None:
        return ("", "")
    cell, first = placed
    return cell_words(cell) if first else ("", "")


def _only_does(placed: Placed | None) -> bool:
    """Whether a cell has nothing but controls, or links such as "Change the hours of Asha"."""
    if placed is None:
        return False
    cell, _ = placed
    if words(cell, leaving_out=lambda one: one.tag == "a"):
        return False
    links = list(cell.iter("a"))
    controls = any(one.tag in CONTROLS for one in cell.iter() if isinstance(one.tag, str))
    return all(map(is_doing, links)) and (bool(links) or controls)
