"""Employer standards as data: sets, standards, expectations, indicators and their thresholds.

Pure. How a pack becomes a set is in `standards/pack.py`. Source: docs/scoring.md, section 7, and docs/standards.md.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

EXAMPLE = "example — agree your own"
"""What a threshold's source says where nobody has published a figure."""

OWN_PREFIX = "own-"
"""How the id of an employer's own set begins, so that no pack that comes with the product can have the same."""


HIGHEST_SCORE = Decimal(100)
"""Scores of surveys are 0 to 100, and higher is better."""


class Kind(StrEnum):
    """How an indicator is found out: read off a measure, judged by a person, or asked of the staff."""

    MEASURED = "MEASURED"
    JUDGED = "JUDGED"
    SURVEYED = "SURVEYED"


KIND_NAMES = {Kind.MEASURED: "Measured", Kind.JUDGED: "Judged", Kind.SURVEYED: "Surveyed"}


class Direction(StrEnum):
    """Whether a lower or a higher value of the measure is the better one."""

    AT_MOST = "AT_MOST"
    AT_LEAST = "AT_LEAST"


def overlap(direction: Direction, met: Decimal, partly: Decimal) -> bool:
    """Whether the stretch that is *partly met* would begin inside the one that is *met*."""
    return partly < met if direction == Direction.AT_MOST else partly > met


@dataclass(frozen=True)
class Thresholds:
    """Where *met* ends and where *partly met* ends, both inclusive, in the unit of the measure."""

    direction: Direction
    met: Decimal
    partly: Decimal
    source: str

    @property
    def example(self) -> bool:
        """Whether the figures are only an example."""
        return self.source == EXAMPLE


@dataclass(frozen=True)
class Expectation:
    """One thing that a standard expects of an employer, in our own words."""

    code: str
    text: str


@dataclass(frozen=True)
class Indicator:
    """How it is found out whether an expectation is met. `expectation` is that one's code; "" is the whole heading.

    MEASURED names a measure, SURVEYED a scale of a survey (scores 0 to 100, higher is better); both have thresholds.
    JUDGED has neither: `text` is the question or statement that is judged. `basis` says where the indicator is from.
    """

    code: str
    kind: Kind
    text: str
    expectation: str
    essential: bool
    basis: str
    measure: str = ""
    scale: str = ""
    thresholds: Thresholds | None = None


@dataclass(frozen=True)
class Standard:
    """One standard of a set; `completeness` says how much of the published standard the expectations cover.

    `gap` is "" or a sentence that says what is missing because the sources do not hold it.
    """

    code: str
    title: str
    source: str
    completeness: str
    gap: str
    expectations: tuple[Expectation, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class StandardSet:
    """One version of a set of standards, as published by somebody, in our own words.

    `effective` says in words since when; `effective_on` is the day from which whoever uses the set uses this version.
    """

    id: str
    version: str
    title: str
    publisher: str
    jurisdiction: str
    source: str
    licence: str
    effective: str
    effective_on: date
    completeness: str
    standards: tuple[Standard, ...]

    @property
    def label(self) -> str:
        """Title and version, as every finding names them."""
        return f"{self.title}, version {self.version}"

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator of every standard, in their order."""
        return tuple(indicator for standard in self.standards for indicator in standard.indicators)
