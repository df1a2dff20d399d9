"""Says whether the wall holds whoever a service logs in as: `manage.py check --deploy --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from teams.tenancy import APPLICATION

ABOVE = """
    SELECT rolname::text FROM pg_roles
     WHERE rolname = session_user AND (rolsuper OR rolbypassrls
           OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relnamespace = 'public'::regnamespace))
"""


def login_is_held(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error where the login owns tables or is above their rules."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(ABOVE)
            if above := cursor.fetchone():
                found.append(
                    Error(
                        f"DATABASE_URL logs in as {above[0]}, which the rules of the tables do not hold.",
                        hint=f"Log in as {APPLICATION}: docs/running.md, with servers of your own.",
                        id="healthcheck.E001",
                    )
                )
    return found
