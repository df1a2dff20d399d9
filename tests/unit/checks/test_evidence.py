"""What may be attached, told by its content whatever it is called."""

import io
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from checks.evidence import DOCUMENTS, EMPTY, ENDINGS, LARGEST, MACROS, TOO_LARGE, WRONG_KIND, WrongFile, media_type

DOCX, XLSX = DOCUMENTS.values()


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


def told(content: bytes, size: int | None = None) -> str:
    return media_type(io.BytesIO(content), size=len(content) if size is None else size)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (workbook(), XLSX),
    ],
)
def test_kinds_are_told_by_content(content: bytes, kind: str) -> None:
    assert told(content) == kind
    assert kind in ENDINGS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", EMPTY),
        (b"<html><script>alert(1)</script>", WRONG_KIND),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", WRONG_KIND),
        (b"MZ\x90\x00", WRONG_KIND),
        (b"PK\x03\x04 broken", WRONG_KIND),
        (archive("hello.txt"), WRONG_KIND),
        (archive("word/document.xml"), WRONG_KIND),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), WRONG_KIND),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), MACROS),
    ],
)
def test_anything_else_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(WrongFile, match=said[:20].replace("(", r"\(")):
        told(content)


def test_a_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(WrongFile, match="10 MB"):
        told(b"%PDF-1.7", size=LARGEST + 1)
    assert told(b"%PDF-1.7", size=LARGEST) == "application/pdf"
    assert "10 MB" in TOO_LARGE


def test_the_file_is_left_at_its_start() -> None:
    file = io.BytesIO(workbook())
    media_type(file, size=100)
    assert file.tell() == 0
