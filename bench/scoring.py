#!/usr/bin/env python3
"""How long scoring an employer takes, at the demo's size and ten times that (or the sizes given), beside a floor.

The floor reads the same rows with the same statements and does nothing with them, and writes as many rows by a bare
COPY into a table without keys. A month of snapshots lies there, as on an ordinary night.

    .venv/bin/python bench/scoring.py [runs [size …]]
"""

import sys
import time
from datetime import date, datetime
from io import StringIO

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from measuring import project, seconds_of, shown
from samples import make_employer

from caseloads.frames import HISTORY_DAYS
from caseloads.models import TeamSnapshot, WorkerSnapshot
from caseloads.snapshots import score_employer
from teams.models import Employer

SNAPSHOTS = (WorkerSnapshot, TeamSnapshot)
SIZES = (1, 10)


def unscore(employer: Employer, day: date) -> None:
    """Take a day's snapshots away, which the database refuses to anybody who has not switched its triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in SNAPSHOTS:
            model.objects.filter(employer=employer, day=day)._raw_delete("default")  # noqa: SLF001


def backdate(employer: Employer, day: date) -> None:
    """Make the month before look like this day."""
    with connection.cursor() as cursor:
        for model in SNAPSHOTS:
            names = [field.column for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
            values = ", ".join("day - back" if name == "day" else str(name) for name in names)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(map(str, names))}) SELECT {values} "  # noqa: S608, SLF001
                f"FROM {model._meta.db_table}, generate_series(1, %s) AS back WHERE employer_id = %s AND day = %s",  # noqa: SLF001
                [HISTORY_DAYS, employer.pk, day],
            )


class Floor:
    """Reads what scoring reads, and writes as much as it writes."""

    def __init__(self, employer: Employer, day: date, reads: list[str]) -> None:
        self.reads, self.texts = reads, {}
        with connection.cursor() as cursor:
            for model in SNAPSHOTS:
                table, text = model._meta.db_table, StringIO()  # noqa: SLF001
                rows = f"SELECT * FROM {table} WHERE employer_id = {employer.pk} AND day = '{day}'"  # noqa: S608
                cursor.copy_expert(f"COPY ({rows}) TO STDOUT", text)
                cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
                cursor.execute(f"CREATE TABLE floor_{table} (LIKE {table})")
                self.texts[f"floor_{table}"] = text.getvalue()

    def __call__(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in self.reads:
                cursor.execute(statement)
                cursor.fetchall()
            for table, text in self.texts.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(text))


def measure(times: int, *, runs: int, at: datetime) -> None:
    today = timezone.localdate(at)
    employer = make_employer(times, as_of=today, at=at)

    def score() -> None:
        score_employer(employer_id=employer.pk, as_of=today, at=at)

    begun = time.perf_counter()
    score()
    first = time.perf_counter() - begun
    backdate(employer, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    unscore(employer, today)
    with CaptureQueriesContext(connection) as said:
        score()
    statements = [query["sql"] for query in said.captured_queries]
    floor = Floor(employer, today, [sql for sql in statements if sql.startswith("SELECT")])
    scored = seconds_of(score, runs=runs, before=lambda: unscore(employer, today))
    busy = seconds_of(score, runs=runs, before=lambda: unscore(employer, today), clock=time.process_time)
    again = seconds_of(score, runs=runs)
    bare = seconds_of(floor, runs=runs)
    sizes = f"{employer.teams.count()} teams, {employer.workers.count()} workers"
    print(f"\n{sizes}, {employer.cases.open_on(today).count()} open cases")
    print(f"  straight after loading      {first * 1000:8.1f} ms   (the database has no statistics of the rows yet)")
    print(f"  scored and stored       {shown(scored)}   {len(statements)} statements")
    print(f"    of it the processor   {shown(busy)}")
    print(f"  again, nothing changed  {shown(again)}")
    print(f"  floor                   {shown(bare)}")
    print(f"  scored / floor          {min(scored) / min(bare):.1f}")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with project():
        for times in [int(size) for size in sys.argv[2:]] or SIZES:
            measure(times, runs=runs, at=timezone.now())


if __name__ == "__main__":
    main()
