#!/usr/bin/env python3
"""How long the server works on the overview of an employer of 200 teams and 1,800 workers, scored weekly for a year.

One process and no network: Django's own client calls the application. The floor is the 404 page that the same person
gets. Today's scoring and measuring are real; the weeks before are copies of them. It also times what storing findings
adds to a night.

    .venv/bin/python bench/overview.py [runs [times]]
"""

import sys
import time
import uuid
from datetime import date, timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from measuring import median, project, seconds_of
from samples import make_employer

from caseloads.models import TeamSnapshot, WorkerSnapshot
from caseloads.snapshots import score_employer
from checks import duty_keeping
from checks.actions.standards import load_shipped_standards
from checks.finding_keeping import keep_findings
from checks.models import TeamFindings
from teams.actions.setting_up import open_account
from teams.models import Employer
from teams.roles import Role

TIMES, WEEKS = 17, 52
COPIED = (TeamSnapshot, WorkerSnapshot, TeamFindings)


def backdate(employer: Employer, day: date) -> None:
    """Make every week of the year before look like this day."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in COPIED:
            columns = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
            table, names = model._meta.db_table, ", ".join(columns)  # noqa: SLF001
            copied = ", ".join("day - 7 * week" if name == "day" else name for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {copied} FROM {table}, generate_series(1, %s) AS week "  # noqa: S608
                "WHERE employer_id = %s AND day = %s",
                [WEEKS, employer.pk, day],
            )
        cursor.execute("ANALYZE")


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def sign_in(employer: Employer) -> Client:
    director = open_account(
        employer=employer,
        username="bench-director",
        name="Dev Chmark",
        password=None,
        roles=[(Role.DIRECTOR, None)],
        worker=None,
        by=None,
        at=timezone.now(),
    )
    client = Client()
    client.force_login(director)
    return client


def measure(client: Client, name: str, address: str, *, runs: int, floor: float) -> float:
    """Print a row of the table; return the least that the page took."""

    def open_page() -> tuple[int, int]:
        page = client.get(address, headers={"host": "localhost"})
        return page.status_code, len(page.content)

    taken = seconds_of(open_page, runs=runs)
    busy = min(seconds_of(open_page, runs=runs, clock=time.process_time))
    with CaptureQueriesContext(connection) as said:
        status, size = open_page()
    asked = sum(float(one["time"]) for one in said.captured_queries)
    least = min(taken)
    print(
        f"  {name:<24}{status} {least * 1000:9.1f} {median(taken) * 1000:9.1f} {busy * 1000:11.1f}"
        f" {least / (floor or least):8.1f} {len(said.captured_queries):11} {asked * 1000:9.0f} {size / 1000:7.0f}"
    )
    return least


def main() -> None:
    runs, times = (int(word) for word in (sys.argv[1:] + ["20", str(TIMES)][len(sys.argv) - 1 :]))
    with project():
        now, today = timezone.now(), timezone.localdate()
        load_shipped_standards(at=now)
        employer = make_employer(times, as_of=today, at=now)
        analyse()
        begun = time.perf_counter()
        teams = score_employer(employer_id=employer.pk, as_of=today, at=now)
        scored = time.perf_counter()
        with CaptureQueriesContext(connection) as said:
            keep_findings(employer_id=employer.pk, as_of=today, at=now)
        kept = time.perf_counter()
        print(f"{teams} teams, {employer.workers.count()} workers: scored in {scored - begun:.2f} s")
        print(f"measured and stored in {kept - scored:.2f} s, {len(said.captured_queries)} statements")
        duty_keeping.keep_duties(employer_id=employer.pk, as_of=today, at=now)
        backdate(employer, today)
        client, here = sign_in(employer), f"/employers/{employer.slug}/overview/"
        print(f"\n{WEEKS} weeks stored, {runs} runs")
        print(f"  {'page':<27}   min ms median ms  processor  x floor  statements  database      kB")
        floor = measure(client, "nothing (404)", f"/teams/{uuid.uuid4()}/", runs=runs, floor=0.0)
        month = f"{today.replace(day=1) - timedelta(days=40):%Y-%m}"
        asked = {"now": "", "a past month": f"?month={month}", "one standard": "?standard=england-2020:3&sort=not-met"}
        for name, query in asked.items():
            measure(client, f"overview, {name}", here + query, runs=runs, floor=floor)


if __name__ == "__main__":
    main()
