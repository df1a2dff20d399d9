"""Puts published figures into the database. Again does no harm: what is there already, to the letter, is left alone."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from reports.models import BenchmarkArea
from reports.published import AreaYear, FileError, Published, read_published
from reports.shipped import shipped_published

KEPT = ("level", "name", "region", "figures")


@dataclass(frozen=True)
class Loaded:
    """What loading changed: rows that are new, rows that say something else than before, and rows as they were."""

    new: int
    changed: int
    same: int


def read_file(name: str | None) -> Published:
    """Read a file of the publisher's; without a name, what comes with the product. Raises FileError with a sentence."""
    if name is None:
        return shipped_published()
    try:
        return read_published(Path(name).read_bytes())
    except OSError as fault:
        raise FileError(f"{name} cannot be read: {fault.strerror or fault}.") from fault


@transaction.atomic
def load(published: Published) -> Loaded:
    """Store every row that is new or was published anew. Two statements, whatever the number of rows.

    A figure that a file does not have keeps what an earlier file said.
    """
    wanted = {(row.year, row.code): row for row in published.rows}
    held = {
        (row.year, row.code): row.published for row in BenchmarkArea.objects.filter(year__in={y for y, _ in wanted})
    }
    merged = {key: _merged(held.get(key), row) for key, row in wanted.items()}
    differing = [row for key, row in merged.items() if row != held.get(key)]
    BenchmarkArea.objects.bulk_create(
        [BenchmarkArea(**vars(row)) for row in differing],
        update_conflicts=True,
        update_fields=KEPT,
        unique_fields=["year", "code"],
    )
    new = len(wanted.keys() - held.keys())
    return Loaded(new, len(differing) - new, len(wanted) - len(differing))


def _merged(before: AreaYear | None, row: AreaYear) -> AreaYear:
    figures = {**(before.figures if before else {}), **row.figures}
    return AreaYear(row.year, row.level, row.code, row.name, row.region, figures)
