"""The product's Celery application with its waits cut short, so that faults need not be waited out.

A claim is old after a moment, a message that nobody acknowledged comes again, and the night is over.
"""

from datetime import time, timedelta

import django
from celery.schedules import crontab

from healthcheck.celery import app

django.setup()

from caseloads import import_running, snapshots  # noqa: E402 - they need Django set up
from checks import figure_taking  # noqa: E402
from reports import rendering  # noqa: E402

MOMENT = timedelta(milliseconds=300)

for module in (import_running, snapshots, figure_taking, rendering):
    module.PATIENCE = MOMENT  # type: ignore[attr-defined]
snapshots.NIGHT_IS_OVER = time(0)
app.conf.broker_transport_options = app.conf.broker_transport_options | {"visibility_timeout": 2}
for entry in app.conf.beat_schedule.values():
    if entry["schedule"] == crontab():
        entry["schedule"] = 2.0
