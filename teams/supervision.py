"""When a worker's next supervision is due, and whether it is overdue. Pure: no clock, no queries, no framework.

The rule is about gaps: between two sessions lie no more than so many days that count. Days on which the worker is away
and bank holidays do not count. The definitions are those of docs/supervision.md, whose tables the tests parse.
Source of the shipped gaps: employer standards for social workers in England, standard 5.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from design import figures

DAY = timedelta(days=1)
MONTHS_OF_A_YEAR = 12
LONGEST_LOOK = 1_100


class State(StrEnum):
    """How a worker's supervision stands on a day."""

    IN_TIME = "IN_TIME"
    OVERDUE = "OVERDUE"
    AWAY = "AWAY"
    NO_GAP_SET = "NO_GAP_SET"
    NOT_KNOWN = "NOT_KNOWN"


STATE_NAMES = {
    State.IN_TIME: "In time",
    State.OVERDUE: "Overdue",
    State.AWAY: "Away",
    State.NO_GAP_SET: "As agreed",
    State.NOT_KNOWN: "Not known",
}


@dataclass(frozen=True)
class Rule:
    """What is expected at one career stage, for the first `until` weeks or months of employment or without an end.

    gap_days: None where sessions are held as agreed. minutes: the shortest that meets the standard; None: no shortest.
    """

    stage: str
    gap_days: int | None
    minutes: int | None
    source: str
    note: str = ""
    until: int | None = None
    unit: str = ""

    def ends_on(self, begun: date) -> date:
        """The first day on which the rule no longer holds for somebody employed since `begun`."""
        if self.until is None:
            return date.max
        return begun + timedelta(weeks=self.until) if self.unit == "WEEKS" else months_after(begun, self.until)


@dataclass(frozen=True)
class Span:
    """Days from the first up to the one on which it no longer counts; None: no end is known."""

    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Facts:
    """What the next due day of one worker follows from.

    begun_on: start of unbroken employment, None where it is not known. stage: "" where it is not known. rules: of the
    employer. log_begun_on: the day of the employer's first session on record; whoever was never supervised is counted
    from there at the earliest. held: days of the worker's sessions.
    """

    begun_on: date | None
    stage: str
    rules: Sequence[Rule]
    log_begun_on: date | None
    held: Collection[date] = ()
    absences: Sequence[Span] = ()
    bank_holidays: Collection[date] = frozenset()


@dataclass(frozen=True)
class Standing:
    """How a worker's supervision stands. due_on is the last day in time; None where no day can be told."""

    state: State
    sentence: str
    last_on: date | None = None
    due_on: date | None = None
    gap_days: int | None = None

    @property
    def overdue_since(self) -> date | None:
        """The first day on which it was overdue."""
        return self.due_on + DAY if self.due_on and self.state == State.OVERDUE else None

    @property
    def name(self) -> str:
        return STATE_NAMES[self.state]


def months_after(day: date, number: int) -> date:
    """The same day so many months later, or that month's last day where it has no such day."""
    month = day.month - 1 + number
    first = date(day.year + month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    return min(first + timedelta(days=day.day - 1), last)


def rule_on(day: date, *, begun: date, stage: str, rules: Sequence[Rule]) -> Rule | None:
    """The rule that holds for somebody on a day: of their stage, the one that ends soonest and has not ended."""
    return rule_among(rules_in_turn(begun=begun, stage=stage, rules=rules), day)


def rules_in_turn(*, begun: date, stage: str, rules: Sequence[Rule]) -> list[tuple[date, Rule]]:
    """The rules of a stage for somebody employed since `begun`, each with the day on which the next one takes over."""
    own = [(rule.ends_on(begun), rule) for rule in rules if rule.stage == stage]
    return sorted(own, key=lambda pair: pair[0])


def rule_among(in_turn: Sequence[tuple[date, Rule]], day: date) -> Rule | None:
    return next((rule for end, rule in in_turn if day < end), None)


def employed_since(contracts: Sequence[Span], on: date) -> date | None:
    """The first day of the unbroken employment in which a day lies; None for somebody who is not employed that day."""
    begun: date | None = None
    for span in sorted(contracts, key=lambda span: span.starts_on, reverse=True):
        if span.covers(on) or (begun is not None and span.covers(begun - DAY)):
            begun = span.starts_on
    return begun


def standing(facts: Facts, *, on: date) -> Standing:
    """Tell how supervision stands on a day. Sessions after it play no part.

    Nobody is overdue on a day on which they are away. Source: docs/supervision.md.
    """
    last = max((day for day in facts.held if day <= on), default=None)
    if facts.log_begun_on is None or facts.log_begun_on > on:
        return Standing(State.NOT_KNOWN, "No supervision is recorded for this employer yet.")
    if not facts.stage:
        return Standing(State.NOT_KNOWN, "The career stage is not recorded.", last)
    if facts.begun_on is None or facts.begun_on > on:
        return Standing(State.NOT_KNOWN, "No contract counts on this day.", last)
    rule = rule_on(on, begun=facts.begun_on, stage=facts.stage, rules=facts.rules)
    if rule is None or rule.gap_days is None:
        return Standing(State.NO_GAP_SET, "No longest gap is set for this career stage: held as agreed.", last)
    since = max(facts.begun_on, facts.log_begun_on, last or facts.begun_on)
    return _against(rule.gap_days, facts, on=on, last=last, due_on=due_on(facts, since=since))


def _against(gap: int, facts: Facts, *, on: date, last: date | None, due_on: date | None) -> Standing:
    known = f"last held {figures.day(last)}" if last else "never held on record"
    away = any(span.covers(on) for span in facts.absences)
    if away and (due_on is None or due_on < on):
        return Standing(State.AWAY, f"Away now, {known}: due on return.", last, None, gap)
    if due_on is None:
        return Standing(State.IN_TIME, f"No day is due that can be told yet, {known}.", last, None, gap)
    if due_on >= on:
        return Standing(State.IN_TIME, f"Due by {figures.day(due_on)}, {known}.", last, due_on, gap)
    sentence = f"Due by {figures.day(due_on)}, {figures.days((on - due_on).days)} ago; {known}."
    return Standing(State.OVERDUE, sentence, last, due_on, gap)


def due_on(facts: Facts, *, since: date) -> date | None:
    """The first day after `since` on which as many days have counted as the gap of that day allows.

    None where that day cannot be told: somebody is away without an end, or three years ahead nothing is due.
    """
    off, last, first = _days_off(facts, since), since.toordinal() + LONGEST_LOOK, since.toordinal() + 1
    for end, rule in rules_in_turn(begun=facts.begun_on or since, stage=facts.stage, rules=facts.rules):
        ends = end.toordinal()
        if rule.gap_days is not None:
            due = _passed_over(off, since.toordinal() + max(rule.gap_days, 1))
            due = due if due >= first else _passed_over([day for day in off if day >= first], first)
            if due < ends:
                return date.fromordinal(due) if due <= last else None
        first = max(first, ends)
    return None


def _days_off(facts: Facts, since: date) -> list[int]:
    """The days after `since` that do not count, in turn, for as far ahead as anybody looks."""
    last = since.toordinal() + LONGEST_LOOK
    off = {day.toordinal() for day in facts.bank_holidays if day > since}
    for span in facts.absences:
        ends = span.ends_on.toordinal() if span.ends_on else last + 1
        off.update(range(max(span.starts_on, since + DAY).toordinal(), ends))
    return sorted(off)


def _passed_over(off: Sequence[int], day: int) -> int:
    """What `day` becomes when it is put off by one for each day off on the way to it."""
    for free in off:
        if free > day:
            break
        day += 1
    return day


@dataclass(frozen=True)
class Held:
    """One session, as the standard looks at it."""

    held_on: date
    minutes: int
    interrupted: bool


def why_below(session: Held, rule: Rule | None) -> str:
    """Say why a session is below the standard, or "". It counts towards the gap all the same."""
    reasons = ["interrupted"] if session.interrupted else []
    if rule is not None and rule.minutes is not None and session.minutes < rule.minutes:
        reasons.append(f"shorter than {rule.minutes} minutes")
    return ", ".join(reasons)
