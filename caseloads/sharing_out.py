"""Proposes who takes which cases, so that everybody stays as far under their limit as possible. Pure.

The best sharing out is the one whose highest load % is the lowest; of two alike there, the one whose second highest is,
and so on. It is looked for in two steps. Heaviest first, each bundle goes to whoever is then lowest. After that any
bundle is moved, and any two are exchanged, as long as that lowers the higher of the two people it touches. The same is
tried with those first that the fewest may take, and with the lightest first; the best of the three is proposed. This is
the usual heuristic for sharing work among machines (longest first, then local search); how near it comes to the best is
measured in docs/explanation/sharing-out.md by trying every possibility in small cases.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

SCALE = 1_000_000


@dataclass(frozen=True)
class Candidate:
    """Somebody who may take cases: load and capacity in hundredths, capacity above 0."""

    key: Hashable
    load: int
    capacity: int


@dataclass(frozen=True)
class Bundle:
    """Cases that stay together, such as those of one family: what they add to the load of each who may take them."""

    key: Hashable
    added: Mapping[Hashable, int]


@dataclass(frozen=True)
class Choice:
    """Who is to take a bundle (None: nobody may), and who would be next, each with their millionths of load after."""

    bundle: Hashable
    candidate: Hashable | None
    after: int | None = None
    next_best: Hashable | None = None
    next_after: int | None = None


def share_out(candidates: Sequence[Candidate], bundles: Sequence[Bundle]) -> list[Choice]:
    """Return a choice for each bundle, in their order. The order of either argument changes nothing but ties."""
    plans = [_Plan(candidates, bundles, order) for order in (_heaviest_first, _fewest_takers_first, _lightest_first)]
    best = min(plans, key=_Plan.standing)
    return [best.choice(bundle) for bundle in bundles]


def _heaviest_first(bundle: Bundle) -> tuple[int, ...]:
    return (-max(bundle.added.values()),)


def _fewest_takers_first(bundle: Bundle) -> tuple[int, ...]:
    return len(bundle.added), *_heaviest_first(bundle)


def _lightest_first(bundle: Bundle) -> tuple[int, ...]:
    return (max(bundle.added.values()),)


class _Plan:
    def __init__(
        self, candidates: Sequence[Candidate], bundles: Sequence[Bundle], order: Callable[[Bundle], tuple[int, ...]]
    ) -> None:
        self.capacity = {one.key: one.capacity for one in candidates}
        self.load = {one.key: one.load for one in candidates}
        self.bundles = sorted(
            (one for one in bundles if self._takers(one)), key=lambda bundle: (*order(bundle), str(bundle.key))
        )
        self.taken: dict[Hashable, Hashable] = {}
        self._fill()
        while self._improve():
            pass

    def standing(self) -> list[int]:
        """Everybody's load after the plan, highest first: of two plans the lower is the better."""
        return sorted((self._part(key) for key in self.capacity), reverse=True)

    def _takers(self, bundle: Bundle) -> list[Hashable]:
        return [key for key in self.capacity if key in bundle.added]

    def _part(self, candidate: Hashable, change: int = 0) -> int:
        """Load after a change as millionths of capacity."""
        return (self.load[candidate] + change) * SCALE // self.capacity[candidate]

    def _fill(self) -> None:
        for bundle in self.bundles:
            best = min(self._takers(bundle), key=lambda key: self._part(key, bundle.added[key]))
            self._give(bundle, best)

    def _give(self, bundle: Bundle, candidate: Hashable) -> None:
        held_by = self.taken.get(bundle.key)
        if held_by is not None:
            self.load[held_by] -= bundle.added[held_by]
        self.taken[bundle.key] = candidate
        self.load[candidate] += bundle.added[candidate]

    def _improve(self) -> bool:
        """Make one pass of moves and exchanges; tell whether any of them made things better."""
        moved = [self._move(bundle, to) for bundle in self.bundles for to in self._takers(bundle)]
        exchanged = [self._exchange(one, other) for one, other in combinations(self.bundles, 2)]
        return any(moved) or any(exchanged)

    def _move(self, bundle: Bundle, to: Hashable) -> bool:
        at = self.taken[bundle.key]
        if at == to or not self._better(at, to, -bundle.added[at], bundle.added[to]):
            return False
        self._give(bundle, to)
        return True

    def _exchange(self, one: Bundle, other: Bundle) -> bool:
        here, there = self.taken[one.key], self.taken[other.key]
        if here == there or there not in one.added or here not in other.added:
            return False
        if not self._better(here, there, other.added[here] - one.added[here], one.added[there] - other.added[there]):
            return False
        self._give(one, there)
        self._give(other, here)
        return True

    def _better(self, one: Hashable, other: Hashable, change: int, other_change: int) -> bool:
        """Whether the two people touched are better off: their higher load % falls, or else their lower one."""
        before = sorted((self._part(one), self._part(other)), reverse=True)
        after = sorted((self._part(one, change), self._part(other, other_change)), reverse=True)
        return after < before

    def choice(self, bundle: Bundle) -> Choice:
        at = self.taken.get(bundle.key)
        if at is None:
            return Choice(bundle.key, None)
        others = {key: self._part(key, bundle.added[key]) for key in self._takers(bundle) if key != at}
        following = min(others, key=lambda key: others[key], default=None)
        return Choice(bundle.key, at, self._part(at), following, None if following is None else others[following])
