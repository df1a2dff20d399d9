"""Celery's doors into scoring: ids in, one call, nothing returned. The truth of what is done is in the rows."""

from celery import shared_task
from django.utils import timezone

from caseloads import import_running, snapshots
from caseloads.import_writing import ToScore
from teams import tenancy
from teams.handing_over import hand_over
from teams.tenancy import By


@shared_task(name="caseloads.score_every_employer")
def score_every_employer() -> None:
    """Nightly: hand every employer to a worker."""
    with tenancy.of_every_employer():
        employers = snapshots.employers_to_score()
    for employer_id in employers:
        score_employer.delay(employer_id=employer_id)


@shared_task(name="caseloads.score_employer")
def score_employer(*, employer_id: int) -> None:
    with tenancy.of(employer_id):
        snapshots.score_employer(employer_id=employer_id, as_of=timezone.localdate(), at=timezone.now())


@shared_task(name="caseloads.score_team")
def score_team(*, team_id: int) -> None:
    with tenancy.by(By.TEAM, team_id):
        snapshots.score_team(team_id=team_id, as_of=timezone.localdate(), at=timezone.now())


@shared_task(name="caseloads.sweep")
def sweep() -> None:
    """Every minute: hand over again whatever a lost message left undone."""
    with tenancy.of_every_employer():
        lost = snapshots.left_undone(as_of=timezone.localdate(), at=timezone.now())
    for employer_id in lost.employers:
        score_employer.delay(employer_id=employer_id)
    for team_id in lost.teams:
        score_team.delay(team_id=team_id)


def score_what_changed(score: ToScore) -> None:
    """Ask for the scores that a large change needs; what a broker that is away does not hear, the sweeper finds."""
    for team_id in score.teams:
        hand_over(score_team, team_id=team_id)
    for employer_id in score.employers:
        hand_over(score_employer, employer_id=employer_id)


@shared_task(name="caseloads.read_import")
def read_import(*, run_id: int) -> None:
    with tenancy.by(By.IMPORT, run_id):
        import_running.read(run_id=run_id, clock=timezone.now)


@shared_task(name="caseloads.apply_import")
def apply_import(*, run_id: int) -> None:
    with tenancy.by(By.IMPORT, run_id):
        score_what_changed(import_running.apply(run_id=run_id, clock=timezone.now))


@shared_task(name="caseloads.sweep_imports")
def sweep_imports() -> None:
    """Every minute: hand over again what a lost message left undone, and put away what nobody answered."""
    with tenancy.of_every_employer():
        import_running.clear_away(at=timezone.now())
        lost = import_running.left_undone(at=timezone.now())
    for run_id in lost.to_read:
        read_import.delay(run_id=run_id)
    for run_id in lost.to_apply:
        apply_import.delay(run_id=run_id)
