"""How often something may be tried: sliding windows in Valkey, the same for every process and machine.

An attempt counts until its window has passed, not until the clock strikes. All windows of an attempt are looked at and
counted in one step inside the server: two attempts at once cannot both be the last one allowed.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from math import ceil
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

LOG = logging.getLogger(__name__)
PREFIX = "healthcheck:attempts:"
LEFT_ALONE_FOR = 2.0
"""Seconds for which a server that did not answer is not asked again by this process: pages do not each wait for it."""

_away_until: dict[str, float] = {}
COUNT_IN_ALL_OR_WAIT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local wait = 0
for i, key in ipairs(KEYS) do
    local most, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
    if redis.call('ZCARD', key) >= most then
        local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
        wait = math.max(wait, oldest[2] + window - now)
    end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
    redis.call('ZADD', key, now, ARGV[1])
    redis.call('PEXPIRE', key, ARGV[2 * i + 1])
end
return 0
"""


class TooManyError(Exception):
    """Something was tried too often; `seconds` from now it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts: wait {seconds} seconds.")
        self.seconds = seconds


class AwayError(Exception):
    """Nobody can say now how often something was tried."""


@dataclass(frozen=True)
class Limit:
    """At most so many attempts within so many seconds."""

    name: str
    most: int
    seconds: int

    def of(self, who: object) -> "Window":
        return Window(self, f"{PREFIX}{self.name}:{sha256(str(who).encode()).hexdigest()[:32]}")


@dataclass(frozen=True)
class Window:
    """A limit for one account, one address or one person."""

    limit: Limit
    key: str


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted."""

    windows: Sequence[Window]
    mark: str

    def give_back(self) -> None:
        """It went well: it does not count any more."""
        _ask(lambda server: [server.zrem(window.key, self.mark) for window in self.windows])


def count(*windows: Window) -> Attempt:
    """Count an attempt in all windows, or in none: TooManyError says how long to wait, AwayError that nobody knows."""
    mark = uuid.uuid4().hex
    limits = [number for window in windows for number in (window.limit.most, window.limit.seconds * 1000)]
    keys = [window.key for window in windows]
    wait = _ask(lambda server: server.eval(COUNT_IN_ALL_OR_WAIT, len(keys), *keys, mark, *limits))
    if wait:
        LOG.warning("A limit was passed: %s", ", ".join(window.limit.name for window in windows))
        raise TooManyError(ceil(int(wait) / 1000))
    return Attempt(windows, mark)


def first_time(name: str, *, seconds: int) -> bool:
    """Whether this is the first time that something of a name happens; it is remembered for so long."""
    return bool(_ask(lambda server: server.set(f"{PREFIX}once:{name}", "1", nx=True, ex=seconds)))


def _ask(question: Any) -> Any:
    url = settings.REDIS_URL
    if time.monotonic() < _away_until.get(url, 0.0):
        raise AwayError
    try:
        return question(server(url))
    except redis.RedisError as error:
        _away_until[url] = time.monotonic() + LEFT_ALONE_FOR
        raise AwayError from error


@cache
def server(url: str) -> "redis.Redis":
    """A line that broke while nobody used it is made anew, once; a server that is slow is not asked twice."""
    again = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=again)
