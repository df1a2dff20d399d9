"""The broker, as whoever watches the service sees it: what waits in its queue, and what the workers counted in it.

What workers count is kept here, because they run on many machines and this is the one place that all of them reach.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.conf import settings

from teams.attempts import server

QUEUE = "healthcheck:celery"
IN_HAND = "healthcheck:unacked"
COUNTED = "healthcheck:figures"
LOOKED = "healthcheck:looked"


@dataclass(frozen=True)
class Queue:
    """Messages that wait, those that a worker has in hand, and when the oldest one was sent, in seconds since 1970."""

    messages: int
    in_hand: int
    oldest: float | None


def answers() -> bool:
    return bool(server(settings.REDIS_URL).ping())


def queue() -> Queue:
    ask = server(settings.REDIS_URL).pipeline(transaction=False)
    ask.llen(QUEUE)
    ask.hlen(IN_HAND)
    ask.lindex(QUEUE, -1)
    waiting, in_hand, oldest = ask.execute()
    return Queue(waiting, in_hand, json.loads(oldest)["headers"].get("sent_at") if oldest else None)


def count(whole: Mapping[str, int], seconds: Mapping[str, float]) -> None:
    """Add to what was counted, in one step."""
    ask = server(settings.REDIS_URL).pipeline()
    for name, number in whole.items():
        ask.hincrby(COUNTED, name, number)
    for name, amount in seconds.items():
        ask.hincrbyfloat(COUNTED, name, amount)
    ask.execute()


def counted() -> dict[str, float]:
    found = cast("dict[bytes, bytes]", server(settings.REDIS_URL).hgetall(COUNTED))
    return {name.decode(): float(number) for name, number in found.items()}


def note_look(look: Mapping[str, object]) -> None:
    server(settings.REDIS_URL).set(LOOKED, json.dumps(look))


def last_look() -> dict[str, object]:
    """What the machine's last round over all employers found; empty: there was none."""
    found: dict[str, object] = json.loads(server(settings.REDIS_URL).get(LOOKED) or "{}")
    return found


def version() -> str:
    told = server(settings.REDIS_URL).info("server")
    return str(told.get("valkey_version") or told["redis_version"])
