"""The product's Celery application with its waits cut short, so that faults need not be waited out.

A claim is old after a moment, a message that nobody acknowledged comes again, and the night is over.
Each statement to the database leaves a byte in a file; in place of the one that it is told, it is killed.
"""

import os
import signal
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import django
from celery.schedules import crontab
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from healthcheck.celery import app

django.setup()

from caseloads import import_running, snapshots  # noqa: E402 - they need Django set up
from checks import figure_taking  # noqa: E402
from reports import rendering  # noqa: E402

MOMENT = timedelta(milliseconds=300)
SAID_TO = Path(os.environ["HASTY_STATEMENTS"])
KILLED_AT = int(os.environ.get("HASTY_KILLED_AT", "0"))

for module in (import_running, snapshots, figure_taking, rendering):
    module.PATIENCE = MOMENT  # type: ignore[attr-defined]
snapshots.NIGHT_IS_OVER = time(0)
app.conf.broker_transport_options = app.conf.broker_transport_options | {"visibility_timeout": 2}
for entry in app.conf.beat_schedule.values():
    if entry["schedule"] == crontab():
        entry["schedule"] = 2.0


class Statements:
    """Counts what this process says to the database, whichever of its threads says it."""

    said = 0

    def __call__(self, execute: Callable[..., Any], *told: Any) -> Any:
        self.said += 1
        if self.said == KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)
        with SAID_TO.open("ab") as file:
            file.write(b".")
        return execute(*told)


statements = Statements()


@receiver(connection_created)
def count(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    if statements not in connection.execute_wrappers:
        connection.execute_wrappers.append(statements)
