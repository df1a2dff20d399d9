"""Counting what was read, and checking that no row is lost or counted twice."""

from collections.abc import Sequence

from caseloads.intake.people import person_key, place_key
from caseloads.intake.records import NO_TEAM, CaseRecord, Counts


def tally(cases: Sequence[CaseRecord], *, rows: int, merged: int, closed: int, quarantined: int) -> Counts:
    """Count the open cases, their workers and their named teams. Raises MiscountedError unless the rows add up."""
    held = [holding for case in cases for holding in case.holdings or ()]
    places = {case.team for case in cases} | {holding.team for holding in held}
    counts = Counts(
        rows=rows,
        cases=len(cases),
        merged=merged,
        closed=closed,
        quarantined=quarantined,
        unallocated=sum(1 for case in cases if not case.holdings),
        workers=len({person_key(name) for name in {holding.worker for holding in held}}),
        teams=len({place_key(name) for name in places if name != NO_TEAM}),
    )
    counts.check()
    return counts
