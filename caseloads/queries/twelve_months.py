"""What happened to the cases of some teams, and how their workers' loads stood, in a stretch of time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, cast

from django.db import connection
from django.db.models import Q

from caseloads.models import Case, Transfer


@dataclass(frozen=True)
class Stretch:
    """Days after the first and up to the last."""

    since: date
    until: date


OverRow: TypeAlias = tuple[int, int, date, date | None, bool]
"""Team, worker, day, day of the scoring before it in the stretch, well over. Plain, because there may be many."""


def days_over(employer: int, teams: Collection[int], stretch: Stretch) -> list[OverRow]:
    """The stored scorings that found a worker over, well over, or with load and no capacity. One statement.

    Of several on one day, by different versions of the scheme, the newest counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH newest AS (
                SELECT DISTINCT ON (team_id, worker_id, day)
                       team_id, worker_id, day, band = 'WELL_OVER' OR state = 'NO_CAPACITY' AS well_over,
                       band IN ('OVER', 'WELL_OVER') OR state = 'NO_CAPACITY' AS is_over
                  FROM caseloads_workersnapshot
                 WHERE employer_id = %s AND team_id = ANY(%s) AND day > %s AND day <= %s
                 ORDER BY team_id, worker_id, day, scored_at DESC, id DESC
            ), told AS (
                SELECT *, lag(day) OVER (PARTITION BY team_id, worker_id ORDER BY day) AS previous_on FROM newest
            )
            SELECT team_id, worker_id, day, previous_on, well_over FROM told WHERE is_over
            """,
            [employer, list(teams), stretch.since, stretch.until],
        )
        return cast("list[OverRow]", cursor.fetchall())


@dataclass(frozen=True)
class LeadChange:
    """A case that passed from one leading worker to another."""

    case: int
    on: date
    giver: str
    taker: str


def changes_of_lead(cases: Collection[int], stretch: Stretch) -> list[LeadChange]:
    """How often some cases passed from one leading worker to another. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH leads AS (
                SELECT case_id, worker_id, started_on,
                       lag(worker_id) OVER (PARTITION BY case_id ORDER BY started_on, id) AS giver_id
                  FROM caseloads_allocation
                 WHERE case_id = ANY(%s) AND role = 'LEAD' AND started_on <= %s
                   AND (ended_on IS NULL OR ended_on > started_on)
            )
            SELECT leads.case_id, leads.started_on, giver.name, taker.name
              FROM leads
              JOIN teams_worker AS giver ON giver.id = leads.giver_id
              JOIN teams_worker AS taker ON taker.id = leads.worker_id
             WHERE leads.giver_id <> leads.worker_id AND leads.started_on > %s
            """,
            [list(cases), stretch.until, stretch.since],
        )
        return [LeadChange(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Moved:
    """A case that came to a team."""

    team: int
    reference: str
    on: date
    giver: str
    taker: str
    meeting_on: date | None


def transfers_to(teams: Collection[int], stretch: Stretch) -> list[Moved]:
    """The cases that came to some teams, or changed hands in them. One statement."""
    rows = Transfer.objects.filter(to_team__in=teams, moved_on__gt=stretch.since, moved_on__lte=stretch.until)
    names = ("from_worker__name", "from_team__name", "to_worker__name", "to_team__name")
    found = rows.values_list("to_team", "case__reference", "moved_on", "handover_on", *names)
    return [
        Moved(team, reference, on, from_worker or from_team, to_worker or to_team, meeting_on)
        for team, reference, on, meeting_on, from_worker, from_team, to_worker, to_team in found
    ]


def came_and_went(teams: Collection[int], stretch: Stretch) -> Sequence[tuple[int, str, date, date | None]]:
    """Team, reference, opening and closing day of cases that opened or closed in the stretch. One statement."""
    opened = Q(opened_on__gt=stretch.since, opened_on__lte=stretch.until)
    closed = Q(closed_on__gt=stretch.since, closed_on__lte=stretch.until)
    rows = Case.objects.filter(opened | closed, team__in=teams).order_by()
    return list(rows.values_list("team", "reference", "opened_on", "closed_on"))
