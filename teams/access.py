"""Whether somebody may do something: the table of roles applied to their assignments."""

from functools import reduce
from operator import or_
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from teams.models import Employer, RoleAssignment, Team, User, Worker
from teams.roles import OF_PEOPLE, PERMISSIONS, Permission, Role, roles_with


class SignedInRequest(HttpRequest):
    """A request behind the sign-in: its user is one of ours."""

    user: User


def permissions(user: User, team: Team) -> frozenset[Permission]:
    """Everything the user may do in a team, by a role in it, its area or its employer. One statement."""
    roles = RoleAssignment.objects.filter(user=user).over(team).values_list("role", flat=True)
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles))


def holds(user: User, permission: Permission, *, team: Team) -> bool:
    """Whether the user holds the permission in a team."""
    return permission in permissions(user, team)


def holds_somewhere(user: User, permission: Permission, *, employer: Employer) -> bool:
    """Whether the user holds the permission in at least one team of the employer, or in all of it."""
    return user.role_assignments.filter(employer=employer, role__in=roles_with(permission)).exists()


def holds_employer_wide(user: User, permission: Permission, *, employer: Employer) -> bool:
    """Whether the user holds the permission in the whole employer, not only in a team or area of it."""
    roles = RoleAssignment.objects.filter(user=user, employer=employer, role__in=roles_with(permission))
    return roles.employer_wide().exists()


def holders(permission: Permission, *, team: Team) -> QuerySet[User]:
    """Everybody who holds the permission in a team, by name; people, and no integration."""
    roles = RoleAssignment.objects.filter(role__in=roles_with(permission) & OF_PEOPLE).over(team)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("first_name", "last_name", "pk")


def require(user: User | None, permission: Permission, *, team: Team) -> None:
    """Refuse (403) unless the user holds the permission in the team. None is whoever runs a command on the server."""
    if user is not None and not holds(user, permission, team=team):
        raise PermissionDenied(f"You cannot {permission.value} in this team.")


def require_somewhere(user: User | None, permission: Permission, *, employer: Employer) -> None:
    """Refuse (403) unless the user holds the permission in some team of the employer, or in all of it."""
    if user is not None and not holds_somewhere(user, permission, employer=employer):
        raise PermissionDenied(f"You cannot {permission.value} for this employer.")


def require_employer_wide(user: User | None, permission: Permission, *, employer: Employer) -> None:
    """Refuse (403) unless the user holds the permission in the whole employer."""
    if user is not None and not holds_employer_wide(user, permission, employer=employer):
        raise PermissionDenied(f"You cannot {permission.value} for this employer.")


def find_team(user: User, public_id: UUID, *any_of: Permission) -> Team:
    """A team the user has to do with: strangers are told there is none (404), members without such a right no (403)."""
    allowed = reduce(or_, (Team.objects.where_allowed(user, permission) for permission in any_of))
    team = allowed.select_related("employer", "service_area").filter(public_id=public_id).first()
    return team or find_team_and_rights(user, public_id, *any_of)[0]


def find_team_and_rights(user: User, public_id: UUID, *any_of: Permission) -> tuple[Team, frozenset[Permission]]:
    """A team as `find_team` finds it, and everything the user may do there. Two statements."""
    team = Team.objects.visible_to(user).select_related("employer", "service_area").filter(public_id=public_id).first()
    if team is None:
        raise Http404("There is no such team.")
    held = permissions(user, team)
    if not held.intersection(any_of):
        raise PermissionDenied(f"You cannot {any_of[0].value} in this team.")
    return team, held


def own_worker(user: User) -> Worker | None:
    """The worker that a user is, if they are one."""
    return Worker.objects.filter(user=user).first()


def find_employer(user: User, slug: str, *any_of: Permission) -> Employer:
    """An employer the user belongs to: strangers are told there is none (404), members without such a right no (403).

    Without a permission every member is let in; with one it must be held in the whole employer.
    """
    employers = Employer.objects.filter(slug=slug)
    roles = RoleAssignment.objects.filter(user=user, role__in={role for one in any_of for role in roles_with(one)})
    allowed = (
        employers.filter(pk__in=roles.employer_wide().values("employer")) if any_of else employers.visible_to(user)
    )
    if employer := allowed.first():
        return employer
    if not employers.visible_to(user).exists():
        raise Http404("There is no such employer.")
    raise PermissionDenied(f"You cannot {any_of[0].value} for this employer.")


def employers_of(user: User) -> list[Employer]:
    """The employers the user belongs to. One statement."""
    return list(Employer.objects.visible_to(user))


def employer_wide_rights(user: User) -> dict[int, frozenset[Permission]]:
    """What the user may do in whole employers, by the employer's key. One statement."""
    found: dict[int, frozenset[Permission]] = {}
    rows = RoleAssignment.objects.filter(user=user).employer_wide().values_list("employer", "role")
    for employer, role in rows:
        found[employer] = found.get(employer, frozenset()) | PERMISSIONS[Role(role)]
    return found


def find_own_worker(user: User) -> Worker:
    """The worker that a user is; 404 for whoever is none."""
    worker = own_worker(user)
    if worker is None:
        raise Http404("Your account is not linked to a worker.")
    return worker


def find_worker(user: User, public_id: UUID) -> tuple[Worker, QuerySet[Team]]:
    """A worker of teams whose workload the user may see, and those teams; anybody else's is not there (404)."""
    teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW).filter(contracts__worker__public_id=public_id)
    worker = Worker.objects.visible_to(user).filter(public_id=public_id).first()
    if worker is None:
        raise Http404("There is no such worker.")
    own = Team.objects.filter(contracts__worker=worker) if worker.user_id == user.pk else teams
    return worker, own.distinct()


def find_account(user: User, public_id: UUID) -> User:
    """The user's own account, or one of an employer whose administrator they are; others are not there (404)."""
    held = RoleAssignment.objects.filter(user=user, role__in=roles_with(Permission.EMPLOYER_SET_UP)).employer_wide()
    known = RoleAssignment.every.filter(employer__in=held.values("employer"))
    account = (
        User.objects.filter(integration=None)
        .filter(Q(pk=user.pk) | Q(pk__in=known.values("user")))
        .filter(public_id=public_id)
        .first()
    )
    if account is None:
        raise Http404("There is no such account.")
    return account
