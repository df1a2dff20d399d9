"""The shape of production without containers: each machine a network namespace with an address of its own.

What runs is read from docker-compose.yml and the Dockerfile: their commands, environment, secrets as files. A cable can
be pulled.
"""

import ast
import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from healthcheck import embedded

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
ADDRESSES = {"proxy": 1, "postgres": 2, "valkey": 3, "web": 4, "one": 5, "two": 6, "beat": 7}
SITE = "health.example.org"
PATIENCE = 90.0
AS_NOBODY = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
"""PostgreSQL refuses to be root."""


def address(name: str) -> str:
    return f"10.77.0.{ADDRESSES[name]}"


def words(service: str) -> list[str]:
    """The command of a service of ours, by this Python."""
    told = COMPOSE["services"][service].get("command")
    if told is None:
        [line] = re.findall(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        return [sys.executable, "-m", *ast.literal_eval(line)]
    return [sys.executable, "-m", *told.split()]


def until(done: Callable[[], Any], complaint: str, *, seconds: float = PATIENCE) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := done()):
        if time.monotonic() > deadline:
            pytest.fail(f"{complaint} within {seconds:.0f} seconds.")
        time.sleep(0.2)
    return found


@dataclass
class Machines:
    """All machines, on one switch."""

    folder: Path
    mark: str = field(default_factory=lambda: f"hc{os.getpid()}")
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    # The network

    def wire(self) -> None:
        if not all(map(shutil.which, ("ip", "nsenter", "unshare"))) or os.geteuid() != 0:
            pytest.fail("This needs root and the programs ip, nsenter and unshare: it gives each machine a network.")
        self.ip("netns", "add", self.space("proxy"))
        self.ip("link", "add", "switch", "type", "bridge", at="proxy")
        for name in ADDRESSES:
            if name != "proxy":
                self.ip("netns", "add", self.space(name))
                end = ["type", "veth", "peer", "name", "cable", "netns", self.space(name)]
                self.ip("link", "add", f"to-{name}", *end, at="proxy")
                self.ip("link", "set", f"to-{name}", "master", "switch", "up", at="proxy")
            card = "switch" if name == "proxy" else "cable"
            self.ip("addr", "add", f"{address(name)}/24", "dev", card, at=name)
            self.ip("link", "set", card, "up", at=name)
            self.ip("link", "set", "lo", "up", at=name)

    def space(self, name: str) -> str:
        return f"{self.mark}-{name}"

    def inside(self, name: str) -> list[str]:
        return ["nsenter", f"--net=/run/netns/{self.space(name)}"]

    def ip(self, *told: str, at: str = "") -> None:
        answer = subprocess.run(
            [*(self.inside(at) if at else []), "ip", *told], capture_output=True, text=True, check=False
        )
        if answer.returncode:
            pytest.fail(f"ip {' '.join(told)}: {answer.stderr.strip()} Network namespaces are not allowed here.")

    def pull_cable(self, name: str) -> None:
        self.ip("link", "set", f"to-{name}", "down", at="proxy")

    def plug_in(self, name: str) -> None:
        self.ip("link", "set", f"to-{name}", "up", at="proxy")

    # What runs

    def environment(self, service: str) -> dict[str, str]:
        """As compose would pass it on: defaults, secrets as files, hosts by their addresses here."""
        told = {}
        for name, value in COMPOSE["services"][service]["environment"].items():
            text = value.replace("${ALLOWED_HOSTS:-${SITE_HOST}}", SITE)
            text = re.sub(r"\$\{SITE_HOST[^}]*\}", SITE, text)
            text = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", text)
            text = text.replace("/run/secrets", str(self.folder / "secrets"))
            for host in ("postgres", "valkey"):
                text = re.sub(rf"(?<=[@/]){host}:", f"{address(host)}:", text)
            told[name] = text
        told["METRICS_TOKEN_FILE"] = str(self.folder / "secrets" / "metrics_token")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"HEALTHCHECK_VAR": str(self.folder / "var"), "PYTHONPATH": str(ROOT)}
        return kept | told | own | {"DJANGO_SETTINGS_MODULE": "healthcheck.settings"}

    def start(self, name: str, *command: str, environment: dict[str, str] | None = None) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*self.inside(name), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=environment,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def ask(self, name: str, service: str, *command: str) -> str:
        """What a program says that runs on a machine as a service of ours."""
        answer = subprocess.run(
            [*self.inside(name), sys.executable, *command],
            cwd=ROOT,
            env=self.environment(service),
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def healthy(self, name: str, service: str) -> bool:
        """What the container's own health check would say."""
        kind, *told = COMPOSE["services"][service]["healthcheck"]["test"]
        here = {"HOSTNAME": name, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        command = ["sh", "-c", told[0].replace("$$", "$")] if kind == "CMD-SHELL" else told
        answer = subprocess.run(
            [*self.inside(name), *command],
            cwd=ROOT,
            env=self.environment(service) | here,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return answer.returncode == 0

    def start_engines(self) -> None:
        bins, data = embedded.pg_bin(), self.folder / "postgres"
        secret = self.folder / "secrets" / "postgres_password"
        init = [f"{bins}/initdb", "-D", str(data), "-U", "healthcheck", f"--pwfile={secret}", "-A", "scram-sha-256"]
        options = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
        subprocess.run([*AS_NOBODY, *init, *options, "--no-sync"], check=True, capture_output=True)
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/24 scram-sha-256\n")
        place = ["-c", f"listen_addresses={address('postgres')}", "-c", "fsync=off", "-c", "io_method=sync"]
        sockets = ["-c", f"unix_socket_directories={self.folder}"]
        self.start("postgres", *AS_NOBODY, f"{bins}/postgres", "-D", str(data), *place, *sockets)
        told = COMPOSE["services"]["valkey"]["command"].split()[1:]
        own = ["--bind", address("valkey"), "--protected-mode", "no", "--dir", str(self.folder)]
        self.start("valkey", str(embedded.valkey_server()), *told, *own)
        ready = [*AS_NOBODY, f"{bins}/pg_isready", "-h", str(self.folder), "-U", "healthcheck"]
        until(
            lambda: subprocess.run(ready, capture_output=True, check=False).returncode == 0, "PostgreSQL did not start"
        )
        create = [*AS_NOBODY, f"{bins}/createdb", "-h", str(self.folder), "-U", "healthcheck", "healthcheck"]
        own_word = os.environ | {"PGPASSWORD": secret.read_text().strip()}
        subprocess.run(create, env=own_word, check=True, capture_output=True)

    def start_service(self) -> None:
        self.start("web", *words("web"), environment=self.environment("web"))
        for name in ("one", "two"):
            self.start(name, *words("worker"), f"--hostname=celery@{name}", environment=self.environment("worker"))
        schedule = [word.replace("=/tmp/", f"={self.folder}/") for word in words("beat")]
        self.start("beat", *schedule, environment=self.environment("beat"))
        until(lambda: self.healthy("web", "web"), "web was not healthy")
        for name in ("one", "two"):
            until(lambda name=name: " ready." in self.log(name), f"worker {name} was not ready")

    def stop(self) -> None:
        for child in reversed(self.running.values()):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        for name in reversed(ADDRESSES):
            subprocess.run(["ip", "netns", "del", self.space(name)], capture_output=True, check=False)


@contextlib.contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """Everything set up and running, with the cast in the database."""
    (folder / "secrets").mkdir()
    for name in (*COMPOSE["secrets"], "metrics_token"):
        (folder / "secrets" / name).write_text(f"{secrets.token_urlsafe(48)}\n")
    here = Machines(folder)
    try:
        here.wire()
        here.start_engines()
        here.ask("web", "migrate", "manage.py", "migrate", "--no-input", "--verbosity=0")
        here.ask("web", "migrate", "manage.py", "collectstatic", "--no-input", "--verbosity=0")
        here.start_service()
        yield here
    finally:
        here.stop()
