"""What somebody decided to keep as written although it looks identifying: told to the audit trail, never the words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from design.identifying import Kind


@dataclass(frozen=True)
class Kept:
    """A field whose words were kept, and what they look like."""

    field: str
    kinds: Sequence[Kind]


_DECIDED: ContextVar[list[Kept] | None] = ContextVar("kept_words", default=None)


@contextmanager
def noticed() -> Iterator[None]:
    """Whatever is decided inside, while one request is answered, is there for its entries in the audit trail."""
    token = _DECIDED.set([])
    try:
        yield
    finally:
        _DECIDED.reset(token)


def decide(field: str, kinds: Sequence[Kind]) -> None:
    decided = _DECIDED.get()
    if decided is not None and Kept(field, kinds) not in decided:
        decided.append(Kept(field, kinds))


def decided() -> list[dict[str, object]]:
    """Every decision so far, as entries keep them."""
    return [{"field": one.field, "looks like": [kind.value for kind in one.kinds]} for one in _DECIDED.get() or ()]
