"""Checking a zipped workbook before anything reads it: what its directory declares, then what really comes out."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from caseloads.intake.limits import Limits
from caseloads.intake.records import Refused

_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, …, lengths of the name and of the extra field
_STEP = 1024 * 1024
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1
_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")

DAMAGED = "“{name}” is damaged or incomplete. Save it again from your spreadsheet and upload the new copy."
TOO_LARGE = (
    "“{name}” unpacks to more than {size} MB, far more than a caseload needs. "
    "Copy the lists into a new workbook and upload that."
)
NOT_A_WORKBOOK = "“{name}” is a zip file but not a workbook. Upload the .xlsx, .ods or .csv file itself."
PROTECTED = "“{name}” is protected by a password. Remove the password in your spreadsheet, save it and upload it again."


def check_archive(data: bytes, *, name: str, limits: Limits) -> None:
    """Refuse a zip that is damaged, no workbook, encrypted or too large, without unpacking more than the limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError) as error:
        raise Refused(DAMAGED.format(name=name)) from error
    names = {member.filename.replace("\\", "/").lower() for member in members}
    if not names.intersection(_WORKBOOK_PARTS):
        raise Refused(NOT_A_WORKBOOK.format(name=name))
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Refused(PROTECTED.format(name=name))
    declared = sum(member.file_size for member in members)
    if declared > limits.unpacked_bytes or len(members) > limits.members:
        raise Refused(_too_large(name, limits))
    _measure(data, members, name=name, limits=limits)


def _measure(data: bytes, members: list[zipfile.ZipInfo], *, name: str, limits: Limits) -> None:
    room = limits.unpacked_bytes
    for member in members:
        packed = _packed_bytes(data, member, name=name)
        if member.compress_type == zipfile.ZIP_DEFLATED:
            room -= _inflated_size(packed, room, name=name)
        elif member.compress_type == zipfile.ZIP_STORED:
            room -= len(packed)
        else:
            raise Refused(DAMAGED.format(name=name))
        if room < 0:
            raise Refused(_too_large(name, limits))


def _packed_bytes(data: bytes, member: zipfile.ZipInfo, *, name: str) -> memoryview:
    start = member.header_offset
    header = data[start : start + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise Refused(DAMAGED.format(name=name))
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    begin = start + _LOCAL_HEADER.size + name_length + extra_length
    if begin + member.compress_size > len(data):
        raise Refused(DAMAGED.format(name=name))
    return memoryview(data)[begin : begin + member.compress_size]


def _inflated_size(packed: memoryview, room: int, *, name: str) -> int:
    """Bytes that really come out, counted up to just over `room`, kept nowhere."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    try:
        for piece in _inflate(inflater, packed):
            size += len(piece)
            if size > room:
                return size
    except zlib.error as error:
        raise Refused(DAMAGED.format(name=name)) from error
    if not inflater.eof:
        raise Refused(DAMAGED.format(name=name))
    return size


def _inflate(inflater: "zlib._Decompress", packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), _CHUNK):
        waiting = bytes(packed[start : start + _CHUNK])
        while waiting and not inflater.eof:
            yield inflater.decompress(waiting, _STEP)
            waiting = inflater.unconsumed_tail
    yield inflater.flush()


def _too_large(name: str, limits: Limits) -> str:
    return TOO_LARGE.format(name=name, size=limits.unpacked_bytes // _STEP)
