"""PostgreSQL's own programs: found, checked for their version, and run against our database."""

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection

from healthcheck import embedded
from healthcheck.backups.manifest import BackupError


def server_version() -> int:
    """The major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def program(name: str, *, at_least: int) -> str:
    """A program that is as new as that, from where the engines' own come from or from the system."""
    too_old = []
    for path in _candidates(name):
        version = _version(path)
        if version >= at_least:
            return path
        too_old.append(f"{path} is of version {version}")
    said = "; ".join(too_old) or "there is none"
    raise BackupError(
        f"{name} of PostgreSQL {at_least} or newer is needed, and {said}. Install it, or name its folder in "
        "HEALTHCHECK_PG_BIN."
    )


def _candidates(name: str) -> list[str]:
    found = []
    with contextlib.suppress(embedded.EngineError):
        found.append(str(embedded.pg_bin() / name))
    found += [str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)]
    found += [path for path in [shutil.which(name)] if path]
    return [path for path in found if os.access(path, os.X_OK)]


def _version(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


def run(command: list[str], *, told: BinaryIO | None = None) -> None:
    """Run a program on our database. The password goes by the environment, which nobody else can read."""
    answer = subprocess.run(
        command,
        env=os.environ | _address(),
        stdin=told or subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {answer.stderr.strip().splitlines()[-1:] or ['no reason']}")


def _address() -> dict[str, str]:
    told: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {name: str(told[key]) for name, key in names.items() if told.get(key)}
