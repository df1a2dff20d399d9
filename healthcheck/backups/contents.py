"""What a database holds, as far as a back-up promises it: its migrations, its rows, and what its teams score."""

import hashlib
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from caseloads.queries.workloads import area_figures
from teams.models import Employer

TABLES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
PASSING = {"teams_signin"}
"""Rows that a restored database does not keep: whoever was signed in signs in again."""


def product() -> str:
    """The version of the product."""
    return str(settings.VERSION)


def migrations() -> dict[str, list[str]]:
    """What was applied, by app."""
    applied: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        applied.setdefault(app, []).append(name)
    return applied


def known_migrations() -> dict[str, set[str]]:
    """What this version of the product has."""
    known: dict[str, set[str]] = {}
    for app, name in MigrationLoader(None).disk_migrations:
        known.setdefault(app, set()).add(name)
    return known


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [table for (table,) in cursor.fetchall() if table not in PASSING]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - a name from the catalogue
            counts[table] = cursor.fetchone()[0]
    return counts


def scores(*, as_of: date) -> str:
    """A digest of what every team and worker scores on a day."""
    figures = hashlib.sha256()
    for employer in Employer.objects.order_by("pk"):
        areas = [area.figures for area in area_figures(employer, as_of=as_of)]
        frames = [frame.to_csv(index=False) for area in areas for frame in (area.teams, area.workers)]
        figures.update("".join(sorted(frames)).encode())  # servers differ in how they order names
    return figures.hexdigest()


def is_in_use() -> bool:
    """Whether somebody's data are here: tables with an employer or an account in them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        here = {table for (table,) in cursor.fetchall()}
        for table in here & {"teams_employer", "teams_user"}:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')  # noqa: S608
            if cursor.fetchone()[0]:
                return True
    return False
