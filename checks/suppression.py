"""Whose survey figures may be shown, so that nobody's answers can be worked out. Pure; the method: docs/surveys.md.

Page, PDF, CSV and API show what is decided here, and nothing else.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from checks.findings import FEWEST_RESPONDENTS

FEWEST_FOR_WORDS = 10
SUPPRESSED = "suppressed: fewer than {fewest} answered, or hidden so that another group’s figure cannot be worked out"


class Level(IntEnum):
    """How deep a group lies in the organisation."""

    EMPLOYER = 0
    AREA = 1
    TEAM = 2


@dataclass(frozen=True, order=True)
class Group:
    """An employer, one of its service areas or one of its teams."""

    level: Level
    key: int = 0


EMPLOYER = Group(Level.EMPLOYER)
Members = Mapping[Group, frozenset[int]]


def groups_of(area_of: Mapping[int, int]) -> Members:
    """Every group of an employer with its teams, from each team's service area; the employer first, then by area."""
    found = {EMPLOYER: frozenset(area_of)}
    for area in sorted(set(area_of.values())):
        found[Group(Level.AREA, area)] = frozenset(team for team, its in area_of.items() if its == area)
    return found | {Group(Level.TEAM, team): frozenset({team}) for team in sorted(area_of)}


@dataclass(frozen=True)
class _Answered:
    """How many people of each team answered; teams in which nobody did have nothing to hide."""

    groups: Members
    respondents: Mapping[int, int]
    fewest: int

    def people(self, teams: Iterable[int]) -> int:
        return sum(self.respondents.get(team, 0) for team in teams)

    def inside(self, outer: Group, among: Iterable[Group]) -> list[Group]:
        """Of some groups, those that are smaller parts of a group."""
        return [group for group in among if group.level > outer.level and self.groups[group] <= self.groups[outer]]

    def rest(self, group: Group, shown: Collection[Group]) -> frozenset[int]:
        """The answering teams of a shown group that are in no smaller group shown: what is left by taking away."""
        told = frozenset[int]().union(*(self.groups[part] for part in self.inside(group, shown)))
        return frozenset(team for team in self.groups[group] - told if self.respondents.get(team))

    def tells(self, group: Group, shown: Collection[Group]) -> bool:
        """Whether taking away the parts shown leaves too few people, or people of a single hidden group."""
        rest = self.rest(group, shown)
        if not rest:
            return False
        hidden = self.inside(group, self.groups.keys() - shown)
        return self.people(rest) < self.fewest or any(rest <= self.groups[part] for part in hidden)

    def next_hidden(self, group: Group, shown: Collection[Group]) -> Group:
        """The part of a telling group that is hidden next: the smallest that lies in no other part; else the group."""
        inside = self.inside(group, shown)
        outermost = [part for part in inside if not any(part in self.inside(other, inside) for other in inside)]
        size = {part: (self.people(self.groups[part]), -part.level, part.key) for part in outermost}
        return min(outermost, key=size.__getitem__, default=group)


def shown_groups(
    groups: Members,
    respondents: Mapping[int, int],
    *,
    fewest: int = FEWEST_RESPONDENTS,
    among: Collection[Group] | None = None,
) -> frozenset[Group]:
    """The groups whose figures are shown, from how many people of each team answered.

    `among` is what may be shown at all: for one scale of a survey, the groups that are shown for the survey itself.
    """
    if fewest < FEWEST_RESPONDENTS:
        raise ValueError(f"Figures of fewer than {FEWEST_RESPONDENTS} people are never shown.")
    answered = _Answered(groups, respondents, fewest)
    candidates = groups if among is None else among
    shown = {group for group in candidates if answered.people(groups[group]) >= fewest}
    deepest_first = sorted(shown, reverse=True)
    while telling := [group for group in deepest_first if group in shown and answered.tells(group, shown)]:
        shown.discard(answered.next_hidden(telling[0], shown))
    return frozenset(shown)


def heard_groups(shown: Collection[Group], respondents: Mapping[int, int]) -> tuple[frozenset[int], frozenset[int]]:
    """Whose own words may be read: teams that are shown and of enough people; and all other teams taken together.

    The second set is empty where even together they are too few, or a single team.
    """
    teams = {team for team, people in respondents.items() if people}
    alone = frozenset(
        team for team in teams if respondents[team] >= FEWEST_FOR_WORDS and Group(Level.TEAM, team) in shown
    )
    others = frozenset(teams - alone)
    enough = len(others) > 1 and sum(respondents[team] for team in others) >= FEWEST_FOR_WORDS
    return alone, others if enough else frozenset()
