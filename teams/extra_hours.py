"""Additional hours of a team in total, so that nobody's own can be worked out. Pure.

A total stands for four whole weeks that nobody can change any more, and is hidden when fewer than five people worked
additional hours in them. Totals of different weeks have no hour in common, and a total that is shown never changes:
no difference between two of them is about one person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from teams.policies import open_weeks
from teams.supervision import Span

FIRST_MONDAY = date(2024, 1, 1)
WEEKS = 4
SPAN = timedelta(weeks=WEEKS)
FEWEST = 5
PERIODS = 6


@dataclass(frozen=True)
class Entry:
    """Additional hours of one worker in the week that begins on a Monday."""

    worker: int
    week: date
    hours: Decimal


@dataclass(frozen=True)
class Membership:
    """Somebody's contract with a team."""

    team: int
    weekly_hours: Decimal | None
    span: Span


@dataclass(frozen=True)
class Total:
    """Four weeks of a team: how many worked additional hours and how many of these; None: hidden, too few people."""

    starts_on: date
    people: int | None
    hours: Decimal | None

    @property
    def last_on(self) -> date:
        return self.starts_on + SPAN - timedelta(days=1)

    @property
    def hidden(self) -> bool:
        return self.hours is None


def periods(today: date) -> list[date]:
    """The first days of the latest four-week periods of which no week can be changed any more, newest first."""
    open_from = open_weeks(today)[-1]
    done = (open_from - FIRST_MONDAY) // SPAN
    return [FIRST_MONDAY + number * SPAN for number in range(done - 1, max(done - 1 - PERIODS, -1), -1)]


def home(memberships: Iterable[Membership], monday: date) -> int | None:
    """Return the team in which the hours of a week count: of several, the one with most contracted hours."""
    here = [row for row in memberships if row.span.covers(monday)]
    most = max(here, key=lambda row: (row.weekly_hours or Decimal(0), -row.team), default=None)
    return most.team if most else None


def totals_by_team(
    entries: Iterable[Entry], memberships: Mapping[int, Sequence[Membership]], teams: Iterable[int], *, today: date
) -> dict[int, list[Total]]:
    """Total each closed period of each team, newest first; `memberships` are those of each worker, in every team."""
    own: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        own[home(memberships.get(entry.worker, ()), entry.week)].append(entry)
    return {team: totals(own[team], today=today) for team in teams}


def totals(entries: Iterable[Entry], *, today: date) -> list[Total]:
    """Total each closed period, newest first; hidden when fewer than five people worked additional hours in it."""
    given = [entry for entry in entries if entry.hours > 0]
    return [_total(given, start) for start in periods(today)]


def _total(entries: list[Entry], start: date) -> Total:
    own = [entry for entry in entries if start <= entry.week < start + SPAN]
    people = len({entry.worker for entry in own})
    if people < FEWEST:
        return Total(start, None, None)
    return Total(start, people, sum((entry.hours for entry in own), Decimal(0)))
