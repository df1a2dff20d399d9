"""From where something is done: kept for as long as a request is answered, so that actions need know no request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from uuid import UUID, uuid4


@dataclass(frozen=True)
class Origin:
    """The address that a request came from, and a key of its own. Both None: no request, such as a command."""

    address: str | None = None
    request: UUID | None = None


NOWHERE = Origin()
_CURRENT: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current() -> Origin:
    return _CURRENT.get()


@contextmanager
def request_from(address: str | None, request: UUID) -> Iterator[Origin]:
    """Whatever is done inside is done for one request from an address."""
    token = _CURRENT.set(Origin(address, request))
    try:
        yield _CURRENT.get()
    finally:
        _CURRENT.reset(token)


def key_of(told: str, *, proxies: int) -> UUID:
    """The key of a request: the one that a proxy of ours gave it, so that its log can be set beside ours.

    Without a proxy of ours, or where it is no UUID, it gets one of its own.
    """
    try:
        return UUID(told) if proxies else uuid4()
    except ValueError:
        return uuid4()


def address_of(connected: str, forwarded: str, *, proxies: int) -> str | None:
    """The address of whoever asks. `proxies`: how many of ours stand before us, each adding who it was asked by.

    Without a proxy of ours what the header says is anybody's word, so it is not looked at. None: not told.
    """
    told = [*(part.strip() for part in forwarded.split(",") if part.strip()), connected.strip()]
    return _as_address(told[max(0, len(told) - 1 - proxies)])


def _as_address(text: str) -> str | None:
    try:
        return str(ip_address(text.removeprefix("[").split("]")[0]))
    except ValueError:
        pass
    try:
        return str(ip_address(text.rpartition(":")[0]))
    except ValueError:
        return None
