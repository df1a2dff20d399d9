"""Load, demand and the extremes behind them. Pure. Source: docs/scoring.md, sections 3 to 6."""

from collections.abc import Sequence
from decimal import Decimal

from caseloads.workload import NEWLY_QUALIFIED, STATE_NAMES, State, half_up
from checks.facts import Row, TeamFacts
from checks.measures.measure import (
    ALL,
    OWN,
    Line,
    Measure,
    Measured,
    MeasureUnit,
    amount,
    by,
    pct,
    share,
    tenths,
    told,
)
from standards.definition import Direction

NOBODY_KNOWN = "No worker's load and capacity are known."
REASONS = {
    State.NOT_APPLICABLE: "Nobody in the team has capacity.",
    State.NO_CAPACITY: "There is work to do, and nobody in the team has capacity.",
    State.NOT_KNOWN: NOBODY_KNOWN,
}
HEADINGS = ("Worker", "Load", "Capacity", "Load %", "Band")


def _lines(workers: Sequence[Row]) -> list[Line]:
    """Each worker's figures, without capacity first, then the heaviest load %, and those not known last."""
    rank = {State.NO_CAPACITY: 0, State.SCORED: 1, State.NOT_APPLICABLE: 2, State.NOT_KNOWN: 3}
    heavy = sorted(workers, key=lambda row: (rank[row["state"]], -(row["load_pct"] or 0), *by(row, "name", "worker")))
    return [
        (row["name"], amount(row["load"]), amount(row["capacity"]), pct(row["load_pct"]), _band(row)) for row in heavy
    ]


def _band(row: Row) -> str:
    return STATE_NAMES.get(State(row["state"])) or str(row["band_name"])


def _all_but(facts: TeamFacts) -> str:
    """Say for how many workers a figure does not speak."""
    missing = len(facts.workers) - len(facts.known)
    return f"Not known: {missing} of {len(facts.workers)} workers." if missing else ""


def _team_pct(facts: TeamFacts, name: str, state: str) -> Measured:
    """Return a team percentage, or the reason why there is none."""
    value = facts.team[name]
    note = REASONS[State(facts.team[state])] if value is None else _all_but(facts)
    return told(None if value is None else tenths(value), [note], HEADINGS, _lines(facts.workers))


def _team_load(facts: TeamFacts) -> Measured:
    return _team_pct(facts, "load_pct", "state")


def _demand(facts: TeamFacts) -> Measured:
    found = _team_pct(facts, "demand_pct", "demand_state")
    missing = facts.team["unallocated_not_known"]
    said = f"Left out: the weight of unallocated cases, {missing}, is not known." if missing else ""
    return Measured(found.value, " ".join(filter(None, [found.note, said])), found.rows)


def _number(facts: TeamFacts, mark: str) -> Measured:
    """Count the workers who are marked in a column; their rows alone are behind the figure."""
    if not facts.known:
        return told(None, [NOBODY_KNOWN], HEADINGS, _lines(facts.workers))
    marked = [row for row in facts.known if row[mark]]
    return told(Decimal(len(marked)), [_all_but(facts)], HEADINGS, _lines(marked))


def _over(facts: TeamFacts) -> Measured:
    return _number(facts, "over")


def _well_over(facts: TeamFacts) -> Measured:
    return _number(facts, "well_over")


def _over_share(facts: TeamFacts) -> Measured:
    found = _over(facts)
    value = None if found.value is None else share(int(found.value), len(facts.known))
    return Measured(value, found.note, found.rows)


def _of_capacity(facts: TeamFacts, name: str) -> Measured:
    """Return one of the figures over the workers who have capacity."""
    with_capacity = [row for row in facts.known if row["load_pct"] is not None]
    if not with_capacity:
        reason = "Nobody who is known has capacity." if facts.known else NOBODY_KNOWN
        return told(None, [reason], HEADINGS, _lines(facts.workers))
    return told(tenths(facts.team[name]), [_all_but(facts)], HEADINGS, _lines(with_capacity))


def _lowest(facts: TeamFacts) -> Measured:
    return _of_capacity(facts, "lowest_pct")


def _median(facts: TeamFacts) -> Measured:
    return _of_capacity(facts, "median_pct")


def _highest(facts: TeamFacts) -> Measured:
    return _of_capacity(facts, "highest_pct")


def _newly_qualified(facts: TeamFacts) -> Measured:
    beginners = [row for row in facts.workers if row["stage"] == NEWLY_QUALIFIED]
    known = [row for row in facts.known if row["stage"] == NEWLY_QUALIFIED]
    missing = len(beginners) - len(known) + sum(row["stage"] == "" for row in facts.workers)
    note = f"Not known: newly qualified workers, {missing}." if missing else ""
    if not known:
        none = ALL if not missing else None
        return told(none, [note or "The team has no newly qualified worker."], HEADINGS, _lines(beginners))
    within = sum(row["load"] <= row["capacity"] for row in known)
    return told(share(within, len(known)), [note], HEADINGS, _lines(beginners))


HOLDING = ("Worker", "Cases", "Families", "Contracted hours")


def _holders(workers: Sequence[Row]) -> list[Line]:
    heavy = sorted(workers, key=lambda row: (-row["cases"], *by(row, "name", "worker")))
    return [(row["name"], str(row["cases"]), str(row["families"]), amount(row["hours"])) for row in heavy]


def _fte(facts: TeamFacts) -> Measured:
    if facts.full_time_hours is None:
        return told(None, [NO_FULL_TIME], HOLDING, _holders(facts.workers))
    if facts.workers and all(row["hours"] is None for row in facts.workers):
        return told(None, ["Nobody's contracted hours are known."], HOLDING, _holders(facts.workers))
    missing = sum(row["hours"] is None for row in facts.workers)
    note = f"Left out: workers whose hours are not known, {missing}." if missing else ""
    return told(Decimal(facts.team["fte"]).scaleb(-2), [note], HOLDING, _holders(facts.workers))


def _cases(facts: TeamFacts) -> Measured:
    return told(Decimal(facts.team["cases"]), [], HOLDING, _holders(facts.workers))


def _families(facts: TeamFacts) -> Measured:
    return told(Decimal(facts.team["families"]), [], HOLDING, _holders(facts.workers))


NO_FULL_TIME = "The area has no scheme that says how many hours are full time."


def _caseload(facts: TeamFacts) -> Measured:
    holding = [row for row in facts.workers if row["cases"]]
    hours = [row["hours"] for row in holding]
    lines, known = _holders(holding), [hour for hour in hours if hour is not None]
    if facts.full_time_hours is None:
        return told(None, [NO_FULL_TIME], HOLDING, lines)
    if len(known) < len(hours):
        return told(None, ["The hours of somebody who holds cases are not known."], HOLDING, lines)
    if not sum(known):
        return told(None, ["Nobody with contracted hours holds a case."], HOLDING, lines)
    value = half_up(10 * facts.team["cases"] * facts.full_time_hours, sum(known))
    return told(tenths(value), [], HOLDING, lines)


LOADS = "Contracted hours, career stages, capacity reductions, cases with ratings and allocations; a published scheme."
RECORD = "Record contracted hours and career stages, and publish a weighting scheme for the service area."
RECORD_ALL = "Record contracted hours and career stages of every worker who holds cases."
MEASURES = (
    Measure(
        name="team_load_pct",
        title="Team load",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × loads of the workers ÷ capacities of the workers, never a mean of percentages",
        source=f"{OWN}, section 6",
        needs=LOADS,
        record=RECORD,
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
        record=RECORD,
        take=_demand,
    ),
    Measure(
        name="workers_over_pct",
        title="Workers over their limit, in per cent",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × workers in the bands over and well over, or with load and no capacity ÷ workers who are known",
        source=f"{OWN}, sections 5 and 6",
        needs=LOADS,
        record=RECORD_ALL,
        take=_over_share,
        about_workers=True,
    ),
    Measure(
        name="workers_over",
        title="Workers over their limit",
        unit=MeasureUnit.WORKERS,
        direction=Direction.AT_MOST,
        formula="workers in the bands over and well over, or with load and no capacity",
        source=f"{OWN}, sections 5 and 6",
        needs=LOADS,
        record=RECORD_ALL,
        take=_over,
        about_workers=True,
    ),
    Measure(
        name="workers_well_over",
        title="Workers well over their limit",
        unit=MeasureUnit.WORKERS,
        direction=Direction.AT_MOST,
        formula="workers in the band well over, or with load and no capacity",
        source=f"{OWN}, sections 5 and 6",
        needs=LOADS,
        record=RECORD_ALL,
        take=_well_over,
        about_workers=True,
    ),
    Measure(
        name="lowest_load_pct",
        title="Lowest load of a worker",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="the lowest load % of the workers who have capacity",
        source=f"{OWN}, section 6",
        needs=LOADS,
        record=RECORD_ALL,
        take=_lowest,
        about_workers=True,
        of_few=True,
    ),
    Measure(
        name="median_load_pct",
        title="Median load of the workers",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="the middle load % of the workers who have capacity, of an even number the mean of the middle two",
        source=f"{OWN}, section 6",
        needs=LOADS,
        record=RECORD_ALL,
        take=_median,
        about_workers=True,
    ),
    Measure(
        name="highest_load_pct",
        title="Highest load of a worker",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="the highest load % of the workers who have capacity",
        source=f"{OWN}, section 6",
        needs=LOADS,
        record=RECORD_ALL,
        take=_highest,
        about_workers=True,
        of_few=True,
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
        about_workers=True,
        of_few=True,
    ),
    Measure(
        name="fte",
        title="Case-holding staff",
        unit=MeasureUnit.FTE,
        direction=Direction.AT_LEAST,
        formula="contracted hours of the workers who may hold cases ÷ full-time hours",
        source=f"{OWN}, sections 4 and 6",
        needs="Contracted hours; the area's full-time hours.",
        record="Record the contracted hours of every worker who holds cases.",
        take=_fte,
    ),
    Measure(
        name="cases_held",
        title="Cases held",
        unit=MeasureUnit.CASES,
        direction=Direction.AT_MOST,
        formula="open cases that a case-holding member of the team holds, each once",
        source=f"{OWN}, section 6",
        needs="Open cases and their allocations.",
        record="Record every open case of the team, and who holds it.",
        take=_cases,
    ),
    Measure(
        name="families_held",
        title="Families held",
        unit=MeasureUnit.FAMILIES,
        direction=Direction.AT_MOST,
        formula="distinct family references of the cases held; a case without one is a family of its own",
        source=f"{OWN}, section 6",
        needs="Open cases with their family references, and their allocations.",
        record="Record the family reference of each case, and who holds it.",
        take=_families,
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
)
