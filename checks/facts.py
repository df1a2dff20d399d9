"""What measures are taken from: one team on one day, as scored, and what is on record of its last twelve months. Pure.

Missing values are None. Load % and demand % are tenths, loads, weights and hours of the scored rows hundredths.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import pandas as pd

from caseloads.workload import Flag, State, Workload
from teams.extra_hours import Total
from teams.workforce import Away, Hours

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class OverDay:
    """A stored scoring of a worker in the team in the bands over or well over, or with load and no capacity.

    previous_on: the day of the scoring of this worker before it, whatever it found; None: it is the first.
    """

    worker: int
    on: date
    previous_on: date | None
    well_over: bool


@dataclass(frozen=True)
class Session:
    """A supervision session; by_registered: whether a registered social worker held it, None: not recorded."""

    worker: int
    held_on: date
    minutes: int
    interrupted: bool
    reflective: bool
    by_registered: bool | None


@dataclass(frozen=True)
class Handed:
    """A case that came to the team; meeting_on None: no handover meeting was held."""

    reference: str
    moved_on: date
    giver: str
    taker: str
    meeting_on: date | None


@dataclass(frozen=True)
class Concern:
    """A workload concern that did not go past the worker's manager; answered_on: of the first plan, or its closing."""

    raised_on: date
    answered_on: date | None
    answer_days: int


@dataclass(frozen=True)
class LoadDuty:
    """An open duty about somebody's load; planned: it is answered with a plan."""

    worker: int
    flag: Flag
    opened_on: date
    due_on: date
    planned: bool


@dataclass(frozen=True)
class Change:
    """An open case that passed from one leading worker to another."""

    case: int
    on: date
    giver: str
    taker: str


@dataclass(frozen=True)
class CaseDay:
    """A case of the team that was opened or closed, and when."""

    reference: str
    on: date


@dataclass(frozen=True)
class Ending:
    """A capacity reduction with the first day on which it no longer counts."""

    worker: int
    reason: str
    ends_on: date


@dataclass(frozen=True)
class Recorded:
    """What is on record of a team beside its workload of the day; empty: nothing.

    names: of everybody the rows speak of, by key; categories: names of the scheme's, by code. scored_from, scored_days:
    the first stored scoring of the last twelve months and on how many days there is one. established: hours a week of
    the posts; None: not recorded.
    """

    since: date = date.min
    names: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    full_time: Decimal = Decimal(37)
    established: Decimal | None = None
    contracts: Sequence[Hours] = ()
    absences: Sequence[Away] = ()
    bank_holidays: Collection[date] = frozenset()
    scored_from: date | None = None
    scored_days: int = 0
    overs: Sequence[OverDay] = ()
    sessions: Sequence[Session] = ()
    handed: Sequence[Handed] = ()
    concerns: Sequence[Concern] = ()
    load_duties: Sequence[LoadDuty] = ()
    changes: Sequence[Change] = ()
    opened: Sequence[CaseDay] = ()
    closed: Sequence[CaseDay] = ()
    endings: Sequence[Ending] = ()
    extra_hours: Sequence[Total] = ()

    def name(self, worker: Hashable) -> str:
        """Return what somebody is called; where that was not read, their key."""
        return self.names.get(worker, str(worker))  # type: ignore[call-overload, no-any-return]

    def category(self, code: str) -> str:
        """Return what a category is called; where the scheme does not have it, its code."""
        return self.categories.get(code, code)


@dataclass(frozen=True)
class TeamFacts:
    """One team on one day. The rows are those of `Workload`; a worker has a `name`, a case a `category_name`."""

    as_of: date
    full_time_hours: int | None
    team: Row
    workers: Sequence[Row]
    lines: Sequence[Row]
    unallocated: Sequence[Row]
    flags: Sequence[Row]
    recorded: Recorded = field(default_factory=Recorded)

    @property
    def known(self) -> list[Row]:
        """Workers whose load and capacity are known."""
        return [row for row in self.workers if row["state"] != State.NOT_KNOWN]

    @property
    def cases(self) -> list[Row]:
        """Each open case that the team holds or should hold, once, by reference."""
        found = {row["case"]: row for row in (*self.unallocated, *self.lines)}
        return sorted(found.values(), key=lambda row: str(row["reference"]))

    def flagged(self, flag: Flag) -> list[Row]:
        return [row for row in self.flags if row["flag"] == flag]


def team_facts(workload: Workload, team: Hashable, recorded: Recorded | None = None) -> TeamFacts:
    """Gather one team's facts from a workload that has a row for it. Raises KeyError where it has none."""
    own = [row for row in _rows(workload.teams) if row["team"] == team]
    if not own:
        raise KeyError(team)
    record = recorded or Recorded()
    frames = (workload.workers, workload.lines, workload.unallocated, workload.flags)
    workers, lines, unallocated, flags = ([*_rows(frame[frame["team"] == team])] for frame in frames)
    return TeamFacts(
        as_of=workload.as_of,
        full_time_hours=workload.full_time_hours,
        team=own[0],
        workers=[{**row, "name": record.name(row["worker"])} for row in workers],
        lines=lines,
        unallocated=[{**row, "category_name": record.category(row["category"])} for row in unallocated],
        flags=flags,
        recorded=record,
    )


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a frame's rows; what is missing is None."""
    names = [str(name) for name in frame.columns]
    columns = [[None if value is pd.NA else value for value in frame[name].tolist()] for name in names]
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
