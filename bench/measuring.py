"""What every bench needs: the project on throw-away engines of its own, an employer of any size, and a clock.

Importing this names the settings, as tests/conftest.py does, so it comes before anything that reads them. DATABASE_URL
and REDIS_URL of the caller are put aside: a bench never touches a server that somebody uses.
"""

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from healthcheck import embedded  # noqa: E402 - after the path is set

IS_CHILD = "HEALTHCHECK_BENCH" in os.environ
FOLDER = Path(os.environ["HEALTHCHECK_VAR"] if IS_CHILD else tempfile.mkdtemp(prefix="hc-bench-"))
os.environ |= {
    "HEALTHCHECK_BENCH": "1",
    "HEALTHCHECK_VAR": str(FOLDER),
    "DATABASE_URL": embedded.database_url(FOLDER),
    "REDIS_URL": embedded.redis_url(FOLDER),
    "DJANGO_SETTINGS_MODULE": "healthcheck.settings",
    "HEALTHCHECK_DEMONSTRATION": "1",  # made-up people, who are asked for no second factor
}
django.setup()
logging.disable(logging.INFO)  # a line for each request would hide the figures


@contextmanager
def project() -> Iterator[None]:
    """The project with an empty database and its static files collected, until the block ends."""
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup
    from django.db import connection  # noqa: PLC0415

    with embedded.engines(FOLDER, throwaway=True):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")
        try:
            yield
        finally:
            connection.close()


def seconds_of(
    action: Callable[[], object],
    *,
    runs: int,
    before: Callable[[], object] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """How long an action takes, several times over after one that is not counted; `before` runs unseen each time.

    By the clock on the wall; with `time.process_time`, what it costs the processor, whatever else goes on.
    """
    taken = []
    for _ in range(runs + 1):
        if before:
            before()
        begun = clock()
        action()
        taken.append(clock() - begun)
    return taken[1:]


def median(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


def shown(seconds: Sequence[float]) -> str:
    """Shortest and median, in milliseconds."""
    return f"min {min(seconds) * 1000:8.1f} ms   median {median(seconds) * 1000:8.1f} ms"


def run_child(*command: str) -> tuple[str, float]:
    """What a program says, and the most memory it held, in MB. Ends the bench when the program fails."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        said = child.stdout.read() if child.stdout else ""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(said)
    return said, usage.ru_maxrss / 1024
