"""A team measured against the standards in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from caseloads.queries.workloads import TeamWorkload
from checks.facts import TeamFacts, team_facts
from checks.findings import Finding, finding_of_indicator, finding_of_standard
from checks.measures import MEASURES, Measure, take
from standards.definition import Indicator, Kind, Standard, StandardSet
from standards.queries import sets_in_force
from standards.variation import Variation

NOT_MEASURED = {
    Kind.MEASURED: "",
    Kind.JUDGED: "Judged by the manager when the team completes its health check.",
    Kind.SURVEYED: "Asked of the team's staff when it completes its health check.",
}


@dataclass(frozen=True)
class IndicatorFinding:
    """An indicator, what was measured for it, and the finding. A judged or surveyed one has no measure.

    `value` is in the unit of the measure. `local` is the local variation in force, `local_finding` what comes of it;
    `lapsed` is the newest one whose day of review has passed.
    """

    indicator: Indicator
    measure: Measure | None
    value: Decimal | None
    note: str
    finding: Finding
    local: Variation | None = None
    local_finding: Finding | None = None
    lapsed: Variation | None = None

    @property
    def effective(self) -> Finding:
        """The finding that counts: the local one where a variation is in force."""
        return self.finding if self.local_finding is None else self.local_finding


@dataclass(frozen=True)
class StandardFinding:
    """A standard of a set with the findings of its indicators, and the one that follows from what was measured.

    What is judged or surveyed is not asked outside a health check, and does not count here.
    """

    standard_set: StandardSet
    standard: Standard
    indicators: Sequence[IndicatorFinding]
    finding: Finding


def team_findings(workload: TeamWorkload) -> list[StandardFinding]:
    """Measure a team's workload against every standard that its employer uses on that day."""
    sets = sets_in_force(workload.team.employer, on=workload.as_of)
    return findings_of([workload], sets)[workload.team.pk]


def findings_of(workloads: Sequence[TeamWorkload], sets: Sequence[StandardSet]) -> dict[int, list[StandardFinding]]:
    """Measure the workloads of some teams of one employer against some sets: team key → findings, set by set.

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
        finding=finding_of_standard((one.finding, one.indicator.essential) for one in found if one.measure),
    )


def _indicator(indicator: Indicator, facts: TeamFacts) -> IndicatorFinding:
    if indicator.thresholds is None or not indicator.measure:
        note = NOT_MEASURED[indicator.kind]
        return IndicatorFinding(indicator, None, None, note, Finding.NOT_KNOWN)
    measured = take(indicator.measure, facts)
    return IndicatorFinding(
        indicator=indicator,
        measure=MEASURES[indicator.measure],
        value=measured.value,
        note=measured.note,
        finding=finding_of_indicator(measured.value, indicator.thresholds),
    )
