"""The process that runs PostgreSQL and Valkey on a laptop for as long as somebody uses them.

Started by `healthcheck.embedded`, with the standard library alone. Every user of the engines holds a shared lock on one
file; the keeper waits for the exclusive lock on it. The kernel drops a lock with its process, so the engines end when
their last user ends, however that happens. Answers "ready" or one sentence on standard output.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from healthcheck.privileges import Plan, step_down

NAME = "healthcheck"
PATIENCE = 30.0
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
LARGEST_LOG = 5_000_000
BUILTIN_LOCALES_SINCE = 17
CHOICE_OF_IO_SINCE = 18
LINES_OF_LOCK_FILE = 8
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGTZ": "UTC"}


class EngineError(Exception):
    """One sentence for the person at the keyboard."""


class SomethingEndedError(Exception):
    """An engine died, or the keeper was told to stop."""


def open_log(folder: Path, name: str) -> BinaryIO:
    """For reading too: after stepping down the folder may be out of reach."""
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.unlink()
    return path.open("a+b")


def last_words(log: BinaryIO) -> str:
    """The line of a log that says why: the last fatal one, else the last."""
    log.seek(0)
    lines = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "error:" in line]
    return (fatal or lines or ["(the log is empty)"])[-1]


def tie(number: int) -> None:
    """Run in a child before its program: when its parent is killed outright it gets that signal (Linux only)."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, number)


def spawn(command: list[str], log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=ENVIRONMENT,
        cwd="/",
        preexec_fn=lambda: tie(signal.SIGINT),  # noqa: PLW1509 -- the keeper has one thread
    )


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=ENVIRONMENT, cwd="/", check=False
    )


def until(done: Callable[[], bool], child: subprocess.Popen[bytes], name: str, log: BinaryIO) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if child.poll() is not None:
            raise EngineError(f"{name} did not start: {last_words(log)} (see {log.name})")
        if time.monotonic() > deadline:
            raise EngineError(f"{name} was not ready after {PATIENCE:.0f} seconds (see {log.name}).")
        time.sleep(0.01)


def version_of(pg_bin: Path) -> int:
    answer = run([f"{pg_bin}/postgres", "--version"])
    found = re.search(r"\) (\d+)", answer.stdout)
    if not found:
        raise EngineError(f"{pg_bin}/postgres does not run: {answer.stderr.strip() or answer.stdout.strip()}")
    return int(found[1])


def make_cluster(plan: Plan, version: int) -> None:
    """Made beside its place and renamed, so that half a cluster is never taken for a whole one."""
    new = plan.cluster.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    command = [
        f"{plan.pg_bin}/initdb",
        "-D",
        str(new),
        "-U",
        NAME,
        "--auth=trust",
        "--encoding=UTF8",
        "--no-instructions",
    ]
    if version >= BUILTIN_LOCALES_SINCE:
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        command += ["--no-locale"]
    if plan.throwaway:
        command += ["--no-sync"]
    answer = run(command)
    if answer.returncode:
        raise EngineError(f"The database could not be made: {answer.stderr.strip()}")
    new.rename(plan.cluster)


def start_postgres(plan: Plan, log: BinaryIO) -> subprocess.Popen[bytes]:
    version = version_of(plan.pg_bin)
    made_by = plan.cluster / "PG_VERSION"
    if not made_by.exists():
        make_cluster(plan, version)
    elif (old := made_by.read_text().strip()) != str(version):
        raise EngineError(
            f"{plan.cluster} was made by PostgreSQL {old} and this is PostgreSQL {version}: "
            f"set HEALTHCHECK_PG_BIN to the programs of version {old}, or move that folder away to begin again."
        )
    end_left_over_postgres(plan)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(plan.run),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "wal_level": "replica",
        "max_connections": "60",
    }
    if version >= CHOICE_OF_IO_SINCE:
        settings["io_method"] = "sync"
    if plan.throwaway:
        settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        settings |= {"shared_buffers": "1GB", "effective_cache_size": "3GB"}  # as in docker-compose.yml
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    child = spawn([f"{plan.pg_bin}/postgres", "-D", str(plan.cluster), *options], log)
    until(lambda: lock_file(plan.cluster)[-1:] == ["ready"], child, "PostgreSQL", log)
    return child


def lock_file(cluster: Path) -> list[str]:
    """postmaster.pid: process, folder, start, port, socket folder, address, memory key, status; [] when not there."""
    try:
        lines = [line.strip() for line in (cluster / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []
    return lines if len(lines) >= LINES_OF_LOCK_FILE else lines[:1]


def end_left_over_postgres(plan: Plan) -> None:
    """A server of a keeper that was killed, or a lock file whose process is gone or is now something else."""
    lines = lock_file(plan.cluster)
    if not lines:
        return
    pid = abs(int(lines[0]))
    if not serves(pid, plan.cluster):
        (plan.cluster / "postmaster.pid").unlink(missing_ok=True)
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    while serves(pid, plan.cluster):
        if time.monotonic() > deadline:
            raise EngineError(f"Process {pid} still serves {plan.cluster} and does not stop: end it and try again.")
        time.sleep(0.02)


def serves(pid: int, cluster: Path) -> bool:
    """Whether that process is a PostgreSQL server on that folder (a zombie is not)."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsencode(cluster) in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
    return str(cluster) in run(["ps", "-p", str(pid), "-o", "command="]).stdout


def make_database(plan: Plan) -> None:
    answer = run([f"{plan.pg_bin}/createdb", "-h", str(plan.run), "-U", NAME, NAME])
    if answer.returncode and "already exists" not in answer.stderr:
        raise EngineError(f"The database could not be made: {answer.stderr.strip()}")


def start_valkey(plan: Plan, log: BinaryIO) -> subprocess.Popen[bytes]:
    ask(plan.valkey_socket, b"SHUTDOWN NOSAVE")
    plan.valkey_socket.unlink(missing_ok=True)
    plan.queue.mkdir(mode=0o700, exist_ok=True)
    keep = ["--appendonly", "no" if plan.throwaway else "yes", "--save", ""]
    place = [
        "--port",
        "0",
        "--unixsocket",
        str(plan.valkey_socket),
        "--unixsocketperm",
        "700",
        "--dir",
        str(plan.queue),
    ]
    child = spawn([str(plan.valkey), *place, *keep, "--daemonize", "no"], log)
    until(lambda: ask(plan.valkey_socket, b"PING") == b"+PONG", child, "Valkey", log)
    return child


def ask(path: Path, command: bytes) -> bytes:
    """Valkey's answer to one command; empty when nobody listens."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(str(path))
            line.sendall(command + b"\r\n")
            return line.recv(200).strip()
        except OSError:
            return b""


def stop(child: subprocess.Popen[bytes]) -> None:
    """SIGINT is PostgreSQL's fast shutdown and Valkey's orderly one."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


# The keeper's own life.


@contextlib.contextmanager
def running(plan: Plan, logs: dict[str, BinaryIO]) -> Iterator[list[subprocess.Popen[bytes]]]:
    children: list[subprocess.Popen[bytes]] = []
    try:
        children.append(start_postgres(plan, logs["postgres"]))
        children.append(start_valkey(plan, logs["valkey"]))
        make_database(plan)
        yield children
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in reversed(children):
            stop(child)


def end(number: int, _frame: object) -> None:
    raise SomethingEndedError(signal.Signals(number).name)


def say(sentence: str) -> None:
    """Tell whoever started the keeper, and let go of the pipe to them."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, sentence.encode() + b"\n")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def keep(plan: Plan) -> None:
    """Run the engines until nobody holds the users' lock."""
    users = os.open(plan.var / "users.lock", os.O_RDONLY)
    logs = {name: open_log(plan.var / "log", name) for name in ("postgres", "valkey")}
    plan.data.mkdir(mode=0o700, exist_ok=True)
    with running(step_down(plan), logs) as children:
        signal.signal(signal.SIGCHLD, end)
        signal.signal(signal.SIGTERM, end)
        say("ready")
        if all(child.poll() is None for child in children):
            fcntl.flock(users, fcntl.LOCK_EX)
    if plan.throwaway:
        shutil.rmtree(plan.var, ignore_errors=True)


def main() -> int:
    described = json.loads(sys.argv[1])
    places = {name: Path(described[name]) for name in ("var", "run", "pg_bin", "valkey")}
    plan = Plan(**places, data=places["var"] / "data", throwaway=described["throwaway"])
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    alive = os.open(plan.var / "keeper.lock", os.O_RDONLY)
    fcntl.flock(alive, fcntl.LOCK_EX)
    try:
        keep(plan)
    except EngineError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"The embedded engines could not start: {error}")
        return 1
    except SomethingEndedError as error:
        sys.stderr.write(f"An engine ended by itself, or the keeper was told to stop ({error}).\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
