"""What every table's rows are made with: keys that are known beforehand, and cells as COPY reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

TEAMS, ADULT_TEAMS = 80, 24
STRIDE = {
    "teams_worker": 1_000,
    "teams_contract": 2_000,
    "caseloads_case": 60_000,
    "caseloads_rating": 80_000,
    "caseloads_allocation": 120_000,
}
SHIFT = 1_000
"""Keys below are the sequences' own: of what is made by actions before, such as by the demonstration."""

Text = list[str]
NULL = r"\N"
Rows = tuple[str, tuple[str, ...], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Place:
    """Where an employer's rows hang: its key, its teams (those for adults last), and its number among the employers."""

    employer: int
    teams: Sequence[int]
    number: int

    def keys(self, table: str, many: int) -> Any:
        return SHIFT + self.number * STRIDE[table] + np.arange(many)


def text(values: Any) -> Text:
    found: Text = np.asarray(values).astype(str).tolist()
    return [NULL if value == "NaT" else value for value in found] if np.asarray(values).dtype.kind == "M" else found


def flags(values: Any) -> Text:
    return ["t" if value else "f" for value in values.tolist()]
