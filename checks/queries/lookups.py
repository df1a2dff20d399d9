"""Checks and what belongs to them, by their addresses: for whoever may see them, and may do what they came for."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from checks.models import Answer, Challenge, Evidence, HealthCheck
from teams.access import holders, holds, permissions
from teams.models import Team, User
from teams.roles import Permission


def find_check(user: User, public_id: UUID, *any_of: Permission) -> HealthCheck:
    """A check that the user may see; anybody else's is not there (404). Refuses (403) whoever has no such right."""
    rows = HealthCheck.objects.visible_to(user).select_related(
        "employer", "cycle__standard_set", "team__employer", "team__service_area"
    )
    check = rows.filter(public_id=public_id).first()
    if check is None:
        raise Http404("There is no such health check.")
    if any_of and not permissions(user, check.team).intersection(any_of):
        raise PermissionDenied(f"You cannot {any_of[0].value} here.")
    return check


def find_answer(user: User, public_id: UUID, code: str, right: Permission) -> Answer:
    """An answer of a check that the user may see; 403 without the right."""
    check = find_check(user, public_id, right)
    answer = check.answers.select_related("changed_by").filter(indicator=code).first()
    if answer is None:
        raise Http404("There is no such indicator in this health check.")
    answer.check_of = check
    return answer


def find_evidence(user: User, public_id: UUID, right: Permission | None = None) -> Evidence:
    """A piece of evidence of a check that the user may see (404); 403 without the right."""
    rows = Evidence.objects.visible_to(user).select_related(
        "answer__check_of__team__service_area", "answer__check_of__employer"
    )
    evidence = rows.filter(public_id=public_id).first()
    if evidence is None:
        raise Http404("There is no such evidence.")
    if right is not None and not holds(user, right, team=evidence.answer.check_of.team):
        raise PermissionDenied(f"You cannot {right.value} here.")
    return evidence


def find_challenge(user: User, public_id: UUID, right: Permission) -> Challenge:
    """A question of the panel about a check that the user may see (404); 403 without the right."""
    rows = Challenge.objects.visible_to(user).select_related(
        "check_of__cycle__standard_set", "check_of__team__service_area", "check_of__employer", "answer", "raised_by"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such question.")
    if not holds(user, right, team=found.check_of.team):
        raise PermissionDenied(f"You cannot {right.value} here.")
    return found


def owners_of(team: Team) -> list[User]:
    """Who may be given an action of a team: everybody who sees its health check. One statement."""
    return list(holders(Permission.CHECK_VIEW, team=team))
