"""What may be attached to an answer: small files of five kinds, told by their content and never by their names. Pure.

A document and a workbook are archives; what is inside tells them from any other archive, which libraries that look
at the first bytes do not do.
"""

from collections.abc import Mapping
from typing import IO
from zipfile import BadZipFile, ZipFile

LARGEST = 10 * 1024 * 1024
SIGNATURES: Mapping[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
DOCUMENTS: Mapping[str, str] = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    DOCUMENTS["word/document.xml"]: ".docx",
    DOCUMENTS["xl/workbook.xml"]: ".xlsx",
}
WRONG_KIND = "The file must be a PDF, a PNG or JPEG picture, a Word document (.docx) or an Excel workbook (.xlsx)"
TOO_LARGE = "The file must be 10 MB or smaller"
MACROS = "The file holds macros. Save it without them, as .docx or .xlsx, and choose it again"
EMPTY = "The file is empty. Choose another"


class WrongFile(ValueError):  # noqa: N818 - the sentence is for whoever chose the file
    """A file that may not be attached; the sentence says why."""


def media_type(file: IO[bytes], *, size: int) -> str:
    """Return what a file is by its content; it is left at its start. Raises WrongFile, with a sentence."""
    if not size:
        raise WrongFile(EMPTY)
    if size > LARGEST:
        raise WrongFile(TOO_LARGE)
    file.seek(0)
    head = file.read(16)
    found = next((kind for signature, kind in SIGNATURES.items() if head.startswith(signature)), None)
    found = found or _document(file)
    file.seek(0)
    if found is None:
        raise WrongFile(WRONG_KIND)
    return found


def _document(file: IO[bytes]) -> str | None:
    """Tell a document or workbook by the names of its parts; nothing is unpacked."""
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            names = set(archive.namelist())
    except BadZipFile:
        return None
    if "[Content_Types].xml" not in names:
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        raise WrongFile(MACROS)
    return next((kind for part, kind in DOCUMENTS.items() if part in names), None)
