"""Opening an untrusted file: find out what it really is, refuse what it should not be, return its sheets as text.

Nothing read here takes more than about five seconds and 300 MB, whatever the file.
"""

from pathlib import PurePath
from typing import BinaryIO

from caseloads.intake.archives import PROTECTED, check_archive
from caseloads.intake.delimited import read_delimited
from caseloads.intake.limits import LIMITS, Limits
from caseloads.intake.records import Refused, Table
from caseloads.intake.workbooks import read_workbook

_ZIP, _OLE, _TEXT = "a zipped workbook", "an older Excel workbook", "text"
_SIGNATURES = (
    (b"PK\x03\x04", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"{\\rtf", "a word-processor document"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_TEXT_NAMES = (".csv", ".txt", ".tsv", ".tab", "")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MB = 1024 * 1024
_LOOK = 4096
_BLANK = b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"

EMPTY = "“{name}” is empty. Save it again from your spreadsheet or case system and upload the new copy."
TOO_BIG = "“{name}” is larger than {size} MB. Leave out what is not a caseload list, or upload it in smaller parts."
WRONG_KIND = "“{name}” is {kind}, not a workbook or a CSV file. Save the caseload as .xlsx or .csv and upload that."
WRONG_NAME = "“{name}” is really {kind}, which does not match its name. Save it as .xlsx or .csv and upload that."


def read_tables(source: BinaryIO, *, name: str, limits: Limits = LIMITS) -> tuple[Table, ...]:
    """Every sheet of a workbook, or the one table of a CSV file, as text.

    `name` is the file's name as the user knows it; its ending must agree with the content. Raises Refused.
    """
    name = PurePath(name.replace("\\", "/")).name
    data = source.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise Refused(TOO_BIG.format(name=name, size=limits.file_bytes // _MB))
    if not data.strip(_BLANK):
        raise Refused(EMPTY.format(name=name))
    kind = kind_of(data)
    _check_name(name, kind)
    if kind == _TEXT:
        return read_delimited(data, name=name, title=PurePath(name).stem, limits=limits)
    if kind == _ZIP:
        check_archive(data, name=name, limits=limits)
    elif _ENCRYPTED_PACKAGE in data:
        raise Refused(PROTECTED.format(name=name))
    return read_workbook(data, name=name, limits=limits)


def check_upload(source: BinaryIO, *, name: str, limits: Limits = LIMITS) -> None:
    """Refuse at once, from its size and first bytes, what can be no caseload; reading finds out the rest. Rewinds."""
    name = PurePath(name.replace("\\", "/")).name
    source.seek(0)
    start = source.read(_LOOK)
    size = source.seek(0, 2)
    if size > limits.file_bytes:
        raise Refused(TOO_BIG.format(name=name, size=limits.file_bytes // _MB))
    source.seek(0)
    if size <= _LOOK and not start.strip(_BLANK):
        raise Refused(EMPTY.format(name=name))
    _check_name(name, kind_of(start))


def kind_of(data: bytes) -> str:
    """What the first bytes say the file is."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    start = data[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        return "a web page or XML document"
    if b"\0" in data[:_LOOK] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "a file of a kind that cannot be read"
    return _TEXT


def _check_name(name: str, kind: str) -> None:
    if kind not in (_ZIP, _OLE, _TEXT):
        raise Refused(WRONG_KIND.format(name=name, kind=kind))
    ending = PurePath(name).suffix.lower()
    if ending not in (_TEXT_NAMES if kind == _TEXT else _WORKBOOK_NAMES):
        raise Refused(WRONG_NAME.format(name=name, kind=kind))
