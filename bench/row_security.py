#!/usr/bin/env python3
"""What row-level security costs: pages of a team and the nightly scoring, with the wall and without, in one run.

With: as the application, inside a request or a task. Without: the same work as the owner of the tables, whom no rule
concerns, by the same application without the middleware that names the employers. The two take turns.

    .venv/bin/python bench/row_security.py [runs [size]]
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.conf import settings
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

WALL = "teams.middleware.OwnEmployersOnly"


def without_the_wall(client: Client, address: str) -> Client:
    """The same person, served by the application without it."""
    with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name != WALL]):
        other = Client()
        other.cookies = client.cookies
        fetch(other, address)
    return other


def in_turns(*actions: Callable[[], object], runs: int, before: Callable[[], object]) -> list[list[float]]:
    """Seconds of each action, several times over, now one first and now the other; the first round is not counted."""
    taken: list[list[float]] = [[] for _ in actions]
    turns = list(zip(actions, taken, strict=True))
    for _ in range(runs + 1):
        turns.reverse()
        for action, seconds in turns:
            before()
            begun = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - begun)
    return [seconds[1:] for seconds in taken]


def show(name: str, walled: Sequence[float], bare: Sequence[float]) -> None:
    least, more = (f(walled) / f(bare) * 100 - 100 for f in (min, median))
    print(
        f"  {name:<22}{min(walled) * 1000:9.1f} {median(walled) * 1000:9.1f}   "
        f"{min(bare) * 1000:9.1f} {median(bare) * 1000:9.1f}   {least:+6.1f} % {more:+6.1f} %"
    )


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
    runs, size = (int(word) for word in (sys.argv[1:] + ["40", "1"][len(sys.argv) - 1 :]))
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
        print(f"\n{runs} runs            with: min    median   without: min    median     more: min  median")
        for name, address in pages(team, holder).items():
            measure_page(manager, name, address, runs=runs)
        measure_scoring(employer, today, now, runs=max(5, runs // 4))


if __name__ == "__main__":
    main()
