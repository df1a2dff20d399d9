"""Telling how far a long reading is."""

from collections.abc import Callable, Iterable, Iterator

from caseloads.intake.records import Row

Tell = Callable[[int], None]
STEP = 5_000


def quietly(_: int) -> None:
    """Tell nobody."""


def watched(rows: Iterable[Row], tell: Tell) -> Iterator[Row]:
    """The rows, telling now and then how many have been read."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % STEP == 0:
            tell(number)
