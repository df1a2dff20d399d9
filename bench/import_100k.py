#!/usr/bin/env python3
"""How long 100,000 case rows take to import, and how much memory, beside a floor: a bare COPY of the same rows.

    .venv/bin/python bench/import_100k.py [rows]

Everything runs on a throw-away cluster of its own. Figures go to standard output, one line each.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATEGORIES = ("referral", "assessment", "child_in_need", "child_protection", "looked_after", "care_leaver")
FACTORS = ("", "", "long_travel", "long_travel; further_child x 2")
TEAMS, WORKERS_PER_TEAM, SEED = 80, 10, 2009
COLUMNS = "case_reference,family_reference,category,factors,opened_on,team,worker,rated_on"


def make_rows(number: int) -> list[str]:
    chance = random.Random(SEED)  # noqa: S311 - made-up data, the same every time
    rows = []
    for at in range(number):
        team = chance.randrange(TEAMS)
        worker = f"Worker {chance.randrange(WORKERS_PER_TEAM)} of {team}" if chance.random() < 0.95 else "Unallocated"  # noqa: PLR2004
        opened = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/2025"
        kind = f"{chance.choice(CATEGORIES)},{chance.choice(FACTORS)}"
        rows.append(f"C{at:06},F{at // 2:06},{kind},{opened},Team {team},{worker},2026-01-05")
    return rows


def measured(command: list[str]) -> tuple[float, float, str]:
    """Seconds, the highest memory of the program and its children in MB, and what it printed."""
    begun = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        said = child.stdout.read() if child.stdout else ""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(said)
    return time.monotonic() - begun, usage.ru_maxrss / 1024, said


def bare_copy(rows: list[str]) -> float:
    """Seconds to COPY the same text into a table without keys."""
    from django.db import connection  # noqa: PLC0415 - after the settings are named

    columns = COLUMNS.split(",")
    text = StringIO("\n".join(rows) + "\n")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE floor ({', '.join(f'{name} text' for name in columns)})")
        begun = time.monotonic()
        cursor.copy_expert("COPY floor FROM STDIN (FORMAT csv)", text)
        return time.monotonic() - begun


def prepare() -> None:
    import django  # noqa: PLC0415 - after the settings are named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from decimal import Decimal  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from teams.actions.setting_up import add_service_area, found_employer  # noqa: PLC0415
    from teams.models import ServiceArea  # noqa: PLC0415

    at = timezone.now()
    employer = found_employer(name="Benchshire", slug="benchshire", by=None, at=at)
    children = ServiceArea.ClientGroup.CHILDREN
    add_service_area(
        employer=employer, name="Children", client_group=children, full_time_hours=Decimal(37), by=None, at=at
    )


def report(rows: list[str], folder: Path) -> None:
    file = folder / "cases.csv"
    file.write_text("\n".join([COLUMNS, *rows]) + "\n")
    command = [sys.executable, "manage.py", "import_caseload", str(file), "--employer", "benchshire", "--json"]
    print(f"rows {len(rows)}, file {file.stat().st_size / 1e6:.1f} MB, processors {os.cpu_count()}")
    print(f"bare COPY of the rows: {bare_copy(rows):.2f} s")
    for what, extra in (("dry run", ["--dry-run"]), ("import", []), ("the same again", [])):
        seconds, megabytes, said = measured([*command, *extra])
        result = json.loads(said)
        print(f"{what}: {seconds:.2f} s, {megabytes:.0f} MB, {result['cases']} cases, {result['changes']}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"(this program itself: {own:.0f} MB)")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory(prefix="hc-bench-") as name:
        folder = Path(name)
        from healthcheck import embedded  # noqa: PLC0415 - after the path is set

        os.environ["HEALTHCHECK_VAR"] = name
        os.environ["DATABASE_URL"] = embedded.database_url(folder)
        os.environ["REDIS_URL"] = embedded.redis_url(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "healthcheck.settings"
        with embedded.engines(folder, throwaway=True):
            prepare()
            report(make_rows(number), folder)


if __name__ == "__main__":
    main()
