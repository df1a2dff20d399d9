#!/usr/bin/env python3
"""How long it takes to measure every team of an employer, at 84 teams (or the sizes given), beside scoring and a floor.

The floor is one statement written by hand: it counts, team by team, the days of the last twelve months on which a
worker was over. A year of stored scorings lies there, one for each worker and day.

    .venv/bin/python bench/measures.py [runs [size …]]
"""

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from measuring import project, seconds_of, shown
from samples import make_employer

from caseloads.models import TeamSnapshot, WorkerSnapshot
from caseloads.queries.workloads import team_workloads
from caseloads.snapshots import score_employer
from checks.facts import TeamFacts
from checks.measures import MEASURES, take
from checks.queries.measuring import measure_teams
from teams.models import Employer

YEAR = 365
SIZES = (7,)
FLOOR = """
    SELECT team_id, count(*) FILTER (WHERE band IN ('OVER', 'WELL_OVER'))
      FROM caseloads_workersnapshot WHERE employer_id = %s AND day > %s AND day <= %s GROUP BY team_id
"""


def backdate(employer: Employer, day: date) -> None:
    """Make each day of the year before look like this one, but for a fortnight in which everybody had room."""
    with connection.cursor() as cursor:
        for model in (WorkerSnapshot, TeamSnapshot):
            names = [field.column for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
            changed = {
                "day": "day - back",
                "band": "CASE WHEN back BETWEEN 60 AND 74 THEN 'ROOM' ELSE band END",
                "state": "CASE WHEN back BETWEEN 60 AND 74 THEN 'SCORED' ELSE state END",
            }
            values = ", ".join(changed.get(str(name), str(name)) for name in names)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(map(str, names))}) SELECT {values} "  # noqa: S608, SLF001
                f"FROM {model._meta.db_table}, generate_series(1, %s) AS back WHERE employer_id = %s AND day = %s",  # noqa: SLF001
                [YEAR, employer.pk, day],
            )
        cursor.execute("ANALYZE")


def take_all(facts: Sequence[TeamFacts]) -> int:
    return sum(take(name, one).value is not None for one in facts for name in MEASURES)


def floor(employer: Employer, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [employer.pk, day - timedelta(days=YEAR), day])
        cursor.fetchall()


def measure(times: int, *, runs: int, at: datetime) -> None:
    today = timezone.localdate(at)
    employer = make_employer(times, as_of=today, at=at)
    score_employer(employer_id=employer.pk, as_of=today, at=at)
    backdate(employer, today)
    teams = list(employer.teams.select_related("employer", "service_area"))
    workloads = team_workloads(teams, as_of=today)
    with CaptureQueriesContext(connection) as said:
        facts = list(measure_teams(workloads, as_of=today).values())
    scored = seconds_of(lambda: team_workloads(teams, as_of=today), runs=runs)
    read = seconds_of(lambda: measure_teams(workloads, as_of=today), runs=runs)
    taken = seconds_of(lambda: take_all(facts), runs=runs)
    bare = seconds_of(lambda: floor(employer, today), runs=runs)
    sizes = f"{len(teams)} teams, {employer.workers.count()} workers, {WorkerSnapshot.objects.count()} stored scorings"
    print(f"\n{sizes}, {take_all(facts)} of {len(facts) * len(MEASURES)} figures known")
    print(f"  scoring each team       {shown(scored)}")
    print(f"  reading the facts       {shown(read)}   {len(said)} statements")
    print(f"  taking {len(MEASURES)} measures      {shown(taken)}")
    print(f"  floor                   {shown(bare)}   1 statement")
    print(f"  measured / floor        {(min(read) + min(taken)) / min(bare):.1f}")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with project():
        for times in [int(size) for size in sys.argv[2:]] or SIZES:
            measure(times, runs=runs, at=timezone.now())


if __name__ == "__main__":
    main()
