"""What a file says, in our own words: the result of reading it, before anything is compared with the database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NO_TEAM = "No team recorded"
WHOLE = 100  # a share, in whole percent
LONGEST_VALUE = 80  # how much of a wrong cell a problem repeats


class Refused(Exception):  # noqa: N818 - it says what a file is, not that the program erred
    """The whole file cannot be used. The message is one sentence for a manager and says what to do next."""


class MiscountedError(Exception):
    """Rows went missing or were counted twice: a fault of ours, never of the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet as text; `number` is the row a person sees, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one CSV file. Rows without any text are left out."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where in the file something was said."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row was set aside. There is exactly one for each row counted as quarantined."""

    sheet: str
    row: int
    column: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One worker's part in a case; `share` is a whole percentage.

    Who it is, by what there is of it: the key of a recorded worker, the staff reference, the name.
    """

    team: str
    worker: str
    role: str
    share: int
    staff_reference: str = ""
    key: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One open case. No holdings: unallocated. What is not said is None or "", and stays as it was."""

    reference: str
    family_reference: str
    category: str
    factors: tuple[tuple[str, int], ...] | None
    opened_on: date | None
    team: str
    holdings: tuple[Holding, ...] | None
    rated_on: date | None
    source: Source


@dataclass(frozen=True, slots=True)
class Closure:
    """A case that the file says is closed and nowhere says is open. `closed_on` None: the file gives no date."""

    reference: str
    closed_on: date | None
    source: Source


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """One worker in one team. Whatever the file does not say is None or ""."""

    worker: str
    staff_reference: str
    team: str
    weekly_hours: Decimal | None
    career_stage: str
    registered: bool | None
    case_holding: bool | None
    agency: bool | None
    starts_on: date | None
    ends_on: date | None
    source: Source


@dataclass(frozen=True, slots=True)
class Counts:
    """`rows = cases + merged + closed + quarantined`; unallocated, workers and teams describe the open cases."""

    rows: int = 0
    cases: int = 0
    merged: int = 0
    closed: int = 0
    quarantined: int = 0
    unallocated: int = 0
    workers: int = 0
    teams: int = 0

    def check(self) -> None:
        """Raise unless every row is accounted for exactly once."""
        parts = self.cases + self.merged + self.closed + self.quarantined
        if self.rows != parts:
            message = f"{self.rows} rows were read but {parts} are accounted for."
            raise MiscountedError(message)


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything one import brings. `notes` are sentences about the file as a whole that set no row aside."""

    counts: Counts
    cases: tuple[CaseRecord, ...] = ()
    closures: tuple[Closure, ...] = ()
    staff: tuple[StaffRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    staff_problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
