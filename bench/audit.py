#!/usr/bin/env python3
"""What the audit trail costs: a look that is entered, a search among many entries, and verifying the chain.

.venv/bin/python bench/audit.py [entries]
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from measuring import median, project, seconds_of
from samples import make_team

from reports.page_traces import Answered, note_answer
from teams.actions.setting_up import open_account
from teams.audit_chain import verify
from teams.models import AuditEntry, Employer, Team, User
from teams.roles import Role

CHUNK = 10_000


def fill(employer: Employer, user: User, workers: list[int], many: int) -> None:
    """Entries of two years, most of them looks at a team of twelve."""
    now = timezone.now()
    for begin in range(0, many, CHUNK):
        with transaction.atomic():
            AuditEntry.objects.bulk_create(
                AuditEntry(
                    employer=employer,
                    at=now - timedelta(minutes=3 * (many - number)),
                    by=user if number % 7 else None,
                    event="WORKLOAD_SEEN" if number % 5 else "SIGNED_IN",
                    target=f"teams.Team:{number % 80}",
                    detail={"page": "Overview of the team", "workers": workers[number % 3 :: 3]},
                    address="192.0.2.7",
                )
                for number in range(begin, min(many, begin + CHUNK))
            )


def account(employer: Employer, name: str, role: Role, team: Team | None, *, at: datetime) -> User:
    return open_account(
        employer=employer, username=name, name=name.title(), password=None, roles=[(role, team)], by=None, at=at
    )


def shortest(action: Callable[[], object], runs: int = 9) -> str:
    times = seconds_of(action, runs=runs)
    return f"shortest {min(times) * 1000:.1f} ms, median {median(times) * 1000:.1f} ms"


def search(client: Client, address: str, asked: dict[str, str]) -> None:
    response = client.get(address, asked, headers={"host": "localhost"})
    assert response.status_code == HTTPStatus.OK


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with project():
        at = timezone.now()
        team = make_team(holders=12, each=1, as_of=timezone.localdate(), at=at)
        employer = team.employer
        workers = list(employer.workers.values_list("pk", flat=True))
        ewa = account(employer, "ewa", Role.ADMINISTRATOR, None, at=at)
        ben = account(employer, "ben", Role.MANAGER, team, at=at)
        began = time.perf_counter()
        fill(employer, ben, workers, many)
        took = time.perf_counter() - began
        print(f"{many:,} entries put in and linked: {took:.1f} s, {took / many * 1e6:.0f} µs each")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        began = time.perf_counter()
        found = verify(employer)
        print(f"verified: {time.perf_counter() - began:.1f} s, {found.links:,} links, fault: {found.fault}")
        page = Answered(ben, "team", {"public_id": team.public_id}, "/teams/…/", 200)
        look = lambda: note_answer(page, at=timezone.now(), day=timezone.localdate())  # noqa: E731
        print(f"one look entered and committed: {shortest(look, 99)}")
        print(f"floor, one small row committed: {shortest(lambda: ben.save(update_fields=['last_name']), 99)}")
        client = Client()
        client.force_login(ewa)
        address = f"/employers/{employer.slug}/audit/"
        for name, asked in (
            ("newest", {}),
            ("by somebody", {"who": "ben"}),
            ("of one kind", {"event": "SIGNED_IN"}),
            ("about a worker", {"about": employer.workers.values_list("name", flat=True)[0]}),
            ("from an address, of which there are none", {"address": "198.51.100.1"}),
            ("of a week a year ago", {"since": f"{at - timedelta(days=365):%d/%m/%Y}"}),
        ):
            print(f"search, {name}: {shortest(partial(search, client, address, asked))}")


if __name__ == "__main__":
    main()
