"""The geometry of bars against a limit: what a template needs to draw them, the same on a page and on paper. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH = 400
ROW = 40
TOP = 30
STEPS = (Decimal(50), Decimal(100), Decimal(150), Decimal(200), Decimal(300), Decimal(400))


@dataclass(frozen=True)
class Item:
    """One bar: what it is called, its percentage (None: none to draw), its text and its band's level."""

    name: str
    pct: Decimal | None
    text: str
    level: str


def stored_item(stored: Mapping[str, str | None]) -> Item:
    """A bar read back from a frozen report, where the percentage is text."""
    pct = stored["pct"]
    return Item(
        name=stored["name"] or "",
        pct=None if pct is None else Decimal(pct),
        text=stored["text"] or "",
        level=stored["level"] or "",
    )


FILLS = {"ROOM": "#2f7d57", "NEAR": "#b58b00", "OVER": "#c7620c", "WELL_OVER": "#a3231a"}


@dataclass(frozen=True)
class Bar:
    """A bar in place, all in units of the drawing."""

    item: Item
    name_y: int
    y: int
    width: Decimal

    @property
    def fill(self) -> str:
        """The colour of the bar's band, which only helps to find it: the words beside it say the same."""
        return FILLS.get(self.item.level, "#505a5f")


@dataclass(frozen=True)
class BarChart:
    """A whole chart: bars from the top, and the limit as a line across them."""

    bars: Sequence[Bar]
    height: int
    limit_x: Decimal

    width = WIDTH


def bar_chart(items: Sequence[Item], *, limit: Decimal = Decimal(100)) -> BarChart:
    """Place bars on a scale that ends at a round figure past the longest; a bar past the last round figure is cut."""
    longest = max((item.pct for item in items if item.pct is not None), default=limit)
    end = next((step for step in STEPS if step > max(longest, limit)), STEPS[-1])
    return BarChart(
        bars=[
            Bar(
                item=item,
                name_y=TOP + place * ROW + 12,
                y=TOP + place * ROW + 17,
                width=along(min(item.pct or Decimal(0), end), end),
            )
            for place, item in enumerate(items)
        ],
        height=TOP + ROW * len(items) + 6,
        limit_x=along(limit, end),
    )


def along(pct: Decimal, end: Decimal) -> Decimal:
    """Return where a figure of a scale from 0 to `end` lies across the drawing."""
    return (WIDTH * pct / end).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Point:
    """One day's figure; None: there was none to tell, and the line has a gap."""

    day: date
    pct: Decimal | None
