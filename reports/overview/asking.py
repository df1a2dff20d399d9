"""What somebody asks the overview for: which area, month and standard, and in what order. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = 12


class Sort(StrEnum):
    """By what the teams are sorted. Names from A; everything else: the worst first."""

    NAME = "name"
    LOAD = "load"
    DEMAND = "demand"
    NOT_MET = "not-met"
    UNALLOCATED = "unallocated"

    @property
    def heading(self) -> str:
        """What its column is called."""
        return _HEADINGS[self]

    @property
    def direction(self) -> str:
        """What assistive technology is told of the order."""
        return "ascending" if self is Sort.NAME else "descending"


_HEADINGS = {
    Sort.NAME: "Team",
    Sort.LOAD: "Load",
    Sort.DEMAND: "Demand",
    Sort.NOT_MET: "Not met",
    Sort.UNALLOCATED: "Unallocated",
}


@dataclass(frozen=True)
class Wanted:
    """`area` None: all. `month`: its first day; None: now. `pack` and `standard` "": the first set, and all of it."""

    area: int | None = None
    month: date | None = None
    pack: str = ""
    standard: str = ""
    sort: Sort = Sort.NAME

    @classmethod
    def of(cls, asked: Mapping[str, str], *, as_of: date) -> "Wanted":
        """Read what was asked for; whatever cannot be is as if it was not asked."""
        area, (pack, _, standard) = asked.get("area", ""), asked.get("standard", "").partition(":")
        months = {month_key(month): month for month in past_months(as_of)}
        sort = asked.get("sort", "")
        return cls(
            area=int(area) if area.isascii() and area.isdigit() and len(area) < 19 else None,  # noqa: PLR2004 - bigint
            month=months.get(asked.get("month", "")),
            pack=pack,
            standard=standard,
            sort=Sort(sort) if sort in {one.value for one in Sort} else Sort.NAME,
        )

    @property
    def chosen(self) -> str:
        """The set and the standard as one word, as the form sends them."""
        return f"{self.pack}:{self.standard}" if self.standard else self.pack


def past_months(as_of: date, *, months: int = MONTHS) -> list[date]:
    """Return the first days of the months before a day's own, the newest first."""
    number = as_of.year * 12 + as_of.month - 1
    return [date((number - ago) // 12, (number - ago) % 12 + 1, 1) for ago in range(1, months + 1)]


def last_months(day: date, *, months: int = MONTHS) -> list[date]:
    """Return the first days of a day's month and of those before it, the oldest first: as many as asked for."""
    return [*reversed(past_months(day, months=months - 1)), day.replace(day=1)]


def month_end(month: date) -> date:
    """Return the last day of the month that begins on a day."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def month_key(month: date) -> str:
    """Return a month as addresses have it: 2026-03."""
    return f"{month:%Y-%m}"


def month_name(month: date) -> str:
    """Return a month as people read it: March 2026."""
    return f"{month:%B}\u00a0{month:%Y}"
