"""The geometry of a small grid of findings: teams down, standards across, a symbol in each cell. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from design.charts import WIDTH


@dataclass(frozen=True)
class Sign:
    """How a finding is shown: a word, a symbol beside it, and colours that only help to find it."""

    finding: str
    word: str
    symbol: str
    fill: str
    ink: str

    @property
    def inside(self) -> str:
        """With what the symbol is filled: the half circle with its ink, a line with nothing."""
        return self.ink if self.finding == "PARTLY_MET" else "none"


SIGNS = {
    sign.finding: sign
    for sign in (
        Sign("MET", "Met", "✓", "#cfe8d8", "#0b0c0c"),
        Sign("PARTLY_MET", "Partly met", "◐", "#fff2b3", "#0b0c0c"),
        Sign("NOT_MET", "Not met", "✕", "#a3231a", "#ffffff"),
        Sign("NOT_KNOWN", "Not known", "?", "#e5e6e7", "#0b0c0c"),
        Sign("SUPPRESSED", "Suppressed", "–", "#e5e6e7", "#0b0c0c"),
    )
}
NAMES, LONGEST = 176, 26
KEY_ROW, KEY_COLUMNS = 20, 3
ROW, CELL = 22, 18
FIGURE = 7
SHAPES = {
    "MET": "M{x} {y}m-5 0l3.5 4 6-8",
    "PARTLY_MET": "M{x} {y}m0-5a5 5 0 0 0 0 10zm0 0a5 5 0 0 1 0 10a5 5 0 0 0 0-10",
    "NOT_MET": "M{x} {y}m-4-4l8 8m0-8l-8 8",
    "NOT_KNOWN": "M{x} {y}m-3-3a3 3 0 1 1 4.5 2.6q-1.5.9-1.5 2.4m0 2.5v1",
    "SUPPRESSED": "M{x} {y}m-4 0h8",
}
"""Symbols are drawn, not written: not every font has them."""


@dataclass(frozen=True)
class GridRow:
    """A team with a finding for each column; "": there is none."""

    name: str
    findings: Sequence[str]

    @property
    def words(self) -> str:
        """The row in words: 3 met, 1 not met."""
        many = Counter(self.findings)
        return ", ".join(f"{many[one]} {sign.word.lower()}" for one, sign in SIGNS.items() if many[one]) or "none yet"


def stored_row(stored: Mapping[str, object]) -> GridRow:
    """A row read back from a frozen report: `name`, and `findings` in the order of the columns."""
    findings = stored["findings"]
    if not isinstance(findings, Sequence):
        raise TypeError("The findings of a row are a list.")
    return GridRow(str(stored["name"]), [str(one) for one in findings])


@dataclass(frozen=True)
class Text:
    """Words in place."""

    x: float
    y: int
    text: str


@dataclass(frozen=True)
class GridChart:
    """A whole grid; `cells` and `symbols` are paths of all cells of one finding."""

    names: Sequence[Text]
    heads: Sequence[Text]
    cells: Sequence[tuple[Sign, str]]
    symbols: Sequence[tuple[Sign, str]]
    key: Sequence[tuple[Sign, int, int, str]]
    height: int

    width = WIDTH


def grid_chart(rows: Sequence[GridRow], columns: Sequence[str]) -> GridChart | None:
    """Place a cell for each finding; None where there is none. Long names are cut: the table beside has them."""
    used = [sign for sign in SIGNS.values() if any(sign.finding in row.findings for row in rows)]
    if not used or not columns:
        return None
    step = (WIDTH - NAMES) / len(columns)
    top = KEY_ROW * -(-len(used) // KEY_COLUMNS) + 26
    cells: dict[str, list[str]] = {sign.finding: [] for sign in used}
    symbols: dict[str, list[str]] = {sign.finding: [] for sign in used}
    for line, row in enumerate(rows):
        for column, finding in enumerate(row.findings[: len(columns)]):
            if finding in cells:
                x, y = round(NAMES + column * step, 1), top + line * ROW
                cells[finding].append(f"M{x} {y}h{round(step - 2, 1)}v{CELL + 2}h-{round(step - 2, 1)}z")
                middle = round(x + step / 2 - 1, 1)
                symbols[finding].append(SHAPES[finding].format(x=middle, y=y + CELL // 2 + 1))
    return GridChart(
        names=[Text(0, top + line * ROW + 14, _short(row.name)) for line, row in enumerate(rows)],
        heads=[
            Text(round(NAMES + column * step + step / 2 - 1, 1), top - 6, name[: max(1, int(step / FIGURE))])
            for column, name in enumerate(columns)
        ],
        cells=[(sign, "".join(cells[sign.finding])) for sign in used],
        symbols=[(sign, "".join(symbols[sign.finding])) for sign in used],
        key=[_key(number, sign) for number, sign in enumerate(used)],
        height=top + ROW * len(rows) + 2,
    )


def _key(number: int, sign: Sign) -> tuple[Sign, int, int, str]:
    x, y = WIDTH * (number % KEY_COLUMNS) // KEY_COLUMNS, KEY_ROW * (number // KEY_COLUMNS)
    return sign, x, y, SHAPES[sign.finding].format(x=x + 9, y=y + 9)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
