"""The measures that indicators may name, each a documented function of one team's facts. Pure.

Percentages have one place, rounded half up from the figures that people see. What is not known is None, never zero, and
its note says why. A share of nothing is 100 % where what is counted is on record in full (no newly qualified worker,
no open case), and not known where it is events that somebody must record (no session, no transfer). docs/measures.md is
the reference.
"""

from collections.abc import Mapping

from checks.facts import TeamFacts
from checks.measures import casework, load, overload, supervising, waiting, workforce
from checks.measures.measure import MOST_ROWS, WORDS, Measure, Measured, MeasureUnit, Rows

__all__ = ["GROUPS", "MEASURES", "MOST_ROWS", "WORDS", "Measure", "MeasureUnit", "Measured", "Rows", "take"]

GROUPS: Mapping[str, tuple[Measure, ...]] = {
    "Load and caseload": load.MEASURES,
    "Overload over time": overload.MEASURES,
    "Unallocated work": waiting.MEASURES,
    "Casework": casework.MEASURES,
    "Supervision": supervising.MEASURES,
    "Workforce and concerns": workforce.MEASURES,
}
"""Every measure, under the headings of docs/measures.md."""

MEASURES: Mapping[str, Measure] = {measure.name: measure for group in GROUPS.values() for measure in group}


def take(name: str, facts: TeamFacts) -> Measured:
    """Take one measure. Raises KeyError for a name that is not in `MEASURES`."""
    return MEASURES[name].take(facts)
