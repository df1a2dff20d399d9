import pytest

from teams.directory_roles import GivenRole, read_roles
from teams.roles import Role


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Director", GivenRole(Role.DIRECTOR)),
        ("director", GivenRole(Role.DIRECTOR)),
        ("Principal-Social-Worker", GivenRole(Role.PRINCIPAL_SOCIAL_WORKER)),
        ("PRINCIPAL_SOCIAL_WORKER:adults", GivenRole(Role.PRINCIPAL_SOCIAL_WORKER, "adults")),
        ("Manager:Heron-Team", GivenRole(Role.MANAGER, "heron-team")),
        ("SocialWorker:heron-team", GivenRole(Role.SOCIAL_WORKER, "heron-team")),
        ("ServiceManager:childrens-social-work", GivenRole(Role.SERVICE_MANAGER, "childrens-social-work")),
        ("Observer", GivenRole(Role.OBSERVER)),
    ],
)
def test_value_names_a_role_and_a_place(value: str, expected: GivenRole) -> None:
    assert read_roles([value]) == {expected}


@pytest.mark.parametrize(
    "value",
    ["", ":", "Manager", "Manager:", "SocialWorker", "ServiceManager", "Administrator:heron-team", "Root", 7, None],
)
def test_anything_else_means_nothing(value: object) -> None:
    assert read_roles([value]) == frozenset()
