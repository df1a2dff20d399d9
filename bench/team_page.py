#!/usr/bin/env python3
"""How long the server works on the pages people open most, beside a page with nothing on it, for a team of 12 holders.

One process and no network: Django's own client calls the application. The floor is the 404 page that the same person
gets: the same session, sign-in and layout, and no figures.

    .venv/bin/python bench/team_page.py [runs]
"""

import sys
import uuid

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from measuring import median, project, seconds_of, shown
from samples import make_team

from teams.actions.setting_up import open_account
from teams.models import Team, User, Worker
from teams.roles import Role

HOLDERS, EACH = 12, 19


def fetch(client: Client, address: str) -> int:
    return client.get(address, headers={"host": "localhost"}).status_code


def prepare() -> tuple[Team, User]:
    now = timezone.now()
    team = make_team(holders=HOLDERS, each=EACH, as_of=timezone.localdate(now), at=now)
    manager = Worker.objects.get(contracts__team=team, case_holding=False)
    roles = [(Role.MANAGER, team)]
    user = open_account(
        employer=team.employer,
        username="bench",
        name="Ben Chmark",
        password=str(uuid.uuid4()),
        roles=roles,
        worker=manager,
        by=None,
        at=now,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return team, user


def pages(team: Team) -> dict[str, str]:
    """The floor first."""
    holders = Worker.objects.filter(contracts__team=team, case_holding=True)
    return {
        "nothing (404)": f"/teams/{uuid.uuid4()}/",
        "team page": f"/teams/{team.public_id}/",
        "a worker's sum": f"/workers/{holders.order_by('pk')[0].public_id}/",
        "team report": f"/teams/{team.public_id}/report/",
        "list of teams": "/",
    }


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with project():
        team, user = prepare()
        client = Client()
        client.force_login(user)
        holders = Worker.objects.filter(contracts__team=team, case_holding=True).count()
        print(f"\n{holders} case holders, {team.cases.open_on(timezone.localdate()).count()} open cases, {runs} runs")
        floor = 0.0
        for name, address in pages(team).items():
            taken = seconds_of(lambda address=address: fetch(client, address), runs=runs)  # type: ignore[misc]
            with CaptureQueriesContext(connection) as said:
                status = fetch(client, address)
            floor = floor or median(taken)
            print(
                f"  {name:<16}{status}  {shown(taken)}   x {median(taken) / floor:5.1f}"
                f"   {len(said.captured_queries)} statements"
            )


if __name__ == "__main__":
    main()
