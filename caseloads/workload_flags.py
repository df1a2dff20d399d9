"""Red flags, each with the row that caused it. Source: docs/scoring.md, section 5."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from caseloads.workload_inputs import Ints, Scoring, days, text, whole, words
from caseloads.workload_lines import Held, Roster
from caseloads.workload_scheme import NEWLY_QUALIFIED, State, one_place, two_places
from caseloads.workload_weights import Weights

EXCESSIVE_DAYS = 28
LONGEST_GAP = 3
FULL = 100


class Flag(StrEnum):
    """The red flags that scoring can raise."""

    WELL_OVER = "WELL_OVER"
    EXCESSIVE = "EXCESSIVE"
    NO_CAPACITY = "NO_CAPACITY"
    NEWLY_QUALIFIED_OVER = "NEWLY_QUALIFIED_OVER"
    NEWLY_QUALIFIED_SOLE = "NEWLY_QUALIFIED_SOLE"
    NOT_REGISTERED = "NOT_REGISTERED"
    UNALLOCATED_LATE = "UNALLOCATED_LATE"
    RATING_OLD = "RATING_OLD"
    PART_NOT_HELD = "PART_NOT_HELD"
    SUPERVISION_OVERDUE = "SUPERVISION_OVERDUE"
    NO_HANDOVER = "NO_HANDOVER"


FLAG_NAMES = {
    Flag.WELL_OVER: "Well over",
    Flag.EXCESSIVE: "Well over for four weeks",
    Flag.NO_CAPACITY: "Holding cases without capacity",
    Flag.NEWLY_QUALIFIED_OVER: "Newly qualified, above own maximum",
    Flag.NEWLY_QUALIFIED_SOLE: "Newly qualified, holding a reserved case alone",
    Flag.NOT_REGISTERED: "Not registered, holding a reserved case",
    Flag.UNALLOCATED_LATE: "Unallocated for too long",
    Flag.RATING_OLD: "Rating out of date",
    Flag.PART_NOT_HELD: "Part of a case held by nobody who counts",
    Flag.SUPERVISION_OVERDUE: "Supervision overdue",
    Flag.NO_HANDOVER: "Transferred without a handover meeting",
}


@dataclass(frozen=True)
class Raised:
    """One red flag; `worker` or `case` is None where it concerns no one worker or case."""

    team: Hashable
    worker: Hashable | None
    flag: Flag
    case: Hashable | None
    detail: str


@dataclass(frozen=True)
class Scored:
    """What the flags are raised from."""

    scoring: Scoring
    who: Roster
    weights: Weights
    held: Held
    workers: pd.DataFrame
    unallocated: pd.DataFrame


def flags_frame(scored: Scored) -> pd.DataFrame:
    """Return every red flag, by team, worker, flag and case reference; the columns are described at `Workload`."""
    by_worker = [*_of_workers(scored), *_of_supervision(scored)]
    raised = [*by_worker, *_of_lines(scored), *_of_handovers(scored), *_of_unallocated(scored)]
    return pd.DataFrame(
        {
            "team": pd.Series([entry.team for entry in raised], dtype="object"),
            "worker": pd.Series([entry.worker for entry in raised], dtype="object"),
            "flag": words([str(entry.flag) for entry in raised]),
            "case": pd.Series([entry.case for entry in raised], dtype="object"),
            "detail": words([entry.detail for entry in raised]),
        }
    )


def _of_workers(scored: Scored) -> Iterator[Raised]:
    """Flags about a worker's whole load in one team."""
    runs, workers = _days_well_over(scored), scored.workers
    concerned = workers["well_over"] | (workers["stage"] == NEWLY_QUALIFIED)
    for row in workers.loc[concerned, ["worker", "team", *_ABOUT_LOAD]].to_dict("records"):
        worker, team = row["worker"], row["team"]
        for flag, sentence in _about_load(row, run=runs.get((worker, team), 0)):
            yield Raised(team, worker, flag, None, sentence)


_ABOUT_LOAD = ("stage", "cases", "load", "capacity", "load_pct", "state", "well_over")


def _about_load(row: Mapping[Hashable, Any], *, run: int) -> Iterator[tuple[Flag, str]]:
    """Each flag that a worker's load raises, with its sentence; `run` is for how many days it was well over."""
    stage, cases, load, capacity, pct, state, well_over = (row[name] for name in _ABOUT_LOAD)
    if state == State.NOT_KNOWN:
        return
    above = stage == NEWLY_QUALIFIED and load > capacity
    if not (well_over or above):
        return
    sums = f"Load {two_places(load)}, capacity {two_places(capacity)}"
    if well_over:
        share = "there is no capacity" if state == State.NO_CAPACITY else f"load is {one_place(pct)} % of capacity"
        yield Flag.WELL_OVER, f"{sums}: {share}."
    if run >= EXCESSIVE_DAYS:
        yield Flag.EXCESSIVE, f"Well over on every snapshot of {run} consecutive days."
    if state == State.NO_CAPACITY and cases:
        yield Flag.NO_CAPACITY, f"{sums}: {cases} case{'' if cases == 1 else 's'} held without capacity."
    if above:
        yield Flag.NEWLY_QUALIFIED_OVER, f"{sums}: above the maximum of this newly qualified worker."


def _of_supervision(scored: Scored) -> Iterator[Raised]:
    """Flag each worker whose supervision should have been held by a day that is over, in every team of theirs."""
    rows = scored.scoring.inputs.supervision
    if rows is None:
        return
    late = rows[days(rows["due_on"]) < np.datetime64(scored.scoring.on, "D")]
    details = dict(zip(late["worker"].tolist(), text(late["detail"]), strict=True))
    for worker, team in zip(scored.workers["worker"].tolist(), scored.workers["team"].tolist(), strict=True):
        if worker in details:
            yield Raised(team, worker, Flag.SUPERVISION_OVERDUE, None, details[worker])


def _of_handovers(scored: Scored) -> Iterator[Raised]:
    """Flag each case that the worker it came to without a handover meeting holds; one that came to a team alone, of
    whoever holds it there.
    """
    rows, held = scored.scoring.inputs.handovers, scored.held
    if rows is None:
        return
    rows = rows[~(days(rows["moved_on"]) > np.datetime64(scored.scoring.on, "D"))]
    columns = (rows[name].tolist() for name in ("case", "team", "worker", "moved_on"))
    moved = {(case, team): (worker, on) for case, team, worker, on in zip(*columns, strict=True)}
    places = scored.weights.places(rows["case"])
    for number in np.flatnonzero(np.isin(held.case, places)).tolist():
        place = int(held.case[number])
        (worker, team), case = scored.who.keys[held.member[number]], scored.weights.keys[place]
        taker, on = moved.get((case, team), (None, None))
        if on is not None and (pd.isna(taker) or taker == worker):
            name, day = scored.weights.reference[place], pd.Timestamp(on).date().isoformat()
            detail = f"Case {name} was transferred on {day}, and no handover meeting is recorded."
            yield Raised(team, worker, Flag.NO_HANDOVER, case, detail)


def _days_well_over(scored: Scored) -> dict[tuple[Hashable, Hashable], int]:
    """Return for how many consecutive days each worker who is well over now has been so, today included.

    Looks back just far enough to tell whether it is `EXCESSIVE_DAYS`; `LONGEST_GAP` days without a snapshot are
    bridged.
    """
    now = scored.workers[scored.workers["well_over"]]
    runs = dict.fromkeys(zip(now["worker"].tolist(), now["team"].tolist(), strict=True), 1)
    history = scored.scoring.inputs.history
    if history is None or not runs:
        return runs
    ages = scored.scoring.today - days(history["day"]).astype(np.int64)
    wanted = (ages > 0) & (ages < EXCESSIVE_DAYS + LONGEST_GAP) & history["well_over"].notna().to_numpy()
    recent = history[wanted]
    seen: dict[tuple[Hashable, Hashable], dict[int, bool]] = defaultdict(dict)
    pairs = zip(recent["worker"].tolist(), recent["team"].tolist(), strict=True)
    for pair, age, well_over in zip(pairs, ages[wanted].tolist(), recent["well_over"].tolist(), strict=True):
        seen[pair][age] = bool(well_over) and seen[pair].get(age, True)
    return {pair: _run(seen[pair]) for pair in runs}


def _run(seen: dict[int, bool]) -> int:
    """Return the length in days of the run that ends today, from snapshots by age in days."""
    oldest = 0
    for age, well_over in sorted(seen.items()):
        if not well_over or age - oldest - 1 > LONGEST_GAP:
            break
        oldest = age
    return oldest + 1


def _of_lines(scored: Scored) -> Iterator[Raised]:
    """Flags about one case that one worker holds."""
    held, weights, who = scored.held, scored.weights, scored.who
    old = _old_ratings(scored)
    codes = {code for code, category in scored.scoring.scheme.categories.items() if category.reserved}
    reserved = np.array([code in codes for code in weights.category], np.bool_)
    stages = np.array([stage == NEWLY_QUALIFIED for stage in text(who.rows["stage"])], np.bool_)
    unregistered = ~who.rows["registered"].astype("boolean").to_numpy(dtype=np.bool_, na_value=True)
    kept = reserved[held.case]
    holders = _holders(scored, held.case[kept & stages[held.member]])
    wanted = (kept & (unregistered | stages)[held.member]) | np.isin(held.case, list(old))
    for number in np.flatnonzero(wanted).tolist():
        member, place = int(held.member[number]), int(held.case[number])
        worker, team = who.keys[member]
        case, name = weights.keys[place], weights.reference[place]
        if kept[number] and stages[member] and len(holders[place]) == 1:
            category = scored.scoring.scheme.categories[weights.category[place]].name
            yield Raised(
                team, worker, Flag.NEWLY_QUALIFIED_SOLE, case, f"Case {name}, {category}: no other worker holds it."
            )
        if kept[number] and unregistered[member]:
            category = scored.scoring.scheme.categories[weights.category[place]].name
            yield Raised(
                team, worker, Flag.NOT_REGISTERED, case, f"Case {name}, {category}: reserved to registered workers."
            )
        if place in old:
            yield Raised(team, worker, Flag.RATING_OLD, case, old[place])


def _holders(scored: Scored, cases: Ints) -> dict[int, set[Hashable]]:
    """Return who holds each of some cases."""
    found: dict[int, set[Hashable]] = defaultdict(set)
    held = scored.held
    for number in np.flatnonzero(np.isin(held.case, cases)).tolist():
        found[int(held.case[number])].add(scored.who.keys[held.member[number]][0])
    return found


def _old_ratings(scored: Scored) -> dict[int, str]:
    """Return a sentence for the place of each rated case whose rating is older than the review interval."""
    limit = scored.scoring.scheme.review_interval_days
    if limit is None:
        return {}
    rated_on = days(scored.weights.rows["rated_on"])
    age = scored.scoring.today - rated_on.astype(np.int64)
    old = ~scored.weights.unrated & ~np.isnat(rated_on) & (age > limit)
    names = scored.weights.reference
    return {
        place: f"Case {names[place]} was rated {age[place]} days ago; the scheme reviews ratings after {limit}."
        for place in np.flatnonzero(old).tolist()
    }


def _of_unallocated(scored: Scored) -> Iterator[Raised]:
    """Flags about cases that nobody holds, or that somebody holds only in part."""
    old = _old_ratings(scored)
    columns = [
        scored.unallocated[name].tolist()
        for name in ("case", "team", "reference", "waiting_days", "limit", "over_limit")
    ]
    places = scored.weights.places(scored.unallocated["case"]).tolist()
    for case, team, name, waiting, limit, late, place in zip(*columns, places, strict=True):
        if late:
            yield Raised(
                team,
                None,
                Flag.UNALLOCATED_LATE,
                case,
                f"Case {name} has waited {_days(waiting)}; the limit is {limit}.",
            )
        if place in old:
            yield Raised(team, None, Flag.RATING_OLD, case, old[place])
    yield from _held_in_part(scored)


def _days(number: int) -> str:
    return f"{number} day" + ("" if number == 1 else "s")


def _held_in_part(scored: Scored) -> Iterator[Raised]:
    """Flag each case of which a worker holds a part, and nobody who counts the rest."""
    held, size = scored.held, len(scored.weights.keys)
    share, here = whole(held.open_allocations["share"], 0), held.open_case >= 0
    by_a_worker = held.open_member >= 0
    counted, in_name = (
        np.bincount(held.open_case[here & of], share[here & of], size).astype(np.int64)
        for of in (by_a_worker, ~by_a_worker)
    )
    part = np.zeros(size, np.bool_)
    part[held.case] = True
    owners = scored.weights.rows["team"].tolist()
    for place in np.flatnonzero(part & ((in_name != 0) | (counted < FULL))).tolist():
        case = f"case {scored.weights.reference[place]}"
        if lost := in_name[place]:
            detail = f"{lost} % of {case} is in the name of somebody who holds no cases here."
        else:
            detail = f"{FULL - counted[place]} % of {case} is held by nobody."
        yield Raised(owners[place], None, Flag.PART_NOT_HELD, scored.weights.keys[place], detail)
