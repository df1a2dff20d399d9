import codecs
import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from caseloads.intake import reading, sandbox, workbooks
from caseloads.intake.limits import Limits
from caseloads.intake.reading import check_upload, read_tables
from caseloads.intake.records import Refused, Row, Table
from tests.unit.caseloads.intake.books import cell, with_sheet, workbook

MEGABYTE = 1024 * 1024
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
)


def read(data: bytes, name: str = "caseload.xlsx", **limits: int) -> tuple[Table, ...]:
    return read_tables(io.BytesIO(data), name=name, limits=Limits(**limits))  # type: ignore[arg-type]


def rows(data: bytes, name: str = "cases.csv", **limits: int) -> list[tuple[str, ...]]:
    [table] = read(data, name, **limits)
    return [row.cells for row in table.rows]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "cases.csv", "is empty"),
        (b" \r\n", "cases.csv", "is empty"),
        (b"a,b\n" * 600_000, "cases.csv", "is larger than 1 MB"),
        (b"%PDF-1.7", "C:\\cases.csv", "“cases.csv” is a PDF document"),
        (b"a,b\n1,2", "cases.xlsx", "is really text"),
        (b"a,b\n1,2", "cases.csv", ""),
        (b"\n" * 5_000 + b"a,b\n1,2", "cases.csv", ""),
    ],
)
def test_what_can_be_no_caseload_is_seen_at_once(data: bytes, name: str, sentence: str) -> None:
    source = io.BytesIO(data)
    try:
        check_upload(source, name=name, limits=Limits(file_bytes=MEGABYTE))
    except Refused as refusal:
        assert sentence
        assert sentence in str(refusal)  # noqa: PT017
    else:
        assert not sentence
        assert source.tell() == 0


# Honest files


def test_a_workbooks_cells_arrive_as_text_with_their_row_numbers() -> None:
    cells = [True, 12, 6537810.0, 1.5, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30), None, "x ", None]  # noqa: DTZ001
    data = workbook({"One": [(), (None, "far")], "Two": [cells, (None, None), ("end",)], "Three": []})
    one, two, three = read(data)
    assert one == Table("One", (Row(2, ("", "far")),))
    assert two.rows[0] == Row(1, ("TRUE", "12", "6537810", "1.5", "2026-03-01", "2026-03-01T09:30:00", "", "x "))
    assert two.rows[1] == Row(3, ("end",))
    assert three == Table("Three", ())


def test_an_opendocument_sheet_is_read() -> None:
    content = (
        f"<office:document-content {ODS_NAMES}><office:body><office:spreadsheet>"
        '<table:table table:name="List 3"><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>Child ID</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    assert read(stream.getvalue(), "list.ods") == (Table("List 3", (Row(1, ("Child ID",)),)),)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16 big end", "windows-1252"],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_is_read_whatever_its_encoding_separator_and_line_ends(
    encode: Callable[[str], bytes], separator: str, newline: str
) -> None:
    lines = ["case_reference;team".replace(";", separator), f'1{separator}"Zoë’s {separator} team"', "", " 2"]
    assert rows(encode(newline.join(lines))) == [("case_reference", "team"), ("1", f"Zoë’s {separator} team"), (" 2",)]


def test_csv_rows_keep_the_numbers_of_their_lines() -> None:
    [table] = read(b'a,b\n\n"two\nlines",c\nlast,\n', "folder\\cases.csv")
    assert table == Table("cases", (Row(1, ("a", "b")), Row(3, ("two\nlines", "c")), Row(5, ("last",))))


def test_csv_without_a_separator_is_one_column() -> None:
    assert rows(b"case_reference\n1\n") == [("case_reference",), ("1",)]


# Files that are not what they say, or far too large


def shortened(data: bytes) -> bytes:
    return data[: len(data) // 2]


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def spaces(megabytes: int) -> Iterator[bytes]:
    return (b" " * MEGABYTE for _ in range(megabytes))


def lying(data: bytes) -> bytes:
    """The same zip, declaring that its largest member has 1,000 bytes."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, data.rfind(b"PK\x01\x02") + 24, 1000)
    return bytes(changed)


def pointing_outside(data: bytes) -> bytes:
    """The same zip, whose last member is said to begin in the middle of another."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, data.rfind(b"PK\x01\x02") + 42, 7)
    return bytes(changed)


def overlong_member(data: bytes) -> bytes:
    """The same zip, whose last member is said to have more packed bytes than the file."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, data.rfind(b"PK\x01\x02") + 20, len(data) * 2)
    return bytes(changed)


def other_method(data: bytes, method: int = 12) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<H", changed, data.rfind(b"PK\x01\x02") + 10, method)
    return bytes(changed)


def marked_encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<H", changed, data.find(b"PK\x01\x02") + 8, 1)
    return bytes(changed)


def broken_stream() -> bytes:
    data = bytearray(zipped(xl__workbook_xml=b"<a/>" * 100))
    start = data.find(b"workbook.xml") + len("workbook.xml")
    data[start : start + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


def cut_stream() -> bytes:
    """A member whose packed bytes stop early, with a directory that says so too."""
    data = bytearray(zipped(xl__workbook_xml=bytes(range(256)) * 40))
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 20, 20)
    return bytes(data)


def repeated_ods() -> bytes:
    content = (
        f"<office:document-content {ODS_NAMES}><office:body><office:spreadsheet>"
        '<table:table table:name="List 3"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def many_cells() -> Iterator[bytes]:
    return (b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>" for _ in range(320_000))


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "picture": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000), "is a PNG picture, not a workbook or a CSV file"),
    "pdf as csv": ("a.csv", lambda: b"%PDF-1.7 ...", "is a PDF document"),
    "web page": ("a.xls", lambda: b"\xef\xbb\xbf <HTML><table>", "is a web page or XML document"),
    "machine code": ("a.csv", lambda: b"abc\0\0\1", "is a file of a kind that cannot be read"),
    "csv named xlsx": ("a.xlsx", lambda: b"a,b\n1,2\n", "is really text, which does not match its name"),
    "workbook named csv": ("a.csv", lambda: zipped(a_txt=b"x"), "is really a zipped workbook"),
    "nothing": ("a.xlsx", lambda: b"", "is empty"),
    "only spaces": ("a.csv", lambda: b" \r\n\t", "is empty"),
    "too big": ("a.csv", lambda: b"a,b\n" * (9 * MEGABYTE), "is larger than 32 MB"),
    "declared zip bomb": ("a.xlsx", lambda: with_sheet(spaces(1024)), "unpacks to more than 256 MB"),
    "lying zip bomb": ("a.xlsx", lambda: lying(with_sheet(spaces(300))), "unpacks to more than 256 MB"),
    "too many members": (
        "a.xlsx",
        lambda: zipped(xl__workbook_xml=b"", **{f"m{number}": b"" for number in range(2001)}),
        "unpacks to more than 256 MB",
    ),
    "bomb within the limit": ("a.xlsx", lambda: with_sheet(spaces(240)), "is too large to read"),
    "two cells far apart": (
        "a.xlsx",
        lambda: with_sheet([cell("A", 1, "x"), cell("XFD", 1048576, "x")]),
        "has a cell far away from the others",
    ),
    "repeated cells": ("a.ods", repeated_ods, "is damaged or incomplete|is too large to read"),
    "six million cells": ("a.xlsx", lambda: with_sheet(many_cells()), "is too large to read"),
    "long cell": ("a.xlsx", lambda: with_sheet([cell("A", 1, "x" * 10_000_000)]), "more than 32767 characters"),
    "password": ("a.xlsx", lambda: CFB + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "by a password"),
    "zip with a password": ("a.xlsx", lambda: marked_encrypted(zipped(xl__workbook_xml=b"x")), "by a password"),
    "broken old workbook": ("a.xls", lambda: CFB + b"nothing" * 1000, "is damaged or incomplete"),
    "cut short": ("a.xlsx", lambda: shortened(workbook({"List 3": [("a", "b")] * 50})), "is damaged or incomplete"),
    "no workbook": ("a.xlsx", lambda: zipped(note_txt=b"hello"), "is a zip file but not a workbook"),
    "no real workbook": ("a.xlsx", lambda: zipped(xl__workbook_xml=b"hello"), "is damaged or incomplete"),
    "member elsewhere": ("a.xlsx", lambda: pointing_outside(zipped(xl__workbook_xml=b"x")), "is damaged"),
    "member beyond the end": ("a.xlsx", lambda: overlong_member(zipped(xl__workbook_xml=b"x")), "is damaged"),
    "member of another kind": ("a.xlsx", lambda: other_method(zipped(xl__workbook_xml=b"x")), "is damaged"),
    "broken stream": ("a.xlsx", broken_stream, "is damaged"),
    "cut stream": ("a.xlsx", cut_stream, "is damaged"),
    "ten megabytes in a cell": ("a.csv", lambda: b'a,b\n1,"' + b"x" * 10_000_000 + b'"\n', "Row 2 .* far too long"),
    "ten megabytes of lines in a cell": (
        "a.csv",
        lambda: b'a,b\n1,"' + (b"x" * 1000 + b"\n") * 10_000 + b'"\n',
        "Row 2 .* has a cell with more than 32767 characters",
    ),
    "only line ends": ("a.csv", lambda: b"a\n" + b"\n" * 20_000_000, "more rows or cells than a caseload needs"),
    "only commas": ("a.csv", lambda: (b"," * 30_000 + b"x\n") * 600, "more rows or cells than a caseload needs"),
    "empty cells": ("a.csv", lambda: (b"," * 900 + b"x\n") * 30_000, "more rows or cells than a caseload needs"),
    "no character": ("a.csv", lambda: b"a,b\n" * 5000 + b"\0\n", "characters that no text file has"),
}


@cache
def made(name: str) -> bytes:
    return HOSTILE[name][1]()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(name: str) -> None:
    file_name, _, sentence = HOSTILE[name]
    with pytest.raises(Refused, match=sentence) as refusal:
        read(made(name), f"/somewhere/{file_name}")
    assert str(refusal.value).count(file_name) == 1
    assert "somewhere" not in str(refusal.value)
    assert str(refusal.value).endswith(".")


PROBE = """
import resource, sys, time
from caseloads.intake.reading import check_upload, read_tables
from caseloads.intake.records import Refused
begun = time.monotonic()
try:
    with open(sys.argv[1], "rb") as source:
        read_tables(source, name=sys.argv[1])
except Refused:
    seconds = time.monotonic() - begun
    with open("/proc/self/status") as status:
        own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(seconds, (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_within_5_seconds_and_300_megabytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / HOSTILE[name][0]
    path.write_bytes(made(name))
    root = Path(reading.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], cwd=root, capture_output=True, text=True, check=True, timeout=30
    )
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 5
    assert megabytes < 300


def test_a_stored_member_counts_towards_the_limit() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", b"x" * 2000)
    with pytest.raises(Refused, match="unpacks to more than"):
        read(lying_stored(stream.getvalue()), "a.xlsx", unpacked_bytes=1500)


def lying_stored(data: bytes) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<I", changed, data.rfind(b"PK\x01\x02") + 24, 10)
    return bytes(changed)


def test_a_single_cell_in_the_last_corner_takes_no_memory() -> None:
    [table] = read(with_sheet([cell("XFD", 1048576, "x")]))
    assert table.rows[0].number == 1048576
    assert table.rows[0].cells[-1] == "x"


def test_a_workbook_with_too_many_rows_is_refused() -> None:
    with pytest.raises(Refused, match="is too large to read"):
        read(workbook({"List 3": [("a",)] * 30}), rows=29)


def test_a_workbook_with_too_many_sheets_is_refused() -> None:
    with pytest.raises(Refused, match="is too large to read"):
        read(workbook({f"Sheet {number}": [("a",)] for number in range(61)}))


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Refused, match="is too large to read"):
        read_tables(io.BytesIO(workbook({"List 3": [("a",)]})), name="a.xlsx", limits=Limits(reader_seconds=0.001))


# The confined program itself, run here so that its rules are seen


def confined(data: bytes, *, rows: int = 10, cells: int = 100, longest: int = 50) -> str:
    target = io.StringIO()
    arguments = [str(number) for number in (2**40, 10_000, rows, cells, longest)]
    assert sandbox.main(arguments, io.BytesIO(data), target) == 0
    return target.getvalue()


def test_the_confined_program_writes_sheets_rows_and_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "confine", lambda **_: None)
    cells = [None, True, False, 1.5, 12, date(2026, 3, 1), "a", None]
    lines = confined(workbook({"One": [cells, (None, None), ("b",)], "Two": []})).splitlines()
    assert lines == [
        '{"sheet": "One"}',
        '[1, ["", "TRUE", "FALSE", "1.5", "12", "2026-03-01", "a"]]',
        '[3, ["b"]]',
        '{"sheet": "Two"}',
        '{"end": true}',
    ]


def test_the_confined_program_counts_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "confine", lambda **_: None)
    monkeypatch.setattr(sandbox, "MOST_SHEETS", 1)
    assert confined(workbook({"One": [], "Two": []})) == '\n{"refused": "too many"}\n'


@pytest.mark.parametrize(
    ("limits", "word"), [({"rows": 1}, "too many"), ({"cells": 3}, "too many"), ({"longest": 2}, "too long")]
)
def test_the_confined_program_stops_at_its_limits(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, int], word: str
) -> None:
    monkeypatch.setattr(sandbox, "confine", lambda **_: None)
    said = confined(workbook({"One": [("abc", "d")] * 2}), **limits)
    assert said.endswith(f'\n{{"refused": "{word}"}}\n')


def test_the_confined_program_names_what_stopped_it() -> None:
    protected = type("PasswordError", (Exception,), {})
    assert sandbox.why_not(protected()) == "protected"
    assert sandbox.why_not(MemoryError()) == "too many"
    assert sandbox.why_not(ValueError()) == "unreadable"


def test_the_confined_program_limits_itself_where_the_system_lets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource  # noqa: PLC0415 - the module under test imports it late too

    asked: list[tuple[int, tuple[int, int]]] = []

    def refuse_memory(kind: int, amounts: tuple[int, int]) -> None:
        if kind == resource.RLIMIT_AS:
            raise ValueError
        asked.append((kind, amounts))

    monkeypatch.setattr(resource, "setrlimit", refuse_memory)
    sandbox.confine(memory=1000, seconds=3)
    assert asked == [(resource.RLIMIT_CPU, (3, 3)), (resource.RLIMIT_CORE, (0, 0))]


def test_lines_that_stop_before_the_end_mean_the_program_was_killed() -> None:
    with pytest.raises(Refused, match="is too large to read"):
        workbooks.parse_lines(['{"sheet": "One"}\n', "\n", '[1, ["a"]]\n'], name="a.xlsx", limits=Limits())


def test_every_kind_has_a_name_that_fits() -> None:
    assert reading.kind_of(b"PK\x05\x06" + bytes(18)) == "an empty zip file"
    assert reading.kind_of("Zoë".encode("utf-16")) == "text"
