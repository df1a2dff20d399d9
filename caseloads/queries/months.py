"""A team month by month, as it was scored, and by which schemes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet
from django.db.models.functions import TruncMonth

from caseloads.models import TeamSnapshot
from teams.models import Team


def months_of_team(team: Team, *, since: date, until: date) -> list[TeamSnapshot]:
    """The newest scoring of each month, the oldest first. One statement."""
    rows = _rows(team, since, until).annotate(month=TruncMonth("day")).order_by("month", "-day", "-scored_at", "-pk")
    return list(rows.distinct("month").select_related("scheme"))


@dataclass(frozen=True)
class SchemeUse:
    """A version of a scheme by which a team was scored, and the first day of a stretch on which it was."""

    name: str
    version: int
    effective_on: date
    first_on: date


def schemes_of_team(team: Team, *, since: date, until: date) -> Sequence[SchemeUse]:
    """The versions by which a team was scored in a stretch of time, the oldest first. One statement."""
    rows = _rows(team, since, until).filter(scheme__isnull=False).order_by()
    told = rows.values_list("scheme__name", "scheme__version", "scheme__effective_on").annotate(first=Min("day"))
    return [SchemeUse(*row) for row in told.order_by("first", "scheme__version")]


def _rows(team: Team, since: date, until: date) -> QuerySet[TeamSnapshot]:
    return TeamSnapshot.objects.filter(employer=team.employer_id, team=team, day__gte=since, day__lte=until)
