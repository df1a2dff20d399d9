"""Works every published rate out again from the figures published beside it, and tells where the two differ. Pure.

Decimals, rounded half up to one place, as the rates are published (the file drops a last zero: 14 is 14.0). Inputs of
full-time equivalents and days were rounded to one place themselves, so a published rate may follow from what stood
behind them although it does not follow from what is printed: those are counted apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.benchmark_measures import RATES, Rate, bounds
from reports.published import AreaYear, Published

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Difference:
    """A row whose published rate is not the one worked out. reachable: inputs before rounding may have led to it."""

    row: AreaYear
    published: Decimal
    worked_out: Decimal | None
    reachable: bool

    @property
    def near(self) -> bool:
        """Whether the two are a tenth apart at most."""
        return self.worked_out is not None and abs(self.worked_out - self.published) <= TENTH


@dataclass(frozen=True)
class Checked:
    """One rate over all rows: how many had everything to compare, and those that differ."""

    rate: Rate
    compared: int
    not_compared: int
    differ: Sequence[Difference]

    @property
    def exact(self) -> int:
        return self.compared - len(self.differ)

    @property
    def within_rounding(self) -> int:
        return self.exact + sum(one.reachable for one in self.differ)

    @property
    def near(self) -> int:
        return self.exact + sum(one.near for one in self.differ)


def check_all(published: Published) -> list[Checked]:
    """Check every rate whose column and inputs the file has."""
    lacking = set(published.missing)
    return [_check(rate, published.rows) for rate in RATES if not lacking & {rate.column, *rate.inputs}]


def unchecked(published: Published) -> list[Rate]:
    """Return the rates that cannot be checked, because the file lacks a column of theirs."""
    lacking = set(published.missing)
    return [rate for rate in RATES if lacking & {rate.column, *rate.inputs}]


def _check(rate: Rate, rows: Iterable[AreaYear]) -> Checked:
    compared, skipped, differ = 0, 0, []
    for row in rows:
        published = row.number(rate.column)
        inputs = {name: value for name in rate.inputs if (value := row.number(name)) is not None}
        if published is None or len(inputs) < len(rate.inputs):
            skipped += 1
            continue
        compared += 1
        worked_out = rate.work_out(inputs)
        if worked_out != published:
            ends = bounds(rate, inputs)
            reachable = ends is not None and ends[0] <= published <= ends[1]
            differ.append(Difference(row, published, worked_out, reachable))
    return Checked(rate, compared, skipped, differ)


def as_json(published: Published) -> dict[str, Any]:
    """Return the whole outcome as plain values, rates by their column. Figures are text, as decimals are."""
    return {
        "rows": len(published.rows),
        "rows_left_out": published.left_out,
        "columns_missing": list(published.missing),
        "measures": {one.rate.column: _measure(one) for one in check_all(published)},
        "measures_not_checked": [rate.column for rate in unchecked(published)],
    }


def _measure(one: Checked) -> dict[str, Any]:
    return {
        "title": one.rate.title,
        "formula": one.rate.formula,
        "rows_compared": one.compared,
        "rows_not_compared": one.not_compared,
        "equal": one.exact,
        "within_rounding": one.within_rounding,
        "within_0.1": one.near,
        "differ": [_difference(each) for each in one.differ],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "year": one.row.year,
        "area_code": one.row.code,
        "area": one.row.name,
        "published": f"{one.published:.1f}",
        "worked_out": None if one.worked_out is None else f"{one.worked_out:.1f}",
        "within_rounding": one.reachable,
        "within_0.1": one.near,
    }


def as_text(published: Published) -> str:
    """Return the outcome for people: a line for each rate, then every row that differs."""
    checked = check_all(published)
    lines = [f"{len(published.rows)} rows of areas and years.", ""]
    lines.append(f"{'Rate':<44}{'compared':>9}{'equal':>7}{'rounding':>10}{'within 0.1':>12}{'differ':>8}")
    lines += [
        f"{one.rate.title:<44}{one.compared:>9}{one.exact:>7}{one.within_rounding:>10}{one.near:>12}{len(one.differ):>8}"
        for one in checked
    ]
    lines += ["", "compared: rate and inputs are published. equal: as worked out from the printed inputs."]
    lines.append("rounding: or as inputs before their rounding may have led to. differ: not equal; each is listed.")
    lines += [f"Not checked, because a column is missing: {rate.title}." for rate in unchecked(published)]
    for one in checked:
        lines += ["", f"{one.rate.title}: {one.rate.formula}"] if one.differ else []
        lines += [_told(each) for each in one.differ]
    return "\n".join(lines)


def _told(one: Difference) -> str:
    worked_out = "nothing to divide by" if one.worked_out is None else f"{one.worked_out:.1f}"
    said = f"  {one.row.year} {one.row.name:<28} published {one.published:>5.1f}  worked out {worked_out:>5}"
    return said + ("  (within the rounding of its inputs)" if one.reachable else "")
