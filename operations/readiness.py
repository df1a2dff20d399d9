"""Whether the service can work: its database, its broker, and the tables that this version needs."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from redis import RedisError

from operations import broker


def missing() -> list[str]:
    """What the service cannot work without and has not, each in a word; empty: it is ready."""
    return [*_of_database(), *([] if _broker_answers() else ["broker"])]


def _of_database() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [] if _is_migrated() else ["migrations"]
    except Error:
        return ["database"]


def _is_migrated() -> bool:
    """Asked until it is so: what is applied is not taken back under a running version."""
    try:
        return _once_migrated()
    except LookupError:
        return False


@cache
def _once_migrated() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError
    return True


def _broker_answers() -> bool:
    try:
        return broker.answers()
    except RedisError:
        return False
