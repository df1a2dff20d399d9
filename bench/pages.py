#!/usr/bin/env python3
"""How long the server works on the pages people open most, beside a page with nothing on it, for a team of 12 holders.

One process and no network: Django's own client calls the application. The floor is the 404 page that the same person
gets: the same session, sign-in and layout, and no figures. The last row is a proposal for 40 cases of one worker.

    .venv/bin/python bench/pages.py [runs]
"""

import sys
import time
import uuid
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from measuring import median, project, seconds_of
from samples import add_holder, make_team, staff

from caseloads.models import Allocation
from teams.actions.setting_up import open_account
from teams.models import Team, User, Worker
from teams.roles import Role

HOLDERS, EACH, MANY = 12, 19, 40


def fetch(client: Client, address: str) -> int:
    return client.get(address, headers={"host": "localhost"}).status_code


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def sign_in(team: Team, worker: Worker, role: Role) -> Client:
    name = f"bench-{role.value}"
    user: User = open_account(
        employer=team.employer,
        username=name.lower(),
        name="Ben Chmark",
        password=str(uuid.uuid4()),
        roles=[(role, team)],
        worker=worker,
        by=None,
        at=timezone.now(),
    )
    client = Client()
    client.force_login(user)
    return client


def pages(team: Team, holder: Worker) -> dict[str, str]:
    """The floor first."""
    case = Allocation.objects.filter(worker=holder, ended_on__isnull=True).order_by("pk")[0].case
    here, about = f"/teams/{team.public_id}", f"/cases/{case.public_id}"
    return {
        "nothing (404)": f"/teams/{uuid.uuid4()}/",
        "team page": f"{here}/",
        "a worker's sum": f"/workers/{holder.public_id}/",
        "one case": f"{about}/",
        "allocate": f"{about}/allocate/",
        "transfer": f"{about}/transfer/",
        "list of cases": f"{here}/cases/",
        "people and capacity": f"{here}/people/",
        "supervision": f"{here}/supervision/",
        "duties of the team": f"{here}/duties/",
        "duties in turn": "/duties/",
        "what if, shared out": f"{here}/what-if/?spread=on&joiners=1",
        "history": f"{here}/history/",
        "team report": f"{here}/report/",
        "list of teams": "/",
    }


def proposal(team: Team, today: date) -> str:
    """The address of a proposal for all cases of somebody who holds many."""
    giver = add_holder(team, cases=MANY, as_of=today, at=timezone.now())
    analyse()
    held = Allocation.objects.filter(worker=giver).select_related("case")
    asked = "&".join(f"case={row.case.public_id}" for row in held)
    return f"/teams/{team.public_id}/transfer/{giver.public_id}/?{asked}"


def measure(client: Client, name: str, address: str, *, runs: int, floor: float) -> float:
    """Print a row of the table; return the least that the page took."""

    def open_page() -> int:
        return fetch(client, address)

    taken = seconds_of(open_page, runs=runs)
    busy = min(seconds_of(open_page, runs=runs, clock=time.process_time))
    with CaptureQueriesContext(connection) as said:
        status = open_page()
    least = min(taken)
    print(
        f"  {name:<22}{status} {least * 1000:9.1f} {median(taken) * 1000:9.1f} {busy * 1000:11.1f}"
        f" {least / (floor or least):8.1f} {len(said.captured_queries):11}"
    )
    return least


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with project():
        now, today = timezone.now(), timezone.localdate()
        team = make_team(holders=HOLDERS, each=EACH, as_of=today, at=now)
        staff(team, as_of=today, at=now)
        analyse()
        holders = Worker.objects.filter(contracts__team=team, case_holding=True).order_by("pk")
        manager = sign_in(team, Worker.objects.get(contracts__team=team, case_holding=False), Role.MANAGER)
        own = sign_in(team, holders[1], Role.SOCIAL_WORKER)
        print(f"\n{holders.count()} case holders, {team.cases.open_on(today).count()} open cases, {runs} runs")
        print(f"  {'page':<25}   min ms median ms  processor  x floor  statements")
        floor = 0.0
        for name, address in pages(team, holders[0]).items():
            least = measure(manager, name, address, runs=runs, floor=floor)
            floor = floor or least
        measure(own, "My workload", "/my-workload/", runs=runs, floor=floor)
        measure(manager, f"proposal for {MANY}", proposal(team, today), runs=runs, floor=floor)


if __name__ == "__main__":
    main()
