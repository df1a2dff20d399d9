"""The frames that scoring reads, and which of their rows count on a day.

Keys (`worker`, `team`, `case`, `reduction`) may be any hashable scalars that sort among themselves. Dates may be
datetime64 or date objects. Every period is half-open: a row counts on a day when it started on or before it and has
not ended, or ended later; no start means "since always". Text that is missing means the same as empty text.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from caseloads.workload_scheme import Scheme

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Days: TypeAlias = npt.NDArray[np.datetime64]
Column: TypeAlias = "pd.Series[Any]"
Cells: TypeAlias = pd.api.extensions.ExtensionArray

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "members": {
        "worker": "",
        "team": "",
        "contracted": "Int64",
        "stage": "str",
        "registered": "boolean",
        "case_holding": "bool",
        "started_on": "date",
        "ended_on": "date",
    },
    "reductions": {
        "worker": "",
        "team": "",
        "reduction": "",
        "kind": "str",
        "amount": "Int64",
        "reason": "str",
        "started_on": "date",
        "ended_on": "date",
    },
    "cases": {
        "case": "",
        "reference": "str",
        "family": "str",
        "team": "",
        "category": "str",
        "rated": "bool",
        "rated_on": "date",
        "override": "Int64",
        "contested": "bool",
        "opened_on": "date",
        "closed_on": "date",
    },
    "factors": {"case": "", "factor": "str", "count": "Int64"},
    "allocations": {"case": "", "worker": "", "team": "", "share": "Int64", "started_on": "date", "ended_on": "date"},
    "history": {"worker": "", "team": "", "day": "date", "well_over": "boolean"},
    "handovers": {"case": "", "worker": "", "team": "", "moved_on": "date"},
    "supervision": {"worker": "", "due_on": "date", "detail": "str", "sessions": "Int64", "in_full": "Int64"},
}
"""Every frame's columns and their dtypes; "" is a key, "date" is datetime64 or date objects."""


def frame(name: str, rows: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Return one of the frames of `COLUMNS` from rows by column name; columns that a row leaves out are missing.

    Raises KeyError for a name that is not in `COLUMNS`.
    """
    kept = list(rows)
    return typed(name, {column: [row.get(column) for row in kept] for column in COLUMNS[name]})


def typed(name: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return one of the frames of `COLUMNS` from its columns; columns that are not its own take the dtype they have."""
    dtypes = COLUMNS[name]
    return pd.DataFrame({column: _cells(values, dtypes.get(column, "")) for column, values in columns.items()})


def _cells(values: Sequence[Any], dtype: str) -> Cells:
    made: Cells
    match dtype:
        case "":
            made = pd.Series(values, dtype=None if len(values) else "object").array
        case "date":
            made = pd.array(np.array(values, dtype="datetime64[s]"))
        case "str":
            made = words(values if None not in values else ("" if value is None else value for value in values))
        case "bool":
            made = pd.array(np.asarray(values, np.bool_))
        case _:
            made = pd.Series(values, dtype=dtype).array
    return made


@dataclass(frozen=True)
class Inputs:
    """Everything that one scoring reads; columns and dtypes are those of `COLUMNS`.

    Ended rows may be present: they do not count, except that an ended allocation tells since when a case has been
    waiting. To score one team, give that team's contracts and reductions, the cases it owns or holds, **every**
    allocation of those cases and the contracts of all who hold them (`narrow` does this), and name the team in `score`.
    `supervision` tells of each worker by when it is due (missing: on no day that can be told), in words, and how many
    sessions of the last 91 days there were and met the standard; no frame: supervision is not recorded.
    `handovers` are cases that came to a worker (missing: to nobody yet) of a team without a handover meeting.
    Raises ValueError when a frame lacks a column, or when two rows of `cases` have the same key.
    """

    members: pd.DataFrame
    reductions: pd.DataFrame
    cases: pd.DataFrame
    factors: pd.DataFrame
    allocations: pd.DataFrame
    history: pd.DataFrame | None = None
    supervision: pd.DataFrame | None = None
    handovers: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        for entry in fields(self):
            given = getattr(self, entry.name)
            if given is None:
                continue
            if missing := [column for column in COLUMNS[entry.name] if column not in given.columns]:
                raise ValueError(f"The frame {entry.name} lacks the columns {', '.join(missing)}.")
        if not self.cases["case"].is_unique:
            raise ValueError("Two rows of the frame cases have the same key.")


@dataclass(frozen=True)
class Scoring:
    """What is being scored: the scheme, the rows, and the day."""

    scheme: Scheme
    inputs: Inputs
    on: date

    @property
    def today(self) -> int:
        """The day as a day number, the unit of every date that has become an integer."""
        return int(np.datetime64(self.on, "D").astype(int))


def narrow(inputs: Inputs, teams: Collection[Hashable]) -> Inputs:
    """Return the rows that matter to some teams: scoring them for those gives what scoring everything gives them."""
    of_teams = inputs.allocations["team"].isin(teams)
    wanted = inputs.cases["team"].isin(teams) | inputs.cases["case"].isin(inputs.allocations.loc[of_teams, "case"])
    cases = inputs.cases[wanted]
    allocations = inputs.allocations[inputs.allocations["case"].isin(cases["case"])]
    holder = inputs.members["worker"].isin(allocations["worker"])
    history, handovers = inputs.history, inputs.handovers
    return Inputs(
        members=inputs.members[inputs.members["team"].isin(teams) | holder],
        reductions=inputs.reductions[inputs.reductions["team"].isin(teams)],
        cases=cases,
        factors=inputs.factors[inputs.factors["case"].isin(cases["case"])],
        allocations=allocations,
        history=None if history is None else history[history["team"].isin(teams)],
        supervision=inputs.supervision,
        handovers=None if handovers is None else handovers[handovers["team"].isin(teams)],
    )


def find_places(asked: "pd.Series[Any] | Ints", among: "pd.Series[Any] | Ints") -> Ints:
    """Return the place of each key among others, which are there once: -1 for those that are not."""
    return np.asarray(pd.Index(among).get_indexer(pd.Index(asked)), np.int64)


def pair_numbers(*pairs: tuple[Column, Column]) -> list[Ints]:
    """Number pairs of keys, given as two columns each time: the same number for the same pair, throughout."""
    ends = np.cumsum([len(first) for first, _ in pairs])[:-1]
    left, right = (pd.factorize(pd.concat([pair[side] for pair in pairs], ignore_index=True)) for side in (0, 1))
    return np.split(left[0].astype(np.int64) * (len(right[1]) + 1) + right[0], ends)


def unheld(inputs: Inputs) -> list[Hashable]:
    """Return the cases that no member who holds cases holds, where every row counts on the day."""
    members = inputs.members[inputs.members["case_holding"].to_numpy(dtype=np.bool_)]
    rows = inputs.allocations
    among, held = pair_numbers((members["worker"], members["team"]), (rows["worker"], rows["team"]))
    return list(inputs.cases["case"][~inputs.cases["case"].isin(rows["case"][np.isin(held, among)])])


def days(column: Column) -> Days:
    """Return a column of dates as days; missing ones are NaT."""
    known = column if column.dtype.kind == "M" else pd.to_datetime(column)
    return known.to_numpy().astype("datetime64[D]")


def text(column: Column) -> list[str]:
    """Return a column of text as a list; missing text is empty."""
    values = column.tolist()
    if set(map(type, values)) <= {str}:
        return values
    pairs = zip(values, column.notna().tolist(), strict=True)
    return [str(value) if told else "" for value, told in pairs]


def whole(column: Column, missing: int) -> Ints:
    """Return a column of whole numbers, `missing` in place of those that are not there."""
    return np.asarray(column.astype("Int64").to_numpy(dtype=np.int64, na_value=missing), np.int64)


def open_on(rows: pd.DataFrame, started: str, ended: str, on: date) -> Bools:
    """Tell for each row whether it counts on the day: started on or before it and not ended, or ended later."""
    day = np.datetime64(on, "D")
    result: Bools = ~(days(rows[started]) > day) & ~(days(rows[ended]) <= day)
    return result


def nullable(values: Iterable[int | None] | Ints, known: Bools | None = None) -> Cells:
    """Return whole numbers as an Int64 column; missing where None, or where `known` is False."""
    if known is None:
        return pd.array(list(values), dtype="Int64")
    return pd.arrays.IntegerArray(np.asarray(values, dtype=np.int64), ~known)


def words(values: Iterable[str]) -> Cells:
    """Return text as a column of the same dtype however many rows there are."""
    return pd.array(list(values), dtype="str")
