#!/usr/bin/env python3
"""Runs the named checks, or all of them, and says how long each took. Started by bin/test inside .venv."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CODE = ("healthcheck", "operations", "design", "teams", "caseloads", "standards", "checks", "reports", "bin", "bench")
LAYERS = ("unit", "integration", "functional", "faults")
BUILD = ROOT / "build"
COVERAGE = BUILD / "coverage.json"
CLOSING_LINE = re.compile(r"^=+ \d+ .* in [\d.]+s.*=+\s*$")

STATIC: dict[str, list[list[str]]] = {
    "types": [[PYTHON, "-m", "mypy"]],
    "lint": [
        [PYTHON, "-m", "ruff", "check", "--quiet"],
        [PYTHON, "-m", "ruff", "format", "--check", "--quiet"],
        [PYTHON, "-m", "djhtml", "--check", "--tabwidth=2", "templates"],
        [PYTHON, "bin/lint_views.py"],
        [PYTHON, "bin/size_report.py"],
    ],
    "security": [
        [PYTHON, "-m", "bandit", "--quiet", "--configfile=pyproject.toml", "--recursive", *CODE],
        [PYTHON, "bin/audit_packages.py"],
    ],
    "contracts": [[PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"]],
}


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: float
    passed: bool
    said: str = ""


def run(command: list[str]) -> tuple[bool, str]:
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.returncode == 0, answer.stdout + answer.stderr


def check(name: str) -> Outcome:
    """One static check: every command of it runs, even after one has failed."""
    began = time.monotonic()
    answers = [run(command) for command in STATIC[name]]
    said = "".join(text for passed, text in answers if not passed)
    return Outcome(name, time.monotonic() - began, all(passed for passed, _ in answers), said)


def check_all(names: list[str]) -> list[Outcome]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(check, names))
    for outcome in outcomes:
        if not outcome.passed:
            print(f"--- {outcome.name} ---\n{outcome.said}", flush=True)
    return outcomes


def pytest(layers: list[str], *, measure: bool) -> tuple[Outcome, str]:
    """The tests, seen as they run; and pytest's closing line."""
    began = time.monotonic()
    coverage = ["--cov", "--cov-report=", f"--cov-report=json:{COVERAGE}"] if measure else []
    BUILD.mkdir(exist_ok=True)
    # A file of our own: two runs at once would take each other's measurements.
    environment = os.environ | {"COVERAGE_FILE": str(BUILD / f"coverage-{os.getpid()}")}
    # On every core, each process with engines of its own; named servers are one set for all, so one process then.
    cores = ["-n", "0" if "DATABASE_URL" in os.environ else "auto", "--dist", "worksteal"]
    command = [PYTHON, "-m", "pytest", "--durations=5", *cores, *coverage, *(f"tests/{layer}" for layer in layers)]
    closing = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as running:
        for line in running.stdout or []:
            print(line, end="", flush=True)
            closing = line if CLOSING_LINE.match(line) else closing
    Path(environment["COVERAGE_FILE"]).unlink(missing_ok=True)
    return Outcome(" + ".join(layers), time.monotonic() - began, running.returncode == 0), closing


def floors() -> Outcome:
    began = time.monotonic()
    passed, said = run([PYTHON, "bin/coverage_floors.py", str(COVERAGE)])
    print(said, end="", flush=True)
    return Outcome("coverage floors", time.monotonic() - began, passed)


def main() -> int:
    known = [*STATIC, *LAYERS]
    wanted = sys.argv[1:] or known
    if unknown := sorted(set(wanted) - set(known)):
        sys.exit(f"There is no step {', '.join(unknown)}; the steps are {', '.join(known)}.")
    layers = [layer for layer in LAYERS if layer in wanted]
    outcomes, closing = check_all([name for name in STATIC if name in wanted]), ""
    if layers:
        everything = layers == [*LAYERS]
        tests, closing = pytest(layers, measure=everything)
        outcomes += [tests, *([floors()] if everything and tests.passed else [])]
    for outcome in outcomes:
        print(f"{outcome.name:<40}{outcome.seconds:6.1f} s  {'passed' if outcome.passed else 'FAILED'}", flush=True)
    print(closing, end="")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
