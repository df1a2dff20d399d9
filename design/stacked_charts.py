"""The geometry of stacked bars: how many workers of each team, or area, are in which band of load. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from design.charts import WIDTH, along


@dataclass(frozen=True)
class Part:
    """What a part of a bar stands for, and how it is drawn: from light to dark, told apart in a grey print too."""

    level: str
    name: str
    fill: str
    ink: str


PARTS = (
    Part("ROOM", "Room", "#cfe8d8", "#0b0c0c"),
    Part("NEAR", "Near the limit", "#e9c46a", "#0b0c0c"),
    Part("OVER", "Over", "#b3541e", "#ffffff"),
    Part("WELL_OVER", "Well over", "#7a160f", "#ffffff"),
    Part("NO_CAPACITY", "No capacity", "#0b0c0c", "#ffffff"),
    Part("NOT_APPLICABLE", "Not applicable", "#8d9297", "#0b0c0c"),
    Part("NOT_KNOWN", "Not known", "#ffffff", "#0b0c0c"),
)
NAME_OF = {part.level: part.name for part in PARTS}
KEY_ROW, KEY_COLUMNS = 20, 3
ROW, BAR = 38, 16
FIGURE = 8
"""The width of a figure of a number in a part, which is left out where it does not fit."""


@dataclass(frozen=True)
class Stack:
    """One bar: what it is called, and how many are in each level."""

    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Everybody who is drawn."""
        return sum(self.counts.get(part.level, 0) for part in PARTS)

    @property
    def words(self) -> str:
        """The bar in words: 3 room, 2 well over."""
        return ", ".join(f"{self.counts[one.level]} {one.name.lower()}" for one in PARTS if self.counts.get(one.level))


def stored_stack(stored: Mapping[str, object]) -> Stack:
    """A bar read back from a frozen report: `name`, and `counts` of numbers or text by level."""
    counts = stored["counts"]
    if not isinstance(counts, Mapping):
        raise TypeError("The counts of a bar are a mapping.")
    return Stack(str(stored["name"]), {str(level): int(many) for level, many in counts.items()})


@dataclass(frozen=True)
class Key:
    """One entry of the key, in place."""

    part: Part
    x: int
    y: int


@dataclass(frozen=True)
class Named:
    """The name of a bar and its total, in place."""

    stack: Stack
    y: int


@dataclass(frozen=True)
class Label:
    """The number inside a part, in place."""

    x: Decimal
    y: int
    ink: str
    many: int


@dataclass(frozen=True)
class StackedChart:
    """A whole chart; `areas` are the parts of all bars, one path for each level that occurs."""

    names: Sequence[Named]
    areas: Sequence[tuple[Part, str]]
    labels: Sequence[Label]
    key: Sequence[Key]
    height: int

    width = WIDTH


def stacked_chart(stacks: Sequence[Stack]) -> StackedChart | None:
    """Place bars on one scale that ends at the longest; None where there is nobody to draw."""
    longest = max((stack.total for stack in stacks), default=0)
    if not longest:
        return None
    used = [part for part in PARTS if any(stack.counts.get(part.level) for stack in stacks)]
    top = KEY_ROW * -(-len(used) // KEY_COLUMNS) + 8
    paths: dict[str, list[str]] = {part.level: [] for part in used}
    labels = []
    for place, stack in enumerate(stacks):
        y, before = top + place * ROW + 17, 0
        for part in used:
            many = stack.counts.get(part.level, 0)
            if not many:
                continue
            x, width = along(Decimal(before), Decimal(longest)), along(Decimal(many), Decimal(longest))
            paths[part.level].append(f"M{x} {y}h{width}v{BAR}h-{width}z")
            if width >= FIGURE * (len(str(many)) + 1):
                labels.append(Label(x + width / 2, y + 12, part.ink, many))
            before += many
    return StackedChart(
        names=[Named(stack, top + place * ROW + 12) for place, stack in enumerate(stacks)],
        areas=[(part, "".join(paths[part.level])) for part in used],
        labels=labels,
        key=[
            Key(part, WIDTH * (number % KEY_COLUMNS) // KEY_COLUMNS, KEY_ROW * (number // KEY_COLUMNS))
            for number, part in enumerate(used)
        ],
        height=top + ROW * len(stacks),
    )
