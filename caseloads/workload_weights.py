"""Weights of the open cases, and each weight's sum in words. Source: docs/scoring.md, section 2."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from caseloads.workload_inputs import (
    Bools,
    Column,
    Days,
    Inputs,
    Ints,
    Scoring,
    days,
    find_places,
    frame,
    nullable,
    open_on,
    text,
    whole,
    words,
)
from caseloads.workload_scheme import Category, Factor, Scheme, two_places

MISSING = -1
MANY = 1_000_000
"""No count of a factor is taken beyond this: its weight is at the scheme's highest long before."""

NO_CATEGORY = Category("", "No category", 0)


@dataclass(frozen=True)
class Given:
    """Which factor counts for which place how often: each pair once, places in turn, factors as the scheme has them."""

    place: Ints
    factor: Ints
    times: Ints

    def points(self, size: int, factors: Sequence[Factor]) -> Ints:
        """Return the factor points of each of so many places."""
        points = np.zeros(size, np.int64)
        each = np.array([factor.points for factor in factors], np.int64)
        np.add.at(points, self.place, each[self.factor] * self.times)
        return points

    def by_place(self, places: Ints, factors: Sequence[Factor]) -> dict[int, list[tuple[Factor, int]]]:
        """Return what counts for some places."""
        wanted = np.isin(self.place, places) & (self.times > 0)
        found: dict[int, list[tuple[Factor, int]]] = defaultdict(list)
        columns = (each[wanted].tolist() for each in (self.place, self.factor, self.times))
        for place, number, times in zip(*columns, strict=True):
            found[place].append((factors[number], times))
        return found


@dataclass(frozen=True)
class Weights:
    """The open cases with their weights, in the order of their references.

    base + points + bounded = weight, for every case, in hundredths; `known` is False where a weight cannot be told, and
    everywhere where there is a reason why nothing can be: `why_not`.
    """

    rows: pd.DataFrame
    reference: list[str]
    category: list[str]
    unrated: Bools
    overridden: Bools
    base: Ints
    points: Ints
    bounded: Ints
    weight: Ints
    known: Bools
    faults: dict[int, str]
    given: Given
    why_not: str
    family: Ints
    opened: Days
    keys: list[Hashable]

    def places(self, cases: Column) -> Ints:
        """Return each case's place, -1 for those that are not open."""
        return find_places(cases, self.rows["case"])


def weigh(scoring: Scoring, why_not: str = "") -> Weights:
    """Weigh every case open on the day: category and factors, the default or the override, within the bounds."""
    scheme, rows = scoring.scheme, _open_cases(scoring)
    category, reference = text(rows["category"]), text(rows["reference"])
    override = whole(rows["override"], MISSING)
    overridden = override >= 0
    unrated = (
        ~rows["rated"].to_numpy(dtype=np.bool_) | np.array([not code for code in category], np.bool_)
    ) & ~overridden
    named = {code: entry.weight for code, entry in scheme.categories.items()}
    weights = np.array([named.get(code, NO_CATEGORY.weight) for code in category], np.int64)
    base = np.where(overridden, override, np.where(unrated, scheme.default_weight, weights))
    faults = _faulty_categories(scheme, category, reference)
    given = _given(scoring, rows, reference, faults)
    points = given.points(len(rows), list(scheme.factors.values()))
    points[overridden | unrated] = 0
    weight = np.clip(base + points, scheme.lowest_weight, scheme.highest_weight)
    known = np.full(len(rows), not why_not)
    known[list(faults)] = False
    return Weights(
        rows=rows,
        keys=rows["case"].tolist(),
        reference=reference,
        category=category,
        family=_families(text(rows["family"])),
        opened=days(rows["opened_on"]),
        unrated=unrated,
        overridden=overridden,
        base=base,
        points=points,
        bounded=weight - base - points,
        weight=weight,
        known=known,
        faults=faults,
        given=given,
        why_not=why_not,
    )


def case_weights(scheme: Scheme, cases: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Weigh cases whatever their dates, closed ones too; `cases` and `factors` are frames of `COLUMNS`.

    Returns case, category_name, weight (hundredths, Int64; missing where it cannot be told), unrated, overridden and
    parts (the sum in words), in the order of the references. Source: docs/scoring.md, section 2. Raises ValueError for
    frames that lack columns.
    """
    inputs = Inputs(
        members=frame("members"),
        reductions=frame("reductions"),
        cases=cases.assign(opened_on=None, closed_on=None),
        factors=factors,
        allocations=frame("allocations"),
    )
    found = weigh(Scoring(scheme, inputs, date.max))
    return pd.DataFrame(
        {
            "case": found.rows["case"],
            "category_name": words(category_name(scheme, code) for code in found.category),
            "weight": nullable(found.weight, found.known),
            "unrated": found.unrated,
            "overridden": found.overridden,
            "parts": words(parts(scheme, found, np.arange(len(found.keys)))),
        }
    )


def category_name(scheme: Scheme, code: str) -> str:
    """Return what a scheme calls a category; the code itself when the scheme does not have it."""
    return scheme.categories[code].name if code in scheme.categories else code or NO_CATEGORY.name


def _open_cases(scoring: Scoring) -> pd.DataFrame:
    cases = scoring.inputs.cases
    places = np.flatnonzero(open_on(cases, "opened_on", "closed_on", scoring.on)).tolist()
    by_key = sorted(places, key=cases["case"].tolist().__getitem__)
    return cases.iloc[sorted(by_key, key=text(cases["reference"]).__getitem__)].reset_index(drop=True)


def _faulty_categories(scheme: Scheme, category: Sequence[str], reference: Sequence[str]) -> dict[int, str]:
    """Return a sentence for each place whose category the scheme does not have."""
    return {
        place: f"The category “{code}” of case {reference[place]} is not in {scheme.label}."
        for place, code in enumerate(category)
        if code and code not in scheme.categories
    }


def _given(scoring: Scoring, cases: pd.DataFrame, reference: Sequence[str], faults: dict[int, str]) -> Given:
    """Return how often each factor counts for each place; what cannot be read is added to `faults`."""
    rows, factors = scoring.inputs.factors, list(scoring.scheme.factors.values())
    numbers = {code: number for number, code in enumerate(scoring.scheme.factors)}
    codes = text(rows["factor"])
    place = find_places(rows["case"], cases["case"])
    factor = np.fromiter((numbers.get(code, MISSING) for code in codes), np.int64, len(rows))
    count = np.minimum(whole(rows["count"], MISSING), MANY)
    unread = (place >= 0) & ((factor < 0) | (count < 0))
    for row in np.flatnonzero(unread).tolist():
        name = reference[place[row]]
        if factor[row] < 0:
            sentence = f"The complexity factor “{codes[row]}” of case {name} is not in {scoring.scheme.label}."
        else:
            sentence = f"The count of {factors[factor[row]].name} of case {name} is not known."
        faults.setdefault(int(place[row]), sentence)
    read = (place >= 0) & ~unread
    pairs, same = np.unique(place[read] * len(factors) + factor[read], return_inverse=True)
    times = np.zeros(len(pairs), np.int64)
    np.add.at(times, same, count[read])
    place, factor = np.divmod(pairs, max(len(factors), 1))
    most = np.array([MANY if each.per_extra else 1 for each in factors], np.int64)
    return Given(place, factor, np.minimum(times, most[factor]))


def _factor_text(factor: Factor, times: int) -> str:
    sign = "−" if factor.points < 0 else "+"
    return f"{sign} {factor.name} {two_places(abs(factor.points))}" + (f" × {times}" if times > 1 else "")


def parts(scheme: Scheme, weights: Weights, places: Ints) -> list[str]:
    """Return the sum of some weights in words, as it is read out: "Child protection 8.00 + Long travel 1.00"."""
    given = weights.given.by_place(places, list(scheme.factors.values()))
    return [
        weights.why_not or weights.faults.get(place) or _part(scheme, weights, place, given.get(place, ()))
        for place in places.tolist()
    ]


def _part(scheme: Scheme, weights: Weights, place: int, given: Sequence[tuple[Factor, int]]) -> str:
    if weights.overridden[place]:
        said = f"Weight set by hand {two_places(int(weights.base[place]))}"
    elif weights.unrated[place]:
        said = f"Not rated yet: default weight {two_places(int(weights.base[place]))}"
    else:
        category = scheme.categories[weights.category[place]]
        added = [_factor_text(factor, times) for factor, times in given]
        said = " ".join([f"{category.name} {two_places(category.weight)}", *added])
    if not weights.bounded[place]:
        return said
    raised = weights.bounded[place] > 0
    word, bound = ("lowest", scheme.lowest_weight) if raised else ("highest", scheme.highest_weight)
    return f"{said}; {word} case weight {two_places(bound)} applies"


def _families(references: Sequence[str]) -> Ints:
    """Number the families: the same number for the same reference, one of its own for each case without one."""
    numbers: dict[str | int, int] = {}
    return np.fromiter(
        (numbers.setdefault(name or place, len(numbers)) for place, name in enumerate(references)),
        np.int64,
        len(references),
    )
