"""Asking a worker to do something. Whoever asks never waits long for the queue, and loses nothing when it is away:
what is left to do is said by rows, and the sweepers find it there.
"""

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from kombu.exceptions import OperationalError

if TYPE_CHECKING:
    from celery import Task

LOG = logging.getLogger(__name__)
LEFT_ALONE_FOR = 5.0
"""Seconds for which a queue that did not answer is not asked again by this process: one wait a page is enough."""

_away_until = 0.0


def after_commit(task: "Task[Any, None]", *, countdown: int = 0, **ids: int) -> None:
    """Hand a task to the workers once the change is saved."""
    transaction.on_commit(partial(hand_over, task, countdown=countdown, **ids), robust=True)


def hand_over(task: "Task[Any, None]", *, countdown: int = 0, **ids: int) -> bool:
    """Hand a task to the workers now. False: the queue is away, and the sweepers will."""
    global _away_until  # noqa: PLW0603 - what this process last heard of the queue
    if time.monotonic() < _away_until:
        return False
    try:
        task.apply_async(kwargs=ids, countdown=countdown, retry=False)
    except (OperationalError, OSError):
        _away_until = time.monotonic() + LEFT_ALONE_FOR
        LOG.warning("The queue does not answer: the sweepers will hand %s over.", task.name)
        return False
    return True
