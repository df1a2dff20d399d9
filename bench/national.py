#!/usr/bin/env python3
"""Everybody scored, as on an ordinary night: 1, 10 and 150 employers of 80 teams, 770 workers and 13,300 open cases.

Real workers, real broker, the application's own login behind the second wall, a month of history. The floor is one
statement written by hand over the same rows (national_floor.py). With 150 employers it needs 20 GB of disk and half an
hour, most of it to make the rows.

    .venv/bin/python bench/national.py [--employers 1 10 150] [--runs 3]
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection
from django.utils import timezone
from measuring import FOLDER, ROOT, median, project
from national_floor import differing, floors
from national_loading import backdate, load, unscore
from national_pages import PageTimes, show_pages

from caseloads.models import TeamSnapshot, WorkerSnapshot
from caseloads.snapshots import everything_scored, score_employer
from caseloads.tasks import score_every_employer
from healthcheck import embedded
from operations.broker import queue
from teams import tenancy
from teams.models import Employer

PROCESSES = 2
LOOK_EVERY = 0.05
SIZES = """
    SELECT relname, pg_table_size(oid) / 1e6, pg_indexes_size(oid) / 1e6, reltuples::bigint
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples > 10000
     ORDER BY pg_total_relation_size(oid) DESC LIMIT 12
"""


@dataclass(frozen=True)
class Process:
    """A process of the workers: what it did, and the most memory it held, in MB."""

    number: int
    most: float


@contextmanager
def workers() -> Iterator[subprocess.Popen[str]]:
    """Celery with two processes, started as in docker-compose.yml, up and connected; it logs in as the application."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "healthcheck.celery",
        "worker",
        f"-c{PROCESSES}",
        "--loglevel=INFO",
    ]
    environment = os.environ | {"DATABASE_URL": embedded.database_url(FOLDER, user=embedded.APPLICATION)}
    with (
        (FOLDER / "log" / "worker.log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, stdout=log, text=True) as running,
    ):
        while "ready" not in (FOLDER / "log" / "worker.log").read_text():
            time.sleep(LOOK_EVERY)
        try:
            yield running
        finally:
            running.terminate()


def processes(running: subprocess.Popen[str]) -> list[Process]:
    """Celery's own process and its children (Linux)."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    return [Process(number, _most(number)) for number in (running.pid, *map(int, children))]


def _most(number: int) -> float:
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def worked(*roots: int) -> float:
    """Seconds that processes and all that they started have worked on a processor (Linux)."""
    found, waiting = 0.0, list(roots)
    while waiting:
        place = Path(f"/proc/{waiting.pop()}")
        times = (place / "stat").read_text().rpartition(")")[2].split()[11:15]  # its own, and of those that ended
        found += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
        waiting += map(int, (place / "task" / place.name / "children").read_text().split())
    return found


def postmaster() -> int:
    return int((FOLDER / "data" / "postgres" / "postmaster.pid").read_text().split()[0])


def score_all(day: date) -> float:
    """Hand every employer to the workers, as every night, and wait for the last team. Seconds.

    The database is asked when the queue is empty: to ask it all the time would be work of its own.
    """
    begun = time.perf_counter()
    score_every_employer.delay()
    while (ahead := queue()).messages or ahead.in_hand or not everything_scored(as_of=day):
        time.sleep(LOOK_EVERY)
    return time.perf_counter() - begun


def statements(employer: Employer, day: date) -> int:
    """How many statements PostgreSQL hears of one employer's scoring, with those of the wall; its own log tells."""
    log = FOLDER / "log" / "postgres.log"
    before = log.stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SET log_statement = 'all'")
        with tenancy.of(employer.pk):
            score_employer(employer_id=employer.pk, as_of=day, at=timezone.now())
        cursor.execute("RESET log_statement")
    return log.read_bytes()[before:].count(b"LOG:  statement:") - 1


def seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def load_average() -> str:
    return f"load average {os.getloadavg()[0]:.1f}"


def grow(employers: list[Employer], size: int, day: date) -> None:
    """Make employers until there are so many, each with a month of history."""
    begun, at = time.perf_counter(), timezone.now()
    made = load(range(len(employers), size), as_of=day, at=at)
    for employer in made:
        with tenancy.of(employer.pk):
            score_employer(employer_id=employer.pk, as_of=day, at=at)
    backdate(made, day)
    employers += made
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as a database has been that was not filled in five minutes
        cursor.execute("CHECKPOINT")
    print(f"\n=== {size} employers, made in {time.perf_counter() - begun:.0f} s ===", flush=True)


def show_scoring(employers: Sequence[Employer], day: date, *, runs: int) -> None:
    taken, roots = [], [0, postmaster()]
    with workers() as running:
        for _ in range(runs):
            unscore(day)
            roots[0] = running.pid
            before = [worked(root) for root in roots]
            taken.append(score_all(day))
            ours, databases = (worked(root) - begun for root, begun in zip(roots, before, strict=True))
            busy = f"of processors {ours:.2f} s ours, {databases:.2f} s the database’s"
            print(f"  scored by Celery       {taken[-1]:8.2f} s   {busy}   {load_average()}", flush=True)
        held = processes(running)
    bare = {name: min(seconds(floor) for _ in range(2)) for name, floor in floors(day).items()}
    print(f"  shortest {min(taken):.2f} s, median {median(taken):.2f} s; a second run of one day writes nothing")
    for name, took in bare.items():
        print(f"  floor: {name:<16}{took:8.2f} s   scored / floor {min(taken) / took:.1f}")
    print(
        f"  figures that differ from the floor’s: {differing(day)} of {WorkerSnapshot.objects.filter(day=day).count()}"
    )
    print(f"  statements an employer {statements(employers[0], day):8}")
    print(f"  most memory held       {', '.join(f'{one.most:.0f} MB' for one in held)} (Celery’s own process first)")
    print(f"  teams scored           {TeamSnapshot.objects.filter(day=day).count():8}")


def show_sizes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(SIZES)
        print("  table                            rows        MB   indexes, MB")
        for name, table, indexes, rows in cursor.fetchall():
            print(f"  {name:<28}{rows:9,}{table:10,.0f}{indexes:14,.0f}")
        cursor.execute("SELECT pg_database_size(current_database()) / 1e9")
        print(f"  the whole database {cursor.fetchone()[0]:.1f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--employers", type=int, nargs="+", default=[1, 10, 150])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with project():
        day, employers, times = timezone.localdate(), list[Employer](), list[PageTimes]()
        for size in sorted(asked.employers):
            grow(employers, size, day)
            show_scoring(employers, day, runs=asked.runs)
            show_sizes()
            times.append(PageTimes.of(employers[0], day))
        show_pages(times)


if __name__ == "__main__":
    main()
