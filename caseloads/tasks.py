"""Celery's doors into scoring: ids in, one call, nothing returned. The truth of what is done is in the rows."""

from celery import shared_task
from django.utils import timezone

from caseloads import snapshots


@shared_task(name="caseloads.score_every_employer")
def score_every_employer() -> None:
    """Nightly: hand every employer to a worker."""
    for employer_id in snapshots.employers_to_score():
        score_employer.delay(employer_id=employer_id)


@shared_task(name="caseloads.score_employer")
def score_employer(*, employer_id: int) -> None:
    snapshots.score_employer(employer_id=employer_id, as_of=timezone.localdate(), at=timezone.now())


@shared_task(name="caseloads.score_team")
def score_team(*, team_id: int) -> None:
    snapshots.score_team(team_id=team_id, as_of=timezone.localdate(), at=timezone.now())


@shared_task(name="caseloads.sweep")
def sweep() -> None:
    """Every minute: hand over again whatever a lost message left undone."""
    lost = snapshots.left_undone(as_of=timezone.localdate(), at=timezone.now())
    for employer_id in lost.employers:
        score_employer.delay(employer_id=employer_id)
    for team_id in lost.teams:
        score_team.delay(team_id=team_id)
