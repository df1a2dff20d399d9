"""Everything held about one worker, for that worker: lists to read, and all of them as one file."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.paginator import Page
from django.http import Http404
from django.utils import timezone

from caseloads.queries import own_data as caseloads
from checks.queries import own_data as checks
from design import figures
from design.paging import page_of
from design.spreadsheets import csv_text
from reports.queries import own_data as reports
from teams.holdings import Holding
from teams.models import Worker
from teams.queries import own_data as teams

EVERYTHING: Sequence[Holding] = (*teams.HELD, *caseloads.HELD, *checks.HELD, *reports.HELD)
PAGE = 100
_STAMP = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class OwnFile:
    """A file to take away."""

    name: str
    kind: str
    content: bytes


def holding(code: str) -> Holding:
    """One of the lists; there is none of any other name (404)."""
    found = next((one for one in EVERYTHING if one.code == code), None)
    if found is None:
        raise Http404("There is no such list.")
    return found


def rows_page(held: Holding, worker: Worker | None, number: str | None) -> Page[list[str]]:
    """A page of a worker's rows in words."""
    rows = held.rows(worker) if worker else []
    return page_of([[_said(cell) for cell in row] for row in rows], number, PAGE)


def as_file(worker: Worker, kind: str, *, at: datetime, stem: str = "my-data") -> OwnFile:
    """All lists in one file: JSON, or CSV in a ZIP archive with one file for each list."""
    name = f"{stem}-{timezone.localdate(at):%Y-%m-%d}"
    if kind == "json":
        return OwnFile(f"{name}.json", "application/json", _json(worker, at=at).encode())
    return OwnFile(f"{name}.zip", "application/zip", _archive(worker))


def _json(worker: Worker, *, at: datetime) -> str:
    lists = {
        held.code: {
            "title": held.title,
            "why": held.why,
            "rows": [dict(zip(held.columns, map(_stored, row), strict=True)) for row in held.rows(worker)],
        }
        for held in EVERYTHING
    }
    return json.dumps({"made at": at.isoformat(), "lists": lists}, ensure_ascii=False, indent=1)


def _archive(worker: Worker) -> bytes:
    """With a byte-order mark in each file, by which spreadsheets know the encoding."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for held in EVERYTHING:
            text = csv_text(held.columns, ([_stored(cell) for cell in row] for row in held.rows(worker)))
            archive.writestr(zipfile.ZipInfo(f"{held.code}.csv", _STAMP), text.encode("utf-8-sig"))
    return content.getvalue()


def _stored(cell: object) -> object:
    """A cell for a machine: dates as ISO 8601, decimals as text, what is missing as nothing."""
    match cell:
        case None | bool() | int():
            return cell
        case datetime() | date():
            return cell.isoformat()
        case _:
            return str(cell)


def _said(cell: object) -> str:
    """A cell for a person."""
    match cell:
        case None | "":
            return "–"
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return figures.moment(timezone.localtime(cell))
        case date():
            return figures.day(cell)
        case Decimal():
            return figures.amount(cell)
        case _:
            return str(cell)
