#!/usr/bin/env python3
"""How long a case system's nightly call takes for a whole employer, beside a floor: a bare COPY of the same rows.

    .venv/bin/python bench/api_sync.py [cases]

Through every layer but the socket: the rows go in as JSON, 1,000 in a call, with a token. Scoring is not waited for.
"""

import json
import random
import sys
import time
from datetime import timedelta
from io import StringIO
from typing import Any

from measuring import project  # names the settings: before anything that reads them
from samples import make_employer

TIMES = 8
"""The demo's twelve kinds of team so often: about 800 workers, as a large employer has."""

AT_ONCE, SEED = 1_000, 2009
CATEGORIES = ("assessment", "child_in_need", "child_protection", "looked_after", "care_leaver")


def rows_of(number: int, members: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Cases as another system tells them: each of a team and, but for one in twenty, held by somebody of it."""
    chance = random.Random(SEED)  # noqa: S311 - made-up data, the same every time
    found = []
    for at in range(number):
        worker, team = chance.choice(members)
        found.append(
            {
                "reference": f"C{at:06}",
                "family_reference": f"F{at // 2:06}",
                "category": chance.choice(CATEGORIES),
                "opened_on": f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
                "team": team,
                "holders": [{"worker": worker}] if chance.random() < 0.95 else [],  # noqa: PLR2004
            }
        )
    return found


def night(client: Any, rows: list[dict[str, Any]]) -> tuple[float, dict[str, int]]:
    """Seconds that it takes to tell all rows, and what came of them."""
    counts: dict[str, int] = {}
    begun = time.perf_counter()
    for first in range(0, len(rows), AT_ONCE):
        body = json.dumps({"cases": rows[first : first + AT_ONCE]})
        answer = client.post("/api/v1/cases/bulk/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content[:500]  # noqa: PLR2004
        for name, number in answer.json()["counts"].items():
            counts[name] = counts.get(name, 0) + number
    return time.perf_counter() - begun, counts


def read(client: Any, address: str) -> tuple[float, int]:
    """Seconds to read a whole list, and its rows."""
    begun, number = time.perf_counter(), 0
    while address:
        piece = client.get(address).json()
        number, address = number + len(piece["results"]), piece["next"]
    return time.perf_counter() - begun, number


def bare_copy(rows: list[dict[str, Any]]) -> float:
    from django.db import connection  # noqa: PLC0415 - after the settings are named

    text = StringIO("\n".join("\t".join(map(str, row.values())) for row in rows) + "\n")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE floor (a text, b text, c text, d text, e text, f text)")
        begun = time.perf_counter()
        cursor.copy_expert("COPY floor FROM STDIN", text)
        return time.perf_counter() - begun


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
    with project():
        from django.test import Client  # noqa: PLC0415 - after the settings are named
        from django.utils import timezone  # noqa: PLC0415

        from teams.actions.integrations import add_integration, make_token  # noqa: PLC0415
        from teams.models import Contract  # noqa: PLC0415
        from teams.scopes import Scope  # noqa: PLC0415

        now = timezone.now()
        employer = make_employer(TIMES, as_of=timezone.localdate(now), at=now)
        row = add_integration(employer=employer, name="Case system", scopes=list(Scope), by=None, at=now)
        until = now.date() + timedelta(days=30)
        token = make_token(integration=row, expires_on=until, by=None, at=now)
        client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {token}"})
        contracts = Contract.objects.filter(team__employer=employer, team__service_area__client_group="CHILDREN")
        members = contracts.values_list("worker__public_id", "team__public_id")
        rows = rows_of(number, [(str(worker), str(team)) for worker, team in members])
        print(f"{number} cases, {len(members)} workers; floor, a bare COPY: {bare_copy(rows):.2f} s")
        for name, changed in (("first night, all new", 0), ("the same again", 0), ("3 % changed", number * 3 // 100)):
            for at in range(changed):
                rows[at * 33]["category"] = "care_leaver"
            seconds, counts = night(client, rows)
            print(f"{name:<24}{seconds:6.1f} s   {counts}")
        for address in ("cases", "allocations", "workers"):
            seconds, found = read(client, f"/api/v1/{address}/?limit=1000")
            print(f"read {address:<19}{seconds:6.1f} s   {found} rows")


if __name__ == "__main__":
    main()
