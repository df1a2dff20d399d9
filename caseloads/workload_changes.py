"""Changed copies of what scoring reads: what would be if cases changed hands, or people came and went. Pure.

Nothing is written: the copies are scored by `caseloads.workload.score` like any rows, so that what is shown before an
allocation and what is counted after it cannot differ.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from caseloads.workload_inputs import Inputs, days, frame, open_on


@dataclass(frozen=True)
class Given:
    """A share (whole percent) of a case, given to a worker in a team."""

    case: Hashable
    worker: Hashable
    team: Hashable
    share: int = 100


def give(inputs: Inputs, given: Iterable[Given], *, on: date) -> Inputs:
    """Return the rows with allocations that start on a day; a share given to somebody who holds one is added to it."""
    rows = inputs.allocations
    counts = open_on(rows, "started_on", "ended_on", on)
    new = frame("allocations", [vars(item) for item in given])
    if not len(new):
        return inputs
    now = pd.concat([rows[counts], new]) if counts.any() else new
    held = now.groupby(["case", "worker", "team"], as_index=False, sort=False)["share"].sum()
    held = held.assign(started_on=_day(on, len(held)), ended_on=_day(None, len(held)))
    past = rows[~counts]
    past = past.assign(started_on=days(past["started_on"]), ended_on=days(past["ended_on"]))
    return replace(inputs, allocations=pd.concat([past, held], ignore_index=True) if len(past) else held)


def take(inputs: Inputs, held: Collection[tuple[Hashable, Hashable]]) -> Inputs:
    """Return the rows without the allocations of some pairs of case and worker, as if they had never begun."""
    rows = inputs.allocations
    pairs = zip(rows["case"].tolist(), rows["worker"].tolist(), strict=True)
    kept = np.fromiter((pair not in held for pair in pairs), np.bool_, len(rows))
    return replace(inputs, allocations=rows[kept])


def leave(inputs: Inputs, workers: Collection[Hashable], *, team: Hashable) -> Inputs:
    """Return the rows as if workers had left a team: what they hold there is then in the name of a leaver."""
    gone = inputs.members["worker"].isin(list(workers)) & (inputs.members["team"] == team)
    return replace(inputs, members=inputs.members[~gone])


def join(inputs: Inputs, members: Iterable[Mapping[str, Any]]) -> Inputs:
    """Return the rows with more members of a team; the columns are those of the frame `members`."""
    new = frame("members", members)
    if not len(new):
        return inputs
    old = inputs.members
    old = old.assign(started_on=days(old["started_on"]), ended_on=days(old["ended_on"]))
    new = new.assign(started_on=days(new["started_on"]), ended_on=days(new["ended_on"]))
    return replace(inputs, members=pd.concat([old, new], ignore_index=True) if len(old) else new)


def _day(value: date | None, length: int) -> Any:
    return np.full(length, np.datetime64(value or "NaT", "s"))
