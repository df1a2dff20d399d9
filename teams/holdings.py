"""What is held about one worker, one list for each kind of row. Whatever holds something new adds its list to ours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from teams.models import Worker


@dataclass(frozen=True)
class Holding:
    """One kind of row: what it is called, why it is held, its columns, and how a worker's are read, newest first."""

    code: str
    title: str
    why: str
    columns: Sequence[str]
    rows: Callable[[Worker], Sequence[Sequence[object]]]
