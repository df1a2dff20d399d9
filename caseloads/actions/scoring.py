"""Asking for scores after a change."""

from collections.abc import Iterable
from datetime import datetime

from caseloads import snapshots, tasks
from teams.handing_over import after_commit
from teams.models import Team

DEBOUNCE_SECONDS = 2


def score_soon(teams: Iterable[Team], *, at: datetime) -> None:
    """Ask for teams to be scored once the change is saved; a broker that is away costs minutes, not the change."""
    for team_id in snapshots.request_scoring(teams, at=at):
        after_commit(tasks.score_team, countdown=DEBOUNCE_SECONDS, team_id=team_id)
