"""The published figures that come with the product, read from reports/data. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from reports.published import Published, read_published

CHILDREN = "csww_indicators_england_and_regions.csv"
ADULTS = "adult_social_workers_england.csv"


@dataclass(frozen=True)
class AdultFigure:
    """One figure of England's councils' adult social workers in September of a year, and who reported it."""

    year: int
    metric: str
    value: Decimal
    unit: str
    source: str

    @property
    def text(self) -> str:
        """The percentage with the places it was reported with."""
        return f"{self.value}\u00a0%"


@cache
def shipped_published() -> Published:
    """Return England and its regions, as the Department for Education published them."""
    return read_published(_file(CHILDREN))


@cache
def adult_figures() -> Sequence[AdultFigure]:
    """Return England's figures of adult social workers, the newest year first."""
    rows = csv.DictReader(io.StringIO(_file(ADULTS).decode()))
    found = [
        AdultFigure(int(row["year_sept"]), row["metric"], Decimal(row["value"]), row["unit"], row["source"])
        for row in rows
    ]
    return sorted(found, key=lambda one: -one.year)


def _file(name: str) -> bytes:
    return resources.files("reports").joinpath("data", name).read_bytes()
