"""Work that nobody who counts holds. Pure. Source: docs/scoring.md, section 6."""

from decimal import Decimal

from checks.facts import TeamFacts
from checks.measures.measure import OWN, Line, Measure, Measured, MeasureUnit, amount, by, told
from design import figures
from standards.definition import Direction

HEADINGS = ("Case", "Category", "Weight", "Waiting", "Limit")


def _lines(facts: TeamFacts) -> list[Line]:
    """Each unallocated case, the longest wait first, those whose wait is not known last."""
    rows = sorted(facts.unallocated, key=lambda row: by(row, "reference", "case"))
    rows.sort(key=lambda row: -1 if row["waiting_days"] is None else row["waiting_days"], reverse=True)
    return [
        (
            row["reference"],
            row["category_name"] or "not known",
            amount(row["weight"]),
            figures.days(row["waiting_days"]),
            "none" if row["limit"] is None else figures.days(row["limit"]),
        )
        for row in rows
    ]


def _number(facts: TeamFacts) -> Measured:
    return told(Decimal(len(facts.unallocated)), [], HEADINGS, _lines(facts))


def _weight(facts: TeamFacts) -> Measured:
    missing, number = facts.team["unallocated_not_known"], len(facts.unallocated)
    if missing and missing == number:
        return told(None, ["The weight of no unallocated case is known."], HEADINGS, _lines(facts))
    note = f"Left out: cases whose weight is not known, {missing}." if missing else ""
    return told(Decimal(facts.team["unallocated_weight"]).scaleb(-2), [note], HEADINGS, _lines(facts))


def _wait(facts: TeamFacts, name: str) -> Measured:
    if not facts.unallocated:
        return Measured(Decimal(0), "No case is unallocated.")
    if facts.team[name] is None:
        return told(None, ["No opening day of the unallocated cases is known."], HEADINGS, _lines(facts))
    missing = sum(row["waiting_days"] is None for row in facts.unallocated)
    note = f"Left out: cases whose opening day is not known, {missing}." if missing else ""
    return told(Decimal(facts.team[name]), [note], HEADINGS, _lines(facts))


def _longest(facts: TeamFacts) -> Measured:
    return _wait(facts, "longest_wait")


def _median(facts: TeamFacts) -> Measured:
    return _wait(facts, "median_wait")


def _too_long(facts: TeamFacts) -> Measured:
    if facts.full_time_hours is None:
        return told(None, ["The area has no scheme that says how long a case may wait."], HEADINGS, _lines(facts))
    late = [row for row in facts.unallocated if row["over_limit"]]
    free = sum(row["limit"] is None for row in facts.unallocated)
    note = f"Cases of categories without a limit: {free}." if free else ""
    return told(Decimal(len(late)), [note], HEADINGS, _lines(facts))


_RECORD = "Record the day on which each case opened."
MEASURES = (
    Measure(
        name="unallocated_cases",
        title="Unallocated cases",
        unit=MeasureUnit.CASES,
        direction=Direction.AT_MOST,
        formula="open cases of the team that no case-holding member of a team holds",
        source=f"{OWN}, section 6",
        needs="Open cases and their allocations.",
        record="Record every open case of the team, and who holds it.",
        take=_number,
    ),
    Measure(
        name="unallocated_weight",
        title="Weight of unallocated cases",
        unit=MeasureUnit.WEIGHT,
        direction=Direction.AT_MOST,
        formula="weights of the unallocated cases, added up, in the unit of the scheme",
        source=f"{OWN}, sections 2 and 6",
        needs="Open cases with ratings, and their allocations; a published scheme.",
        record="Publish a weighting scheme for the service area, and record the category of each case.",
        take=_weight,
    ),
    Measure(
        name="longest_wait_days",
        title="Longest wait for a worker",
        unit=MeasureUnit.DAYS,
        direction=Direction.AT_MOST,
        formula="days since the longest-waiting unallocated case opened, or was last held",
        source=f"{OWN}, section 6",
        needs="Open cases with opening days, and their allocations.",
        record=_RECORD,
        take=_longest,
    ),
    Measure(
        name="median_wait_days",
        title="Median wait for a worker",
        unit=MeasureUnit.DAYS,
        direction=Direction.AT_MOST,
        formula="the middle of the unallocated cases' waits, of an even number the mean of the middle two, half up",
        source=f"{OWN}, section 6",
        needs="Open cases with opening days, and their allocations.",
        record=_RECORD,
        take=_median,
    ),
    Measure(
        name="waiting_too_long",
        title="Cases that wait longer than their category's limit",
        unit=MeasureUnit.CASES,
        direction=Direction.AT_MOST,
        formula="unallocated cases that have waited more days than the scheme's limit for their category",
        source=f"{OWN}, section 5",
        needs="Open cases with opening days and categories; a published scheme with limits.",
        record="Publish a weighting scheme that says how long a case of each category may wait.",
        take=_too_long,
    ),
)
