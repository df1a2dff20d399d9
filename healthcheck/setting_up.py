"""Migrate, load the demonstration, score every team and print a report. Run by the supervisor, told as JSON lines."""

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.core.management import CommandError, call_command, get_commands

IMPORTED = "imported-council"


def tell(**event: object) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    except CommandError as error:
        tell(failed=name, reason=str(error))
        sys.exit(1)
    tell(step=name, seconds=round(time.monotonic() - began, 1))


def command(name: str, *words: str, **options: Any) -> str:
    """What the command says; nothing when this version does not have it."""
    if name not in get_commands():
        return ""
    said = io.StringIO()
    call_command(name, *words, stdout=said, **options)
    return said.getvalue()


def print_report(*words: str) -> None:
    """A report that cannot be drawn (Pango may be missing) is said, and stops nothing else."""
    try:
        command("render_report", *words, "--by-worker")
    except CommandError as error:
        tell(problem=f"The report was not made: {error}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--import", dest="file")
    file = parser.parse_args().file
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcheck.settings")
    with step("static files"):
        django.setup()
        command("collectstatic", interactive=False, verbosity=0)
    tell(reached="static")
    with step("migrations"):
        command("migrate", interactive=False, verbosity=0)
    with step("standards"):
        command("load_standards")
    with step("published figures"):
        command("load_benchmarks")
    with step("demo employer"):
        tell(people=command("load_demo"))
    tell(reached="data")
    if file:
        with step("import"):
            tell(note=command("import_caseload", file, "--employer", IMPORTED, "--preset", "annex_a"))
    with step("scoring"):
        command("score_employers", "--wait")
    with step("findings"):
        command("store_findings")
    with step("report"):
        print_report(*(["--employer", IMPORTED] if file else []))
    tell(summary=json.loads(command("demo_summary", "--json") or "{}"))


if __name__ == "__main__":
    main()
