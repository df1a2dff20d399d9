"""Files of a page: CSV by RFC 4180 and harmless, OpenDocument with notes, the same bytes for the same figures."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odfdo import Document
from python_calamine import CalamineWorkbook

from design.open_document import LONGEST_NAME, Sheet, sheet_names, spreadsheet
from design.page_files import Asked, NoDataError, file_of
from design.spreadsheets import csv_text

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
FORMULAS = "=+-@\t\r\n＝＋－＠"
PAGE = """<title>Heron Team – Team Health Check</title><table><caption>Load</caption>
<thead><tr><th>Worker</th><th>Load</th><th>From</th></tr></thead>
<tr><td>=HYPERLINK("x")</td><td class="govuk-table__cell--numeric">−1,204.50</td>
<td>3&nbsp;March&nbsp;2026</td></tr></table>"""


def asked(kind: str, table: str = "") -> Asked:
    return Asked(kind=kind, table=table, address="http://x/team/", reader="Ben", at=AT, public=False)


def test_csv_has_rfc_4180s_line_ends_and_quotes() -> None:
    assert csv_text(["a", "b"], [['say "x"', "1,2"], [None, Decimal("-1.50")]]) == (
        'a,b\r\n"say ""x""","1,2"\r\n,-1.50\r\n'
    )


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_comes_back_from_csv(row: list[str]) -> None:
    """Unharmed, but for the apostrophe before what a spreadsheet would calculate."""
    header, told = csv.reader(io.StringIO(csv_text(row, [row]), newline=""))
    for text, back in zip(row, told, strict=True):
        assert back == (f"'{text}" if text.lstrip(" \xa0")[:1] and text.lstrip(" \xa0")[0] in FORMULAS else text)
    assert header == told


def test_a_table_as_csv() -> None:
    file = file_of(PAGE, asked("csv"))
    assert (file.name, file.media_type) == ("heron-team-2026-11-02.csv", "text/csv; charset=utf-8")
    assert file.content.decode() == '\ufeffWorker,Load,From\r\n"\'=HYPERLINK(""x"")",-1204.50,2026-03-03\r\n'
    assert file_of(PAGE, asked("csv", "load")).name == "heron-team-2026-11-02-load.csv"


def test_a_spreadsheet_has_notes_and_figures_as_figures() -> None:
    file = file_of(PAGE, asked("ods"))
    notes, load = Document(io.BytesIO(file.content)).body.tables
    told = dict(notes.get_values()[1:])
    assert told["Page"] == "Heron Team"
    assert told["Address"] == "http://x/team/"
    assert told["Made"] == "2 November 2026 at 09:30, for Ben"
    assert {"Symbol z", "Symbol x", "Symbol c", "Symbol low"} <= set(told)
    assert told["Sheet Load"] == "Load"
    assert load.name == "Load"
    assert load.get_values()[1] == ['=HYPERLINK("x")', Decimal("-1204.50"), date(2026, 3, 3)]
    assert load.get_cell((0, 1)).formula is None


def test_others_read_the_spreadsheet_alike() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(file_of(PAGE, asked("ods")).content))
    assert book.sheet_names == ["Notes", "Load"]
    assert book.get_sheet_by_name("Load").to_python()[1] == ['=HYPERLINK("x")', -1204.5, date(2026, 3, 3)]


@pytest.mark.parametrize("kind", ["ods", "csv"])
def test_the_same_figures_make_the_same_bytes(kind: str) -> None:
    two = PAGE + PAGE
    assert file_of(two, asked(kind)).content == file_of(two, asked(kind)).content


def test_several_tables_come_as_an_archive_with_notes() -> None:
    file = file_of(PAGE + PAGE, asked("csv"))
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.namelist() == ["01-load.csv", "02-load-2.csv", "notes.txt"]
        assert "Symbol c: confidential" in archive.read("notes.txt").decode("utf-8-sig")


def test_a_public_page_says_so_and_a_cut_one_too() -> None:
    public = Asked(kind="ods", table="", address="http://x/", reader="", at=AT, public=True)
    cut = '<p class="govuk-body app-paging__where">Page 1 of 2</p>'
    told = dict(Document(io.BytesIO(file_of(PAGE + cut, public).content)).body.tables[0].get_values()[1:])
    assert told["Who may see it"].startswith("Anybody")
    assert told["Made"] == "2 November 2026 at 09:30"
    assert "longer than 10,000 rows" in told["Not whole"]


@pytest.mark.parametrize(
    ("page", "kind", "table", "sentence"),
    [
        ("<p>Nothing</p>", "ods", "", "shows no figures"),
        (PAGE, "csv", "none", "no table of that name"),
        (PAGE, "xlsx", "", "come as ods, or as csv"),
        (PAGE, "ods", "load", "come as ods, or as csv"),
    ],
)
def test_what_cannot_be_given_is_said(page: str, kind: str, table: str, sentence: str) -> None:
    with pytest.raises(NoDataError, match=sentence):
        file_of(page, asked(kind, table))


@given(st.lists(st.text(), max_size=8))
def test_sheet_names_are_ones_every_spreadsheet_takes(titles: list[str]) -> None:
    names = sheet_names(titles)
    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= LONGEST_NAME and not set(name) & set("[]*?:/\\'") for name in names)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=3))
def test_any_text_makes_a_spreadsheet_that_can_be_read(rows: list[list[str]]) -> None:
    content = spreadsheet([Sheet("Any", ("a", "b"), rows)], title="Any", at=AT)
    (sheet,) = Document(io.BytesIO(content)).body.tables
    assert len(sheet.get_values()) >= 1


def test_a_sheet_of_nothing() -> None:
    content = spreadsheet([Sheet("None", (), [])], title="\x00", at=AT)
    assert [sheet.name for sheet in Document(io.BytesIO(content)).body.tables] == ["None"]
