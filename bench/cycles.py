#!/usr/bin/env python3
"""How long opening a cycle of health checks takes, for 84 teams (or the sizes given): in the process, and by Celery.

A year of stored scorings lies there. The floor reads the same rows by the same statements and does nothing with them,
and writes as many answers by a bare COPY into a table without keys. By Celery is from the moment the form is saved to
the moment every team has its figures, with a worker that is already running.

    .venv/bin/python bench/cycles.py [runs [size …]]
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from itertools import count

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from measures import backdate
from measuring import ROOT, project, seconds_of, shown
from samples import make_employer

from caseloads.snapshots import score_employer
from checks import figure_taking
from checks.actions.cycles import NewCycle, open_cycle
from checks.actions.doing import Doing
from checks.actions.standards import load_shipped_standards
from checks.models import Answer, Cycle
from standards.models import StandardSet
from teams.actions.setting_up import open_account
from teams.models import Employer, User
from teams.roles import Role

SIZES = (7,)
_numbers = count(1)


@contextmanager
def worker() -> Iterator[None]:
    """A Celery worker as in production, up and connected."""
    command = [sys.executable, "-m", "celery", "-A", "healthcheck.celery", "worker", "-c1", "--loglevel=INFO"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True) as running:
        for line in running.stderr or ():
            if "ready" in line:
                break
        yield
        running.terminate()


def begin(employer: Employer, by: User) -> Cycle:
    """Save the form that opens a cycle for every team against the longest set there is."""
    at = timezone.now()
    today = timezone.localdate(at)
    standards = StandardSet.objects.get(pack="england-2020", version="2020.3")
    days = dict.fromkeys(("period_from", "period_to", "measured_on", "due_on"), today)
    new = NewCycle(name=f"Cycle {next(_numbers)}", standard_set=standards, fewest=5, **days)
    teams = list(employer.teams.all())
    return open_cycle(employer=employer, new=new, teams=teams, doing=Doing(by, at))


def take(cycle: Cycle) -> None:
    figure_taking.open_checks(cycle_id=cycle.pk, at=timezone.now())


def wait_for(cycle: Cycle) -> None:
    while not Cycle.objects.filter(pk=cycle.pk, state=Cycle.State.OPEN).exists():
        time.sleep(0.02)


class Floor:
    """Reads what opening a cycle reads, and writes as many answers."""

    def __init__(self, cycle: Cycle, reads: list[str]) -> None:
        self.reads, text = reads, StringIO()
        with connection.cursor() as cursor:
            checks = f"SELECT id FROM checks_healthcheck WHERE cycle_id = {cycle.pk}"  # noqa: S608 - our own number
            rows = f"SELECT * FROM checks_answer WHERE check_of_id IN ({checks})"  # noqa: S608
            cursor.copy_expert(f"COPY ({rows}) TO STDOUT", text)
            cursor.execute("CREATE TABLE floor_answers (LIKE checks_answer)")
        self.text = text.getvalue()

    def __call__(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in self.reads:
                cursor.execute(statement)
                cursor.fetchall()
            cursor.copy_expert("COPY floor_answers FROM STDIN", StringIO(self.text))


def measure(times: int, *, runs: int, at: datetime) -> None:
    today = timezone.localdate(at)
    employer = make_employer(times, as_of=today, at=at)
    roles = [(Role.PRINCIPAL_SOCIAL_WORKER, None)]
    by = open_account(employer=employer, username="psw", name="P", password=None, roles=roles, by=None, at=at)
    score_employer(employer_id=employer.pk, as_of=today, at=at)
    backdate(employer, today)
    first = begin(employer, by)
    with CaptureQueriesContext(connection) as said:
        take(first)
    statements = [one["sql"] for one in said.captured_queries]
    reads = [sql for sql in statements if sql.startswith("SELECT") and "FOR UPDATE" not in sql]
    inside = seconds_of(lambda: take(begin(employer, by)), runs=runs)
    bare = seconds_of(Floor(first, reads), runs=runs)
    with worker():
        outside = seconds_of(lambda: wait_for(begin(employer, by)), runs=runs)
    answers = Answer.objects.filter(check_of__cycle=first).count()
    print(f"\n{employer.teams.count()} teams, {employer.workers.count()} workers, {answers} answers")
    print(f"  in the process          {shown(inside)}   {len(said)} statements")
    print(f"  by Celery, form to end  {shown(outside)}")
    print(f"  floor                   {shown(bare)}")
    print(f"  in the process / floor  {min(inside) / min(bare):.1f}")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    at = timezone.now()
    with project():
        load_shipped_standards(at=at)
        for times in [int(size) for size in sys.argv[2:]] or SIZES:
            measure(times, runs=runs, at=at)


if __name__ == "__main__":
    main()
