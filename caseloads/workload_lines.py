"""Who can hold cases, and the line of every allocation. Source: docs/scoring.md, sections 2, 3 and 6."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseloads.workload_inputs import (
    Bools,
    Column,
    Ints,
    Scoring,
    find_places,
    nullable,
    open_on,
    pair_numbers,
    text,
    whole,
    words,
)
from caseloads.workload_weights import MISSING, NO_CATEGORY, Weights, parts

FULL = 100


@dataclass(frozen=True)
class Roster:
    """Who can hold cases on the day: one entry per worker and team, in the order of team and worker."""

    rows: pd.DataFrame
    keys: list[tuple[Hashable, Hashable]]
    twice: frozenset[tuple[Hashable, Hashable]]

    def places(self, workers: Column, teams: Column) -> Ints:
        """Return each pair's place in the roster, -1 for those who do not count."""
        among, asked = pair_numbers((self.rows["worker"], self.rows["team"]), (workers, teams))
        return find_places(asked, among)


def roster(scoring: Scoring) -> Roster:
    """Return the case-holding members of a team whose contract counts on the day, each pair once."""
    members = scoring.inputs.members
    held = members["case_holding"].to_numpy(dtype=np.bool_) & open_on(members, "started_on", "ended_on", scoring.on)
    rows = members[held].sort_values(["team", "worker"])
    pairs = list(zip(rows["worker"].tolist(), rows["team"].tolist(), strict=True))
    first = ~rows.duplicated(["worker", "team"]).to_numpy()
    twice = frozenset(pair for pair, is_first in zip(pairs, first, strict=True) if not is_first)
    keys = [pair for pair, is_first in zip(pairs, first, strict=True) if is_first]
    return Roster(rows[first].reset_index(drop=True), keys, twice)


@dataclass(frozen=True)
class Held:
    """The lines: one per open allocation of an open case to someone on the roster, in their order.

    `open_case` and `open_member` are the places of every open allocation's case and holder, -1 for those that do not
    count.
    """

    member: Ints
    case: Ints
    share: Ints
    sibling_share: Ints
    line: Ints
    known: Bools
    faulty_share: Bools
    open_allocations: pd.DataFrame
    open_case: Ints
    open_member: Ints


def hold(scoring: Scoring, people: Roster, weights: Weights) -> Held:
    """Work out every line: weight × sibling share × share, rounded half up to a hundredth."""
    scheme, rows = scoring.scheme, scoring.inputs.allocations
    rows = rows[open_on(rows, "started_on", "ended_on", scoring.on)]
    places = weights.places(rows["case"])
    members, share = people.places(rows["worker"], rows["team"]), whole(rows["share"], MISSING)
    order = np.lexsort((share, places, members))
    order = order[(members[order] >= 0) & (places[order] >= 0)]
    member, case, share = members[order], places[order], share[order]
    faulty = (share <= 0) | (share > FULL + scheme.joint_uplift)
    known = weights.known[case] & ~faulty
    usable = np.where(faulty, 0, share)
    weight = np.where(known, weights.weight[case], MISSING)
    sibling = np.where(_heaviest(member, weights.family[case], case, weight), FULL, scheme.sibling_share)
    line = (2 * weights.weight[case] * sibling * usable + FULL * FULL) // (2 * FULL * FULL)
    return Held(member, case, usable, sibling, line, known, faulty, rows, places, members)


def _heaviest(member: Ints, family: Ints, case: Ints, weight: Ints) -> Bools:
    """Tell of each line whether it counts in full: the heaviest case of its worker's of the same family.

    Ties: lower case reference first, which is the order of `case`.
    """
    order = np.lexsort((case, -weight, family, member))
    ahead, here = order[:-1], order[1:]
    first = np.ones(len(member), np.bool_)
    first[here[(member[ahead] == member[here]) & (family[ahead] == family[here])]] = False
    return first


def lines_frame(scoring: Scoring, people: Roster, weights: Weights, held: Held) -> pd.DataFrame:
    """Return the lines as people read them; the columns are described at `Workload`."""
    rows = weights.rows.iloc[held.case].reset_index(drop=True)
    who = people.rows.iloc[held.member].reset_index(drop=True)
    places = held.case.tolist()
    codes = [weights.category[place] for place in places]
    entries = [scoring.scheme.categories.get(code) for code in codes]
    names = [entry.name if entry else code or NO_CATEGORY.name for entry, code in zip(entries, codes, strict=True)]
    known = weights.known[held.case]
    return pd.DataFrame(
        {
            "worker": who["worker"],
            "team": who["team"],
            "case": rows["case"],
            "reference": words(weights.reference[place] for place in places),
            "family": words(text(rows["family"])),
            "category": words(codes),
            "category_name": words(names),
            "category_weight": nullable(weights.base[held.case], known),
            "factor_points": nullable(weights.points[held.case], known),
            "bounded": nullable(weights.bounded[held.case], known),
            "weight": nullable(weights.weight[held.case], known),
            "sibling_share": held.sibling_share,
            "share": nullable(held.share, ~held.faulty_share),
            "line": nullable(held.line, held.known),
            "unrated": weights.unrated[held.case],
            "contested": rows["contested"].to_numpy(dtype=np.bool_),
            "overridden": weights.overridden[held.case],
            "reserved": np.array([entry is not None and entry.reserved for entry in entries], np.bool_),
            "parts": words(parts(scoring.scheme, weights, held.case)),
        }
    )
