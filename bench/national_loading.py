"""Puts employers of made-up rows into the database: COPY into tables without indexes, which are built afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import chain

from django.db import connection, transaction
from national_cases import Cases
from national_cells import ADULT_TEAMS, TEAMS, Place, Rows
from national_staff import Staff

from caseloads.actions.schemes import publish_scheme
from caseloads.drafting import SchemeDraft
from caseloads.frames import HISTORY_DAYS
from caseloads.models import TeamSnapshot, WorkerSnapshot
from healthcheck.demo import schemes
from teams.actions.setting_up import add_service_area, found_employer
from teams.models import Employer, ServiceArea, Team

LOADED = (
    *("teams_worker", "teams_contract", "teams_capacityreduction", "teams_absence", "teams_supervisionsession"),
    *("caseloads_case", "caseloads_rating", "caseloads_allocation", "caseloads_transfer"),
)
SNAPSHOTS = (WorkerSnapshot, TeamSnapshot)
SNAPSHOT_TABLES = tuple(model._meta.db_table for model in SNAPSHOTS)  # noqa: SLF001
CONSTRAINTS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('u', 'x')
"""
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
      FROM pg_index WHERE indrelid = ANY (%s::regclass[]) AND NOT indisprimary
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'x'))
"""
NEXT_KEY = "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT coalesce(max(id), 1) FROM {}))"


@contextmanager
def unindexed(tables: Sequence[str]) -> Iterator[None]:
    """Inside, the tables have their primary keys alone, and check nothing."""
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [list(tables)])
        pairs = cursor.fetchall()
        cursor.execute(INDEXES, [list(tables)])
        pairs += cursor.fetchall()
        for drop, _ in pairs:
            cursor.execute(drop)
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
        yield
        cursor.execute("SET session_replication_role = origin")
        for _, make in pairs:
            cursor.execute(make)
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")


def load(numbers: Sequence[int], *, as_of: date, at: datetime) -> list[Employer]:
    """Found so many employers and load their rows; what is there already stays."""
    made = [found(number, as_of=as_of, at=at) for number in numbers]
    with unindexed(LOADED):
        for place in made:
            staff = Staff(place, as_of)
            for rows in chain(staff.rows(), Cases(staff).rows()):
                _copy(rows)
        with connection.cursor() as cursor:
            for table in LOADED:
                cursor.execute(NEXT_KEY.format(table), [table])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(Employer.objects.filter(pk__in=[place.employer for place in made]).order_by("pk"))


def found(number: int, *, as_of: date, at: datetime) -> Place:
    """An employer with two service areas, their published schemes, and its teams, made by the actions of people."""
    employer = found_employer(name=f"Shire {number:03}", slug=f"shire-{number:03}", by=None, at=at)
    begun, groups = as_of - timedelta(days=540), ServiceArea.ClientGroup
    teams: list[Team] = []
    for name, group, draft, many in (
        ("Children’s services", groups.CHILDREN, schemes.childrens, TEAMS - ADULT_TEAMS),
        ("Adults’ services", groups.ADULTS, schemes.adults, ADULT_TEAMS),
    ):
        area = add_service_area(
            employer=employer, name=name, client_group=group, full_time_hours=Decimal(37), by=None, at=at
        )
        publish_scheme(service_area=area, draft=_roomier(draft(begun)), by=None, at=at)
        teams += [Team(employer=employer, service_area=area, name=f"{name} {place:02}") for place in range(many)]
    Team.objects.bulk_create(teams)
    return Place(employer.pk, [team.pk for team in teams], number)


def _roomier(draft: SchemeDraft) -> SchemeDraft:
    """With nineteen cases each, one worker in eight is then well over, and not most of them."""
    return replace(draft, fields={**draft.fields, "maximum": Decimal(150)})


def _copy(rows: Rows) -> None:
    table, names, columns = rows
    text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(names)}) FROM STDIN", StringIO(text))


def backdate(employers: Sequence[Employer], day: date) -> None:
    """Make the month before look like this day, and take this day's scoring away again."""
    keys = [employer.pk for employer in employers]
    with unindexed(SNAPSHOT_TABLES), connection.cursor() as cursor:
        for model in SNAPSHOTS:
            table = model._meta.db_table  # noqa: SLF001
            names = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
            values = ", ".join("day - back" if name == "day" else name for name in names)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}, generate_series(1, %s) AS back"  # noqa: S608
                " WHERE employer_id = ANY (%s) AND day = %s ORDER BY back DESC, employer_id, team_id",
                [HISTORY_DAYS, keys, day],
            )
    unscore(day)


def unscore(day: date) -> None:
    """Take a day's scoring away, which the database refuses to anybody who has not switched its triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in SNAPSHOT_TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE day = %s", [day])  # noqa: S608 - our own name
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {', '.join(SNAPSHOT_TABLES)}")
