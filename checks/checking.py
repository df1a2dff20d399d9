"""How a team's health check goes from hand to hand, and when it may. Pure: no clock, no queries, no framework.

A check is answered by the team's manager, challenged and accepted by the principal social worker, signed and published
by the director, and can be returned for changes, with a reason, at every stage before it is published.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.findings import UNKNOWN, Finding
from teams.roles import Permission

WEEK = 7


class CheckState(StrEnum):
    """Where a check stands. The values are stored."""

    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    CHALLENGED = "CHALLENGED"
    ACCEPTED = "ACCEPTED"
    SIGNED = "SIGNED"
    PUBLISHED = "PUBLISHED"


STATE_NAMES = {
    CheckState.OPEN: "being answered",
    CheckState.SUBMITTED: "submitted",
    CheckState.CHALLENGED: "challenged",
    CheckState.ACCEPTED: "accepted",
    CheckState.SIGNED: "signed off",
    CheckState.PUBLISHED: "published",
}


NOT_TAKEN = "The figures of this team are still being taken. Try again in a moment."


class CheckMove(StrEnum):
    """What can happen to a check. The values are stored with its history."""

    SUBMIT = "SUBMIT"
    CHALLENGE = "CHALLENGE"
    REPLY = "REPLY"
    ACCEPT = "ACCEPT"
    SIGN = "SIGN"
    PUBLISH = "PUBLISH"
    RETURN = "RETURN"


MOVE_NAMES = {
    CheckMove.SUBMIT: "Submitted",
    CheckMove.CHALLENGE: "Challenged",
    CheckMove.REPLY: "Every question answered",
    CheckMove.ACCEPT: "Accepted",
    CheckMove.SIGN: "Signed off",
    CheckMove.PUBLISH: "Published",
    CheckMove.RETURN: "Returned for changes",
}


@dataclass(frozen=True)
class Edge:
    """One allowed move: from a state to another, and the right that it takes."""

    move: CheckMove
    before: CheckState
    after: CheckState
    right: Permission


EDGES = (
    Edge(CheckMove.SUBMIT, CheckState.OPEN, CheckState.SUBMITTED, Permission.CHECK_ANSWER),
    Edge(CheckMove.CHALLENGE, CheckState.SUBMITTED, CheckState.CHALLENGED, Permission.CYCLE_RUN),
    Edge(CheckMove.CHALLENGE, CheckState.CHALLENGED, CheckState.CHALLENGED, Permission.CYCLE_RUN),
    Edge(CheckMove.REPLY, CheckState.CHALLENGED, CheckState.SUBMITTED, Permission.CHECK_ANSWER),
    Edge(CheckMove.ACCEPT, CheckState.SUBMITTED, CheckState.ACCEPTED, Permission.CYCLE_RUN),
    Edge(CheckMove.SIGN, CheckState.ACCEPTED, CheckState.SIGNED, Permission.CHECK_SIGN),
    Edge(CheckMove.PUBLISH, CheckState.SIGNED, CheckState.PUBLISHED, Permission.CHECK_SIGN),
    Edge(CheckMove.RETURN, CheckState.SUBMITTED, CheckState.OPEN, Permission.CYCLE_RUN),
    Edge(CheckMove.RETURN, CheckState.CHALLENGED, CheckState.OPEN, Permission.CYCLE_RUN),
    Edge(CheckMove.RETURN, CheckState.ACCEPTED, CheckState.OPEN, Permission.CHECK_SIGN),
    Edge(CheckMove.RETURN, CheckState.SIGNED, CheckState.OPEN, Permission.CHECK_SIGN),
)


def edge_of(move: CheckMove, state: CheckState) -> Edge | None:
    """Return the allowed move from a state; None where there is none."""
    return next((edge for edge in EDGES if (edge.move, edge.before) == (move, state)), None)


def moves_from(state: CheckState, rights: Collection[Permission]) -> list[CheckMove]:
    """Return the moves that somebody with some rights may make from a state."""
    return [edge.move for edge in EDGES if edge.before == state and edge.right in rights]


def why_not_move(move: CheckMove, state: CheckState) -> str | None:
    """Say why a check in a state cannot make a move; None when it can."""
    if edge_of(move, state):
        return None
    return f"This health check is {STATE_NAMES[state]} now. Look at it again: somebody else has moved it on."


def why_not_sign(*, signer: int, managers: Collection[int], submitted_by: int | None) -> str | None:
    """Nobody signs off the check of a team that they manage, or one that they submitted. Keys of users."""
    if signer in managers:
        return "A health check is not signed off by a manager of its own team. Ask another director."
    if signer == submitted_by:
        return "You submitted this health check, so somebody else must sign it off."
    return None


def why_not_publish_cycle(*, published: int, shown: int, fewest: int, chosen: int) -> str | None:
    """Say why the public cannot be given a cycle: from how many checks are published, and of how many large teams."""
    if not published:
        return "No health check of this cycle is published yet. Publish at least one of a team first."
    if not shown:
        return f"Every published team has fewer than {fewest} people, so there is nothing that the public may read."
    if not chosen:
        return "Choose at least one standard."
    return None


def why_not_open(
    *, period_from: date, period_to: date, measured_on: date, due_on: date, teams: int, on: date
) -> str | None:
    """Say why a cycle cannot be opened with these days; None when it can."""
    if not teams:
        return "Choose at least one team."
    if period_to < period_from:
        return "The period must end on or after the day it begins."
    if measured_on > on:
        return "The day of the figures must be today or earlier: figures of a later day do not exist yet."
    if due_on < on:
        return "The answers must be due today or later."
    return None


class ReminderKind(StrEnum):
    """What managers are reminded of. The values are stored."""

    OPENED = "OPENED"
    WEEK = "WEEK"
    DAY = "DAY"
    LATE = "LATE"
    RETURNED = "RETURNED"
    CHALLENGED = "CHALLENGED"


def reminders_due(*, due_on: date, on: date, returned: bool) -> list[ReminderKind]:
    """Return what a manager should have been told by a day about a check that is still open, the most urgent first."""
    days = (due_on - on).days
    kinds = [ReminderKind.RETURNED] if returned else []
    if days < 0:
        kinds.append(ReminderKind.LATE)
    if days <= 1:
        kinds.append(ReminderKind.DAY)
    if days <= WEEK:
        kinds.append(ReminderKind.WEEK)
    return [*kinds, ReminderKind.OPENED]


class Judgement(StrEnum):
    """What a manager may judge an indicator to be. The values are stored, and those of findings."""

    MET = "MET"
    PARTLY_MET = "PARTLY_MET"
    NOT_MET = "NOT_MET"

    @property
    def finding(self) -> Finding:
        return Finding(self.value)


class Priority(StrEnum):
    """How much something matters to the team. The values are stored."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


_RANK = {Finding.NOT_MET: 0, Finding.PARTLY_MET: 1, Finding.MET: 2}


def is_better(judgement: Judgement | None, found: Finding | None) -> bool:
    """Tell whether a judgement is better than what was measured; never where nothing is known."""
    if judgement is None or found is None or found in UNKNOWN:
        return False
    return _RANK[judgement.finding] > _RANK[found]


def final_finding(*, found: Finding | None, judgement: Judgement | None, conceded: Judgement | None = None) -> Finding:
    """Return what stands in the end: what the panel was conceded, else the judgement, else what was measured."""
    chosen = conceded or judgement
    if chosen is not None:
        return chosen.finding
    return found or Finding.NOT_KNOWN


@dataclass(frozen=True)
class AnswerFacts:
    """What decides whether one indicator is answered. `found` is None where nothing is measured (a judged one)."""

    code: str
    standard: str
    judged: bool
    found: Finding | None
    judgement: Judgement | None
    commentary: bool
    reason: bool
    followed: bool
    conceded: Judgement | None = None

    @property
    def final(self) -> Finding:
        """The finding as it stands now."""
        return final_finding(found=self.found, judgement=self.judgement, conceded=self.conceded)

    @property
    def unfollowed(self) -> bool:
        """Whether it is not met and nothing is planned about it, nor decided."""
        return self.final == Finding.NOT_MET and not self.followed

    @property
    def begun(self) -> bool:
        """Whether anybody has said something to it."""
        return self.judgement is not None or self.commentary or self.reason

    def missing(self) -> Iterator[str]:
        """Yield, in a few words each, what this indicator still needs before the check can be submitted."""
        if self.judged and self.judgement is None:
            yield "a judgement"
        if self.judged and not self.commentary:
            yield "a commentary"
        if is_better(self.judgement, self.found) and not self.reason:
            yield "a reason why it is judged better than measured"
        if self.judgement is not None and self.found in UNKNOWN and not self.reason:
            yield "a reason for judging what the figures do not tell"
        if self.unfollowed:
            yield "an action, or a decision not to act"


def why_not_accept(facts: Iterable[AnswerFacts]) -> str | None:
    """Say why a check cannot be accepted: something is not met, as a question may have shown, and nobody follows it."""
    many = sum(one.unfollowed for one in facts)
    if not many:
        return None
    one_or_more = "1 indicator is" if many == 1 else f"{many} indicators are"
    return (
        f"{one_or_more} not met without an action or a decision not to act. The team's manager can add one to the "
        "standard's page now."
    )


class Progress(StrEnum):
    """How far the answers to a standard are."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"


def progress(facts: Iterable[AnswerFacts]) -> Progress:
    """Return how far a standard is: completed when nothing is missing, not started when nothing was said."""
    given = list(facts)
    if not any(list(one.missing()) for one in given):
        return Progress.COMPLETED
    return Progress.IN_PROGRESS if any(one.begun for one in given) else Progress.NOT_STARTED


def why_not_submit(facts: Sequence[AnswerFacts], *, taken: bool) -> str | None:
    """Say what is missing before a check can be submitted, in one sentence; None when nothing is.

    There is nothing to answer, and so nothing missing, before its figures are `taken`.
    """
    if not taken:
        return NOT_TAKEN
    open_ones = [one for one in facts if list(one.missing())]
    if not open_ones:
        return None
    standards = sorted({one.standard for one in open_ones})
    many = len(open_ones)
    return (
        f"{many} answer{' is' if many == 1 else 's are'} not complete, in standard{'s' if len(standards) > 1 else ''} "
        f"{', '.join(standards)}. Each says below what it still needs."
    )
