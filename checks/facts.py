"""What measures are taken from: one team on one day, as scored. Pure."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from caseloads.workload import NEWLY_QUALIFIED, Flag, State, Workload


@dataclass(frozen=True)
class TeamFacts:
    """What measures are taken from: one team on one day, as scored.

    Load % and demand % are tenths, hours hundredths; None is not known. Numbers of workers are of those whose figures
    are known; `not_known` counts the others.
    """

    state: str
    load_pct: int | None
    demand_state: str
    demand_pct: int | None
    known: int
    not_known: int
    over: int
    well_over: int
    unallocated: int
    longest_wait: int | None
    newly_qualified: int
    newly_qualified_not_known: int
    newly_qualified_within: int
    reserved: int
    reserved_not_known: int
    reserved_registered: int
    open_cases: int
    ratings_up_to_date: int
    held_cases: int
    holder_hours: int | None
    full_time_hours: int | None
    supervised: int
    supervised_in_time: int
    supervised_not_known: int
    sessions: int
    sessions_in_full: int


def team_facts(workload: Workload, team: Hashable) -> TeamFacts:
    """Gather one team's facts from a workload that has a row for it. Raises KeyError where it has none."""
    row = _row(workload, team)
    every = (workload.workers, workload.lines, workload.unallocated)
    workers, lines, free = (rows[rows["team"] == team] for rows in every)
    known = workers[workers["state"] != State.NOT_KNOWN]
    beginners = workers["stage"] == NEWLY_QUALIFIED
    within = (known["stage"] == NEWLY_QUALIFIED) & (known["load"] <= known["capacity"])
    holding = workers[workers["cases"] > 0]
    rated = pd.concat([frame[["case", "unrated"]] for frame in (lines, free)]).drop_duplicates("case")
    flags = workload.flags[workload.flags["team"] == team]
    old = flags.loc[flags["flag"] == Flag.RATING_OLD, "case"]
    registered = _registered(lines, workers)
    return TeamFacts(
        state=row["state"],
        load_pct=_whole(row["load_pct"]),
        demand_state=row["demand_state"],
        demand_pct=_whole(row["demand_pct"]),
        known=len(known),
        not_known=len(workers) - len(known),
        over=int(row["over"]),
        well_over=int(row["well_over"]),
        unallocated=int(row["unallocated"]),
        longest_wait=_whole(row["longest_wait"]),
        newly_qualified=int((known["stage"] == NEWLY_QUALIFIED).sum()),
        newly_qualified_not_known=int(
            beginners.sum() - (known["stage"] == NEWLY_QUALIFIED).sum() + (workers["stage"] == "").sum()
        ),
        newly_qualified_within=int(within.sum()),
        reserved=sum(told is not None for told in registered),
        reserved_not_known=registered.count(None),
        reserved_registered=registered.count(True),
        open_cases=len(rated),
        ratings_up_to_date=int((~rated["unrated"] & ~rated["case"].isin(old)).sum()),
        held_cases=int(row["cases"]),
        holder_hours=None if holding["hours"].isna().any() else int(holding["hours"].sum()),
        full_time_hours=workload.full_time_hours,
        **_supervision(workers),
    )


def _supervision(workers: pd.DataFrame) -> dict[str, int]:
    return {
        "supervised": int(workers["supervised"].notna().sum()),
        "supervised_in_time": int(workers["supervised"].sum()),
        "supervised_not_known": int(workers["supervised"].isna().sum()),
        "sessions": int(workers["sessions"].sum()),
        "sessions_in_full": int(workers["in_full"].sum()),
    }


def _row(workload: Workload, team: Hashable) -> dict[str, Any]:
    found = workload.teams[workload.teams["team"] == team].to_dict("records")
    if not found:
        raise KeyError(team)
    return {str(name): value for name, value in found[0].items()}


def _registered(lines: pd.DataFrame, workers: pd.DataFrame) -> list[bool | None]:
    """Return, for each line of a reserved category, whether its worker is registered; None where that is not known."""
    known = {row["worker"]: row["registered"] for row in workers.to_dict("records")}
    holders = lines.loc[lines["reserved"], "worker"]
    return [None if pd.isna(known[worker]) else bool(known[worker]) for worker in holders]


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
