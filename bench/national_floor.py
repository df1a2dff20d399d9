"""The least that scoring everybody could cost: one statement by hand over all employers, with nothing explained.

It knows one scheme a service area and rows without a fault, raises no flag and keeps no history. Its loads and
capacities are compared with those of scoring, worker by worker.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.db import connection

SUMS = """
    CREATE UNLOGGED TABLE {table} AS
    SELECT a.worker_id, a.team_id, sum(category.weight * a.share / 100) AS load, count(*) AS cases
      FROM caseloads_allocation a
      JOIN caseloads_case c ON c.id = a.case_id AND c.closed_on IS NULL
      JOIN teams_team t ON t.id = a.team_id
      JOIN caseloads_weightingscheme s ON s.service_area_id = t.service_area_id
      JOIN caseloads_casecategory category ON category.scheme_id = s.id AND category.code = c.category
     WHERE a.ended_on IS NULL
     GROUP BY a.worker_id, a.team_id
"""
FIGURES = """
    CREATE UNLOGGED TABLE {table} AS
    WITH area AS (
        SELECT s.*, full_time_hours
          FROM caseloads_weightingscheme s JOIN teams_servicearea a ON a.id = service_area_id
         WHERE published_at IS NOT NULL AND effective_on <= %(day)s
    ), open_case AS (
        SELECT c.id, c.reference, c.category, coalesce(nullif(family_reference, ''), c.id::text) AS family,
               area.id AS scheme, default_weight, lowest_weight, highest_weight, sibling_share
          FROM caseloads_case c JOIN teams_team t ON t.id = c.team_id JOIN area USING (service_area_id)
         WHERE opened_on <= %(day)s AND (closed_on IS NULL OR closed_on > %(day)s)
    ), newest AS (
        SELECT DISTINCT ON (case_id) case_id, scheme, override, factors
          FROM caseloads_rating r JOIN open_case ON open_case.id = case_id ORDER BY case_id, rated_on DESC, r.id DESC
    ), added AS (
        SELECT case_id, sum(points * CASE WHEN per_extra THEN given.value::int ELSE 1 END) AS points
          FROM newest, jsonb_each_text(factors) given
          JOIN caseloads_complexityfactor f ON f.code = given.key
         WHERE f.scheme_id = newest.scheme GROUP BY case_id
    ), weighed AS (
        SELECT o.*, least(highest_weight, greatest(lowest_weight, CASE
                 WHEN override IS NOT NULL THEN override
                 WHEN newest.case_id IS NULL OR category = '' THEN default_weight
                 ELSE k.weight + coalesce(points, 0) END)) AS weight
          FROM open_case o LEFT JOIN newest ON newest.case_id = o.id LEFT JOIN added ON added.case_id = o.id
          LEFT JOIN caseloads_casecategory k ON k.scheme_id = o.scheme AND k.code = o.category
    ), line AS (
        SELECT worker_id, team_id, a.share, weight, sibling_share,
               row_number() OVER (PARTITION BY worker_id, team_id, family ORDER BY weight DESC, reference) AS place
          FROM caseloads_allocation a JOIN weighed ON weighed.id = case_id
         WHERE started_on <= %(day)s AND (ended_on IS NULL OR ended_on > %(day)s)
    ), held AS (
        SELECT worker_id, team_id, count(*) AS cases,
               sum(round(weight * share * CASE WHEN place = 1 THEN 100 ELSE sibling_share END / 10000, 2)) AS load
          FROM line GROUP BY worker_id, team_id
    ), post AS (
        SELECT c.worker_id, c.team_id, weekly_hours, full_time_hours, maximum, stable,
               maximum * share * weekly_hours / full_time_hours / 100 AS base
          FROM teams_contract c JOIN teams_worker w ON w.id = worker_id AND case_holding
          JOIN teams_team t ON t.id = team_id JOIN area USING (service_area_id)
          LEFT JOIN caseloads_stageshare stage ON stage.scheme_id = area.id AND stage.career_stage = w.career_stage
         WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)
    ), relief AS (
        SELECT r.worker_id, r.team_id, sum(CASE kind WHEN 'PERCENT' THEN base * amount / 100
                 WHEN 'HOURS' THEN maximum * amount / full_time_hours ELSE amount END) AS amount
          FROM teams_capacityreduction r JOIN post USING (worker_id, team_id)
         WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s) GROUP BY r.worker_id, r.team_id
    )
    SELECT worker_id, team_id, coalesce(held.cases, 0) AS cases,
           CASE WHEN base IS NOT NULL THEN round(greatest(0, base - coalesce(relief.amount, 0)), 2) END AS capacity,
           round(stable * weekly_hours / full_time_hours * greatest(0, 1 - coalesce(relief.amount, 0) / base), 2)
             + coalesce(held.load, 0) AS load
      FROM post LEFT JOIN held USING (worker_id, team_id) LEFT JOIN relief USING (worker_id, team_id)
"""
DIFFERING = """
    SELECT count(*) FROM floor_figures f FULL JOIN
           (SELECT * FROM caseloads_workersnapshot WHERE day = %s) s USING (worker_id, team_id)
     WHERE (f.load, f.capacity, f.cases) IS DISTINCT FROM (s.load, s.capacity, s.cases)
"""


def floors(day: date) -> dict[str, Callable[[], None]]:
    """What to measure beside scoring: the bare sums of category weights, and every worker's load and capacity."""
    return {
        "bare sums": partial(_run, SUMS, "floor_sums", day),
        "the figures": partial(_run, FIGURES, "floor_figures", day),
    }


def _run(statement: str, table: str, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(statement.format(table=table), {"day": day})


def differing(day: date) -> int:
    """How many workers have another load, capacity or number of cases by the floor than by scoring."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING, [day])
        return int(cursor.fetchone()[0])
