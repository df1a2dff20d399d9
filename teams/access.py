"""Whether somebody may do something: the table of roles applied to their assignments."""

from django.core.exceptions import PermissionDenied

from teams.models import Employer, Team, User
from teams.roles import Permission, roles_with


def holds(user: User, permission: Permission, *, team: Team) -> bool:
    """Whether the user holds the permission in a team, by a role there or in the whole employer."""
    return Team.objects.where_allowed(user, permission).filter(pk=team.pk).exists()


def holds_somewhere(user: User, permission: Permission, *, employer: Employer) -> bool:
    """Whether the user holds the permission in at least one team of the employer, or in all of it."""
    return user.role_assignments.filter(employer=employer, role__in=roles_with(permission)).exists()


def require(user: User | None, permission: Permission, *, team: Team) -> None:
    """Refuse (403) unless the user holds the permission in the team. None is whoever runs a command on the server."""
    if user is not None and not holds(user, permission, team=team):
        raise PermissionDenied(f"You cannot {permission.value} in this team.")


def require_somewhere(user: User | None, permission: Permission, *, employer: Employer) -> None:
    """Refuse (403) unless the user holds the permission in some team of the employer, or in all of it."""
    if user is not None and not holds_somewhere(user, permission, employer=employer):
        raise PermissionDenied(f"You cannot {permission.value} for this employer.")
