#!/usr/bin/env python3
"""So many people at work at once, on an employer of 120 teams and 1,100 workers: how long they wait, and what fails.

The service runs as in production: gunicorn with three processes, Celery with two and its beat, all logged in as the
application, on throw-away engines; the people are locust's (bench/load_people.py), which share the machine with it.

    .venv/bin/python bench/load.py [--people 100] [--minutes 10]
    .venv/bin/python bench/load.py --steps 50 100 200 400 --minutes 1    where the limit lies, beside a bare page
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cycles import begin, take
from django.db import connection
from django.utils import timezone
from measuring import FOLDER, ROOT, project
from samples import make_employer
from scoring import backdate

from caseloads.snapshots import score_employer
from checks.actions.standards import load_shipped_standards
from checks.finding_keeping import keep_findings
from healthcheck import embedded
from teams.actions.setting_up import open_account
from teams.models import Employer, Team, User, Worker
from teams.roles import Role

BUILD = ROOT / "build" / "load"
TIMES = 10
ACCOUNTS = {"workers": 60, "managers": 28, "leaders": 8, "administrators": 4}
WEB = ("--workers=3", "--threads=2", "--no-control-socket", "--log-level=warning", "--limit-request-line=8190")
PAGES_WITHIN, SAVING_WITHIN = 400, 1000
LOOK_EVERY = 5.0
SPAWNED_A_SECOND = 2
PASSWORD = "weigh-it-in-the-open"  # noqa: S105 - of made-up people


def install() -> Path:
    """Locust, from hashes, in an environment of its own."""
    programs = BUILD / "venv" / "bin"
    if not (programs / "locust").exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(BUILD / "venv")], check=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "-r", str(ROOT / "requirements" / "load.txt")], check=True)
    return programs / "locust"


def prepare(times: int, at: datetime) -> tuple[Employer, dict[str, list[str]]]:
    """An employer with a month of scored days and findings, the accounts of its people, and a health check for each
    of its teams to complete.
    """
    today = timezone.localdate(at)
    load_shipped_standards(at=at)
    employer = make_employer(times, as_of=today, at=at)
    score_employer(employer_id=employer.pk, as_of=today, at=at)
    keep_findings(employer_id=employer.pk, as_of=today, at=at)
    backdate(employer, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    holders = Worker.objects.filter(employer=employer, case_holding=True).order_by("pk")
    teams = list(employer.teams.order_by("pk"))
    own = [Team.objects.get(contracts__worker=worker) for worker in holders[: ACCOUNTS["workers"]]]
    given: dict[str, list[tuple[Role, Team | None, Worker | None]]] = {
        "workers": [(Role.SOCIAL_WORKER, team, worker) for team, worker in zip(own, holders, strict=False)],
        "managers": [(Role.MANAGER, team, None) for team in teams[: ACCOUNTS["managers"]]],
        "leaders": [(Role.DIRECTOR, None, None), (Role.PRINCIPAL_SOCIAL_WORKER, None, None)]
        * (ACCOUNTS["leaders"] // 2),
        "administrators": [(Role.ADMINISTRATOR, None, None)] * ACCOUNTS["administrators"],
    }
    names = {kind: [_open(employer, f"{kind}-{n}", *one) for n, one in enumerate(of)] for kind, of in given.items()}
    take(begin(employer, User.objects.get(username=names["leaders"][1])))
    return employer, names


def _open(employer: Employer, name: str, role: Role, team: Team | None, worker: Worker | None) -> str:
    open_account(
        employer=employer,
        username=name,
        name=name.replace("-", " ").title(),
        password=PASSWORD,
        roles=[(role, team)],
        worker=worker,
        by=None,
        at=timezone.now(),
    )
    return name


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the service, until the block ends."""
    environment = os.environ | {
        "DATABASE_URL": embedded.database_url(FOLDER, user=embedded.APPLICATION),
        "TRUSTED_PROXIES": "1",  # each of the people comes from an address of their own
        "PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}",
    }
    with (FOLDER / "log" / f"{name}.log").open("ab") as log:
        command = [sys.executable, "-m", *words]
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


def gunicorn(stack: ExitStack, name: str, application: str, path: str) -> tuple[str, subprocess.Popen[bytes]]:
    """A web server that answers, and where."""
    where = f"http://127.0.0.1:{free_port()}"
    child = stack.enter_context(running(name, "gunicorn", application, f"--bind={where.removeprefix('http://')}", *WEB))
    while True:
        try:
            with urllib.request.urlopen(where + path, timeout=5):  # noqa: S310 - our own
                return where, child
        except OSError:
            time.sleep(0.2)


@dataclass(frozen=True)
class Said:
    """What locust found: name, number, failures, median and 95th percentile in ms of each thing done; memory, in MB."""

    rows: list[tuple[str, int, int, int, int]]
    errors: list[str]
    memory: dict[str, list[float]]
    loads: list[float]

    def late(self, kind: str) -> int:
        return next((late for name, _, _, _, late in self.rows if name == f"all: {kind}"), 0)

    @property
    def done(self) -> int:
        return sum(many for name, many, _, _, _ in self.rows if not name.startswith("all"))

    @property
    def failed(self) -> int:
        return sum(failed for _, _, failed, _, _ in self.rows)

    @property
    def well(self) -> bool:
        return not self.failed and self.late("page") < PAGES_WITHIN and self.late("save") < SAVING_WITHIN


def put_to_work(locust: Path, script: str, where: str, *, people: int, seconds: float, watched: dict[str, int]) -> Said:
    """So many people for so long, once all of them are there; memory and load average are looked at meanwhile."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        environment = os.environ | {"LOAD_RESULT": result.name}
        total = seconds + people / SPAWNED_A_SECOND
        command = [str(locust), "-f", str(ROOT / "bench" / script), "--headless", "--host", where, "-u", str(people)]
        command += ["-r", str(SPAWNED_A_SECOND), "-t", f"{total:.0f}s", "--reset-stats", "--only-summary"]
        log = (FOLDER / "log" / "locust.log").open("ab")
        memory: dict[str, list[float]] = {name: [] for name in watched}
        loads = []
        with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as child:
            while child.poll() is None:
                time.sleep(LOOK_EVERY)
                loads.append(os.getloadavg()[0])
                _look(watched, memory)
        said = json.loads(Path(result.name).read_text())
    return Said(said["rows"], said["errors"], memory, loads)


def _look(watched: Mapping[str, int], memory: Mapping[str, list[float]]) -> None:
    for name, root in watched.items():
        memory[name].append(sum(_held(number) for number in _tree(root)))


def _tree(root: int) -> Iterator[int]:
    """A process and all that it started (Linux)."""
    yield root
    for child in Path(f"/proc/{root}/task/{root}/children").read_text().split():
        yield from _tree(int(child))


def _held(number: int) -> float:
    """Memory of a process in MB, what it shares with others divided among them."""
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def show(said: Said, people: int) -> None:
    print(
        f"\n{people} people, load average {min(said.loads):.1f} to {max(said.loads):.1f} on {os.cpu_count()} processors"
    )
    print(f"  {'what':<28}{'times':>8}{'failed':>8}{'median ms':>11}{'95th ms':>9}")
    for name, many, failed, middle, late in sorted(said.rows):
        print(f"  {name:<28}{many:8}{failed:8}{middle:11}{late:9}")
    for error in said.errors:
        print(f"  FAILED {error}")
    for name, held in said.memory.items():
        tenth = max(1, len(held) // 10)
        begun, ended = sum(held[:tenth]) / tenth, sum(held[-tenth:]) / tenth
        print(f"  memory of {name:<14}{begun:7.0f} MB at first, {ended:.0f} at last, {max(held):.0f} at most")
    verdict = "kept" if said.well else "MISSED"
    print(f"  {verdict}: pages under {PAGES_WITHIN} ms, saving under {SAVING_WITHIN} ms, no error")


def show_step(said: Said, bare: Said, people: int, seconds: float) -> None:
    print(
        f"{people:7}{said.done / seconds:10.1f}{said.failed:8}{said.late('page'):11}{said.late('save'):11}"
        f"{max(said.loads):8.1f}{bare.done / seconds:14.1f}{bare.late('page'):12}",
        flush=True,
    )


def steps(locust: Path, where: str, bare: str, sizes: Sequence[int], seconds: float) -> None:
    """More and more people, until something is missed; a bare page for as many, each time."""
    print("\n people  a second  failed  page 95th  save 95th    load  bare a second  bare 95th")
    for people in sizes:
        said = put_to_work(locust, "load_people.py", where, people=people, seconds=seconds, watched={})
        nothing = put_to_work(locust, "load_bare_people.py", bare, people=people, seconds=seconds, watched={})
        show_step(said, nothing, people, seconds)
        for error in said.errors[:3]:
            print(f"  FAILED {error}")
        if not said.well:
            print(f"The limit lies below {people} people.")
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--times", type=int, default=TIMES, help="so many times the demonstration's employer")
    parser.add_argument("--steps", type=int, nargs="+")
    asked = parser.parse_args()
    locust = install()
    with project(), ExitStack() as stack:
        employer, accounts = prepare(asked.times, timezone.now())
        os.environ |= {"LOAD_PEOPLE": json.dumps(accounts), "LOAD_EMPLOYER": employer.slug}
        os.environ["LOAD_DAY"] = f"{timezone.localdate():%d/%m/%Y}"
        print(f"{employer.teams.count()} teams, {employer.workers.count()} workers, {employer.cases.count()} cases")
        where, web = gunicorn(stack, "web", "healthcheck.wsgi", "/sign-in/")
        celery = ("celery", "-A", "healthcheck.celery")
        worker = stack.enter_context(running("worker", *celery, "worker", "-c2", "--loglevel=INFO"))
        beat = [f"--schedule={FOLDER}/beat", "--pidfile=", "--loglevel=INFO"]
        stack.enter_context(running("beat", *celery, "beat", *beat))
        if asked.steps:
            bare, _ = gunicorn(stack, "bare", "load_bare", "/")
            steps(locust, where, bare, asked.steps, asked.minutes * 60)
        else:
            watched = {"web": web.pid, "worker": worker.pid}
            said = put_to_work(
                locust, "load_people.py", where, people=asked.people, seconds=asked.minutes * 60, watched=watched
            )
            show(said, asked.people)


if __name__ == "__main__":
    main()
