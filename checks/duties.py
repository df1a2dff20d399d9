"""Duties: which red flags need an answer, whose turn it is, and by when. Pure: no clock, no queries, no framework.

A duty is a red flag or a worker's concern that somebody must answer. It goes up when it is not answered in time: from
the team's manager to the service manager, from there to the director. It can be closed and opened again, never deleted.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from design import figures

AGAIN_WITHIN = timedelta(days=28)
LONGEST_RESPONSE = 90


class Level(StrEnum):
    """Whose turn it is. The values are stored, and name the role that answers."""

    MANAGER = "MANAGER"
    SERVICE_MANAGER = "SERVICE_MANAGER"
    DIRECTOR = "DIRECTOR"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").lower()


class State(StrEnum):
    """Where a duty stands. The values are stored."""

    OPEN = "OPEN"
    PLANNED = "PLANNED"
    CLOSED = "CLOSED"


STATE_NAMES: Mapping[State, str] = {
    State.OPEN: "waiting for an answer",
    State.PLANNED: "answered with a plan",
    State.CLOSED: "closed",
}


class Move(StrEnum):
    """What can happen to a duty. The values are stored with its history."""

    OPENED = "OPENED"
    PLANNED = "PLANNED"
    UPDATED = "UPDATED"
    ESCALATED = "ESCALATED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


MOVES: Mapping[Move, tuple[Collection[State], State | None]] = {
    Move.PLANNED: ({State.OPEN, State.PLANNED}, State.PLANNED),
    Move.UPDATED: ({State.OPEN, State.PLANNED}, None),
    Move.ESCALATED: ({State.OPEN, State.PLANNED}, State.OPEN),
    Move.CLOSED: ({State.OPEN, State.PLANNED}, State.CLOSED),
    Move.REOPENED: ({State.CLOSED}, State.OPEN),
}
"""Each move: the states it is allowed in, and the state it leads to; None: the state stays."""

NEED_AN_ANSWER = frozenset(
    {
        "WELL_OVER",
        "EXCESSIVE",
        "NO_CAPACITY",
        "NEWLY_QUALIFIED_OVER",
        "NEWLY_QUALIFIED_SOLE",
        "NOT_REGISTERED",
        "UNALLOCATED_LATE",
        "SUPERVISION_OVERDUE",
        "NO_HANDOVER",
    }
)
"""The red flags that open a duty. Old ratings are listed for the next supervision, and a part of a case that nobody
holds is put right where the case is; neither waits for a plan."""


@dataclass(frozen=True)
class ResponseTimes:
    """Within how many calendar days an employer's duties are to be answered."""

    concern_days: int = 5
    flag_days: int = 10
    source: str = "example — agree your own"

    def days(self, flag: str) -> int:
        """Within how many days a duty is answered: that of a red flag, or where there is none, of a concern."""
        return self.flag_days if flag else self.concern_days


def why_not_move(move: Move, state: State) -> str | None:
    """Say why a duty in a state cannot make a move; None when it can."""
    allowed, _ = MOVES[move]
    if state in allowed:
        return None
    if state == State.CLOSED:
        return "This duty is closed. Open it again first."
    return "This duty is open already."


def next_level(level: Level, *, held: Collection[Level]) -> Level | None:
    """Return whose turn comes after a level: the next one that somebody holds, else the director; None after them.

    `held`: the levels that somebody holds for the team.
    """
    above = list(Level)[list(Level).index(level) + 1 :]
    return next((one for one in above if one in held), above[-1] if above else None)


def first_level(*, held: Collection[Level], past_manager: bool) -> Level:
    """Return whose turn it is first: the manager's, or for what goes past them, the next level's."""
    start = next_level(Level.MANAGER, held=held) if past_manager or Level.MANAGER not in held else Level.MANAGER
    return start or Level.DIRECTOR


def due_on(*, opened_on: date, days: int) -> date:
    """Return the last day on which an answer is in time."""
    return opened_on + timedelta(days=days)


def is_late(due: date, state: State, *, on: date) -> bool:
    """Tell whether a duty is past its day and not closed."""
    return state != State.CLOSED and due < on


def reopened_words(*, closed_on: date, on: date) -> str:
    """Say how long after its closing a duty is open again, where that is within four weeks; else only that it is."""
    days = (on - closed_on).days
    if days > AGAIN_WITHIN.days:
        return "Opened again."
    return f"Opened again {figures.days(days)} after it was closed." if days else "Opened again on the same day."


def why_not_plan(*, words: str, by_day: date | None, on: date) -> str | None:
    """A plan says what will be done and by when, within ninety days."""
    if not words:
        return "Say what will be done."
    if by_day is None or by_day < on:
        return "Give the day by which it will be done, today or later."
    if by_day > on + timedelta(days=LONGEST_RESPONSE):
        return f"Give a day within {LONGEST_RESPONSE} days. A longer plan has a first step: name that."
    return None
