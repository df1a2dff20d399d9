"""Whoever sees everything that is shown, and can add and subtract exactly, finds out nothing that is hidden."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.shipped_instruments import shipped_instruments
from checks.suppression import EMPLOYER, Group, Level, Members, groups_of, heard_groups, shown_groups
from checks.survey_results import HIDDEN, results_of

Counts = dict[int, int]


def team(key: int) -> Group:
    return Group(Level.TEAM, key)


def area(key: int) -> Group:
    return Group(Level.AREA, key)


class Attacker:
    """Knows the organisation, and the sum over each group that is shown: what else follows from those sums alone?"""

    def __init__(self, sums: list[frozenset[int]], teams: list[int]) -> None:
        self.teams = teams
        self.known: list[tuple[int, list[Fraction]]] = []
        for one in sums:
            if any(rest := self.reduced(self.vector(one))):
                pivot = next(at for at, value in enumerate(rest) if value)
                self.known.append((pivot, [value / rest[pivot] for value in rest]))

    def vector(self, group: frozenset[int]) -> list[Fraction]:
        return [Fraction(one in group) for one in self.teams]

    def reduced(self, vector: list[Fraction]) -> list[Fraction]:
        for pivot, row in self.known:
            if factor := vector[pivot]:
                vector = [value - factor * its for value, its in zip(vector, row, strict=True)]
        return vector

    def can_compute(self, group: frozenset[int]) -> bool:
        return not any(self.reduced(self.vector(group)))


@st.composite
def organisations(draw: st.DrawFn) -> tuple[dict[int, int], Counts]:
    """Teams by area, and how many of each answered; small teams and empty ones are common."""
    areas = draw(st.lists(st.integers(1, 4), min_size=1, max_size=8))
    people = st.one_of(st.integers(0, 6), st.integers(0, 30))
    return dict(enumerate(areas)), {number: draw(people) for number in range(len(areas))}


def secrets_kept(groups: Members, respondents: Mapping[int, int], shown: frozenset[Group], fewest: int) -> None:
    """No hidden group that has respondents can be computed, nor any set of too few people."""
    teams = [one for one, people in respondents.items() if people]
    attacker = Attacker([groups[group] for group in shown], teams)
    answered = frozenset(teams)
    for group in groups.keys() - shown:
        if hidden := groups[group] & answered:
            assert not attacker.can_compute(hidden), f"{group} follows from {shown}"
    for size in range(1, fewest):
        for few in combinations(teams, size):
            if sum(respondents[one] for one in few) < fewest:
                assert not attacker.can_compute(frozenset(few)), f"{few} follow from {shown}"


@settings(deadline=None)
@given(organisations(), st.integers(5, 9))
def test_nothing_hidden_can_be_computed(organisation: tuple[dict[int, int], Counts], fewest: int) -> None:
    areas, respondents = organisation
    groups = groups_of(areas)
    secrets_kept(groups, respondents, shown_groups(groups, respondents, fewest=fewest), fewest)


@settings(deadline=None)
@given(organisations(), st.data())
def test_unanswered_items_give_nothing_away(organisation: tuple[dict[int, int], Counts], data: st.DataObject) -> None:
    areas, respondents = organisation
    groups = groups_of(areas)
    overall = shown_groups(groups, respondents)
    of_scale = {one: data.draw(st.integers(max(0, people - 3), people)) for one, people in respondents.items()}
    shown = shown_groups(groups, of_scale, among=overall)
    assert shown <= overall
    secrets_kept(groups, of_scale, shown, 5)
    # whoever takes for granted that everybody answered everything knows the sums of both
    secrets_kept(groups, respondents, shown | overall, 5)


@settings(deadline=None)
@given(organisations(), st.randoms(use_true_random=False))
def test_results_hold_nothing_of_what_is_hidden(organisation: tuple[dict[int, int], Counts], chance: Random) -> None:
    """What every page, file and report gets, taken as the only thing that the attacker sees."""
    areas, respondents = organisation
    groups = groups_of(areas)
    [poll, _] = shipped_instruments()
    items = [item.code for item in poll.items]
    answers = [
        (one, {code: chance.randint(1, 4) for code in items if chance.random() < 0.9})
        for one, people in respondents.items()
        for _ in range(people)
    ]
    results = results_of(poll, groups, answers, invited={})
    for result in results.values():
        assert not result.hidden or (result.rate, set(result.scales.values())) == (None, {HIDDEN})
        assert all(scale == HIDDEN for scale in result.scales.values() if scale.hidden)
    secrets_kept(groups, respondents, frozenset(group for group in groups if not results[group].hidden), 5)
    for scale in items[:3]:
        answered = Counter(one for one, values in answers if scale in values)
        shown = frozenset(group for group in groups if not results[group].scales[scale].hidden)
        assert all(
            results[group].scales[scale].respondents == sum(answered[one] for one in groups[group]) for group in shown
        )
        secrets_kept(groups, {one: answered[one] for one in areas}, shown, 5)


@given(organisations())
def test_big_teams_hide_nothing(organisation: tuple[dict[int, int], Counts]) -> None:
    areas, respondents = organisation
    groups = groups_of(areas)
    assert shown_groups(groups, {one: people + 5 for one, people in respondents.items()}) == groups.keys()


@given(organisations(), st.integers(5, 9))
def test_no_more_is_hidden_than_needs_to_be(organisation: tuple[dict[int, int], Counts], fewest: int) -> None:
    """Where every team with respondents has enough of them, every group with respondents is shown."""
    areas, respondents = organisation
    enough = {one: people if people >= fewest else 0 for one, people in respondents.items()}
    groups = groups_of(areas)
    answered = {group for group, teams in groups.items() if any(enough[one] for one in teams)}
    assert shown_groups(groups, enough, fewest=fewest) == answered


@given(organisations())
def test_the_order_of_teams_does_not_matter(organisation: tuple[dict[int, int], Counts]) -> None:
    areas, respondents = organisation
    backwards = dict(reversed(areas.items()))
    assert shown_groups(groups_of(areas), respondents) == shown_groups(groups_of(backwards), respondents)


def test_the_next_smallest_team_is_hidden_beside_a_small_one() -> None:
    groups = groups_of({1: 1, 2: 1, 3: 1, 4: 2, 5: 2})
    shown = shown_groups(groups, {1: 3, 2: 7, 3: 9, 4: 8, 5: 6})
    assert shown == {EMPLOYER, area(1), area(2), team(3), team(4), team(5)}


def test_an_area_that_would_give_its_only_team_away_is_hidden_with_another() -> None:
    groups = groups_of({1: 1, 2: 2, 3: 3})
    assert shown_groups(groups, {1: 4, 2: 6, 3: 9}) == {EMPLOYER, area(3), team(3)}


def test_nothing_is_hidden_inside_an_area_that_hides_it_anyway() -> None:
    groups = groups_of({1: 1, 2: 2, 3: 2, 4: 3, 5: 3})
    shown = shown_groups(groups, {1: 4, 2: 6, 3: 30, 4: 50, 5: 60})
    assert shown == {EMPLOYER, team(3), area(3), team(4), team(5)}


def test_two_small_teams_hide_each_other_only_when_together_they_are_enough() -> None:
    groups = groups_of({1: 1, 2: 1, 3: 1})
    assert shown_groups(groups, {1: 3, 2: 3, 3: 9}) == {EMPLOYER, area(1), team(3)}
    assert shown_groups(groups, {1: 2, 2: 2, 3: 9}) == {EMPLOYER, area(1)}


def test_a_single_small_team_shows_nothing() -> None:
    assert shown_groups(groups_of({1: 1}), {1: 4}) == frozenset()


def test_the_limit_may_be_raised_and_never_lowered() -> None:
    groups = groups_of({1: 1})
    assert shown_groups(groups, {1: 7}, fewest=8) == frozenset()
    with pytest.raises(ValueError, match="fewer than 5"):
        shown_groups(groups, {1: 7}, fewest=4)


def test_words_are_read_of_ten_people_or_more() -> None:
    shown = {EMPLOYER, team(1), team(2)}
    assert heard_groups(shown, {1: 10, 2: 9, 3: 0}) == ({1}, frozenset())
    assert heard_groups(shown, {1: 10, 2: 6, 3: 4}) == ({1}, {2, 3})
    assert heard_groups(shown, {2: 5, 3: 4}) == (frozenset(), frozenset())
    assert heard_groups({EMPLOYER}, {1: 12, 3: 4}) == (frozenset(), {1, 3})
