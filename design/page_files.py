"""The data of a page as files: one table as CSV, all as CSV files in an archive, or all as an OpenDocument spreadsheet.

Pure: the HTML that the page's reader got in, a file out. Whoever may not see the page never gets this far.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from design import figures
from design.open_document import Sheet, sheet_names, spreadsheet
from design.spreadsheets import csv_text
from design.table_values import LONGEST_LIST, SYMBOLS
from design.tabulated import Table, page_title, slug_of, tables

NOTES = "Notes"
PUBLIC = "Anybody: the page is public."
NOT_PUBLIC = "Whoever may see the page. Do not hand it on to people who may not."
CUT = 'class="govuk-body app-paging__where"'
_STAMP = (1980, 1, 1, 0, 0, 0)
CSV, ODS, ZIP = "text/csv; charset=utf-8", "application/vnd.oasis.opendocument.spreadsheet", "application/zip"


@dataclass(frozen=True)
class Asked:
    """What somebody wants of a page: `ods`, or `csv` with the name of a table (empty: all). `at` is local.

    reader: who asks, "" for somebody who is not signed in. public: whether anybody may see the page.
    """

    kind: str
    table: str
    address: str
    reader: str
    at: datetime
    public: bool


@dataclass(frozen=True)
class PageFile:
    """A file to take away."""

    name: str
    media_type: str
    content: bytes


class NoDataError(Exception):
    """A sentence that says why there is no such file."""


def file_of(page: str, asked: Asked) -> PageFile:
    """The file that was asked for. NoDataError says what is wrong with the question."""
    found = tables(page)
    if not found:
        raise NoDataError("This page shows no figures, so there is nothing to take away.")
    title = page_title(page)
    name = f"{slug_of(title)[:80]}-{asked.at:%Y-%m-%d}"
    notes = _notes(page, title, found, asked)
    match asked.kind, asked.table:
        case "ods", "":
            return PageFile(f"{name}.ods", ODS, _ods(found, notes, title, asked))
        case "csv", "":
            return _only(found[0], name) if len(found) == 1 else PageFile(f"{name}.zip", ZIP, _archive(found, notes))
        case "csv", slug:
            one = next((table for table in found if table.title.slug == slug), None)
            if one is None:
                raise NoDataError("This page has no table of that name.")
            return _only(one, f"{name}-{slug[:60]}")
    raise NoDataError("The data of a page come as ods, or as csv.")


def _only(table: Table, name: str) -> PageFile:
    return PageFile(f"{name}.csv", CSV, _csv(table))


def _csv(table: Table) -> bytes:
    """With a byte-order mark, by which spreadsheets know the encoding."""
    return csv_text(table.columns, table.rows).encode("utf-8-sig", "replace")


def _archive(found: Sequence[Table], notes: Sequence[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        files = [(f"{number:02}-{table.title.slug[:60]}.csv", _csv(table)) for number, table in enumerate(found, 1)]
        words = "\r\n".join(": ".join(filter(None, line)) for line in notes)
        for name, part in [*files, ("notes.txt", words.encode("utf-8-sig", "replace"))]:
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, part)
    return content.getvalue()


def _ods(found: Sequence[Table], notes: Sequence[Sequence[str]], title: str, asked: Asked) -> bytes:
    names = sheet_names([NOTES, *(table.title.text for table in found)])[1:]
    sheets = [Sheet(name, table.columns, table.rows) for name, table in zip(names, found, strict=True)]
    return spreadsheet([Sheet(NOTES, ("About these figures", ""), notes), *sheets], title=title, at=asked.at)


def _notes(page: str, title: str, found: Sequence[Table], asked: Asked) -> list[tuple[str, str]]:
    """Where the figures come from, who may have them, what stands where there is none, and what is on each sheet."""
    names = sheet_names([NOTES, *(table.title.text for table in found)])[1:]
    lines = [
        ("Page", title),
        ("Address", asked.address),
        ("Made", f"{figures.moment(asked.at)}{f', for {asked.reader}' if asked.reader else ''}"),
        ("Who may see it", PUBLIC if asked.public else NOT_PUBLIC),
        ("What it holds", "Every table of the page, as it was for its reader at that moment; nothing else."),
    ]
    if CUT in page:
        lines.append(
            ("Not whole", f"The list of this page is longer than {LONGEST_LIST:,} rows; these are the first of them.")
        )
    lines += [(f"Symbol {symbol}", meaning) for symbol, meaning in SYMBOLS.items()]
    lines.append(("Empty cell", "Nothing is written there, or the words to its left stand for it too."))
    lines += [(f"Sheet {name}", table.title.text) for name, table in zip(names, found, strict=True)]
    return [(name, words.replace("\u00a0", " ")) for name, words in lines]
