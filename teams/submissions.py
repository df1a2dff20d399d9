"""Each form is saved once, however often it is sent."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from teams.models import Submission, User
from teams.refusals import AlreadyDone


def claim(token: UUID | None, *, by: User | None, at: datetime) -> None:
    """Take a form's token in the action's own transaction. Raises AlreadyDone when the form was saved before.

    Of two that arrive at once the second waits for the first; a form that was refused may be sent again. None is
    what no form was filled in for, such as a command.
    """
    if token is None or by is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Submission._meta.db_table} (token, by_id, at) VALUES (%s, %s, %s) "  # noqa: S608, SLF001
            "ON CONFLICT DO NOTHING",
            [token, by.pk, at],
        )
        if not cursor.rowcount:
            raise AlreadyDone
