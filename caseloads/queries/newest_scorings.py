"""What the newest scoring of an employer found, now or in a month: by team, by band, and month by month.

A team that was not scored on the newest day counts with the day before: after midnight one is scored at once when it
changes, and all the others in the night. Days are found by the index of the employer, so a year of rows is not read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class Reach:
    """The days among which the newest scoring is looked for, both included."""

    since: date
    until: date


@dataclass(frozen=True)
class Scoring:
    """What a scoring found of a team. `maximum` is what one full-time worker may hold by the scheme that was used."""

    day: date
    load: Decimal | None
    capacity: Decimal | None
    load_pct: Decimal | None
    demand_pct: Decimal | None
    state: str
    band: str
    demand_band: str
    head_count: int
    over: int
    not_known: int
    unallocated: int
    unallocated_weight: Decimal | None
    longest_wait: int | None
    maximum: Decimal | None
    unit: str


@dataclass(frozen=True)
class ScoredTeam:
    """A team with its newest scoring; None: there is none in these days."""

    key: int
    name: str
    public_id: UUID
    area: int
    area_name: str
    scoring: Scoring | None


_NEWEST = """
WITH newest AS (
    SELECT max(day) AS day FROM caseloads_teamsnapshot
     WHERE employer_id = %(employer)s AND day >= %(since)s AND day <= %(until)s
), told AS (
    SELECT DISTINCT ON (s.team_id) s.*
      FROM newest
      JOIN caseloads_teamsnapshot s ON s.employer_id = %(employer)s AND s.day IN (newest.day, newest.day - 1)
     ORDER BY s.team_id, s.day DESC, s.scored_at DESC, s.id DESC
)
"""


_BANDS = (
    _NEWEST  # noqa: S608 - its parts are our own words
    + """
, each AS (
    SELECT DISTINCT ON (w.team_id, w.worker_id) w.team_id, w.band,
           CASE WHEN w.state <> '' THEN w.state
                WHEN w.load_pct IS NOT NULL THEN 'SCORED'
                WHEN w.band <> '' THEN 'NO_CAPACITY' ELSE 'NOT_KNOWN' END AS state
      FROM told
      JOIN caseloads_workersnapshot w
        ON w.employer_id = %(employer)s AND w.day = told.day AND w.team_id = told.team_id
     ORDER BY w.team_id, w.worker_id, w.scored_at DESC, w.id DESC
)
SELECT team_id, CASE state WHEN 'SCORED' THEN band ELSE state END AS level, count(*)
  FROM each GROUP BY team_id, level
"""
)


def newest_of_teams(employer: int, reach: Reach) -> list[ScoredTeam]:
    """Every team of an employer, by service area and name. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWEST  # noqa: S608 - its parts are our own words
            + """
            SELECT team.id, team.name, team.public_id, area.id, area.name,
                   told.day, told.load, told.capacity, told.load_pct, told.demand_pct, told.state, told.band,
                   told.demand_band, told.head_count, told.over, told.not_known, told.unallocated,
                   told.unallocated_weight, told.longest_wait, scheme.maximum, coalesce(scheme.unit, '')
              FROM teams_team team
              JOIN teams_servicearea area ON area.id = team.service_area_id
              LEFT JOIN told ON told.team_id = team.id
              LEFT JOIN caseloads_weightingscheme scheme ON scheme.id = told.scheme_id
             WHERE team.employer_id = %(employer)s
             ORDER BY area.name, area.id, team.name, team.id
            """,
            _asked(employer, reach),
        )
        return [_team(row) for row in cursor.fetchall()]


def _team(row: tuple[Any, ...]) -> ScoredTeam:
    key, name, public_id, area, area_name, *told = row
    return ScoredTeam(key, name, public_id, area, area_name, None if told[0] is None else Scoring(*told))


def bands_of_teams(employer: int, reach: Reach) -> Mapping[int, Mapping[str, int]]:
    """How many workers of each team are in which band, or in which state where they are in none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BANDS,
            _asked(employer, reach),
        )
        found: dict[int, dict[str, int]] = {}
        for team, level, many in cursor.fetchall():
            found.setdefault(team, {})[level] = many
        return found


@dataclass(frozen=True)
class Month:
    """Some teams on the last scored day of a month; `day` None: none was scored in it.

    Loads and capacities are in full-time workers: each team's divided by what one full-time worker may hold by its
    scheme. Teams whose figures are not known are left out of them.
    """

    first: date
    day: date | None
    teams: int
    load: Decimal | None
    capacity: Decimal | None
    demand: Decimal | None
    over: int
    known: int
    unallocated: int


def months_of(employer: int, *, teams: Collection[int], months: Sequence[date], until: date) -> list[Month]:
    """Some teams of an employer month by month; each month is named by its first day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ends AS (
                SELECT month.first, (SELECT max(day) FROM caseloads_teamsnapshot
                                      WHERE employer_id = %(employer)s AND day >= month.first AND day <= %(until)s
                                        AND day < month.first + interval '1 month') AS day
                  FROM unnest(%(months)s::date[]) AS month (first)
            ), told AS (
                SELECT DISTINCT ON (ends.first, s.team_id) ends.first, s.team_id, s.load, s.capacity, s.over,
                       s.head_count, s.not_known, s.unallocated, s.unallocated_weight, scheme.maximum
                  FROM ends
                  JOIN caseloads_teamsnapshot s ON s.employer_id = %(employer)s AND s.day IN (ends.day, ends.day - 1)
                  LEFT JOIN caseloads_weightingscheme scheme ON scheme.id = s.scheme_id
                 WHERE s.team_id = ANY(%(teams)s)
                 ORDER BY ends.first, s.team_id, s.day DESC, s.scored_at DESC, s.id DESC
            )
            SELECT ends.first, ends.day, count(told.team_id), sum(told.load / told.maximum),
                   sum(told.capacity / told.maximum) FILTER (WHERE told.load IS NOT NULL),
                   sum((told.load + coalesce(told.unallocated_weight, 0)) / told.maximum),
                   coalesce(sum(told.over), 0), coalesce(sum(told.head_count - told.not_known), 0),
                   coalesce(sum(told.unallocated), 0)
              FROM ends LEFT JOIN told ON told.first = ends.first
             GROUP BY ends.first, ends.day ORDER BY ends.first
            """,
            {"employer": employer, "teams": list(teams), "months": list(months), "until": until},
        )
        return [Month(*row) for row in cursor.fetchall()]


def _asked(employer: int, reach: Reach) -> dict[str, int | date]:
    return {"employer": employer, "since": reach.since, "until": reach.until}
