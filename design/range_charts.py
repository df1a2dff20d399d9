"""The geometry of a range: a strip from lowest to highest, a box for its middle half, and marks on their own lanes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 400
EDGE = 10
LANE = 24
STRIP_Y = 20
SIZE = 7


@dataclass(frozen=True)
class Mark:
    """A figure on the strip, told by shape and by word: circle, square or diamond."""

    name: str
    value: Decimal | None
    text: str
    shape: str


@dataclass(frozen=True)
class Strip:
    """What is drawn: lowest, lower quartile, median, upper quartile, highest; both ends in words; the marks."""

    values: tuple[Decimal, Decimal, Decimal, Decimal, Decimal]
    ends: tuple[str, str]
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Placed:
    """A mark in place; its words stand to the right of it, or to the left where there is no room."""

    mark: Mark
    x: Decimal
    y: int
    text_x: Decimal
    anchor: str

    @property
    def points(self) -> str:
        """The corners of a diamond."""
        corners = ((0, -SIZE), (SIZE, 0), (0, SIZE), (-SIZE, 0))
        return " ".join(f"{self.x + right},{self.y + down}" for right, down in corners)

    @property
    def square(self) -> tuple[Decimal, int]:
        """The upper left corner of a square."""
        return self.x - SIZE + 1, self.y - SIZE + 1


@dataclass(frozen=True)
class RangeChart:
    """A whole drawing, all in its own units. xs: where the five values of the range lie."""

    xs: Sequence[Decimal]
    placed: Sequence[Placed]
    ends_y: int

    width = WIDTH
    strip_y = STRIP_Y

    @property
    def height(self) -> int:
        return self.ends_y + 6

    @property
    def box(self) -> Decimal:
        return self.xs[3] - self.xs[1]


def range_chart(strip: Strip) -> RangeChart:
    """Place a range and its marks on a scale from the lowest to the highest of all of them."""
    marks = [mark for mark in strip.marks if mark.value is not None]
    values = [*strip.values, *(mark.value for mark in marks if mark.value is not None)]
    low, high = min(values), max(values)
    placed = []
    for lane, mark in enumerate(marks, start=1):
        x = _x(mark.value or Decimal(0), low, high)
        left = x > WIDTH / 2
        text_x = x - 2 * SIZE if left else x + 2 * SIZE
        placed.append(Placed(mark, x, STRIP_Y + 4 + lane * LANE, text_x, "end" if left else "start"))
    ends_y = STRIP_Y + LANE * (len(marks) + 1) + 6
    return RangeChart([_x(value, low, high) for value in strip.values], placed, ends_y)


def _x(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    share = (value - low) / (high - low) if high > low else Decimal("0.5")
    return (EDGE + (WIDTH - 2 * EDGE) * share).quantize(Decimal("0.1"))
