"""A team measured against the standards in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from caseloads.queries.workloads import TeamWorkload
from checks.facts import TeamFacts
from checks.findings import Finding, finding_of_indicator, finding_of_standard
from checks.measures import MEASURES, Measure, Rows, take
from checks.queries.measuring import measure_teams
from standards.definition import Indicator, Kind, Standard, StandardSet
from standards.queries import Local, local_on, sets_in_force
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
    `lapsed` is the newest one whose day of review has passed. `rows`: behind the figure.
    """

    indicator: Indicator
    measure: Measure | None
    value: Decimal | None
    note: str
    finding: Finding
    local: Variation | None = None
    local_finding: Finding | None = None
    lapsed: Variation | None = None
    rows: Rows | None = None

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
    local_finding: Finding | None = None

    @property
    def effective(self) -> Finding:
        """The finding that counts: the one with local thresholds where a variation is in force."""
        return self.finding if self.local_finding is None else self.local_finding


def team_findings(workload: TeamWorkload) -> list[StandardFinding]:
    """Measure a team's workload against every standard that its employer uses on that day."""
    sets = sets_in_force(workload.team.employer, on=workload.as_of)
    return findings_of([workload], sets)[workload.team.pk]


def findings_of(workloads: Sequence[TeamWorkload], sets: Sequence[StandardSet]) -> dict[int, list[StandardFinding]]:
    """Measure the workloads of some teams of one employer against some sets: team key → findings, set by set.

    A fixed number of statements, whatever the number of teams.
    """
    if not workloads:
        return {}
    found = measure_teams(workloads, as_of=workloads[0].as_of)
    local = local_on(workloads[0].team.employer, on=workloads[0].as_of)
    return {team: _team(facts, sets, local) for team, facts in found.items()}


def _team(facts: TeamFacts, sets: Sequence[StandardSet], local: Local) -> list[StandardFinding]:
    return [_standard(standards, standard, facts, local) for standards in sets for standard in standards.standards]


def _standard(standards: StandardSet, standard: Standard, facts: TeamFacts, local: Local) -> StandardFinding:
    found = [
        varied(_indicator(indicator, facts), local, (standards.id, indicator.code)) for indicator in standard.indicators
    ]
    counted = [one for one in found if one.measure]
    return StandardFinding(
        standard_set=standards,
        standard=standard,
        indicators=found,
        finding=finding_of_standard((one.finding, one.indicator.essential) for one in counted),
        local_finding=(
            finding_of_standard((one.effective, one.indicator.essential) for one in counted)
            if any(one.local for one in counted)
            else None
        ),
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
        rows=measured.rows,
        finding=finding_of_indicator(measured.value, indicator.thresholds),
    )


def varied(found: IndicatorFinding, local: Local, key: tuple[str, str]) -> IndicatorFinding:
    """Add what the local variation of an indicator makes of the same value; a lapsed one is named."""
    here, thresholds = local.in_force.get(key), found.indicator.thresholds
    if here is None or thresholds is None or not here.fits(thresholds):
        return replace(found, lapsed=local.lapsed.get(key)) if thresholds else found
    return replace(found, local=here, local_finding=finding_of_indicator(found.value, here.thresholds(thresholds)))
