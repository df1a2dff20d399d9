"""Sets the demonstration up and serves it: web, worker and beat under one command. Started by bin/demo.

Imports neither Django nor Celery: it only starts programs, listens to them, and stops them in order. Its children hold
the engines' lock as well, so that PostgreSQL and Valkey stop last whatever happens to this process.
"""

import argparse
import contextlib
import errno
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from healthcheck import embedded
from healthcheck.keeper import open_log, tie
from healthcheck.progress import Report, StopError, recall, remember

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT = 8000
PORTS_TRIED = 20
LOOKS_AT_ENGINES, BETWEEN_LOOKS = 10, 0.1
PATIENCE = 60.0
OK_BELOW = 500
APPLICATION = {"beat", "worker", "web"}
ORDER_OF_STOPPING = ("setup", "beat", "worker", "web")
SECONDS_TO_STOP = {"setup": 5, "beat": 5, "worker": 20, "web": 10}
WORKER = ["--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
WEB = [
    "--workers=1",
    "--threads=4",
    "--preload",
    "--log-level=warning",
]


@dataclass
class Household:
    """The running children. Leaving the `with` block stops them in order."""

    var: Path
    users: int | None
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *words: str, sockets: list[socket.socket] | None = None, talks: bool = False) -> None:
        kept = [line.fileno() for line in sockets or []] + ([] if self.users is None else [self.users])
        with open_log(self.var / "log", name) as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if talks else log,
                stderr=log,
                cwd=ROOT,
                env=os.environ | self.surroundings(name),
                pass_fds=kept,
                preexec_fn=lambda: tie(signal.SIGTERM),  # noqa: PLW1509 -- one thread
            )

    def surroundings(self, name: str) -> dict[str, str]:
        """What a child knows beside our own environment.

        Embedded engines hold made-up people only; the set-up, which makes the tables, alone logs in as their owner.
        """
        own = {"PYTHONPATH": str(ROOT), "HEALTHCHECK_VAR": str(self.var)}
        if self.users is not None and not os.environ.get("DATABASE_URL"):
            own["HEALTHCHECK_DEMONSTRATION"] = os.environ.get("HEALTHCHECK_DEMONSTRATION", "1")
        if name in APPLICATION and "DATABASE_URL" not in os.environ:
            own["DATABASE_URL"] = embedded.database_url(self.var, user=embedded.APPLICATION)
        return own

    def check(self) -> None:
        """Raise when one of them has ended by itself (the set-up may, when it went well).

        A process often ends because an engine did: the engine, which is found out a moment later, is then named.
        """
        codes = {name: child.poll() for name, child in self.running.items()}
        ended = [name for name, code in codes.items() if code is not None and (name, code) != ("setup", 0)]
        for _ in range(LOOKS_AT_ENGINES if ended else 1):
            if self.users is not None and not embedded.keeper_alive(self.var):
                raise StopError(f"PostgreSQL or Valkey ended by itself. Their logs: {self.var}/log")
            time.sleep(BETWEEN_LOOKS if ended else 0)
        for name in ended:
            del self.running[name]
            raise StopError(
                f"The {name} process ended by itself (exit code {codes[name]}). Its log: {self.var}/log/{name}.log"
            )

    def stop(self) -> None:
        for name in ORDER_OF_STOPPING:
            if child := self.running.pop(name, None):
                stop(child, SECONDS_TO_STOP[name])


def stop(child: subprocess.Popen[bytes], seconds: float) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdout:
        child.stdout.close()


# The address


def listen(port: int | None) -> list[socket.socket]:
    """Sockets on 127.0.0.1 and, where there is one, ::1, both on the same port: the wanted one, else a free one."""
    for number in [port] if port else [*range(FIRST_PORT, FIRST_PORT + PORTS_TRIED), 0]:
        try:
            return bind(number)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise StopError(f"Port {port} is taken: choose another with --port, or leave it out.")


def bind(port: int) -> list[socket.socket]:
    first = socket.create_server(("127.0.0.1", port))
    try:
        return [first, socket.create_server(("::1", first.getsockname()[1]), family=socket.AF_INET6)]
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            first.close()
            raise
        return [first]  # no IPv6 here


def answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/sign-in/")
        return line.getresponse().status < OK_BELOW
    except OSError:
        return False
    finally:
        line.close()


def wait_until(done: Callable[[], bool], household: Household, complaint: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        household.check()
        if time.monotonic() > deadline:
            raise StopError(complaint)
        time.sleep(0.05)


# The set-up, which needs Django, runs in a child and tells us how far it is


def events(household: Household) -> Iterator[dict[str, Any]]:
    """What the set-up says, one JSON object a line, until it ends; the other children are watched meanwhile."""
    pipe, rest = household.running["setup"].stdout, b""
    while pipe:
        if not select.select([pipe], [], [], 0.5)[0]:
            household.check()
            continue
        some = os.read(pipe.fileno(), 65_536)
        if not some:
            return
        *lines, rest = (rest + some).split(b"\n")
        yield from map(json.loads, lines)


def set_up(
    household: Household, options: argparse.Namespace, report: Report, **on_reaching: Callable[[], None]
) -> None:
    """Migrate, load, score and print. Calls what is named after a milestone when the set-up reaches it."""
    words = ["--import", str(options.file.resolve())] if options.file else []
    household.start("setup", "-m", "healthcheck.setting_up", *words, talks=True)
    for event in events(household):
        report.take(event)
        if reached := event.get("reached"):
            on_reaching[reached]()
    household.running["setup"].wait()
    household.check()
    del household.running["setup"]
    remember(household.var, report)


def start_worker(household: Household) -> None:
    household.start("worker", "-m", "celery", "-A", "healthcheck.celery", "worker", *WORKER)


def start_web(household: Household, sockets: list[socket.socket]) -> None:
    binds = [f"--bind=fd://{line.fileno()}" for line in sockets]
    household.start("web", "-m", "gunicorn", "healthcheck.wsgi", *binds, *WEB, sockets=sockets)


def announce(household: Household, port: int, report: Report) -> None:
    wait_until(lambda: answers(port), household, f"The first page did not come. Its log: {household.var}/log/web.log")
    print(f"\nTeam Health Check is at http://127.0.0.1:{port}/  ({time.monotonic() - report.began:.1f} s)")
    if report.people:
        print(f"\n{report.people.strip()}")
    print("\nCtrl-C stops it. The data stays in var/.", flush=True)


def serve(household: Household, options: argparse.Namespace, report: Report) -> None:
    sockets = listen(options.port)
    port = sockets[0].getsockname()[1]
    (serve_again if report.quiet else serve_first)(household, options, report, sockets, port)
    words = [f"--schedule={household.var}/beat-schedule", "--pidfile=", "--loglevel=INFO"]
    household.start("beat", "-m", "celery", "-A", "healthcheck.celery", "beat", *words)
    while True:
        household.check()
        time.sleep(0.3)


def serve_first(
    household: Household, options: argparse.Namespace, report: Report, sockets: list[socket.socket], port: int
) -> None:
    set_up(
        household,
        options,
        report,
        static=lambda: start_web(household, sockets),
        data=lambda: start_worker(household),
    )
    report.print_summary()
    announce(household, port, report)


def serve_again(
    household: Household, options: argparse.Namespace, report: Report, sockets: list[socket.socket], port: int
) -> None:
    """Everything is there already: the page comes first, and what the new day asks for is done behind it."""
    start_web(household, sockets)
    announce(household, port, report)
    start_worker(household)
    set_up(household, options, report, static=lambda: None, data=lambda: None)
    if report.problem:
        print(report.problem, flush=True)


def run_once(household: Household, options: argparse.Namespace, report: Report) -> None:
    set_up(household, options, report, static=lambda: start_worker(household), data=lambda: None)
    report.print_summary()
    print(f"\n{report.people.strip()}", flush=True)
    if report.problem:
        raise StopError("The report was not made.")


# The command


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Load the demonstration, score it, and serve it.")
    parser.add_argument("--once", action="store_true", help="do not serve: print a summary and end")
    parser.add_argument("--import", dest="file", type=Path, metavar="FILE", help="also import an Annex A workbook")
    parser.add_argument("--port", type=int, help="serve on this port of 127.0.0.1 (default: a free one from 8000)")
    options = parser.parse_args(words)
    if options.file and not options.file.is_file():
        parser.error(f"there is no file {options.file}")
    return options


@contextlib.contextmanager
def only_one(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StopError(f"bin/demo is already running on {var}: stop that one first.") from None
        yield


@contextlib.contextmanager
def servers(var: Path) -> Iterator[int | None]:
    """The embedded engines, unless both servers are named."""
    if not embedded.wanted(os.environ):
        (var / "log").mkdir(parents=True, exist_ok=True)
        yield None
        return
    with embedded.engines(var) as users:
        yield users


def stop_on_signals() -> None:
    def ask(_number: int, _frame: object) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise StopError

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)


def run(options: argparse.Namespace, var: Path) -> None:
    people = None if options.once else recall(var)
    report = Report(
        began=time.monotonic(),
        seconds=json.loads(os.environ.get("HEALTHCHECK_PREPARED", "{}")),
        quiet=people is not None,
        people=people or "",
    )
    with only_one(var), servers(var) as users:
        report.step("engines", round(time.monotonic() - report.began, 1))
        household = Household(var=var, users=users)
        try:
            (run_once if options.once else serve)(household, options, report)
        finally:
            household.stop()


def main() -> int:
    options = parse(sys.argv[1:])
    var = Path(os.environ.get("HEALTHCHECK_VAR", ROOT / "var")).resolve()
    stop_on_signals()
    try:
        run(options, var)
    except (StopError, embedded.EngineError) as reason:
        if str(reason):
            print(reason, file=sys.stderr)
            return 1
        print("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
