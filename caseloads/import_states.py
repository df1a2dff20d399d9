"""The states of an import, and the moves between them. The database refuses every other."""

from collections.abc import Mapping

MOVES: Mapping[str, tuple[str, ...]] = {
    "PENDING": ("READING", "FAILED", "ABANDONED"),
    "READING": ("PENDING", "MAPPING", "PREVIEW", "FAILED", "ABANDONED"),
    "MAPPING": ("PENDING", "ABANDONED"),
    "PREVIEW": ("PENDING", "CONFIRMED", "ABANDONED"),
    "CONFIRMED": ("APPLYING", "FAILED"),
    "APPLYING": ("CONFIRMED", "PREVIEW", "APPLIED", "FAILED"),
    "APPLIED": ("UNDONE",),
    "FAILED": (),
    "ABANDONED": (),
    "UNDONE": (),
}
ON_ITS_WAY = ("PENDING", "READING", "CONFIRMED", "APPLYING")  # a worker has it, or is to take it
WITH_FILES = ("PENDING", "READING", "MAPPING", "PREVIEW", "CONFIRMED", "APPLYING")
LEAVABLE = tuple(state for state, moves in MOVES.items() if "ABANDONED" in moves)


def pairs() -> list[tuple[str, str]]:
    """Every allowed move, from and to."""
    return [(before, after) for before, moves in MOVES.items() for after in moves]
