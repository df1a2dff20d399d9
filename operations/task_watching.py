"""What watches tasks: each is counted, and every line of its log has its id and that of the request it comes from.

The ids travel in the headers of the message.
"""

import logging
import time
from typing import Any

from celery import signals
from redis import RedisError
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from operations import counting

LOG = logging.getLogger(__name__)


def begin() -> None:
    signals.before_task_publish.connect(name_origin)
    signals.task_prerun.connect(begin_task)
    signals.task_postrun.connect(end_task)


def name_origin(*, headers: dict[str, Any], **_: Any) -> None:
    headers["request_id"] = get_contextvars().get("request_id")
    headers["sent_at"] = time.time()


def begin_task(*, task_id: str, task: Any, **_: Any) -> None:
    clear_contextvars()
    bind_contextvars(task_id=task_id, task=task.name, request_id=task.request.get("request_id"))
    task.request.began = time.perf_counter()


def end_task(*, task: Any, state: str | None = None, **_: Any) -> None:
    """What is counted is for watchers: a task whose count is lost has ended all the same."""
    seconds = counting.seconds_since(task.request.began)
    outcome = (state or "unknown").lower()
    LOG.info("task", extra={"outcome": outcome, "seconds": seconds})
    try:
        counting.count_task(name=task.name, outcome=outcome, seconds=seconds)
    except RedisError:
        LOG.warning("A task could not be counted: the broker is away.")
    clear_contextvars()
