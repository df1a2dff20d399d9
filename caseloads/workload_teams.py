"""The figures of a worker and of a team. Source: docs/scoring.md, sections 3 to 6."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from caseloads.workload_capacity import Capacity, Reduction, Step, capacity_of, faults
from caseloads.workload_inputs import Cells, Ints, Scoring, days, nullable, open_on, text, whole, words
from caseloads.workload_lines import Held, Roster
from caseloads.workload_scheme import BandLevel, Scheme, State, half_up, percentage
from caseloads.workload_weights import Weights

Counts: TypeAlias = Mapping[Hashable, tuple[int, int]]

MISSING = -1
OVER = frozenset({BandLevel.OVER, BandLevel.WELL_OVER})


@dataclass(frozen=True)
class Standing:
    """Load against capacity: the state, the load % in tenths or None, and the band or ""."""

    state: State
    load_pct: int | None = None
    band: str = ""
    band_name: str = ""


def standing(scheme: Scheme, load: int, capacity: int) -> Standing:
    """Compare a load with a capacity, both hundredths as people see them; the band follows the rounded percentage."""
    if capacity > 0:
        tenths = percentage(load, capacity)
        band = scheme.band_of(tenths)
        return Standing(State.SCORED, tenths, band.level, band.name)
    if load == 0:
        return Standing(State.NOT_APPLICABLE)
    return Standing(State.NO_CAPACITY, None, scheme.bands[-1].level, scheme.bands[-1].name)


@dataclass(frozen=True)
class Person:
    """A member's figures in one team; what cannot be told is None, and `reason` says why."""

    cases: int
    families: int
    hours: int | None
    capacity: Capacity | None
    load: int | None
    standing: Standing
    reason: str


def persons(scoring: Scoring, who: Roster, weights: Weights, held: Held) -> list[Person]:
    """Work out every member's figures, each from that member's rows alone."""
    scheme, size, why_not = scoring.scheme, len(who.keys), weights.why_not
    lines, cases = np.zeros(size, np.int64), np.bincount(held.member, minlength=size).tolist()
    np.add.at(lines, held.member, held.line)
    families = np.bincount(distinct(held.member, weights.family[held.case]), minlength=size).tolist()
    case_faults = _case_faults(weights, held)
    reductions = _reductions(scoring)
    hours, stages = whole(who.rows["contracted"], MISSING).tolist(), text(who.rows["stage"])
    absent = who.rows["contracted"].isna().tolist()
    made = []
    for place, key in enumerate(who.keys):
        taken, contracted = reductions.get(key, ()), None if absent[place] else hours[place]
        own = _own_faults(scheme, contracted, stages[place], taken, twice=key in who.twice)
        capacity = load = None
        if contracted is not None and not own and not why_not:
            capacity = capacity_of(scheme, contracted=contracted, stage=stages[place], reductions=taken)
            load = None if place in case_faults else capacity.stable + int(lines[place])
        stand = Standing(State.NOT_KNOWN)
        if capacity is not None and load is not None:
            stand = standing(scheme, load, capacity.capacity)
        reason = why_not or " ".join([*own, *case_faults.get(place, ())])
        made.append(Person(cases[place], families[place], contracted, capacity, load, stand, reason))
    return made


def distinct(group: Ints, value: Ints) -> Ints:
    """Return the group of each distinct pair of group and value (both from 0 up)."""
    width = int(value.max(initial=0)) + 1
    pairs = np.sort(group * width + value)
    found: Ints = pairs[np.diff(pairs, prepend=-1) > 0] // width
    return found


def _case_faults(weights: Weights, held: Held) -> dict[int, list[str]]:
    """Return, for each member with a line that cannot be told, a sentence for each such line."""
    found: dict[int, list[str]] = defaultdict(list)
    for number in np.flatnonzero(~held.known):
        case = int(held.case[number])
        sentence = f"The share of case {weights.reference[case]} is missing or not a percentage that the scheme allows."
        found[int(held.member[number])].append(weights.faults.get(case, sentence))
    return found


def _reductions(scoring: Scoring) -> dict[tuple[Hashable, Hashable], list[Reduction]]:
    """Return the reductions that count on the day, by worker and team, in an order of their own."""
    rows = scoring.inputs.reductions
    rows = rows[open_on(rows, "started_on", "ended_on", scoring.on)]
    amounts, starts = whole(rows["amount"], MISSING).tolist(), days(rows["started_on"]).astype(np.int64).tolist()
    columns = (starts, text(rows["kind"]), amounts, text(rows["reason"]))
    keys = zip(rows["worker"].tolist(), rows["team"].tolist(), strict=True)
    found: dict[tuple[Hashable, Hashable], list[Reduction]] = defaultdict(list)
    for (_, kind, amount, reason), key in sorted(
        zip(zip(*columns, strict=True), keys, strict=True), key=lambda row: row[0]
    ):
        found[key].append(Reduction(kind, amount, reason))
    return found


def _own_faults(scheme: Scheme, hours: int | None, stage: str, taken: Sequence[Reduction], *, twice: bool) -> list[str]:
    """Return a sentence for each thing about the contract that keeps a capacity from being told."""
    found = ["Two contracts in this team count on the same day."] if twice else []
    if hours is None:
        found.append("Contracted hours are not recorded.")
    elif hours < 0:
        found.append("Contracted hours are below zero.")
    if not stage:
        found.append("The career stage is not recorded.")
    elif stage not in scheme.stage_shares:
        found.append(f"The career stage {stage} has no share in {scheme.label}.")
    return found + faults(taken)


def capacity_frame(who: Roster, made: Sequence[Person]) -> pd.DataFrame:
    """Return the explanation lines of every capacity; the columns are described at `Workload`."""
    rows: list[tuple[int, int, Step]] = []
    for place, person in enumerate(made):
        rows += [(place, number, step) for number, step in enumerate(person.capacity.steps if person.capacity else ())]
    members = who.rows.iloc[[place for place, _, _ in rows]]
    return pd.DataFrame(
        {
            "worker": members["worker"].reset_index(drop=True),
            "team": members["team"].reset_index(drop=True),
            "position": np.array([number for _, number, _ in rows], np.int64),
            "step": words([str(step.kind) for _, _, step in rows]),
            "label": words([step.label for _, _, step in rows]),
            "amount": np.array([step.amount for _, _, step in rows], np.int64),
        }
    )


def workers_frame(scoring: Scoring, who: Roster, made: Sequence[Person]) -> pd.DataFrame:
    """Return the figures of every worker in every team; the columns are described at `Workload`."""
    scheme, supervised = scoring.scheme, _supervised(scoring, who)
    stands = [person.standing for person in made]
    over = [stand.band in OVER or stand.state == State.NO_CAPACITY for stand in stands]
    well = [stand.band == BandLevel.WELL_OVER or stand.state == State.NO_CAPACITY for stand in stands]
    return pd.DataFrame(
        {
            "worker": who.rows["worker"],
            "team": who.rows["team"],
            "stage": words(text(who.rows["stage"])),
            "registered": who.rows["registered"].astype("boolean"),
            "cases": np.array([person.cases for person in made], np.int64),
            "families": np.array([person.families for person in made], np.int64),
            "hours": nullable([person.hours for person in made]),
            "fte": nullable([_fte(scheme, person.hours) for person in made]),
            "stable": nullable([person.capacity.stable if person.capacity else None for person in made]),
            "load": nullable([person.load for person in made]),
            "capacity": nullable([person.capacity.capacity if person.capacity else None for person in made]),
            "load_pct": nullable([stand.load_pct for stand in stands]),
            "state": words([str(stand.state) for stand in stands]),
            "band": words([str(stand.band) for stand in stands]),
            "band_name": words([stand.band_name for stand in stands]),
            "over": np.array(over, np.bool_),
            "well_over": np.array(well, np.bool_),
            "reason": words([person.reason for person in made]),
            "supervised": pd.Series([in_time for in_time, _, _ in supervised], dtype="boolean"),
            "sessions": nullable([sessions for _, sessions, _ in supervised]),
            "in_full": nullable([in_full for _, _, in_full in supervised]),
        }
    )


def _supervised(scoring: Scoring, who: Roster) -> list[tuple[bool | None, int | None, int | None]]:
    """Return for each member whether supervision is in time, and the sessions and those in full; None: not known."""
    rows = scoring.inputs.supervision
    if rows is None:
        return [(None, None, None)] * len(who.keys)
    due, on = days(rows["due_on"]), np.datetime64(scoring.on, "D")
    in_time = [None if np.isnat(day) else bool(day >= on) for day in due]
    counts = (whole(rows[name], 0).tolist() for name in ("sessions", "in_full"))
    found = dict(zip(rows["worker"].tolist(), zip(in_time, *counts, strict=True), strict=True))
    return [found.get(worker, (None, None, None)) for worker, _ in who.keys]


def _fte(scheme: Scheme, hours: int | None) -> int | None:
    return None if hours is None else half_up(100 * hours, scheme.full_time_hours)


@dataclass(frozen=True)
class _Group:
    """The rows of one team: places in the workers frame and in the unallocated frame."""

    workers: list[int]
    unallocated: list[int]


def teams_frame(
    scheme: Scheme, names: Collection[Hashable], workers: pd.DataFrame, unallocated: pd.DataFrame, counts: Counts
) -> pd.DataFrame:
    """Return the figures of every team named, in order; the columns are described at `Workload`."""
    groups = {name: _Group([], []) for name in names}
    for place, name in enumerate(workers["team"].tolist()):
        groups[name].workers.append(place)
    for place, name in enumerate(unallocated["team"].tolist()):
        groups[name].unallocated.append(place)
    columns = {
        name: workers[name].tolist() for name in ("hours", "load", "capacity", "load_pct", "state", "over", "well_over")
    }
    waiting = {name: unallocated[name].tolist() for name in ("weight", "waiting_days")}
    rows = [
        {"head_count": len(group.workers)}
        | dict(zip(("cases", "families"), counts.get(name, (0, 0)), strict=True))
        | _figures(scheme, columns, group.workers, waiting, group.unallocated)
        for name, group in groups.items()
    ]
    made = pd.DataFrame({column: _typed(column, [row[column] for row in rows]) for column in TEAM_COLUMNS})
    made.insert(0, "team", pd.Series(list(names), dtype=workers["team"].dtype if len(workers) else None))
    return made


TEAM_TEXT = ("state", "band", "band_name", "demand_state", "demand_band", "demand_band_name")
TEAM_COLUMNS = (
    *("head_count", "hours", "fte", "cases", "families", "load", "capacity", "load_pct", "state", "band", "band_name"),
    *(
        "demand",
        "demand_pct",
        "demand_state",
        "demand_band",
        "demand_band_name",
        "lowest_pct",
        "median_pct",
        "highest_pct",
    ),
    *(
        "over",
        "well_over",
        "not_known",
        "unallocated",
        "unallocated_weight",
        "unallocated_not_known",
        "longest_wait",
        "median_wait",
    ),
)


def _typed(column: str, values: list[Any]) -> Cells:
    return words([str(value) for value in values]) if column in TEAM_TEXT else nullable(values)


def held_by_team(who: Roster, weights: Weights, held: Held) -> Counts:
    """Return each team's distinct cases, and its distinct families: a case without a reference is one of its own."""
    numbers: dict[Hashable, int] = {}
    of_members = np.array([numbers.setdefault(team, len(numbers)) for _, team in who.keys], np.int64)
    teams = of_members[held.member]
    cases, families = (
        np.bincount(distinct(teams, values), minlength=len(numbers)).tolist()
        for values in (held.case, weights.family[held.case])
    )
    return dict(zip(numbers, zip(cases, families, strict=True), strict=True))


def _figures(
    scheme: Scheme, workers: dict[str, list[Any]], held: list[int], waiting: dict[str, list[Any]], free: list[int]
) -> dict[str, Any]:
    """Return one team's figures: sums over its known workers, their spread, and what nobody holds."""
    known = [place for place in held if workers["state"][place] != State.NOT_KNOWN]
    load, capacity = (sum(workers[name][place] for place in known) for name in ("load", "capacity"))
    hours, spread = sum(_told(workers["hours"], held)), sorted(_told(workers["load_pct"], known))
    weights, waits = _told(waiting["weight"], free), sorted(_told(waiting["waiting_days"], free))
    demand = load + sum(weights)
    now, wanted = standing(scheme, load, capacity), standing(scheme, demand, capacity)
    if held and not known:
        load = capacity = demand = None
        now = wanted = Standing(State.NOT_KNOWN)
    return {
        "hours": hours,
        "fte": _fte(scheme, hours),
        "load": load,
        "capacity": capacity,
        "load_pct": now.load_pct,
        "state": now.state,
        "band": now.band,
        "band_name": now.band_name,
        "demand": demand,
        "demand_pct": wanted.load_pct,
        "demand_state": wanted.state,
        "demand_band": wanted.band,
        "demand_band_name": wanted.band_name,
        "lowest_pct": spread[0] if spread else None,
        "median_pct": _median(spread),
        "highest_pct": spread[-1] if spread else None,
        "over": sum(workers["over"][place] for place in held),
        "well_over": sum(workers["well_over"][place] for place in held),
        "not_known": len(held) - len(known),
        "unallocated": len(free),
        "unallocated_weight": sum(weights),
        "unallocated_not_known": len(free) - len(weights),
        "longest_wait": waits[-1] if waits else None,
        "median_wait": _median(waits),
    }


def _told(column: Sequence[Any], places: Sequence[int]) -> list[int]:
    """Return the values at the places that are not missing."""
    return [column[place] for place in places if column[place] is not pd.NA]


def _median(ordered: Sequence[int]) -> int | None:
    """Return the middle of an ordered list, or the mean of its two middles, half up; None when it is empty."""
    if not ordered:
        return None
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return half_up(low + high, 2)
