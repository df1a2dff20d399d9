"""How cases are rated, reserved, handed over and kept with one worker, and what comes and goes. Pure."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from caseloads.workload import Flag
from checks.facts import CaseDay, TeamFacts
from checks.measures.measure import ALL, OWN, Line, Measure, Measured, MeasureUnit, share, told, yes_or_no
from design import figures
from standards.definition import Direction

NO_CASE = "The team has no open case."


def _reserved(facts: TeamFacts) -> Measured:
    if facts.full_time_hours is None:
        return Measured(None, "The area has no scheme that says which categories are reserved.")
    registered = {row["worker"]: row["registered"] for row in facts.workers}
    names = {row["worker"]: row["name"] for row in facts.workers}
    held = [row for row in facts.lines if row["reserved"]]
    found = [registered[row["worker"]] for row in held]
    lines = [(r["reference"], r["category_name"], names[r["worker"]], yes_or_no(registered[r["worker"]])) for r in held]
    return _told_reserved(found, sorted(lines, key=lambda line: (line[3] != "no", line)))


def _told_reserved(found: list[bool | None], lines: list[Line]) -> Measured:
    headings, missing = ("Case", "Category", "Worker", "Registered"), found.count(None)
    note = f"Not known whether the worker is registered: reserved cases, {missing}." if missing else ""
    if len(found) == missing:
        none = None if missing else ALL
        return told(none, [note or "The team holds no case of a reserved category."], headings, lines)
    return told(share(sum(map(bool, found)), len(found) - missing), [note], headings, lines)


def _ratings(facts: TeamFacts) -> Measured:
    cases = facts.cases
    if not cases:
        return Measured(ALL, NO_CASE)
    old = {row["case"]: row["detail"] for row in facts.flagged(Flag.RATING_OLD)}
    behind = [
        (row["reference"], "Not rated." if row["unrated"] else old[row["case"]])
        for row in cases
        if row["unrated"] or row["case"] in old
    ]
    return told(share(len(cases) - len(behind), len(cases)), [], ("Case", "Why"), behind)


def _handovers(facts: TeamFacts) -> Measured:
    handed = facts.recorded.handed
    if not handed:
        return Measured(None, "No transfer to the team is recorded in the last 12 months.")
    newest = sorted(
        handed, key=lambda one: (-one.moved_on.toordinal(), one.reference, one.giver, one.taker, str(one.meeting_on))
    )
    lines = [
        (
            one.reference,
            figures.day(one.moved_on),
            one.giver,
            one.taker,
            figures.day(one.meeting_on) if one.meeting_on else "none",
        )
        for one in newest
    ]
    met = sum(one.meeting_on is not None for one in handed)
    return told(share(met, len(handed)), [], ("Case", "Moved", "From", "To", "Handover meeting"), lines)


def _changes(facts: TeamFacts) -> Measured:
    cases = {row["case"]: row["reference"] for row in facts.cases}
    if not cases:
        return Measured(Decimal("0.00"), NO_CASE)
    own = [change for change in facts.recorded.changes if change.case in cases]
    often = Counter(change.case for change in own)
    ordered = sorted(own, key=lambda one: (-often[one.case], cases[one.case], one.on, one.giver, one.taker))
    lines = [(cases[one.case], figures.day(one.on), one.giver, one.taker) for one in ordered]
    value = (Decimal(len(own)) / len(cases)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    note = f"{len(own)} in {len(cases)} open case{'' if len(cases) == 1 else 's'}."
    return told(value, [note], ("Case", "On", "From", "To"), lines)


def _days(cases: Iterable[CaseDay], heading: str) -> Measured:
    newest = sorted(cases, key=lambda one: (-one.on.toordinal(), one.reference))
    lines = [(one.reference, figures.day(one.on)) for one in newest]
    return told(Decimal(len(lines)), [], ("Case", heading), lines)


def _opened(facts: TeamFacts) -> Measured:
    return _days(facts.recorded.opened, "Opened")


def _closed(facts: TeamFacts) -> Measured:
    return _days(facts.recorded.closed, "Closed")


MEASURES = (
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
        about_workers=True,
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
        name="handovers_with_meeting_pct",
        title="Transfers with a handover meeting",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × transfers to the team in 12 months with a handover meeting ÷ all transfers to it",
        source=f"{OWN}, section 5",
        needs="Transfers with the days of their handover meetings.",
        record="Move cases between workers and teams by a transfer, and record the day of its handover meeting.",
        take=_handovers,
    ),
    Measure(
        name="worker_changes_per_case",
        title="Changes of worker in 12 months",
        unit=MeasureUnit.CHANGES,
        direction=Direction.AT_MOST,
        formula="times in 12 months that an open case of the team passed from one leading worker to another ÷ open "
        "cases of the team; its first worker is no change",
        source="Our own measure",
        needs="Allocations with their first days, those that have ended included.",
        record="Record who led each case, and from when to when.",
        take=_changes,
    ),
    Measure(
        name="new_cases_12_months",
        title="New cases in 12 months",
        unit=MeasureUnit.CASES,
        direction=Direction.AT_MOST,
        formula="cases of the team that opened in the last 12 months; one opened again is not new",
        source="Our own measure",
        needs="Cases with opening days.",
        record="Record the day on which each case opened.",
        take=_opened,
    ),
    Measure(
        name="closed_cases_12_months",
        title="Cases closed in 12 months",
        unit=MeasureUnit.CASES,
        direction=Direction.AT_LEAST,
        formula="cases of the team that closed in the last 12 months and are still closed",
        source="Our own measure",
        needs="Cases with closing days.",
        record="Record the day on which each case closed.",
        take=_closed,
    ),
)
