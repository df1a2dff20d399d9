"""The second wall: whose rows the database shows. The only module that knows how it is told.

Row-level security lets the application see and write the rows of the employers that its session names, and nothing
while it names none (healthcheck/wall.py). A block names them for as long as it lasts; what stood before stands again
after it, whatever happened inside. Who logged in as the owner is the application inside a block, too.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

APPLICATION = "healthcheck_app"
SETTING = "healthcheck.employers"
_NAME = "SELECT set_config('role', %s, false), set_config('healthcheck.employers', %s, false)"
_FIND = """
    SELECT set_config('role', %s, false),
           set_config('healthcheck.employers', (tenants_by(%s, %s) || %s::bigint[])::text, false)
"""


class By(StrEnum):
    """What employers are found by while no row of theirs can be read yet; healthcheck/wall.py says how."""

    USER = "user"
    SLUG = "slug"
    TEAM = "team"
    CYCLE = "cycle"
    IMPORT = "import"
    REPORT = "report"
    PUBLISHER = "publisher"
    SURVEY_LINK = "survey link"
    TOKEN = "token"  # noqa: S105
    EVERYTHING = "everything"


@dataclass(frozen=True)
class _Session:
    """What the database is told: the role to be, and the keys of the employers as it writes a list."""

    role: str
    employers: str


_OUTSIDE = _Session("none", "{}")
_NOBODY = _Session(APPLICATION, "{}")
_session: ContextVar[_Session] = ContextVar("session", default=_OUTSIDE)


@contextmanager
def of(*employers: int) -> Iterator[None]:
    """Rows of these employers; of none, where none is named."""
    session = _Session(APPLICATION, f"{{{','.join(map(str, employers))}}}")
    with _inside(lambda: _told(session)):
        yield


@contextmanager
def by(what: By, key: object) -> Iterator[None]:
    """Rows of the employers that a key leads to; of none, where it leads to none."""
    with _inside(lambda: _found(what, key, "{}")):
        yield


@contextmanager
def also(what: By, key: object) -> Iterator[None]:
    """Rows of the employers that a key leads to, beside those that can be seen already."""
    with _inside(lambda: _found(what, key, _session.get().employers)):
        yield


@contextmanager
def of_every_employer() -> Iterator[None]:
    """Everything: for the machine's rounds, which look at each employer. Only tasks and commands may ask for it."""
    with _inside(lambda: _found(By.EVERYTHING, "", "{}")):
        yield


def tell_new_connection(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """A connection made inside a block, the first one or one after a broken line, is told what the block is about."""
    if (session := _session.get()) != _OUTSIDE:
        _tell(session, connection)


@contextmanager
def _inside(session: Callable[[], _Session]) -> Iterator[None]:
    outer = _session.get()
    token = _session.set(session())
    try:
        yield
    finally:
        _session.reset(token)
        _put_back(outer)


def _told(session: _Session) -> _Session:
    if connection.connection is not None:
        _tell(session, connection)
    return session


def _found(what: By, key: object, beside: str) -> _Session:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [APPLICATION, what.value, str(key), beside])
        return _Session(*cursor.fetchone())


def _tell(session: _Session, on: BaseDatabaseWrapper) -> None:
    with on.cursor() as cursor:
        cursor.execute(_NAME, [session.role, session.employers])


def _put_back(session: _Session) -> None:
    """Where a transaction has failed, its rollback puts back what it found; a line that is broken is let go of."""
    line = connection.connection
    if line is None or line.closed or line.get_transaction_status() == TRANSACTION_STATUS_INERROR:
        return
    try:
        _tell(session, connection)
    except Error:
        connection.close()
