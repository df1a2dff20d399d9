"""Asking for scores after a change."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from caseloads import snapshots, tasks
from teams.models import Team

DEBOUNCE_SECONDS = 2


def score_soon(teams: Iterable[Team], *, at: datetime) -> None:
    """Ask for teams to be scored once the change is saved; a broker that is away costs minutes, not the change."""
    for team_id in snapshots.request_scoring(teams, at=at):
        transaction.on_commit(
            lambda team_id=team_id: tasks.score_team.apply_async(  # type: ignore[misc]
                kwargs={"team_id": team_id}, countdown=DEBOUNCE_SECONDS, retry=False
            ),
            robust=True,
        )
