"""Takes the figures of health checks and keeps them with the answers. Twice, late or half does no harm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from caseloads.queries.workloads import TeamWorkload, team_workloads
from checks.freezing import frozen_measure, frozen_variation
from checks.models import Answer, Cycle, HealthCheck, KeptWorkload
from checks.queries.findings import IndicatorFinding, StandardFinding, findings_of
from checks.queries.keeping import Kept, kept_of
from checks.queries.surveyed import fill_in, surveyed
from design import figures
from standards.definition import Kind
from standards.queries import published_set

PATIENCE = timedelta(minutes=2)
_OF_CHECK = ("measured_at", "versions", "head_count")
_TAKEN = ("measured", "value", "finding", "local", "local_finding")


def left_undone(*, at: datetime) -> list[int]:
    """Keys of cycles that a lost message or a dead worker left half opened."""
    return list(Cycle.objects.to_open().filter(opened_at__lt=at - PATIENCE).values_list("pk", flat=True))


@transaction.atomic
def open_checks(*, cycle_id: int, at: datetime) -> int:
    """Take the figures of every team of a cycle that has none yet; return how many. A fixed number of statements."""
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("standard_set").get(pk=cycle_id)
    if cycle.state == Cycle.State.CLOSED:
        return 0
    checks = list(cycle.checks.filter(measured_at__isnull=True).select_related("team__employer", "team__service_area"))
    if not checks:
        return 0
    taken = list(_taken_of(cycle, checks))
    Answer.objects.bulk_create(row for one in taken for row in _answers(one.check, one.findings))
    KeptWorkload.objects.bulk_create(KeptWorkload(check_of=one.check, content=one.kept) for one in taken)
    for check in checks:
        check.measured_at = at
    HealthCheck.objects.bulk_update(checks, _OF_CHECK)
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.OPEN)
    return len(checks)


def take_again(check: HealthCheck, *, at: datetime) -> None:
    """Take one open check's figures again, as its rows are now, for the same day. What was judged stays."""
    answers = {row.indicator: row for row in check.answers.all()}
    for one in _taken_of(check.cycle, [check]):
        for fresh in _answers(check, one.findings):
            row = answers[fresh.indicator]
            for name in _TAKEN:
                setattr(row, name, getattr(fresh, name))
        KeptWorkload.objects.update_or_create(check_of=check, defaults={"content": one.kept})
    Answer.objects.bulk_update(answers.values(), _TAKEN)
    check.measured_at = at
    check.save(update_fields=_OF_CHECK)


@dataclass(frozen=True)
class _Taken:
    """What is taken for one check: the findings of its team, and its workload in words."""

    check: HealthCheck
    findings: Sequence[StandardFinding]
    kept: Kept


def _taken_of(cycle: Cycle, checks: Sequence[HealthCheck]) -> Iterator[_Taken]:
    """Measure the teams; note with each check what its figures rest on."""
    workloads = {one.team.pk: one for one in team_workloads([row.team for row in checks], as_of=cycle.measured_on)}
    found = findings_of(list(workloads.values()), [published_set(cycle.standard_set)])
    kept = kept_of(list(workloads.values()), as_of=cycle.measured_on)
    for check in checks:
        check.versions = _versions(cycle, workloads[check.team_id])
        check.head_count = workloads[check.team_id].figures.head_count
        yield _Taken(check, found[check.team_id], kept[check.team_id])


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
        return surveyed(one.indicator, thresholds, None, one.local)
    return {
        "measured": frozen_measure(one.measure, thresholds=thresholds, value=one.value, note=one.note, rows=one.rows),
        "value": one.value,
        "finding": one.finding.value,
        "local": frozen_variation(one.local, one.lapsed, thresholds=thresholds, measure=one.measure),
        "local_finding": one.local_finding.value if one.local_finding else "",
    }


def fill_in_surveys(check: HealthCheck, *, as_of: date) -> None:
    """Keep with an open check what the staff of its team said, as far as its surveys are closed."""
    rows = list(check.answers.filter(kind=Kind.SURVEYED.value))
    fill_in([check], rows, as_of=as_of)
    Answer.objects.bulk_update(rows, _TAKEN)
