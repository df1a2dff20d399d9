"""Pages of one employer, with as many others in the same tables: they should not notice."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from measuring import median, seconds_of

from teams.actions.setting_up import open_account
from teams.models import Employer, Worker
from teams.roles import Role

RUNS = 30
ANSWERS = {HTTPStatus.OK, HTTPStatus.NOT_FOUND}


@dataclass(frozen=True)
class PageTimes:
    """Shortest and median seconds of each page, and its statements, with so many employers there."""

    employers: int
    seconds: dict[str, tuple[float, float, int]]

    @classmethod
    def of(cls, employer: Employer, day: date) -> "PageTimes":
        client = _director(employer)
        found = {name: _measured(client, address) for name, address in _pages(employer, day).items()}
        return cls(Employer.objects.count(), found)


def _director(employer: Employer) -> Client:
    name = f"director-{uuid.uuid4().hex[:8]}"
    roles = [(Role.DIRECTOR, None)]
    user = open_account(
        employer=employer, username=name, name="Dev Chmark", password=None, roles=roles, by=None, at=timezone.now()
    )
    client = Client()
    client.force_login(user)
    return client


def _pages(employer: Employer, day: date) -> dict[str, str]:
    """The floor first."""
    team = employer.teams.order_by("pk")[0]
    holder = Worker.objects.filter(contracts__team=team, case_holding=True).order_by("pk")[0]
    case = team.cases.open_on(day).order_by("pk")[0]
    return {
        "nothing (404)": f"/teams/{uuid.uuid4()}/",
        "team page": f"/teams/{team.public_id}/",
        "a worker’s sum": f"/workers/{holder.public_id}/",
        "one case": f"/cases/{case.public_id}/",
        "list of cases": f"/teams/{team.public_id}/cases/",
        "people and capacity": f"/teams/{team.public_id}/people/",
        "history": f"/teams/{team.public_id}/history/",
        "overview": f"/employers/{employer.slug}/overview/",
        "list of teams": "/",
    }


def _measured(client: Client, address: str) -> tuple[float, float, int]:
    def open_page() -> None:
        assert client.get(address, headers={"host": "localhost"}).status_code in ANSWERS

    taken = seconds_of(open_page, runs=RUNS)
    with CaptureQueriesContext(connection) as said:
        open_page()
    return min(taken), median(taken), len(said)


def show_pages(times: Sequence[PageTimes]) -> None:
    print(f"\nPages, shortest and median ms of {RUNS}, with so many employers there; statements")
    print(f"  {'':<22}" + "".join(f"{one.employers:>16}" for one in times))
    for name in times[0].seconds:
        cells = [one.seconds[name] for one in times]
        told = "".join(f"{least * 1000:8.1f}{middle * 1000:8.1f}" for least, middle, _ in cells)
        print(f"  {name:<22}{told}{cells[-1][2]:>6}   x {cells[-1][0] / cells[0][0]:.2f}")
