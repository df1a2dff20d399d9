"""Workload scoring: frames of integer hundredths in, frames out, with the explanation lines.

Nothing else in the project computes a load. Pure: no clock, no queries, no framework. The definitions are those of
docs/scoring.md, whose tables the tests parse.
"""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import pandas as pd

from caseloads.workload_flags import FLAG_NAMES, Flag, Scored, flags_frame
from caseloads.workload_inputs import COLUMNS, Inputs, Scoring, frame, narrow, nullable, typed
from caseloads.workload_lines import Held, Roster, hold, lines_frame, roster
from caseloads.workload_scheme import (
    BANDS,
    LARGEST,
    NEWLY_QUALIFIED,
    STATE_NAMES,
    Band,
    BandLevel,
    Category,
    Factor,
    Kind,
    Scheme,
    State,
    Unit,
    half_up,
    one_place,
    percentage,
    two_places,
)
from caseloads.workload_teams import (
    Person,
    Standing,
    capacity_frame,
    held_by_team,
    persons,
    standing,
    teams_frame,
    workers_frame,
)
from caseloads.workload_unallocated import unallocated_frame
from caseloads.workload_weights import Weights, case_weights, category_name, weigh

__all__ = [
    "BANDS",
    "COLUMNS",
    "FLAG_NAMES",
    "LARGEST",
    "NEWLY_QUALIFIED",
    "STATE_NAMES",
    "Band",
    "BandLevel",
    "Category",
    "Factor",
    "Figures",
    "Flag",
    "Inputs",
    "Kind",
    "Scheme",
    "Standing",
    "State",
    "Unit",
    "Workload",
    "apart",
    "case_weights",
    "category_name",
    "figures",
    "frame",
    "half_up",
    "narrow",
    "one_place",
    "percentage",
    "score",
    "standing",
    "two_places",
    "typed",
    "unscored",
]


@dataclass(frozen=True)
class Figures:
    """The figures of one scoring: integers are hundredths unless said, and missing (Int64) where one is not known.

    scheme: name and version; "" where there is none. full_time_hours: of the scheme; None where there is none.
    workers: worker, team, stage, registered, cases, families, hours, fte, stable, load, capacity, load_pct (tenths),
        state, band, band_name, over, well_over, reason, supervised (in time; missing: not known), sessions and in_full
        (of the last 91 days). load = stable + Σ line. One row per case-holding member and team.
    unallocated: case, team (that owns it), reference, category, weight, waiting_days, limit (days), over_limit, held_by
        (the key of the holder who does not count, or ""), unrated, parts. Longest wait first.
    teams: team, head_count, hours, fte, cases, families, load, capacity, load_pct, state, band, band_name, demand,
        demand_pct, demand_state, demand_band, demand_band_name, lowest_pct, median_pct, highest_pct (tenths), over,
        well_over, not_known (workers), unallocated, unallocated_weight, unallocated_not_known (cases without a known
        weight), longest_wait, median_wait (days, half up). Head count, hours and cases are of all workers, load and
        capacity of those that are known. `over` includes `well_over`; both include workers without capacity.
    flags: team, worker or None, flag (a `Flag`), case or None, detail (a sentence).
    """

    scheme: str
    full_time_hours: int | None
    as_of: date
    workers: pd.DataFrame
    unallocated: pd.DataFrame
    teams: pd.DataFrame
    flags: pd.DataFrame


@dataclass(frozen=True)
class Workload(Figures):
    """The figures, and how they come about.

    lines: worker, team, case, reference, family, category, category_name, category_weight, factor_points, bounded,
        weight, sibling_share (%), share (%), line, unrated, contested, overridden, reserved, parts (the weight's sum in
        words). category_weight + factor_points + bounded = weight; category_weight is the default weight of an unrated
        case and the weight set by hand of an overridden one. Rows by team, worker, case reference.
    capacity: worker, team, position, step (BASE, REDUCTION, FLOOR, RESULT), label, amount. Without the last, RESULT,
        the amounts add up to it. No rows for a worker whose capacity is not known.
    """

    lines: pd.DataFrame
    capacity: pd.DataFrame


def apart(workload: Workload, teams: Collection[Hashable]) -> dict[Hashable, Workload]:
    """Take the result of scoring several teams apart: team → what scoring it alone would have given."""
    names = [part.name for part in fields(workload) if isinstance(getattr(workload, part.name), pd.DataFrame)]
    groups = {name: dict(iter(getattr(workload, name).groupby("team", sort=False))) for name in names}
    none = {name: getattr(workload, name).iloc[:0] for name in names}
    return {
        team: replace(workload, **{name: groups[name].get(team, none[name]).reset_index(drop=True) for name in names})
        for team in teams
    }


def score(scheme: Scheme, inputs: Inputs, *, as_of: date, teams: Collection[Hashable] | None = None) -> Workload:
    """Score the workers and teams of a service area as they stand on `as_of`.

    `teams` names the teams to report, each of which gets a row; without it, every team of the members and cases. What
    is held in another team still counts as held. A worker whose figures cannot be told is NOT_KNOWN, with the reason;
    nobody else's figures change. Source: docs/scoring.md. Raises ValueError for frames that lack columns (see
    `Inputs`).
    """
    return _explained(_work_out(Scoring(scheme, inputs, as_of)), teams)


def unscored(inputs: Inputs, reason: str, *, as_of: date, teams: Collection[Hashable] | None = None) -> Workload:
    """Report everybody as NOT_KNOWN for a reason, such as an area without a published scheme: cases, no figures."""
    return _explained(_work_out(Scoring(NO_SCHEME, inputs, as_of), reason), teams)


def figures(
    scheme: Scheme | None, inputs: Inputs, *, as_of: date, teams: Collection[Hashable] | None = None, reason: str = ""
) -> Figures:
    """Give the same figures as `score`, or as `unscored` where there is no scheme, without how they come about."""
    return _figures(_work_out(Scoring(scheme or NO_SCHEME, inputs, as_of), reason), teams)


NO_SCHEME = Scheme(
    name="",
    version="",
    unit=Unit.CASES,
    maximum=1,
    stable=0,
    full_time_hours=1,
    default_weight=1,
    lowest_weight=0,
    highest_weight=1,
    sibling_share=100,
    joint_uplift=100,
    review_interval_days=None,
    stage_shares={},
    categories={},
    factors={},
)


@dataclass(frozen=True)
class _Sums:
    """One scoring as arrays, before it is laid out for people."""

    scoring: Scoring
    who: Roster
    weights: Weights
    held: Held
    persons: list[Person]


def _work_out(scoring: Scoring, why_not: str = "") -> _Sums:
    who, weights = roster(scoring), weigh(scoring, why_not)
    held = hold(scoring, who, weights)
    return _Sums(scoring, who, weights, held, persons(scoring, who, weights, held))


def _figures(sums: _Sums, teams: Collection[Hashable] | None) -> Figures:
    scoring, who, weights, held = sums.scoring, sums.who, sums.weights, sums.held
    workers, unallocated = workers_frame(scoring, who, sums.persons), unallocated_frame(scoring, weights, held)
    flags = flags_frame(Scored(scoring, who, weights, held, workers, unallocated))
    named = (
        [*scoring.inputs.members["team"].tolist(), *scoring.inputs.cases["team"].tolist()] if teams is None else teams
    )
    names: list[Any] = sorted(set(named))
    workers, unallocated, flags = (_of_teams(rows, names) for rows in (workers, unallocated, flags))
    summed = teams_frame(scoring.scheme, names, workers, unallocated, held_by_team(who, weights, held))
    if weights.why_not:
        for rows in (workers, summed):
            rows["fte"] = nullable([None] * len(rows))
    return Figures(
        scheme="" if weights.why_not else scoring.scheme.label,
        full_time_hours=None if weights.why_not else scoring.scheme.full_time_hours,
        as_of=scoring.on,
        workers=workers,
        unallocated=unallocated,
        teams=summed,
        flags=flags,
    )


def _explained(sums: _Sums, teams: Collection[Hashable] | None) -> Workload:
    found = _figures(sums, teams)
    lines = lines_frame(sums.scoring, sums.who, sums.weights, sums.held)
    names = found.teams["team"].tolist()
    return Workload(
        **{part.name: getattr(found, part.name) for part in fields(found)},
        lines=_of_teams(lines, names),
        capacity=_of_teams(capacity_frame(sums.who, sums.persons), names),
    )


def _of_teams(rows: pd.DataFrame, names: Collection[Hashable]) -> pd.DataFrame:
    return rows[rows["team"].isin(list(names))].reset_index(drop=True)
