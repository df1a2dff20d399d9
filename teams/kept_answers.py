"""Calls that may be repeated: the same key is answered as it was the first time, and nothing is done twice."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from teams.models import Integration, KeptAnswer
from teams.refusals import NotAllowed

_OTHER = "This Idempotency-Key was used for another call. Use a new key for each call, and the same only to repeat it."


@transaction.atomic
def answered_once(
    integration: Integration, *, key: str, asked: str, at: datetime, make: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What `make` answers, made in this transaction; or what it answered when this key was used before.

    key: "" for a call that is not to be known again. asked: a digest of what was asked. Of two calls at once the second
    waits for the first.
    """
    if not key:
        return make()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {KeptAnswer._meta.db_table} (integration_id, key, asked, answer, at) "  # noqa: S608, SLF001
            "VALUES (%s, %s, %s, '', %s) ON CONFLICT DO NOTHING",
            [integration.pk, key, asked, at],
        )
        first = bool(cursor.rowcount)
    row = KeptAnswer.objects.get(integration=integration, key=key)
    if row.asked != asked:
        raise NotAllowed(_OTHER)
    if first:
        row.answer = json.dumps(make(), default=str)
        row.save(update_fields=["answer"])
    answer: dict[str, Any] = json.loads(row.answer)
    return answer
