"""The figures of the running service, as monitoring reads them. None says anything of an employer or a person.

What pages take is counted by the processes of a web server. What tasks take is counted in the broker, where every
worker on every machine reaches it, so that one address tells of all of them.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import RedisError

from operations import broker

PAGE_STEPS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0)
TASK_STEPS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)
TASKS = "Tasks of the workers, by how they ended."
_PAGES = CollectorRegistry()
REQUESTS = Counter("healthcheck_requests", "Requests answered.", ["view", "status"], registry=_PAGES)
SECONDS = Histogram("healthcheck_request_seconds", "Time to answer.", ["view"], registry=_PAGES, buckets=PAGE_STEPS)


def seconds_since(began: float) -> float:
    return round(time.perf_counter() - began, 4)


def count_request(*, view: str, status: int, seconds: float) -> None:
    REQUESTS.labels(view, status).inc()
    SECONDS.labels(view).observe(seconds)


def count_task(*, name: str, outcome: str, seconds: float) -> None:
    step = next((str(step) for step in TASK_STEPS if seconds <= step), "+Inf")
    broker.count({f"ended|{name}|{outcome}": 1, f"step|{name}|{step}": 1}, {f"seconds|{name}": seconds})


def exposition() -> bytes:
    """Everything, in the format that Prometheus reads."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Known(_PAGES.collect()))
    registry.register(_Known(_of_workers()))
    return generate_latest(registry)


class _Known(Collector):
    """Figures that are worked out already."""

    def __init__(self, figures: Iterable[Metric]) -> None:
        self.figures = list(figures)

    def collect(self) -> Iterable[Metric]:
        return self.figures


def _of_workers() -> Iterator[Metric]:
    up = GaugeMetricFamily("healthcheck_broker_up", "Whether the broker answers.")
    try:
        figures = [*_of_queue(broker.queue()), *_of_tasks(broker.counted()), *_of_look(broker.last_look())]
    except RedisError:
        up.add_metric([], 0)
        yield up
        return
    up.add_metric([], 1)
    yield up
    yield from figures


def _of_queue(queue: broker.Queue) -> Iterator[Metric]:
    yield GaugeMetricFamily("healthcheck_queue_messages", "Messages that wait for a worker.", value=queue.messages)
    yield GaugeMetricFamily("healthcheck_queue_in_hand", "Messages that a worker has in hand.", value=queue.in_hand)
    age = max(0.0, time.time() - queue.oldest) if queue.oldest else 0.0
    yield GaugeMetricFamily("healthcheck_queue_oldest_seconds", "Age of the message that waits longest.", value=age)


def _of_tasks(counted: Mapping[str, float]) -> Iterator[Metric]:
    ended = CounterMetricFamily("healthcheck_tasks", TASKS, labels=["task", "outcome"])
    for key, number in sorted(counted.items()):
        what, *labels = key.split("|")
        if what == "ended":
            ended.add_metric(labels, number)
    seconds = HistogramMetricFamily("healthcheck_task_seconds", "Time that a task took.", labels=["task"])
    for name in sorted({key.split("|")[1] for key in counted}):
        steps = [*map(str, TASK_STEPS), "+Inf"]
        sums = accumulate(counted.get(f"step|{name}|{step}", 0) for step in steps)
        seconds.add_metric([name], list(zip(steps, sums, strict=True)), counted.get(f"seconds|{name}", 0.0))
    yield ended
    yield seconds


def _of_look(look: Mapping[str, Any]) -> Iterator[Metric]:
    """What the machine's rounds over all employers found a moment ago."""
    now = time.time()
    waiting = GaugeMetricFamily("healthcheck_waiting", "Work that waits, by what it is.", labels=["work"])
    oldest = GaugeMetricFamily("healthcheck_waiting_oldest_seconds", "Age of the oldest of it.", labels=["work"])
    failed = GaugeMetricFamily("healthcheck_failed", "Work that was given up in the last 30 days.", labels=["work"])
    for work, (number, since) in look.get("waiting", {}).items():
        waiting.add_metric([work], number)
        oldest.add_metric([work], max(0.0, now - since) if since else 0.0)
    for work, number in look.get("failed", {}).items():
        failed.add_metric([work], number)
    yield from (waiting, oldest, failed)
    if at := look.get("at"):
        yield GaugeMetricFamily("healthcheck_looked_seconds", "Time since the last of these rounds.", value=now - at)
