#!/usr/bin/env python3
"""What row-level security costs: pages of a team and the nightly scoring, with the wall and without, in one run.

With: as the application, inside a request or a task. Without: the same work as the owner of the tables, whom no rule
concerns, by the same application without the middleware that names the employers. The two take turns.

    .venv/bin/python bench/row_security.py [runs [size]]
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from measuring import median, project
from pages import EACH, HOLDERS, analyse, fetch, pages, sign_in
from samples import make_employer, make_team, staff
from scoring import backdate, unscore

from caseloads.snapshots import score_employer
from teams import tenancy
from teams.models import Employer, Worker
from teams.roles import Role

PAGES = (
    "nothing (404)",
    "team page",
    "a worker's sum",
    "one case",
    "list of cases",
    "people and capacity",
    "team report",
)
WALL = "teams.middleware.OwnEmployersOnly"


def without_the_wall(client: Client, address: str) -> Client:
    """The same person, served by the application without it."""
    with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name != WALL]):
        other = Client()
        other.cookies = client.cookies
        fetch(other, address)
    return other


@dataclass
class Taken:
    """Seconds of each run: by the clock on the wall, and on a processor, ours and the database's together."""

    runs: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


def processor() -> float:
    """Seconds that this process and the database's side of its connection have worked (Linux)."""
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(backend.read_text().split()[0]) / 1e9


def in_turns(*actions: Callable[[], object], runs: int, before: Callable[[], object]) -> list[Taken]:
    """What each action takes, several times over, now one first and now the other; the first round is not counted."""
    turns = [(action, Taken()) for action in actions]
    taken = [one for _, one in turns]
    for number in range(runs + 1):
        turns.reverse()
        for action, one in turns:
            before()
            begun, worked = time.perf_counter(), processor()
            action()
            if number:
                one.runs.append(time.perf_counter() - begun)
                one.worked.append(processor() - worked)
    return taken


def show(name: str, walled: Taken, bare: Taken) -> None:
    """Shortest and median, and the median of what each turn took more than the other's beside it."""
    columns = [
        f"{min(of) * 1000:8.1f} {median(of) * 1000:8.1f}" for of in (walled.runs, bare.runs, walled.worked, bare.worked)
    ]
    more = median([one - other for one, other in zip(walled.worked, bare.worked, strict=True)])
    print(f"  {name:<20}{'   '.join(columns)}   {more * 1000:+6.1f} ms {more / median(bare.worked) * 100:+6.1f} %")


def measure_page(client: Client, name: str, address: str, *, runs: int) -> None:
    bare = without_the_wall(client, address)
    show(name, *in_turns(lambda: fetch(client, address), lambda: fetch(bare, address), runs=runs, before=lambda: None))


def measure_scoring(employer: Employer, today: date, at: datetime, *, runs: int) -> None:
    def score() -> None:
        score_employer(employer_id=employer.pk, as_of=today, at=at)

    def score_behind_the_wall() -> None:
        with tenancy.of(employer.pk):
            score()

    show(
        f"scoring {employer.teams.count()} teams",
        *in_turns(score_behind_the_wall, score, runs=runs, before=lambda: unscore(employer, today)),
    )


def main() -> None:
    runs, size = (int(word) for word in (sys.argv[1:] + ["100", "1"][len(sys.argv) - 1 :]))
    with project():
        now, today = timezone.now(), timezone.localdate()
        team = make_team(holders=HOLDERS, each=EACH, as_of=today, at=now)
        staff(team, as_of=today, at=now)
        employer = make_employer(size, as_of=today, at=now)
        score_employer(employer_id=employer.pk, as_of=today, at=now)
        backdate(employer, today)
        analyse()
        manager = sign_in(team, Worker.objects.get(contracts__team=team, case_holding=False), Role.MANAGER)
        holder = Worker.objects.filter(contracts__team=team, case_holding=True).order_by("pk")[0]
        print(
            f"\n{runs} runs, shortest and median ms: with, without; of it on a processor: with, without; how much more"
        )
        for name in PAGES:
            measure_page(manager, name, pages(team, holder)[name], runs=runs)
        measure_scoring(employer, today, now, runs=max(10, runs // 4))


if __name__ == "__main__":
    main()
