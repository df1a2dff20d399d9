"""Who stands in for whom, and who could."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q
from django.http import Http404

from teams.access import find_account
from teams.models import RoleAssignment, User
from teams.roles import OF_PEOPLE, Permission, roles_with


@dataclass(frozen=True)
class StandIn:
    """One person in the roles of another, from a day until the first day on which they no longer are."""

    away: User
    deputy: User
    starts_on: date
    ends_on: date
    roles: Sequence[str]


@dataclass(frozen=True)
class StandingIn:
    """Who stands or will stand in for somebody, for whom they do, and whether they have a role to lend."""

    account: User
    by_others: Sequence[StandIn]
    for_others: Sequence[StandIn]
    lends: Sequence[str]


def standing_in(account: User) -> StandingIn:
    """Two statements."""
    rows = RoleAssignment.every.unended().filter(stands_in_for__isnull=False)
    found = rows.filter(Q(stands_in_for__user=account) | Q(user=account)).select_related(
        "user", "employer", "team", "service_area", "stands_in_for__user"
    )
    stand_ins = _grouped(found.order_by("starts_on", "user", "stands_in_for__user", "pk"))
    return StandingIn(
        account,
        by_others=[one for one in stand_ins if one.away == account],
        for_others=[one for one in stand_ins if one.deputy == account],
        lends=[row.words for row in lent_roles(account)],
    )


def for_whom(user: User) -> list[StandIn]:
    """For whom somebody stands in today. One statement."""
    rows = RoleAssignment.objects.filter(user=user, stands_in_for__isnull=False)
    rows = rows.select_related("user", "employer", "team", "service_area", "stands_in_for__user")
    return _grouped(rows.order_by("stands_in_for__user", "starts_on", "pk"))


def find_stand_in(account: User, deputy: object) -> StandIn:
    """The one who stands in for somebody; 404 where nobody of that name does."""
    for one in standing_in(account).by_others:
        if one.deputy.public_id == deputy:
            return one
    raise Http404("They do not stand in.")


def lent_roles(account: User) -> list[RoleAssignment]:
    """The roles of somebody's own in which a colleague may stand in. One statement."""
    return list(RoleAssignment.objects.to_lend(account))


def possible_stand_ins(account: User) -> list[User]:
    """Colleagues who may stand in: whoever has a part in running the employer, and the workers of one's own teams."""
    held = RoleAssignment.objects.to_lend(account).select_related(None)
    own_teams = Q(role_assignments__team__in=held.exclude(team=None).values("team"))
    own_areas = Q(role_assignments__team__service_area__in=held.exclude(service_area=None).values("service_area"))
    leading = RoleAssignment.objects.filter(
        employer__in=held.values("employer"), role__in=roles_with(Permission.WORKLOAD_VIEW) & OF_PEOPLE
    )
    found = User.objects.filter(Q(pk__in=leading.values("user")) | own_teams | own_areas, is_active=True)
    return list(found.exclude(pk=account.pk).order_by("first_name", "last_name", "pk").distinct())


def account_of(user: User, public_id: object) -> User:
    """Whose stand-ins are asked for: one's own, or somebody's whose administrator one is (404 for others)."""
    return user if public_id is None else find_account(user, public_id)  # type: ignore[arg-type]


def _grouped(rows: Iterable[RoleAssignment]) -> list[StandIn]:
    grouped = groupby(rows, key=lambda row: (row.stands_in_for.user, row.user, row.starts_on, row.ends_on))  # type: ignore[union-attr]
    return [StandIn(*key, [row.words for row in group]) for key, group in grouped]
