import gc
import os

from celery import Celery, signals
from django.db import close_old_connections
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcheck.settings")

TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "healthcheck.broker:Transport")

app = Celery("healthcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_the_settings_say(**_: object) -> None:
    """Celery would set the log up in a way of its own."""


@signals.worker_process_init.connect
def keep_what_is_loaded(**_: object) -> None:
    """What was loaded before the process was made is no garbage: Python never looks through it again."""
    gc.freeze()


@signals.task_prerun.connect
def leave_what_is_broken_or_old(**_: object) -> None:
    """A connection serves many tasks, by the same rules as many requests: not when it is broken, nor for ever."""
    close_old_connections()
