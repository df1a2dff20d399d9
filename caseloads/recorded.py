"""What is recorded about an employer's cases and workers, as an import compares it with a file. Eight queries."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from caseloads.stored import AllocationRow, CaseRow, ContractRow, RatingRow, Recorded, WorkerRow
from teams.models import Contract, Employer, Worker


def read_recorded(employer: Employer, references: Iterable[str], *, as_of: date) -> Recorded:
    """The employer's teams and workers, and those of its cases that have one of the references."""
    recorded = Recorded(
        teams=dict(employer.teams.order_by("pk").values_list("pk", "name")),
        workers=[
            WorkerRow(*row)
            for row in Worker.objects.filter(employer=employer)
            .order_by("pk")
            .values_list("pk", "name", "staff_reference", "career_stage", "registered", "case_holding", "agency")
        ],
        contracts=[
            ContractRow(*row)
            for row in Contract.objects.filter(team__employer=employer)
            .order_by("starts_on", "pk")
            .values_list("pk", "worker_id", "team_id", "weekly_hours", "starts_on", "ends_on")
        ],
    )
    named = list(references)
    for row in _rows(_CASES, employer=employer.pk, references=named):
        recorded.cases[row[2]] = CaseRow(*row)
    keys = [case.key for case in recorded.cases.values()]
    recorded.ratings = {
        case: RatingRow(category, json.loads(factors), *rest)
        for case, category, factors, *rest in _rows(_RATINGS, cases=keys)
    }
    for case, *rest in _rows(_ALLOCATIONS, cases=keys, as_of=as_of):
        recorded.allocations[case].append(AllocationRow(*rest))
    [(recorded.other_cases,)] = _rows(_OTHERS, employer=employer.pk, cases=keys, as_of=as_of)
    return recorded


_CASES = """
    SELECT c.id, c.team_id, c.reference, c.family_reference, c.category, c.opened_on, c.closed_on
      FROM unnest(%(references)s::text[]) AS named (reference)
      JOIN caseloads_case c ON c.employer_id = %(employer)s AND c.reference = named.reference
"""
_RATINGS = """
    SELECT DISTINCT ON (case_id) case_id, category, factors::text, rated_on,
           max(rated_on) FILTER (WHERE rated_by_id IS NOT NULL) OVER (PARTITION BY case_id)
      FROM caseloads_rating WHERE case_id = ANY(%(cases)s::bigint[])
     ORDER BY case_id, rated_on DESC, id DESC
"""
_ALLOCATIONS = """
    SELECT case_id, id, worker_id, team_id, role, share, started_on, ended_on
      FROM caseloads_allocation
     WHERE case_id = ANY(%(cases)s::bigint[]) AND (ended_on IS NULL OR ended_on > %(as_of)s)
     ORDER BY case_id, started_on, id
"""
_OTHERS = """
    SELECT count(*) FROM caseloads_case
     WHERE employer_id = %(employer)s AND opened_on <= %(as_of)s AND (closed_on IS NULL OR closed_on > %(as_of)s)
       AND NOT id = ANY(%(cases)s::bigint[])
"""


def _rows(statement: str, **values: int | date | list[str] | list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
