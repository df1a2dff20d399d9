"""The page of operations: what waits, what failed, what runs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from redis import RedisError

from operations import broker
from operations.queries.standing import Standing, standing
from operations.queries.waiting import Waiting, waiting
from teams.models import Employer

LATE = 300
"""Seconds after which a round of the workers that comes every minute is missed."""


@dataclass(frozen=True)
class Broker:
    """What the broker says. `looked_at`: when the workers last went their round."""

    version: str
    messages: int
    in_hand: int
    oldest_at: datetime | None
    looked_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """`broker`: None, it is away. `idle`: nobody takes the work, by all that can be seen."""

    broker: Broker | None
    idle: bool
    waiting: list[Waiting]
    standing: Standing


def overview(employer: Employer, *, as_of: date, at: datetime) -> Overview:
    found = _broker()
    looked_at = found.looked_at if found else None
    idle = looked_at is None or (at - looked_at).total_seconds() > LATE
    return Overview(found, idle, waiting(employer, as_of=as_of), standing())


def _broker() -> Broker | None:
    try:
        queue, look = broker.queue(), broker.last_look()
        return Broker(broker.version(), queue.messages, queue.in_hand, _moment(queue.oldest), _moment(look.get("at")))
    except RedisError:
        return None


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
