"""Celery's doors into duties and checks: ids in, one call, nothing returned. The truth of what is done is in rows."""

from celery import shared_task
from django.utils import timezone

from checks import duty_keeping, figure_taking, finding_keeping, reminding
from teams import tenancy


@shared_task(name="checks.sweep")
def sweep() -> None:
    """Every minute: look through what was scored since, and move late duties up."""
    with tenancy.of_every_employer():
        employers = duty_keeping.employers_to_keep(as_of=timezone.localdate())
        duty_keeping.move_late_ones_up(as_of=timezone.localdate(), at=timezone.now())
    for employer_id in employers:
        keep_duties.delay(employer_id=employer_id)


@shared_task(name="checks.sweep_findings")
def sweep_findings() -> None:
    """Every minute: measure the teams that were scored since their findings were stored."""
    with tenancy.of_every_employer():
        employers = finding_keeping.employers_to_measure(as_of=timezone.localdate())
    for employer_id in employers:
        keep_findings.delay(employer_id=employer_id)


@shared_task(name="checks.keep_findings")
def keep_findings(*, employer_id: int) -> None:
    with tenancy.of(employer_id):
        finding_keeping.keep_findings(employer_id=employer_id, as_of=timezone.localdate(), at=timezone.now())


@shared_task(name="checks.keep_duties")
def keep_duties(*, employer_id: int) -> None:
    with tenancy.of(employer_id):
        duty_keeping.keep_duties(employer_id=employer_id, as_of=timezone.localdate(), at=timezone.now())


@shared_task(name="checks.open_checks")
def open_checks(*, cycle_id: int) -> None:
    with tenancy.by(tenancy.By.CYCLE, cycle_id):
        figure_taking.open_checks(cycle_id=cycle_id, at=timezone.now())


@shared_task(name="checks.sweep_cycles")
def sweep_cycles() -> None:
    """Every minute: hand over again the cycles that a lost message left half opened."""
    with tenancy.of_every_employer():
        cycles = figure_taking.left_undone(at=timezone.now())
    for cycle_id in cycles:
        open_checks.delay(cycle_id=cycle_id)


@shared_task(name="checks.remind")
def remind() -> None:
    """Every morning, and when a check is returned: tell managers what they have to answer, once each."""
    with tenancy.of_every_employer():
        reminding.remind(as_of=timezone.localdate(), at=timezone.now())
