"""A house of real processes over engines of its own, each of which can be killed: two engines, web, workers, beat."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import kombu.pools
import psycopg2
import redis
import requests
from django.conf import settings
from django.db import connection
from django.test import override_settings

from healthcheck import embedded
from healthcheck.celery import app
from tests.faults.proxy import Proxy

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
MOMENT, TEMPLATE = "moment", "healthcheck"
"""The database that a test works on, and the one that it is copied from."""
WORKER = ("--pool=threads", "--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO")
WEB = ("--threads=4", "--no-control-socket", "--log-level=warning")
Child = subprocess.Popen[str]


def until(done: Callable[[], Any], what: str, *, patience: float = PATIENCE, between: float = 0.05) -> None:
    deadline = time.monotonic() + patience
    while not done():
        assert time.monotonic() < deadline, f"{what}: not within {patience:.0f} seconds"
        time.sleep(between)


def _forget_queue() -> None:
    """Lines of this process to its queue belong to one house."""
    kombu.pools.reset()
    app._after_fork()


@dataclass
class House:
    """Everything that runs for a test, by name."""

    var: Path
    children: dict[str, Child] = field(default_factory=dict)
    engine_pids: dict[str, int] = field(default_factory=dict)
    keeps_queue: bool = True
    more: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        embedded.prepare(self.var)
        (self.var / "data").mkdir(mode=0o700, exist_ok=True)
        self.run = embedded.run_dir(self.var)
        self.proxy = Proxy(self.run / "valkey.sock")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    # Engines

    def start_engine(self, name: str) -> None:
        plan = {"var": self.var, "data": self.var / "data", "run": self.run}
        plan |= {"pg_bin": embedded.pg_bin(), "valkey": embedded.valkey_server()}
        described = {key: str(place) for key, place in plan.items()}
        throwaway = name == "postgres" or not self.keeps_queue
        words = ["-m", "tests.faults.engine", name, json.dumps({**described, "throwaway": throwaway})]
        child = self._spawn(name, words, stdout=subprocess.PIPE)
        assert child.stdout
        with child.stdout as answer:
            said = answer.readline().strip()
        assert said.isdigit(), f"{name} did not start: {said} {self.log(name)}"
        self.engine_pids[name] = int(said)

    def kill_engine(self, name: str, number: int = signal.SIGKILL) -> None:
        os.kill(self.engine_pids[name], number)
        self.children.pop(name).wait(PATIENCE)

    # The product's own processes

    def environment(self) -> dict[str, str]:
        """What the processes know; nothing is measured in them, because they are killed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        return kept | {
            "HEALTHCHECK_DEVELOPMENT": "1",
            "HEALTHCHECK_VAR": str(self.var),
            "SECRET_KEY": str(settings.SECRET_KEY),
            "DATABASE_URL": self.database_url(),
            "REDIS_URL": self.redis_url,
            "HASTY_STATEMENTS": str(self.statements),
            "PYTHONPATH": str(ROOT),
            **self.more,
        }

    def database_url(self, name: str = MOMENT, user: str = embedded.APPLICATION) -> str:
        return f"postgresql://{user}@{quote(str(self.run), safe='')}/{name}"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.proxy.port}/0"

    def start_worker(self, name: str = "worker", *, killed_at: int = 0) -> None:
        """A worker that is ready to work, and is killed in place of one of its statements to the database."""
        words = ["-m", "celery", "-A", "tests.faults.hasty", "worker", *WORKER, f"--hostname={name}@house"]
        began = len(self.log(name))
        child = self._spawn(name, words, HASTY_KILLED_AT=str(killed_at))
        until(lambda: " ready." in self.log(name)[began:] or child.poll() is not None, f"{name} ready")
        assert child.poll() is None, self.log(name)[began:]

    def start_beat(self, name: str = "beat") -> None:
        words = ["-m", "celery", "-A", "tests.faults.hasty", "beat", f"--schedule={self.var}/{name}.db", "--pidfile="]
        self._spawn(name, [*words, "--loglevel=INFO"])

    def start_web(self) -> None:
        if not (self.var / "static").exists():
            self.run_command("collectstatic", "--no-input", "--verbosity=0")
        self._spawn("web", ["-m", "gunicorn", "healthcheck.wsgi", f"--bind=127.0.0.1:{self.port}", *WEB])
        until(self._answers, "web")

    def start_what_is_missing(self, *names: str) -> None:
        starts = {"web": self.start_web, "worker": self.start_worker, "beat": self.start_beat}
        for name in names:
            if name not in self.children:
                starts[name]()

    @property
    def statements(self) -> Path:
        """A byte for each that workers and beats have said to the database."""
        return self.var / "log" / "statements"

    def kill(self, name: str) -> None:
        child = self.children.pop(name)
        child.kill()
        child.wait(PATIENCE)

    def log(self, name: str) -> str:
        place = self.var / "log" / f"{name}.log"
        return place.read_text(errors="replace") if place.exists() else ""

    def run_command(self, *words: str, user: str = embedded.OWNER, database: str = MOMENT) -> str:
        """A command of manage.py, as on the server."""
        environment = self.environment() | {"DATABASE_URL": self.database_url(database, user)}
        answer = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def stop(self) -> None:
        connection.close()
        for name in sorted(self.children, key=lambda name: name in self.engine_pids):
            child = self.children[name]
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.proxy.close()

    def _spawn(self, name: str, words: Sequence[str], stdout: int | None = None, **told: str) -> Child:
        with (self.var / "log" / f"{name}.log").open("a") as log:
            self.children[name] = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=self.environment() | told,
                stdin=subprocess.DEVNULL,
                stdout=stdout or log,
                stderr=log,
                text=True,
            )
        return self.children[name]

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/sign-in/", timeout=5).status_code < 600
        except requests.RequestException:
            return False

    # The databases

    def server(self, statement: str) -> None:
        line = psycopg2.connect(self.database_url("postgres", embedded.OWNER))
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)
        line.close()

    def fresh(self) -> None:
        """A new copy of the template, whoever still uses the last."""
        connection.close()
        self.server(f"DROP DATABASE IF EXISTS {MOMENT} WITH (FORCE)")
        self.server(f"CREATE DATABASE {MOMENT} TEMPLATE {TEMPLATE}")

    @contextlib.contextmanager
    def ours(self, database: str = MOMENT) -> Iterator[None]:
        """This process works on the house's database, as its owner, and asks its queue."""
        kept = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(NAME=database, HOST=str(self.run), USER=embedded.OWNER, PORT="")
        broker, app.conf.broker_write_url = app.conf.broker_write_url, self.redis_url
        _forget_queue()
        try:
            # tells what remembers its setting, as the storage of files does
            with override_settings(MEDIA_ROOT=str(self.var / "media"), REDIS_URL=self.redis_url):
                yield
        finally:
            connection.close()
            connection.settings_dict.update(kept)
            app.conf.broker_write_url = broker
            _forget_queue()

    def ask(self, *tasks: str, **keys: int) -> None:
        """Send messages as whoever sends them would."""
        with app.connection_for_write(self.redis_url) as line:
            for name in tasks:
                app.send_task(name, kwargs=keys, connection=line)

    def empty_queue(self) -> None:
        with redis.Redis(unix_socket_path=str(self.run / "valkey.sock")) as server:
            server.flushall()
