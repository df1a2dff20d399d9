"""Rows of an employer as an import compares them with a file: plain values, so that comparing needs no database."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(slots=True)
class WorkerRow:
    """A worker; a negative key: not written yet."""

    key: int
    name: str
    staff_reference: str = ""
    career_stage: str = ""
    registered: bool | None = None
    case_holding: bool = True
    agency: bool = False
    changed: bool = False


@dataclass(slots=True)
class ContractRow:
    """A worker's hours in a team; key None: not written yet."""

    key: int | None
    worker: int
    team: int
    weekly_hours: Decimal | None
    starts_on: date
    ends_on: date | None
    changed: bool = False

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


@dataclass(frozen=True, slots=True)
class CaseRow:
    key: int
    team: int
    reference: str
    family_reference: str
    category: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """The newest rating of a case, and when a person last rated it."""

    category: str
    factors: dict[str, int]
    rated_on: date
    by_a_person_on: date | None


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """An allocation that has not ended."""

    key: int
    worker: int
    team: int
    role: str
    share: int
    started_on: date
    ended_on: date | None


@dataclass(slots=True)
class Recorded:
    """Rows as they are before an import."""

    teams: dict[int, str] = field(default_factory=dict)
    workers: list[WorkerRow] = field(default_factory=list)
    contracts: list[ContractRow] = field(default_factory=list)
    cases: dict[str, CaseRow] = field(default_factory=dict)
    ratings: dict[int, RatingRow] = field(default_factory=dict)
    allocations: defaultdict[int, list[AllocationRow]] = field(default_factory=lambda: defaultdict(list))
    other_cases: int = 0
