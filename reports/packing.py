"""Puts the documents of a cycle together in one ZIP archive, the same bytes for the same documents."""

import zipfile
from collections.abc import Sequence
from io import BytesIO

from django.core.files.storage import default_storage

from reports.models import ReportRun
from reports.queries.runs import file_name, is_whole

STAMP = (2000, 1, 1, 0, 0, 0)
LIST = "contents.txt"


def assembled(pack: ReportRun) -> tuple[bytes, str]:
    """The archive, and a sentence that names the parts that could not be made ("" where all were)."""
    parts = list(pack.parts.select_related("check_of__team", "check_of__cycle", "cycle", "employer").defer("content"))
    ready = [part for part in parts if is_whole(part)]
    missing = sorted(part.subject for part in parts if part not in ready)
    names = _names(ready)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(zipfile.ZipInfo(LIST, STAMP), _contents(pack, sorted(names.values()), missing))
        for part in sorted(ready, key=lambda one: names[one.pk]):
            with default_storage.open(str(part.file.name)) as document:
                packed.writestr(zipfile.ZipInfo(names[part.pk], STAMP), document.read())
    return archive.getvalue(), note_of(missing)


def note_of(missing: Sequence[str]) -> str:
    """Which documents are missing, in a sentence."""
    if not missing:
        return ""
    return f"Missing, because they could not be made: {', '.join(missing)}. Try them again."


def _names(parts: Sequence[ReportRun]) -> dict[int, str]:
    """A file name for each part; two of one name are told apart by a number."""
    found: dict[int, str] = {}
    for part in sorted(parts, key=lambda one: one.pk):
        name = file_name(part)
        stem, number = name.removesuffix(".pdf"), 2
        while name in found.values():
            name, number = f"{stem}-{number}.pdf", number + 1
        found[part.pk] = name
    return found


def _contents(pack: ReportRun, names: Sequence[str], missing: Sequence[str]) -> str:
    lines = [f"{pack.get_kind_display()} {pack.cycle}, {pack.employer}", "", *names]
    return "\r\n".join([*lines, *(["", note_of(missing)] if missing else []), ""])
