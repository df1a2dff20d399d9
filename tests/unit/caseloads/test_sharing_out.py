"""Who takes which cases: allowed, complete, and close to the best there is, found by trying every possibility."""

import random
from collections.abc import Hashable, Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from caseloads.sharing_out import SCALE, Bundle, Candidate, Choice, share_out


def vector(candidates: Sequence[Candidate], bundles: Sequence[Bundle], taken: Sequence[Hashable]) -> list[int]:
    """Everybody's load after a sharing out, in millionths of capacity, highest first."""
    load = {one.key: one.load for one in candidates}
    for bundle, key in zip(bundles, taken, strict=True):
        load[key] += bundle.added[key]
    return sorted((load[one.key] * SCALE // one.capacity for one in candidates), reverse=True)


def optimum(candidates: Sequence[Candidate], bundles: Sequence[Bundle]) -> list[int]:
    return min(vector(candidates, bundles, taken) for taken in product(*(bundle.added for bundle in bundles)))


def proposal(candidates: Sequence[Candidate], bundles: Sequence[Bundle]) -> list[int]:
    taken = [choice.candidate for choice in share_out(candidates, bundles)]
    return vector(candidates, bundles, taken)


def team(chance: random.Random) -> tuple[list[Candidate], list[Bundle]]:
    """A made-up team: part-timers and full-timers, some near their limit; not everybody may take everything."""
    candidates = [
        Candidate(name, chance.randint(30_00, 95_00), chance.choice([50_00, 76_22, 90_00, 100_00]))
        for name in "abcd"[: chance.randint(2, 4)]
    ]
    bundles = []
    for number in range(chance.randint(1, 6)):
        weight = chance.choice([3_00, 4_00, 5_00, 6_00, 8_00, 10_00, 15_00])
        may = [one for one in candidates if chance.random() < 0.85] or candidates[:1]
        bundles.append(Bundle(number, {one.key: weight - chance.choice([0, 0, 0, 2_00]) for one in may}))
    return candidates, bundles


def test_near_the_best_there_is() -> None:
    chance = random.Random(22)  # noqa: S311 - the same made-up teams every time
    gaps, equal = [], 0
    for _ in range(300):
        candidates, bundles = team(chance)
        best, found = optimum(candidates, bundles), proposal(candidates, bundles)
        equal += found == best
        gaps.append(found[0] - best[0])
    assert min(gaps) >= 0
    assert equal >= 290, f"the very best in {equal} of 300"
    assert max(gaps) <= 3 * SCALE // 100, f"at worst {max(gaps) / SCALE:.1%} of capacity above the best"


numbers = st.integers(0, 120_00)


@given(st.lists(st.tuples(numbers, st.integers(1, 120_00)), min_size=1, max_size=6), st.data())
def test_everything_that_may_be_taken_is_taken_by_somebody_who_may(
    people: list[tuple[int, int]], data: st.DataObject
) -> None:
    candidates = [Candidate(number, *figures) for number, figures in enumerate(people)]
    keys = st.sampled_from([one.key for one in candidates])
    bundles = [
        Bundle(number, added)
        for number, added in enumerate(data.draw(st.lists(st.dictionaries(keys, numbers, max_size=6), max_size=12)))
    ]
    choices = share_out(candidates, bundles)
    assert [choice.bundle for choice in choices] == [bundle.key for bundle in bundles]
    for choice, bundle in zip(choices, bundles, strict=True):
        assert choice.candidate in bundle.added if bundle.added else choice == Choice(bundle.key, None)


def test_heaviest_goes_to_the_lowest_and_says_who_is_next() -> None:
    candidates = [Candidate("full", 90_00, 100_00), Candidate("room", 40_00, 100_00), Candidate("half", 10_00, 50_00)]
    bundles = [
        Bundle("light", {"full": 4_00, "room": 4_00, "half": 4_00}),
        Bundle("heavy", {"full": 8_00, "room": 8_00}),
    ]
    light, heavy = share_out(candidates, bundles)
    assert light == Choice("light", "half", 280_000, "room", 520_000)
    assert heavy == Choice("heavy", "room", 480_000, "full", 980_000)


def test_two_are_exchanged_where_no_single_move_helps() -> None:
    candidates = [Candidate("a", 0, 100_00), Candidate("b", 0, 200_00)]
    bundles = [Bundle(weight, {"a": weight, "b": weight}) for weight in (41_00, 38_00, 30_00, 25_00)]
    assert proposal(candidates, bundles) == optimum(candidates, bundles)


def test_a_bundle_that_one_person_may_take_has_no_next() -> None:
    (choice,) = share_out([Candidate("a", 0, 1_00)], [Bundle("only", {"a": 1_00})])
    assert choice == Choice("only", "a", SCALE)
