"""Small workbooks and tables made for the tests."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from openpyxl import Workbook

from caseloads.intake.annex_a import read_annex_a
from caseloads.intake.plain import read_plain
from caseloads.intake.records import Intake, Row, Table
from caseloads.intake.words import Words

AS_OF = date(2026, 3, 31)

HEADINGS: Mapping[int, tuple[str, ...]] = {
    3: ("Child Unique ID", "Date of Birth", "Date of Referral", "Referral NFA?", "Allocated Team", "Allocated Worker"),
    4: (
        "Child Unique ID",
        "Continuous Assessment Start Date",
        "Continuous Assessment Date of Authorisation",
        "Allocated Team",
        "Allocated Worker",
    ),
    5: (
        "Child Unique ID",
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Allocated Team",
        "Allocated Worker",
    ),
    6: (
        "Child Unique ID",
        "CIN Start Date",
        "CIN Closure Date",
        "Reason for Closure",
        "Case Status",
        "Allocated Team",
        "Allocated Worker",
    ),
    7: (
        "Child Unique ID",
        "Child Protection Plan Start Date",
        "Child Protection Plan End Date",
        "Allocated Team",
        "Allocated Worker",
    ),
    8: (
        "Child Unique ID",
        "Date Started to be Looked After",
        "Date Ceased to be Looked After",
        "Allocated Team",
        "Allocated Worker",
    ),
    9: (
        "Child Unique ID",
        "Allocated Team",
        "Allocated Worker",
        "Allocated Personal Advisor",
        "Eligibility Category",
    ),
}
# One open row of each list, for child "1" in team "Team A" held by "Ann Able".
OPEN: Mapping[int, tuple[str, ...]] = {
    3: ("1", "", "2026-01-03", "b) No", "Team A", "Ann Able"),
    4: ("1", "2026-01-04", "", "Team A", "Ann Able"),
    5: ("1", "2026-01-05", "No", "", "Team A", "Ann Able"),
    6: ("1", "2026-01-06", "", "", "c) Child in need plan", "Team A", "Ann Able"),
    7: ("1", "2026-01-07", "", "Team A", "Ann Able"),
    8: ("1", "2026-01-08", "", "Team A", "Ann Able"),
    9: ("1", "Team A", "Ann Able", "Pat Adviser", "b) Former relevant child"),
}


def table(name: str, rows: Iterable[Sequence[str]]) -> Table:
    """A table as the reader gives it: rows without text are left out, numbers are kept."""
    numbered = enumerate(rows, start=1)
    return Table(name, tuple(Row(number, tuple(cells)) for number, cells in numbered if any(cells)))


def a_list(number: int, *rows: Sequence[str]) -> Table:
    return table(f"List {number}", [HEADINGS[number], *rows])


def changed(number: int, **cells: str) -> tuple[str, ...]:
    """The open row of a list with some cells replaced, each by the first heading that has the words."""
    row = list(OPEN[number])
    for word, value in cells.items():
        at = next(at for at, heading in enumerate(HEADINGS[number]) if word.replace("_", " ") in heading)
        row[at] = value
    return tuple(row)


def annex_a(*tables: Table, as_of: date = AS_OF, secret: str = "") -> Intake:
    return read_annex_a(tables, name="annex.xlsx", as_of=as_of, secret=secret)


def plain(*rows: Sequence[str], words: Words | None = None, secret: str = "") -> Intake:
    return read_plain([table("cases", rows)], name="cases.csv", as_of=AS_OF, words=words, secret=secret)


def workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    book = Workbook()
    del book["Sheet"]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_sheet(body: Iterable[bytes]) -> bytes:
    """A workbook whose only sheet holds the given XML, however large."""
    spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}">'
            f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{spreadsheet}" xmlns:r="{office}">'
            '<sheets><sheet name="List 3" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{spreadsheet}"><sheetData>'.encode())
            for piece in body:
                part.write(piece)
            part.write(b"</sheetData></worksheet>")
    return stream.getvalue()


def cell(place: str, row: int, text: str) -> bytes:
    return f'<row r="{row}"><c r="{place}{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'.encode()
