"""Overload over time, and what is done about it. Pure.

A *time over* is a run of days on which every stored scoring found a worker over; up to three days in a row without a
scoring are bridged, as for the red flag that is raised after four weeks. Source: docs/scoring.md, section 5.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from caseloads.workload import FLAG_NAMES, Flag
from caseloads.workload_flags import EXCESSIVE_DAYS, LONGEST_GAP
from checks.facts import LoadDuty, OverDay, Recorded, TeamFacts
from checks.measures.measure import OWN, Line, Measure, Measured, MeasureUnit, told, yes_or_no
from design import figures
from standards.definition import Direction

LOAD_FLAGS = frozenset({Flag.WELL_OVER, Flag.EXCESSIVE, Flag.NO_CAPACITY, Flag.NEWLY_QUALIFIED_OVER})
"""The red flags that say that somebody carries too much."""


@dataclass(frozen=True)
class Spell:
    """An unbroken run of days on which a worker was over."""

    worker: int
    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1


def spells(overs: Iterable[OverDay]) -> list[Spell]:
    """Join the days on which each worker was over to runs, the earliest first. Two rows of one day count once."""
    by_worker: dict[int, dict[date, OverDay]] = defaultdict(dict)
    for row in overs:
        by_worker[row.worker][row.on] = row
    found = [spell for worker, rows in by_worker.items() for spell in _runs(worker, [rows[on] for on in sorted(rows)])]
    return sorted(found, key=lambda spell: (spell.first_on, spell.worker))


def _runs(worker: int, rows: Sequence[OverDay]) -> list[Spell]:
    """Split a worker's days over, in order, where a scoring between two found less, or too long was none."""
    runs: list[list[date]] = []
    for row in rows:
        last = runs[-1][-1] if runs else None
        if last is not None and row.previous_on == last and (row.on - last).days - 1 <= LONGEST_GAP:
            runs[-1].append(row.on)
        else:
            runs.append([row.on])
    return [Spell(worker, run[0], run[-1]) for run in runs]


SPELLS = ("Worker", "From", "To", "Days")


def _lines(found: Iterable[Spell], record: Recorded) -> list[Line]:
    """The newest first."""
    newest = sorted(found, key=lambda one: (-one.first_on.toordinal(), record.name(one.worker), one.worker))
    return [
        (record.name(one.worker), figures.day(one.first_on), figures.day(one.last_on), str(one.days)) for one in newest
    ]


def _times(facts: TeamFacts, *, well_over: bool, least: int = 1) -> Measured:
    record = facts.recorded
    if record.scored_from is None:
        return Measured(None, "The team was not scored in the last 12 months.")
    rows = [row for row in record.overs if row.well_over or not well_over]
    found = [spell for spell in spells(rows) if spell.days >= least]
    note = f"From the scorings of {figures.days(record.scored_days)} since {figures.day(record.scored_from)}."
    return told(Decimal(len(found)), [note], SPELLS, _lines(found, record))


def _over(facts: TeamFacts) -> Measured:
    return _times(facts, well_over=False)


def _well_over(facts: TeamFacts) -> Measured:
    return _times(facts, well_over=True)


def _excessive_times(facts: TeamFacts) -> Measured:
    return _times(facts, well_over=True, least=EXCESSIVE_DAYS)


def _excessive_now(facts: TeamFacts) -> Measured:
    begun = facts.recorded.scored_from
    if begun is None or (facts.as_of - begun).days + 1 < EXCESSIVE_DAYS:
        return Measured(None, f"The team has not been scored for {EXCESSIVE_DAYS} days yet.")
    names = {row["worker"]: row["name"] for row in facts.workers}
    raised = facts.flagged(Flag.EXCESSIVE)
    lines = sorted((names[row["worker"]], row["detail"]) for row in raised)
    return told(Decimal(len(lines)), [], ("Worker", "Why"), lines)


DUTIES = ("Worker", "Red flag", "Open since", "Planned", "Due by")


def _duties(facts: TeamFacts, *, planned: bool) -> Measured:
    chosen = [duty for duty in facts.recorded.load_duties if duty.planned == planned]
    late = sum(duty.due_on < facts.as_of for duty in chosen)
    note = f"Past their day: {late}." if late else ""
    return told(Decimal(len(chosen)), [note], DUTIES, _duty_lines(chosen, facts.recorded))


def _duty_lines(duties: Iterable[LoadDuty], record: Recorded) -> list[Line]:
    ordered = sorted(duties, key=lambda duty: (duty.opened_on, record.name(duty.worker), duty.flag, repr(duty)))
    return [
        (
            record.name(duty.worker),
            FLAG_NAMES[duty.flag],
            figures.day(duty.opened_on),
            yes_or_no(duty.planned),
            figures.day(duty.due_on),
        )
        for duty in ordered
    ]


def _plans(facts: TeamFacts) -> Measured:
    return _duties(facts, planned=True)


def _without_plan(facts: TeamFacts) -> Measured:
    return _duties(facts, planned=False)


SCORINGS = "Stored scorings of the team's workers of the last 12 months."
KEEP_SCORING = "Keep the record up to date: the team is scored every night, and what it finds is stored."
MEASURES = (
    Measure(
        name="workers_excessive",
        title="Workers well over for four weeks",
        unit=MeasureUnit.WORKERS,
        direction=Direction.AT_MOST,
        formula="workers well over today and on every scoring of 28 days in a row; up to 3 days without are bridged",
        source=f"{OWN}, section 5",
        needs="Stored scorings of at least 28 days.",
        record=KEEP_SCORING,
        take=_excessive_now,
        about_workers=True,
    ),
    Measure(
        name="times_over_12_months",
        title="Times that workers were over in 12 months",
        unit=MeasureUnit.TIMES,
        direction=Direction.AT_MOST,
        formula="runs of days on which every scoring found one worker over, well over, or with load and no capacity; "
        "up to 3 days without a scoring are bridged; runs are cut at the start of the 12 months",
        source=f"{OWN}, section 5",
        needs=SCORINGS,
        record=KEEP_SCORING,
        take=_over,
        about_workers=True,
    ),
    Measure(
        name="times_well_over_12_months",
        title="Times that workers were well over in 12 months",
        unit=MeasureUnit.TIMES,
        direction=Direction.AT_MOST,
        formula="runs of days, as for the times over, on which every scoring found one worker well over, or with load "
        "and no capacity",
        source=f"{OWN}, section 5",
        needs=SCORINGS,
        record=KEEP_SCORING,
        take=_well_over,
        about_workers=True,
    ),
    Measure(
        name="times_excessive_12_months",
        title="Times that workers were well over for four weeks in 12 months",
        unit=MeasureUnit.TIMES,
        direction=Direction.AT_MOST,
        formula="times well over that lasted 28 days or longer within the 12 months",
        source=f"{OWN}, section 5",
        needs=SCORINGS,
        record=KEEP_SCORING,
        take=_excessive_times,
        about_workers=True,
    ),
    Measure(
        name="overload_plans_open",
        title="Open plans for overload",
        unit=MeasureUnit.PLANS,
        direction=Direction.AT_MOST,
        formula="open duties about somebody's load that are answered with a plan",
        source="Our own measure, after docs/duties.md",
        needs="Duties of the red flags about load, and their answers.",
        record="Answer the duties that red flags open.",
        take=_plans,
        about_workers=True,
    ),
    Measure(
        name="overloads_without_plan",
        title="Overloads without a plan",
        unit=MeasureUnit.TIMES,
        direction=Direction.AT_MOST,
        formula="open duties about somebody's load that wait for a plan",
        source="Our own measure, after docs/duties.md",
        needs="Duties of the red flags about load, and their answers.",
        record="Answer the duties that red flags open.",
        take=_without_plan,
        about_workers=True,
    ),
)
