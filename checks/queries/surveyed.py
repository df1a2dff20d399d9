"""What the staff said, as the answers to the surveyed indicators of a check."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from checks.findings import UNKNOWN, Finding, finding_of_indicator
from checks.freezing import frozen_score, frozen_variation, scale_title
from checks.models import Answer, HealthCheck
from checks.queries.surveys import scale_results
from checks.survey_results import ScaleResult
from standards.definition import Indicator, Kind, Thresholds
from standards.queries import local_on, published_set
from standards.variation import Variation

SURVEY_OPEN = "The staff survey of this cycle has not been closed, or was not held."
HIDDEN_BY_RULE = (
    "Suppressed: too few people answered, or the figure is hidden so that another group's cannot be worked out."
)


def fill_in(checks: Sequence[HealthCheck], answers: Sequence[Answer], *, as_of: date) -> None:
    """Put the scores of the closed surveys into answers of open checks of one cycle; nothing is stored.

    Five statements, and none where nothing is surveyed.
    """
    rows = [row for row in answers if row.kind == Kind.SURVEYED]
    if not rows:
        return
    teams, cycle = {check.pk: check.team_id for check in checks}, checks[0].cycle
    standards = published_set(cycle.standard_set)
    indicators = {one.code: one for one in standards.indicators}
    results = scale_results(cycle, as_of=as_of)
    local = local_on(checks[0].employer, on=cycle.measured_on)
    for row in rows:
        indicator = indicators[row.indicator]
        if indicator.thresholds is not None:
            here = local.in_force.get((standards.id, indicator.code))
            result = results.get((teams[row.check_of_id], indicator.scale))
            for name, value in surveyed(indicator, indicator.thresholds, result, here).items():
                setattr(row, name, value)


def surveyed(
    indicator: Indicator, thresholds: Thresholds, result: ScaleResult | None, here: Variation | None
) -> dict[str, Any]:
    """A score with its findings; hidden ones are suppressed, and those of no closed survey are not known."""
    score = None if result is None or result.hidden else result.score
    finding = Finding.SUPPRESSED if result and result.hidden else _compared(score, thresholds)
    note = SURVEY_OPEN if result is None else HIDDEN_BY_RULE if result.hidden else f"{result.respondents} answered."
    band = result.band.value if result and result.band else ""
    unknown = finding in UNKNOWN
    local = finding if unknown else _compared(score, here.thresholds(thresholds)) if here else None
    return {
        "measured": frozen_score(
            scale_title(indicator.scale),
            thresholds=thresholds,
            score=score,
            band=band,
            note=note,
            hidden=bool(result and result.hidden),
        ),
        "value": score,
        "finding": finding.value,
        "local": frozen_variation(here, None, thresholds=thresholds, measure=None),
        "local_finding": local.value if here and local else "",
    }


def _compared(score: int | None, thresholds: Thresholds) -> Finding:
    return finding_of_indicator(None if score is None else Decimal(score), thresholds)
