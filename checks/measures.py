"""The measures that indicators may name, each a documented function of one team's scored workload. Pure.

Percentages have one place, rounded half up from the figures that people see. Source: docs/scoring.md, sections 5 to 7.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from caseloads.workload import State, half_up, percentage
from checks.facts import TeamFacts
from standards.definition import Direction

ALL = Decimal("100.0")


class MeasureUnit(StrEnum):
    """What a measure's value counts."""

    PERCENT = "PERCENT"
    WORKERS = "WORKERS"
    CASES = "CASES"
    DAYS = "DAYS"


WORDS = {
    MeasureUnit.PERCENT: ("%", "%"),
    MeasureUnit.WORKERS: ("worker", "workers"),
    MeasureUnit.CASES: ("case", "cases"),
    MeasureUnit.DAYS: ("day", "days"),
}


@dataclass(frozen=True)
class Measured:
    """A measure's value for one team; None where it is not known, and the note then says why."""

    value: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Measure:
    """A measure: what it is, how it is worked out, what it rests on, and what to record where it is not known."""

    name: str
    title: str
    unit: MeasureUnit
    direction: Direction
    formula: str
    source: str
    needs: str
    record: str
    take: Callable[[TeamFacts], Measured]

    def shown(self, value: Decimal) -> str:
        """Return a value with its unit, as people read it: "86.8 %", "1 worker", "12 days"."""
        one, many = WORDS[self.unit]
        return f"{value} {one if value == 1 else many}"


def take(name: str, facts: TeamFacts) -> Measured:
    """Take one measure. Raises KeyError for a name that is not in `MEASURES`."""
    return MEASURES[name].take(facts)


def _tenths(value: int) -> Decimal:
    return Decimal(value).scaleb(-1)


def _all_but(facts: TeamFacts) -> str:
    """Say for how many workers a figure does not speak."""
    return f"Not known: {facts.not_known} of {facts.known + facts.not_known} workers." if facts.not_known else ""


def _share(value: int | None, state: str, facts: TeamFacts) -> Measured:
    """Return a team percentage, or the reason why there is none."""
    reasons = {
        State.NOT_APPLICABLE: "Nobody in the team has capacity.",
        State.NO_CAPACITY: "There is work to do, and nobody in the team has capacity.",
        State.NOT_KNOWN: "No worker's load and capacity are known.",
    }
    if value is None:
        return Measured(None, reasons[State(state)])
    return Measured(_tenths(value), _all_but(facts))


def _team_load(facts: TeamFacts) -> Measured:
    return _share(facts.load_pct, facts.state, facts)


def _demand(facts: TeamFacts) -> Measured:
    return _share(facts.demand_pct, facts.demand_state, facts)


def _over(facts: TeamFacts) -> Measured:
    if not facts.known:
        return Measured(None, "No worker's load and capacity are known.")
    return Measured(_tenths(percentage(facts.over, facts.known)), _all_but(facts))


def _well_over(facts: TeamFacts) -> Measured:
    if not facts.known:
        return Measured(None, "No worker's load and capacity are known.")
    return Measured(Decimal(facts.well_over), _all_but(facts))


def _unallocated(facts: TeamFacts) -> Measured:
    return Measured(Decimal(facts.unallocated))


def _longest_wait(facts: TeamFacts) -> Measured:
    if not facts.unallocated:
        return Measured(Decimal(0), "No case is unallocated.")
    if facts.longest_wait is None:
        return Measured(None, "No opening day of the unallocated cases is known.")
    return Measured(Decimal(facts.longest_wait))


def _newly_qualified(facts: TeamFacts) -> Measured:
    missing = facts.newly_qualified_not_known
    note = f"Not known: newly qualified workers, {missing}." if missing else ""
    if not facts.newly_qualified:
        return Measured(None, note) if missing else Measured(ALL, "The team has no newly qualified worker.")
    return Measured(_tenths(percentage(facts.newly_qualified_within, facts.newly_qualified)), note)


def _reserved(facts: TeamFacts) -> Measured:
    if facts.full_time_hours is None:
        return Measured(None, "The area has no scheme that says which categories are reserved.")
    missing = facts.reserved_not_known
    note = f"Not known whether the worker is registered: reserved cases, {missing}." if missing else ""
    if not facts.reserved:
        return Measured(None, note) if missing else Measured(ALL, "The team holds no case of a reserved category.")
    return Measured(_tenths(percentage(facts.reserved_registered, facts.reserved)), note)


def _ratings(facts: TeamFacts) -> Measured:
    if not facts.open_cases:
        return Measured(ALL, "The team has no open case.")
    return Measured(_tenths(percentage(facts.ratings_up_to_date, facts.open_cases)))


def _caseload(facts: TeamFacts) -> Measured:
    if facts.full_time_hours is None:
        return Measured(None, "The area has no scheme that says how many hours are full time.")
    if facts.holder_hours is None:
        return Measured(None, "The hours of somebody who holds cases are not known.")
    if not facts.holder_hours:
        return Measured(None, "Nobody with contracted hours holds a case.")
    return Measured(_tenths(half_up(10 * facts.held_cases * facts.full_time_hours, facts.holder_hours)))


def _supervision(facts: TeamFacts) -> Measured:
    if not facts.supervised:
        return Measured(None, "No supervision is recorded of which it can be told whether it is in time.")
    missing = facts.supervised_not_known
    note = f"Away, held as agreed or not known: {missing} of {facts.supervised + missing} workers." if missing else ""
    return Measured(_tenths(percentage(facts.supervised_in_time, facts.supervised)), note)


def _supervision_in_full(facts: TeamFacts) -> Measured:
    if not facts.sessions:
        return Measured(None, "No supervision of the last 91 days is recorded.")
    return Measured(_tenths(percentage(facts.sessions_in_full, facts.sessions)))


OWN = "Our own measure, after docs/scoring.md"
LOADS = "Contracted hours, career stages, capacity reductions, cases with ratings and allocations; a published scheme."
_ALL = (
    Measure(
        name="team_load_pct",
        title="Team load",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × loads of the workers ÷ capacities of the workers, never a mean of percentages",
        source=f"{OWN}, section 6",
        needs=LOADS,
        record="Record contracted hours and career stages, and publish a weighting scheme for the service area.",
        take=_team_load,
    ),
    Measure(
        name="demand_pct",
        title="Demand",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × (loads of the workers + weights of unallocated cases) ÷ capacities of the workers",
        source=f"{OWN}, section 6",
        needs=LOADS,
        record="Record contracted hours and career stages, and publish a weighting scheme for the service area.",
        take=_demand,
    ),
    Measure(
        name="workers_over_pct",
        title="Workers over their limit",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × workers in the bands over and well over, or with load and no capacity ÷ workers who are known",
        source=f"{OWN}, sections 5 and 6",
        needs=LOADS,
        record="Record contracted hours and career stages of every worker who holds cases.",
        take=_over,
    ),
    Measure(
        name="workers_well_over",
        title="Workers well over their limit",
        unit=MeasureUnit.WORKERS,
        direction=Direction.AT_MOST,
        formula="workers in the band well over, or with load and no capacity",
        source=f"{OWN}, sections 5 and 6",
        needs=LOADS,
        record="Record contracted hours and career stages of every worker who holds cases.",
        take=_well_over,
    ),
    Measure(
        name="unallocated_cases",
        title="Unallocated cases",
        unit=MeasureUnit.CASES,
        direction=Direction.AT_MOST,
        formula="open cases of the team that no case-holding member of a team holds",
        source=f"{OWN}, section 6",
        needs="Open cases and their allocations.",
        record="Record every open case of the team, and who holds it.",
        take=_unallocated,
    ),
    Measure(
        name="longest_wait_days",
        title="Longest wait for a worker",
        unit=MeasureUnit.DAYS,
        direction=Direction.AT_MOST,
        formula="days since the longest-waiting unallocated case opened, or was last held",
        source=f"{OWN}, section 6",
        needs="Open cases with opening days, and their allocations.",
        record="Record the day on which each case opened.",
        take=_longest_wait,
    ),
    Measure(
        name="newly_qualified_within_pct",
        title="Newly qualified workers within their own maximum",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × newly qualified workers whose load is not above their capacity ÷ those who are known",
        source=f"{OWN}, sections 4 and 5",
        needs=LOADS,
        record="Record the career stage and the contracted hours of newly qualified workers.",
        take=_newly_qualified,
    ),
    Measure(
        name="reserved_registered_pct",
        title="Reserved cases held by registered workers",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × holdings of reserved categories by registered workers ÷ those by workers of whom it is known",
        source=f"{OWN}, section 5",
        needs="The scheme's reserved categories; whether each worker is registered; allocations.",
        record="Record of every worker whether they are registered as a social worker.",
        take=_reserved,
    ),
    Measure(
        name="ratings_up_to_date_pct",
        title="Ratings up to date",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × open cases that are rated, within the scheme's review interval if it has one ÷ open cases",
        source=f"{OWN}, section 5",
        needs="Ratings with their days; the scheme's review interval.",
        record="Rate every open case, and review the ratings when they are due.",
        take=_ratings,
    ),
    Measure(
        name="caseload_per_fte",
        title="Average caseload",
        unit=MeasureUnit.CASES,
        direction=Direction.AT_MOST,
        formula="cases held ÷ FTE of the workers who hold at least one; each child is a case",
        source="Department for Education, children's social work workforce: how the average caseload is worked out",
        needs="Contracted hours of everybody who holds cases; the area's full-time hours; allocations.",
        record="Record the contracted hours of everybody who holds a case.",
        take=_caseload,
    ),
    Measure(
        name="supervision_on_time_pct",
        title="Supervision in time",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × case-holding workers whose next supervision is not overdue ÷ those for whom a day is due",
        source="Employer standards for England 2020, standard 5; our own measure, after docs/supervision.md",
        needs="A supervision log; contracts with first days, career stages and absences of the workers.",
        record="Record the day of every supervision session, and the career stage of every worker.",
        take=_supervision,
    ),
    Measure(
        name="supervision_in_full_pct",
        title="Supervision long enough and not interrupted",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × sessions of 91 days that were not interrupted and no shorter than the rule says ÷ all of them",
        source="Employer standards for England 2020, standard 5; our own measure, after docs/supervision.md",
        needs="A supervision log with minutes and interruptions; career stages.",
        record="Record of every supervision session how long it lasted and whether it was interrupted.",
        take=_supervision_in_full,
    ),
)

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}
