"""What a draft of a weighting scheme would change: teams and workers of an area scored by both. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from caseloads.workload import STATE_NAMES, Inputs, Scheme, State, Workload

Row: TypeAlias = Mapping[str, Any]
ORDER = {"ROOM": 0, "NEAR": 1, "OVER": 2, "WELL_OVER": 3}


@dataclass(frozen=True)
class Lost:
    """A category or factor that open cases have and the draft has not."""

    code: str
    cases: int


@dataclass(frozen=True)
class Shift:
    """How many teams would go from one band to another; up None: one of the two is no band."""

    number: int
    before: str
    after: str
    up: bool | None


@dataclass(frozen=True)
class Effects:
    """Before and after: rows of teams and workers as scored, in the same order; and what the draft leaves out."""

    teams: Sequence[tuple[Row, Row]]
    workers: Sequence[tuple[Row, Row]]
    lost_categories: Sequence[Lost]
    lost_factors: Sequence[Lost]
    team_shifts: Sequence[Shift]

    @property
    def newly_over(self) -> int:
        return sum(after["over"] and not before["over"] for before, after in self.workers)

    @property
    def no_longer_over(self) -> int:
        """Those whose load would be known and within their limit."""
        known = (pair for pair in self.workers if pair[1]["state"] != State.NOT_KNOWN)
        return sum(before["over"] and not after["over"] for before, after in known)

    @property
    def newly_unknown(self) -> int:
        unknown = State.NOT_KNOWN
        return sum(after["state"] == unknown != before["state"] for before, after in self.workers)

    @property
    def moved(self) -> list[tuple[Row, Row]]:
        """Workers whose band would change."""
        return [(before, after) for before, after in self.workers if word(before) != word(after)]

    @property
    def changes_nothing(self) -> bool:
        return all(before == after for before, after in (*self.teams, *self.workers))

    def by_band(self) -> list[tuple[str, int, int]]:
        """How many workers are in each band before and after, from room to well over, then those without a band."""
        counts = [Counter(word(pair[side]) for pair in self.workers) for side in (0, 1)]
        ranks = {word(row): _rank(row) for pair in self.workers for row in pair}
        return [
            (name, counts[0][name], counts[1][name]) for name in sorted(ranks, key=lambda name: (ranks[name], name))
        ]


def effects(before: Workload, after: Workload, inputs: Inputs, draft: Scheme) -> Effects:
    """Compare two scorings of the same rows, the second by the draft."""
    teams = list(_pairs(before.teams, after.teams, _late(before), _late(after)))
    return Effects(
        teams=teams,
        workers=list(_pairs(before.workers, after.workers)),
        lost_categories=_lost(inputs.cases.loc[inputs.cases["category"] != "", ["case", "category"]], draft.categories),
        lost_factors=_lost(inputs.factors[["case", "factor"]], draft.factors),
        team_shifts=_shifts(teams),
    )


def _pairs(
    before: pd.DataFrame, after: pd.DataFrame, *late: Mapping[Hashable, int]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the rows of two frames side by side; what is missing is None. `late`: cases past their limit, by team."""
    for rows in zip(_rows(before), _rows(after), strict=True):
        if late:
            told = [row | {"late": late[side].get(row["team"], 0)} for side, row in enumerate(rows)]
            yield told[0], told[1]
        else:
            yield rows


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    columns = [[None if value is pd.NA else value for value in frame[name].tolist()] for name in names]
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _late(workload: Workload) -> dict[Hashable, int]:
    rows = workload.unallocated
    return {key: int(number) for key, number in rows.groupby("team")["over_limit"].sum().items()}


def _lost(rows: pd.DataFrame, known: Mapping[str, object]) -> list[Lost]:
    """Count the cases of each code that the draft does not have, most first."""
    column = rows.columns[1]
    counted = Counter(code for code in rows.drop_duplicates()[column].tolist() if code not in known)
    return [Lost(code, number) for code, number in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]


def _shifts(teams: Sequence[tuple[Row, Row]]) -> list[Shift]:
    """Group the teams whose band changes by where they come from and go to, the steepest rises first."""
    counted = Counter((_rank(b) - _rank(a), word(b), word(a), _up(b, a)) for b, a in teams if word(b) != word(a))
    return [
        Shift(number, before, after, up)
        for (_, before, after, up), number in sorted(counted.items(), key=lambda one: one[0][:3])
    ]


def _up(before: Row, after: Row) -> bool | None:
    told = {State.SCORED, State.NO_CAPACITY}
    return _rank(after) > _rank(before) if {before["state"], after["state"]} <= told else None


def word(row: Row) -> str:
    """A row's band, or the state that stands in its place."""
    return STATE_NAMES.get(State(row["state"])) or str(row["band_name"])


def _rank(row: Row) -> int:
    """How heavy a band is; what has none comes after them."""
    if row["state"] == State.SCORED:
        return ORDER[row["band"]]
    return len(ORDER) + [State.NO_CAPACITY, State.NOT_APPLICABLE, State.NOT_KNOWN].index(State(row["state"]))
