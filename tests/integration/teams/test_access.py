"""Who may do what: every role against every permission, in and outside its scope."""

import pytest
from django.core.exceptions import PermissionDenied

from teams import access
from teams.models import Employer, Team, Worker
from teams.roles import PERMISSIONS, Permission, Role, roles_with
from tests.cast import Cast

ROLE_OF = {
    "ben": Role.MANAGER,
    "asha": Role.SOCIAL_WORKER,
    "cora": Role.PRINCIPAL_SOCIAL_WORKER,
    "dev": Role.DIRECTOR,
    "ewa": Role.ADMINISTRATOR,
    "femi": Role.OBSERVER,
    "hana": Role.SERVICE_MANAGER,
}
SEES_ALL_TEAMS = {"cora", "dev", "ewa", "femi", "hana"}


def test_every_role_has_its_row() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert {role.label for role in Role} >= {"Manager", "Principal social worker"}
    assert roles_with(Permission.SCHEME_PUBLISH) == {Role.PRINCIPAL_SOCIAL_WORKER}


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("name", ROLE_OF)
def test_truth_table(cast: Cast, name: str, permission: Permission) -> None:
    user, held = cast.users[name], permission in PERMISSIONS[ROLE_OF[name]]
    assert access.holds(user, permission, team=cast.team) is held
    assert access.holds_somewhere(user, permission, employer=cast.employer) is held
    assert access.holds(user, permission, team=cast.other_team) is (held and name in SEES_ALL_TEAMS)
    assert not access.holds(user, permission, team=cast.elsewhere)
    assert not access.holds_somewhere(user, permission, employer=cast.elsewhere.employer)
    assert not access.holds(cast.gil, permission, team=cast.team)


def test_require_refuses_and_lets_the_server_itself_through(cast: Cast) -> None:
    access.require(None, Permission.CASE_RECORD, team=cast.team)
    access.require_somewhere(None, Permission.CASE_RECORD, employer=cast.employer)
    access.require(cast.ben, Permission.CASE_RECORD, team=cast.team)
    access.require_somewhere(cast.ben, Permission.CASE_RECORD, employer=cast.employer)
    with pytest.raises(PermissionDenied):
        access.require(cast.asha, Permission.CASE_RECORD, team=cast.team)
    with pytest.raises(PermissionDenied):
        access.require_somewhere(cast.asha, Permission.CASE_RECORD, employer=cast.employer)


def test_rows_are_reached_by_those_they_concern(cast: Cast) -> None:
    teams = {name: set(Team.objects.visible_to(user)) for name, user in cast.users.items()}
    assert teams["ben"] == teams["asha"] == {cast.team}
    assert teams["dev"] == teams["femi"] == teams["hana"] == {cast.team, cast.other_team}
    assert teams["gil"] == {cast.elsewhere}
    assert set(Employer.objects.visible_to(cast.asha)) == {cast.employer}
    assert set(Employer.objects.visible_to(cast.gil)) == {cast.elsewhere.employer}


def test_workers_figures_go_to_them_and_their_line(cast: Cast) -> None:
    workers = {name: {worker.name for worker in Worker.objects.visible_to(user)} for name, user in cast.users.items()}
    assert workers["asha"] == {"Asha Test"}
    assert workers["ben"] == {"Ben Test", "Asha Test", "Nia Test", "Una Test"}
    assert workers["dev"] == workers["hana"] == workers["ben"] | {"Kit Test"}
    assert workers["ewa"] == workers["femi"] == workers["gil"] == set()
