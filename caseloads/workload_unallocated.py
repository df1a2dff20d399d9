"""The open cases that nobody who counts holds, and how long they have waited. Source: docs/scoring.md, section 6."""

from collections import defaultdict
from collections.abc import Hashable

import numpy as np
import pandas as pd

from caseloads.workload_inputs import Days, Ints, Scoring, days, nullable, whole, words
from caseloads.workload_lines import Held
from caseloads.workload_weights import MISSING, NO_CATEGORY, Weights, parts


def unallocated_frame(scoring: Scoring, weights: Weights, held: Held) -> pd.DataFrame:
    """Return the open cases that nobody who counts holds, longest wait first; columns are described at `Workload`."""
    free = np.ones(len(weights.weight), np.bool_)
    free[held.case] = False
    places = np.flatnonzero(free)
    since = _waiting_since(scoring, weights, places)
    waiting = scoring.today - since.astype(np.int64)
    told = ~np.isnat(since)
    codes = [weights.category[place] for place in places]
    limits = [scoring.scheme.categories.get(code, NO_CATEGORY).unallocated_limit_days for code in codes]
    names = _holders(held, places)
    rows = weights.rows.iloc[places].reset_index(drop=True)
    late = [told[n] and limit is not None and waiting[n] > limit for n, limit in enumerate(limits)]
    made = pd.DataFrame(
        {
            "case": rows["case"],
            "team": rows["team"],
            "reference": words(weights.reference[place] for place in places),
            "category": words(codes),
            "weight": nullable(weights.weight[places], weights.known[places]),
            "waiting_days": nullable(waiting, told),
            "limit": nullable(limits),
            "over_limit": np.array(late, np.bool_),
            "held_by": pd.Series(names, dtype="object"),
            "unrated": weights.unrated[places],
            "parts": words(parts(scoring.scheme, weights, places)),
        }
    )
    order = np.lexsort((places, -np.where(told, waiting, MISSING)))
    return made.iloc[order].reset_index(drop=True)


def _holders(held: Held, places: Ints) -> list[Hashable]:
    """Return for each place who holds the case without counting (largest share first), or ""."""
    wanted = np.flatnonzero(np.isin(held.open_case, places))
    rows = held.open_allocations.iloc[wanted]
    columns = (held.open_case[wanted].tolist(), whole(rows["share"], 0).tolist(), rows["worker"].tolist())
    found: dict[int, tuple[int, str, Hashable]] = {}
    for place, share, worker in zip(*columns, strict=True):
        found[place] = min(found.get(place, (1, "", "")), (-share, str(worker), worker), key=lambda entry: entry[:2])
    return [found[place][2] if place in found else "" for place in places.tolist()]


def _waiting_since(scoring: Scoring, weights: Weights, places: Ints) -> Days:
    """Return the day each place began to wait: when the last holder who counted stopped, else when the case opened."""
    since = weights.opened[places].astype(np.int64)
    numbers = {weights.keys[place]: number for number, place in enumerate(places.tolist())}
    rows = scoring.inputs.allocations[scoring.inputs.allocations["case"].isin(list(numbers))]
    contracts = _spells(scoring.inputs.members[scoring.inputs.members["case_holding"].to_numpy(dtype=np.bool_)])
    pairs = zip(rows["worker"].tolist(), rows["team"].tolist(), strict=True)
    for case, pair, start, end in zip(rows["case"].tolist(), pairs, *_ends(rows), strict=True):
        for contract_start, contract_end in contracts.get(pair, ()):
            stopped = min(end, contract_end)
            if max(start, contract_start) < stopped <= scoring.today:
                since[numbers[case]] = max(since[numbers[case]], stopped)
    return since.astype("datetime64[D]")


def _spells(rows: pd.DataFrame) -> dict[tuple[Hashable, Hashable], list[tuple[int, int]]]:
    """Return the periods, in days, of each worker and team."""
    found: dict[tuple[Hashable, Hashable], list[tuple[int, int]]] = defaultdict(list)
    for worker, team, start, end in zip(rows["worker"].tolist(), rows["team"].tolist(), *_ends(rows), strict=True):
        found[worker, team].append((start, end))
    return found


def _ends(rows: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Return starts and ends as day numbers: the earliest number there is for no start, the latest for no end."""
    started, ended = days(rows["started_on"]), days(rows["ended_on"])
    ends = np.where(np.isnat(ended), np.iinfo(np.int64).max, ended.astype(np.int64))
    return started.astype(np.int64).tolist(), ends.tolist()
