"""What a measure is, and what it gives. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from caseloads.workload import percentage
from checks.facts import TeamFacts
from design import figures
from standards.definition import Direction

ALL = Decimal("100.0")
NONE = Decimal("0.0")
MOST_ROWS = 200
OWN = "Our own measure, after docs/scoring.md"
DFE = "Department for Education, children's social work workforce: its method, as its published figures show it"


class MeasureUnit(StrEnum):
    """What a measure's value counts."""

    PERCENT = "PERCENT"
    WORKERS = "WORKERS"
    FTE = "FTE"
    CASES = "CASES"
    FAMILIES = "FAMILIES"
    WEIGHT = "WEIGHT"
    DAYS = "DAYS"
    TIMES = "TIMES"
    CHANGES = "CHANGES"
    PLANS = "PLANS"
    REDUCTIONS = "REDUCTIONS"
    WEEKLY_HOURS = "WEEKLY_HOURS"


WORDS = {
    MeasureUnit.PERCENT: ("%", "%"),
    MeasureUnit.WORKERS: ("worker", "workers"),
    MeasureUnit.FTE: ("FTE", "FTE"),
    MeasureUnit.CASES: ("case", "cases"),
    MeasureUnit.FAMILIES: ("family", "families"),
    MeasureUnit.WEIGHT: ("unit of weight", "units of weight"),
    MeasureUnit.DAYS: ("day", "days"),
    MeasureUnit.TIMES: ("time", "times"),
    MeasureUnit.CHANGES: ("change for each case", "changes for each case"),
    MeasureUnit.PLANS: ("plan", "plans"),
    MeasureUnit.REDUCTIONS: ("reduction", "reductions"),
    MeasureUnit.WEEKLY_HOURS: ("hour a week for each FTE", "hours a week for each FTE"),
}


@dataclass(frozen=True)
class Rows:
    """The rows behind a figure, as people read them."""

    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Measured:
    """A measure's value for one team; None where it is not known, and the note then says why.

    rows: what it was worked out from, `MOST_ROWS` of them at most; None where there are none.
    """

    value: Decimal | None
    note: str = ""
    rows: Rows | None = None


@dataclass(frozen=True)
class Measure:
    """A measure: what it is, how it is worked out, what it rests on, and what to record where it is not known.

    about_workers: its value counts workers, or is one worker's own figure, so that in a small team it may speak of
    somebody; it is left out of what is published. The rows behind any measure may name workers: they are for the line
    of management, and never published. of_few: its value is that of one worker, or of few in any team, however large.
    """

    name: str
    title: str
    unit: MeasureUnit
    direction: Direction
    formula: str
    source: str
    needs: str
    record: str
    take: Callable[[TeamFacts], Measured]
    about_workers: bool = False
    of_few: bool = False

    def shown(self, value: Decimal) -> str:
        """Return a value with its unit, as people read it: "86.8 %", "1 worker", "12 days"."""
        one, many = WORDS[self.unit]
        return f"{value} {one if value == 1 else many}"


Line = tuple[str, ...]


def told(value: Decimal | None, notes: Iterable[str], headings: Line, lines: Sequence[Line]) -> Measured:
    """Return a value with its notes as one text, and the rows behind it, the first `MOST_ROWS` as given."""
    said = [note for note in notes if note]
    if len(lines) > MOST_ROWS:
        said.append(f"The first {MOST_ROWS} of {len(lines)} rows are shown.")
    rows = Rows(headings, tuple(lines[:MOST_ROWS])) if lines else None
    return Measured(value, " ".join(said), rows)


def tenths(value: int) -> Decimal:
    return Decimal(value).scaleb(-1)


def share(part: int, whole: int) -> Decimal:
    """Return 100 × part ÷ whole with one place, half up. `whole` must be positive."""
    return tenths(percentage(part, whole))


def amount(hundredths: int | None) -> str:
    return figures.NOT_KNOWN if hundredths is None else figures.amount(Decimal(hundredths).scaleb(-2))


def pct(value: int | None) -> str:
    return figures.NOT_KNOWN if value is None else figures.pct(tenths(value))


def yes_or_no(value: bool | None) -> str:  # noqa: FBT001 - the value is what is put into words
    return figures.NOT_KNOWN if value is None else "yes" if value else "no"


def by(row: Any, *names: str) -> tuple[Any, ...]:
    """Return a key to sort rows by: the values of some columns, missing ones last."""
    return tuple((row[name] is None, row[name]) for name in names)
