"""Writing many rows at once: COPY for new ones, one UPDATE for changed ones."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from tempfile import TemporaryFile

from django.db import connection, models

_BATCH = 5_000
_SPECIAL = re.compile(r"[\\\t\n\r]")


@contextmanager
def joining_whole_tables() -> Iterator[None]:
    """Let triggers that check a whole write join tables at once, instead of row by row as they do for a few rows.

    The planner takes the check for one that stops at its first row, and then needs minutes for 100,000 of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS; SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("DISCARD PLANS; SET LOCAL enable_nestloop = on")


def renew_statistics(*tables: type[models.Model]) -> None:
    """Tell the planner how tables look after a large write; it would plan the next reads for the tables of before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT renew_statistics(%s)", [[table._meta.db_table for table in tables]])  # noqa: SLF001


def reserve_keys(model: type[models.Model], number: int) -> list[int]:
    """Primary keys that nobody else will get, so that rows can refer to each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],  # noqa: SLF001 - Django documents _meta
        )
        return [key for (key,) in cursor.fetchall()]


def add_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows; columns left out take the database's own default or null.

    They pass through a table of this transaction: PostgreSQL copies nothing into one that has a rule for each row.
    """
    table, named = model._meta.db_table, ", ".join(columns)  # noqa: SLF001
    with _staged(table, columns, rows) as staged, connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({named}) SELECT {named} FROM {staged}")  # noqa: S608


def change_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Set columns of rows that are there; the first column is the primary key."""
    if not rows:
        return
    table = model._meta.db_table  # noqa: SLF001
    settings = ", ".join(f"{column} = changed.{column}" for column in columns[1:])
    with _staged(table, columns, rows) as staged, connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {settings} FROM {staged} changed WHERE {table}.id = changed.id")  # noqa: S608


@contextmanager
def _staged(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows in a temporary table, by whose name they can be read."""
    staged = f"staged_{table}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {staged} AS SELECT {', '.join(columns)} FROM {table} WITH NO DATA")  # noqa: S608
        _copy(staged, columns, rows)
        yield staged
        cursor.execute(f"DROP TABLE {staged}")


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """COPY rows into a table; the database's errors come as Django's."""
    waiting = iter(rows)
    with connection.cursor() as cursor, TemporaryFile("w+", encoding="utf-8", newline="") as file:
        while batch := list(islice(waiting, _BATCH)):
            file.write("".join("\t".join(map(_copied, row)) + "\n" for row in batch))
        if file.tell():
            file.seek(0)
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", file)


def _copied(value: object) -> str:
    """One value in COPY's text format. The commonest kinds come first: this is called for every cell."""
    if type(value) is int:
        return str(value)
    if isinstance(value, str):
        return _escaped(value) if _SPECIAL.search(value) else value
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date):  # datetimes too
        return value.isoformat()
    return _escaped(json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
