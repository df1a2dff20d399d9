"""The roles that an employer's directory gives somebody, as it writes them: Director, Manager:heron-team."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from teams.policies import why_not_scope
from teams.roles import OF_PEOPLE, TEAM_ROLES, Role

_NAMES: Mapping[str, Role] = {role.value.replace("_", "").lower(): role for role in OF_PEOPLE}


@dataclass(frozen=True, order=True)
class GivenRole:
    """A role and where it is held: the key of a team or a service area, or "" for the whole employer."""

    role: Role
    place: str = ""


def read_roles(values: Iterable[object]) -> frozenset[GivenRole]:
    """The roles among the values of a claim; what is not one of ours means nothing here and is left out.

    A value is the name of a role and, after a colon, the key of the place: `Manager:heron-team`.
    """
    found = set()
    for value in values:
        name, _, place = str(value).partition(":")
        role = _NAMES.get(re.sub(r"[\s_-]", "", name).lower())
        if role is None:
            continue
        in_team = role in TEAM_ROLES and bool(place)
        if why_not_scope(role, team=in_team, area=bool(place) and not in_team) is None:
            found.add(GivenRole(role, place.strip().lower()))
    return frozenset(found)
