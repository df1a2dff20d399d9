"""A team measured against the standards in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from caseloads.queries.workloads import TeamWorkload
from checks.facts import TeamFacts, team_facts
from checks.findings import Finding, finding_of_indicator, finding_of_standard
from checks.measures import MEASURES, Measure, take
from standards.definition import Indicator, Standard, StandardSet
from standards.queries import newest_sets


@dataclass(frozen=True)
class IndicatorFinding:
    """An indicator, what was measured for it, and the finding."""

    indicator: Indicator
    measure: Measure
    value: Decimal | None
    note: str
    finding: Finding


@dataclass(frozen=True)
class StandardFinding:
    """A standard of a set with the findings of its indicators, and the one that follows for the whole."""

    standard_set: StandardSet
    standard: Standard
    indicators: Sequence[IndicatorFinding]
    finding: Finding


def team_findings(workload: TeamWorkload) -> list[StandardFinding]:
    """Measure a team's workload against every standard of the newest sets."""
    return findings_of([workload], newest_sets())[workload.team.pk]


def findings_of(workloads: Sequence[TeamWorkload], sets: Sequence[StandardSet]) -> dict[int, list[StandardFinding]]:
    """Measure the workloads of some teams of one employer against some sets, as of the workloads' day: team key → findings.

    A fixed number of statements, whatever the number of teams.
    """
    return {workload.team.pk: _team(workload, sets) for workload in workloads}


def _team(workload: TeamWorkload, sets: Sequence[StandardSet]) -> list[StandardFinding]:
    facts = team_facts(workload.workload, workload.team.pk)
    return [_standard(standards, standard, facts) for standards in sets for standard in standards.standards]


def _standard(standards: StandardSet, standard: Standard, facts: TeamFacts) -> StandardFinding:
    found = [_indicator(indicator, facts) for indicator in standard.indicators]
    return StandardFinding(
        standard_set=standards,
        standard=standard,
        indicators=found,
        finding=finding_of_standard((one.finding, one.indicator.essential) for one in found),
    )


def _indicator(indicator: Indicator, facts: TeamFacts) -> IndicatorFinding:
    measured = take(indicator.measure, facts)
    return IndicatorFinding(
        indicator=indicator,
        measure=MEASURES[indicator.measure],
        value=measured.value,
        note=measured.note,
        finding=finding_of_indicator(measured.value, indicator.thresholds),
    )
