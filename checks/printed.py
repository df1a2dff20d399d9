"""What somebody had to answer or explain, as a report prints it and a health check keeps it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DutyLine:
    """Something that still waits for an answer, and for how long it has been open: `days`, as a number."""

    name: str
    about: str
    stands: str
    due: str
    open_for: str
    days: int
    late: bool


@dataclass(frozen=True)
class Explained:
    """A limit that was passed, or a weight set by hand: what, in figures, why, and by whom."""

    what: str
    detail: str
    reason: str
    by: str
