"""The geometry of lines over time: a percentage against its limit, or a number, and what changed marked. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from design.charts import STEPS, WIDTH, Point, along

LINE_HEIGHT = 150
LINE_TOP = 20
FOOT = 24
MARK_ROW = 22
ROUND = (Decimal(1), Decimal(2), Decimal(5))


@dataclass(frozen=True)
class Mark:
    """Something that changed on a day, under the number by which a table beside the chart names it."""

    day: date
    number: int


@dataclass(frozen=True)
class PlacedMark:
    """A mark in place: a line through the drawing down to its number, in units of the drawing."""

    number: int
    x: Decimal
    y: int

    @property
    def text_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True)
class LineChart:
    """A line over time: stretches of points without a gap, single points, the limit across them, and marks.

    `limit_y` is None where there is no limit; `end` is the round figure at the top of the scale, which begins at 0.
    """

    stretches: Sequence[str]
    dots: Sequence[tuple[Decimal, Decimal]]
    limit_y: Decimal | None
    end: Decimal
    first: date
    last: date
    marks: Sequence[PlacedMark] = ()
    mark_rows: int = 0

    width = WIDTH
    floor = LINE_TOP + LINE_HEIGHT

    @property
    def height(self) -> int:
        return LINE_TOP + LINE_HEIGHT + MARK_ROW * self.mark_rows + FOOT


def line_chart(
    points: Sequence[Point],
    *,
    limit: Decimal | None = Decimal(100),
    marks: Iterable[Mark] = (),
    since: date | None = None,
    until: date | None = None,
) -> LineChart | None:
    """Place points by their day on a scale that ends at a round figure past the highest; None without two of them.

    The line runs from `since` to `until`, or where these are None from the first known point to the last. Marks outside
    of it are left out. Without a limit the figures are numbers, not percentages.
    """
    known = [point for point in points if point.pct is not None]
    if len(known) < 2:  # noqa: PLR2004 - one point is no line
        return None
    first, last = since or known[0].day, until or known[-1].day
    highest = max(point.pct for point in known if point.pct is not None)
    end = (
        _number_end(highest) if limit is None else next((one for one in STEPS if one > max(highest, limit)), STEPS[-1])
    )
    stretches: list[list[tuple[Decimal, Decimal]]] = [[]]
    for point in points:
        if point.pct is None:
            stretches.append([])
            continue
        stretches[-1].append((_by_day(point.day, first, last), _y(min(point.pct, end), end)))
    placed = _placed((mark for mark in marks if first <= mark.day <= last), first, last)
    return LineChart(
        stretches=[" ".join(f"{x},{y}" for x, y in one) for one in stretches if len(one) > 1],
        dots=[one[0] for one in stretches if len(one) == 1],
        limit_y=None if limit is None else _y(limit, end),
        end=end,
        first=first,
        last=last,
        marks=placed,
        mark_rows=len({mark.y for mark in placed}),
    )


def _number_end(highest: Decimal) -> Decimal:
    """Return the next of 1, 2, 5, 10, 20, 50 … past a number."""
    tens = Decimal(1)
    while True:
        found = next((step * tens for step in ROUND if step * tens > highest), None)
        if found is not None:
            return found
        tens *= 10


def _placed(marks: Iterable[Mark], first: date, last: date) -> list[PlacedMark]:
    """Place marks by their day; numbers that would touch go below each other."""
    ends: list[Decimal] = []
    placed = []
    for mark in sorted(marks, key=lambda one: (one.day, one.number)):
        x = min(max(_by_day(mark.day, first, last), Decimal(10)), Decimal(WIDTH - 10))
        row = next((number for number, end in enumerate(ends) if x - end >= MARK_ROW), len(ends))
        ends[row : row + 1] = [x]
        placed.append(PlacedMark(mark.number, x, LINE_TOP + LINE_HEIGHT + 14 + row * MARK_ROW))
    return placed


def _by_day(day: date, first: date, last: date) -> Decimal:
    return along(Decimal(100 * (day - first).days) / max(1, (last - first).days), Decimal(100))


def _y(figure: Decimal, end: Decimal) -> Decimal:
    return (LINE_TOP + LINE_HEIGHT * (1 - figure / end)).quantize(Decimal("0.1"))
