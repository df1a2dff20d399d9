"""The grid of the overview: a row for each team, a cell for each standard or indicator, sorted. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from design.grid_charts import SIGNS, Sign
from reports.overview.asking import Sort

NOT_MEASURED = Sign("", "Not measured", "–", "", "")
CSS = {finding: finding.lower() for finding in SIGNS}


@dataclass(frozen=True)
class Column:
    """A standard, or an indicator of one; `anchor`: the place in a team's report that its cells lead to.

    A standard's code may carry its set, where there may be several: set:code.
    """

    code: str
    title: str
    anchor: str

    @property
    def label(self) -> str:
        """The code without its set."""
        return self.code.rpartition(":")[2]


@dataclass(frozen=True)
class Cell:
    """What was found of one team by one standard or indicator, all as text.

    `figure` is what was measured, "" for a standard. `local_sign` is None where no local variation counts.
    """

    sign: Sign
    css: str
    anchor: str
    figure: str = ""
    local_sign: Sign | None = None

    @property
    def effective(self) -> str:
        """The finding that counts: the local one where a variation is in force."""
        return (self.local_sign or self.sign).finding


@dataclass(frozen=True)
class GridRow:
    """A team's row; `cells` None: it was not measured. Figures None sort last."""

    name: str
    public_id: UUID
    area: str
    load_pct: Decimal | None
    load: str
    load_band: str
    demand_pct: Decimal | None
    demand: str
    unallocated: int | None
    cells: Sequence[Cell] | None

    @property
    def not_met(self) -> int | None:
        if self.cells is None:
            return None
        return sum(cell.effective == "NOT_MET" for cell in self.cells)

    @property
    def unallocated_words(self) -> str:
        return "–" if self.unallocated is None else str(self.unallocated)


def anchor(pack: str, standard: str) -> str:
    """Return the place of a standard in a report, as its chapters name it."""
    return f"standard-{pack}-{standard}"


def cell(column: Column, found: Sequence[str] | None) -> Cell:
    """Make a cell of [finding, local finding], or of [figure, finding, local finding, number]; None: not measured."""
    if found is None:
        return Cell(NOT_MEASURED, "none", column.anchor)
    figure, finding, local = ("", *found) if len(found) == 2 else found[:3]  # noqa: PLR2004 - see above
    local_sign = SIGNS[local] if local else None
    effective = local or finding
    return Cell(SIGNS[finding], CSS[effective], column.anchor, figure, local_sign)


def cells(columns: Sequence[Column], found: Mapping[str, Sequence[str]]) -> list[Cell]:
    """Make a team's cells, column by column."""
    return [cell(column, found.get(column.code)) for column in columns]


_KEYS: Mapping[Sort, Callable[[GridRow], Decimal | int | None]] = {
    Sort.LOAD: lambda row: row.load_pct,
    Sort.DEMAND: lambda row: row.demand_pct,
    Sort.NOT_MET: lambda row: row.not_met,
    Sort.UNALLOCATED: lambda row: row.unallocated,
}


def ordered(rows: Sequence[GridRow], sort: Sort) -> list[GridRow]:
    """Sort by name, or by a figure, the highest first and what is not known last; equals by name."""
    by_name = sorted(rows, key=lambda row: (row.name.casefold(), str(row.public_id)))
    key = _KEYS.get(sort)
    if key is None:
        return by_name
    told = [(key(row), row) for row in by_name]
    known = sorted((one for one in told if one[0] is not None), key=lambda one: -(one[0] or 0))
    return [row for _, row in known] + [row for figure, row in told if figure is None]
