"""Tables as an OpenDocument spreadsheet, the format that government asks for. Pure: the same in, the same bytes out.

odfdo makes the file; the tables are written into it as text, because an object for each of thousands of cells takes
seconds.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from odfdo import Document, Element

from design.table_values import Value

LONGEST_NAME = 31
NARROWEST, WIDEST = 8, 60
_PER_LETTER = 0.21  # centimetres, at ten points
_HERE = '<table:table table:name="here"/>'
_STAMP = (1980, 1, 1, 0, 0, 0)
_UNFIT_FOR_A_NAME = re.compile(r"[\[\]*?:/\\']")
_UNFIT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its headings (none: only rows), and its rows."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that every spreadsheet takes: up to 31 letters, none of `[]*?:/\\'`, each once whatever its capitals."""
    taken: set[str] = set()
    names = []
    for title in titles:
        tidy = " ".join(_UNFIT_FOR_A_NAME.sub(" ", _fit(title)).split()).strip(" ,;") or "Table"
        endings = ("", *(f" {number}" for number in range(2, len(titles) + 2)))
        tries = (tidy[: LONGEST_NAME - len(ending)].strip(" ,;") + ending for ending in endings)
        names.append(next(name for name in tries if name.casefold() not in taken))
        taken.add(names[-1].casefold())
    return names


def spreadsheet(sheets: Sequence[Sheet], *, title: str, at: datetime) -> bytes:
    """The file. `at` is when it says that it was made."""
    document = Document("spreadsheet")
    document.body.clear()
    widths = sorted({width for sheet in sheets for width in _widths(sheet)})
    for style in _styles(widths, [value for sheet in sheets for row in sheet.rows for value in row]):
        document.insert_style(style, automatic=True)
    document.body.append(Element.from_tag(_HERE))
    _describe(document, title, at)
    made = io.BytesIO()
    document.save(made)
    return _packed(made.getvalue(), "".join(map(_table, sheets)))


def _describe(document: Document, title: str, at: datetime) -> None:
    meta = document.meta
    meta.title = _fit(title)
    meta.language = "en-GB"
    meta.creation_date = meta.date = at.replace(tzinfo=None)
    meta.generator = "Team Health Check"


def _styles(widths: Sequence[int], values: Sequence[Value]) -> Iterator[str]:
    bold = '<style:text-properties fo:font-weight="bold"/>'
    wrapped = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
    yield f'<style:style style:name="heading" style:family="table-cell">{wrapped}{bold}</style:style>'
    yield f'<style:style style:name="words" style:family="table-cell">{wrapped}</style:style>'
    yield (
        '<number:date-style style:name="day-as"><number:day/><number:text> </number:text>'
        '<number:month number:style="long" number:textual="true"/><number:text> </number:text>'
        '<number:year number:style="long"/></number:date-style>'
    )
    yield _cell_style("day", "day-as")
    for places in sorted({_places(value) for value in values if isinstance(value, Decimal)}):
        yield (
            f'<number:number-style style:name="number{places}-as"><number:number number:grouping="true" '
            f'number:min-integer-digits="1" number:decimal-places="{places}" number:min-decimal-places="{places}"/>'
            "</number:number-style>"
        )
        yield _cell_style(f"number{places}", f"number{places}-as")
    for width in widths:
        size = f'<style:table-column-properties style:column-width="{width * _PER_LETTER:.2f}cm"/>'
        yield f'<style:style style:name="width{width}" style:family="table-column">{size}</style:style>'


def _cell_style(name: str, data: str) -> str:
    top = '<style:table-cell-properties style:vertical-align="top"/>'
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:data-style-name="{data}">{top}</style:style>'
    )


def _table(sheet: Sheet) -> str:
    columns = "".join(f'<table:table-column table:style-name="width{width}"/>' for width in _widths(sheet))
    head = "".join(_words(heading, "heading") for heading in sheet.columns)
    header = f"<table:table-header-rows><table:table-row>{head}</table:table-row></table:table-header-rows>"
    rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in sheet.rows)
    return f"<table:table table:name={quoteattr(sheet.name)}>{columns}{header if head else ''}{rows}</table:table>"


def _cell(value: Value) -> str:
    match value:
        case Decimal():
            told = f'office:value-type="float" office:value="{value}" table:style-name="number{_places(value)}"'
            return f"<table:table-cell {told}><text:p>{value:,}</text:p></table:table-cell>"
        case date():
            told = f'office:value-type="date" office:date-value="{value.isoformat()}" table:style-name="day"'
            return f"<table:table-cell {told}><text:p>{value.day} {value:%B %Y}</text:p></table:table-cell>"
        case "":
            return "<table:table-cell/>"
        case _:
            return _words(value, "words")


def _words(text: str, style: str) -> str:
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in _fit(text).split("\n"))
    return f'<table:table-cell office:value-type="string" table:style-name="{style}">{lines}</table:table-cell>'


def _fit(text: str) -> str:
    return _UNFIT_FOR_XML.sub("", text)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _widths(sheet: Sheet) -> list[int]:
    """Of each column, in letters, so that most of its cells fit on a line; sheets without headings are for reading."""
    lines = [sheet.columns, *sheet.rows] if sheet.columns else sheet.rows
    count = max(map(len, lines), default=0)
    return [
        min(max(NARROWEST, *(len(str(line[place])) + 2 for line in lines if place < len(line))), WIDEST)
        for place in range(count)
    ]


def _packed(made: bytes, tables: str) -> bytes:
    """The file with its tables in their place, and without the moment at which each part was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, _STAMP)
            info.compress_type = part.compress_type
            content = old.read(part.filename)
            new.writestr(info, content.replace(_HERE.encode(), tables.encode()))
    return packed.getvalue()
