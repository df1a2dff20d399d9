"""Takes the figures of health checks and keeps them with the answers. Twice, late or half does no harm."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from caseloads.queries.workloads import TeamWorkload, team_workloads
from checks.findings import UNKNOWN, Finding, finding_of_indicator
from checks.freezing import frozen_measure, frozen_score, frozen_variation, scale_title
from checks.models import Answer, Cycle, HealthCheck
from checks.queries.findings import IndicatorFinding, StandardFinding, findings_of
from checks.queries.surveys import scale_results
from checks.survey_results import ScaleResult
from design import figures
from standards.definition import Indicator, Kind, Thresholds
from standards.queries import local_on, published_set
from standards.variation import Variation

PATIENCE = timedelta(minutes=2)
SURVEY_OPEN = "The staff survey of this cycle has not been closed, or was not held."
HIDDEN_BY_RULE = (
    "Suppressed: too few people answered, or the figure is hidden so that another group's cannot be worked out."
)
_OF_CHECK = ("measured_at", "versions", "head_count")
_TAKEN = ("measured", "value", "finding", "local", "local_finding")


def left_undone(*, at: datetime) -> list[int]:
    """Keys of cycles that a lost message or a dead worker left half opened."""
    rows = Cycle.objects.filter(state=Cycle.State.OPENING, opened_at__lt=at - PATIENCE)
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def open_checks(*, cycle_id: int, at: datetime) -> int:
    """Take the figures of every team of a cycle that is being opened; return how many. A fixed number of statements."""
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("standard_set").get(pk=cycle_id)
    if cycle.state != Cycle.State.OPENING:
        return 0
    checks = list(cycle.checks.filter(measured_at__isnull=True).select_related("team__employer", "team__service_area"))
    Answer.objects.bulk_create(row for check, found in _found(cycle, checks) for row in _answers(check, found))
    for check in checks:
        check.measured_at = at
    HealthCheck.objects.bulk_update(checks, _OF_CHECK)
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.OPEN)
    return len(checks)


def take_again(check: HealthCheck, *, at: datetime) -> None:
    """Take one open check's figures again, as its rows are now, for the same day. What was judged stays."""
    answers = {row.indicator: row for row in check.answers.all()}
    for _, found in _found(check.cycle, [check]):
        for fresh in _answers(check, found):
            row = answers[fresh.indicator]
            for name in _TAKEN:
                setattr(row, name, getattr(fresh, name))
    Answer.objects.bulk_update(answers.values(), _TAKEN)
    check.measured_at = at
    check.save(update_fields=_OF_CHECK)


def _found(cycle: Cycle, checks: Sequence[HealthCheck]) -> Iterator[tuple[HealthCheck, Sequence[StandardFinding]]]:
    """Measure the teams; keep with each check what its figures rest on."""
    workloads = {one.team.pk: one for one in team_workloads([row.team for row in checks], as_of=cycle.measured_on)}
    found = findings_of(list(workloads.values()), [published_set(cycle.standard_set)])
    for check in checks:
        check.versions = _versions(cycle, workloads[check.team_id])
        check.head_count = workloads[check.team_id].figures.head_count
        yield check, found[check.team_id]


def _versions(cycle: Cycle, workload: TeamWorkload) -> list[list[str]]:
    scheme = workload.scheme
    said = f"{scheme.row}, in force since {figures.day(scheme.row.effective_on)}" if scheme else "None was published"
    return [
        ["Standards", str(cycle.standard_set)],
        ["Weighting scheme", said],
        ["Day of the figures", figures.day(cycle.measured_on)],
    ]


def _answers(check: HealthCheck, found: Sequence[StandardFinding]) -> Iterator[Answer]:
    everything = [(standard, one) for standard in found for one in standard.indicators]
    for number, (standard, one) in enumerate(everything, start=1):
        yield Answer(
            check_of=check,
            number=number,
            standard=standard.standard.code,
            indicator=one.indicator.code,
            kind=one.indicator.kind.value,
            **_taken(one),
        )


def _taken(one: IndicatorFinding) -> dict[str, Any]:
    """The fields of an answer that the machine fills in. A survey is filled in when the answers are submitted."""
    thresholds = one.indicator.thresholds
    if thresholds is None:
        return {"measured": {}, "value": None, "finding": "", "local": {}, "local_finding": ""}
    if one.measure is None:
        return _surveyed(one.indicator, thresholds, None, one.local)
    return {
        "measured": frozen_measure(one.measure, thresholds=thresholds, value=one.value, note=one.note, rows=one.rows),
        "value": one.value,
        "finding": one.finding.value,
        "local": frozen_variation(one.local, one.lapsed, thresholds=thresholds, measure=one.measure),
        "local_finding": one.local_finding.value if one.local_finding else "",
    }


def fill_in_surveys(check: HealthCheck, *, as_of: date) -> None:
    """Fill in what the staff of an open check's team said, as far as its surveys are closed. Six statements."""
    surveyed = list(check.answers.filter(kind=Kind.SURVEYED.value))
    if not surveyed:
        return
    indicators = {one.code: one for one in published_set(check.cycle.standard_set).indicators}
    results = scale_results(check.cycle, as_of=as_of)
    local = local_on(check.employer, on=check.cycle.measured_on)
    for row in surveyed:
        indicator = indicators[row.indicator]
        here = local.in_force.get((check.cycle.standard_set.pack, indicator.code))
        thresholds = indicator.thresholds
        if thresholds is not None:
            result = results.get((check.team_id, indicator.scale))
            for name, value in _surveyed(indicator, thresholds, result, here).items():
                setattr(row, name, value)
    Answer.objects.bulk_update(surveyed, _TAKEN)


def _surveyed(
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
            scale_title(indicator.scale), thresholds=thresholds, score=score, band=band, note=note
        ),
        "value": score,
        "finding": finding.value,
        "local": frozen_variation(here, None, thresholds=thresholds, measure=None),
        "local_finding": local.value if here and local else "",
    }


def _compared(score: int | None, thresholds: Thresholds) -> Finding:
    return finding_of_indicator(None if score is None else Decimal(score), thresholds)
