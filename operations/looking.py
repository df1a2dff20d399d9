"""The machine's look at the work of all employers, kept in the broker for whoever watches. Numbers only."""

from datetime import date, datetime

from redis import RedisError

from operations import broker
from operations.queries.failed import numbers_failed
from operations.queries.waiting import waiting


def look_around(*, as_of: date, at: datetime) -> None:
    """Again does no harm. A broker that goes away meanwhile is told by the look that is missing."""
    found = {one.work: (one.number, one.since.timestamp() if one.since else None) for one in waiting(None, as_of=as_of)}
    try:
        broker.note_look({"at": at.timestamp(), "waiting": found, "failed": numbers_failed(at=at)})
    except RedisError:
        return
