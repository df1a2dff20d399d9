"""Every address × every role: strangers are told there is nothing (404), members without the right no (403).

The addresses are read from the URLconf: a new one fails here until it has its row.
"""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from teams.actions.roles import NewRole, give_role
from teams.actions.setting_up import add_workers
from teams.models import User
from teams.roles import OF_PEOPLE, TEAM_ROLES, Role
from tests.addresses import ALL, NO_TOKEN, PEOPLE, TABLE
from tests.cast import AT, Cast, new_worker
from tests.examples import keys_of

OTHER_TEAM = {"kay": Role.MANAGER, "kai": Role.SOCIAL_WORKER}
"""People of the other team of the same employer."""


@pytest.fixture
def keys(cast: Cast, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """The row that each address is about."""
    settings.MEDIA_ROOT = tmp_path
    return keys_of(cast, files=tmp_path)


def walker(cast: Cast, person: str) -> User:
    """Somebody of the cast, or somebody new: of the other team, or with a role in the other employer."""
    if person in PEOPLE:
        return cast.users[person]
    user = User.objects.create_user(username=person)
    if person in OTHER_TEAM:
        give_role(employer=cast.employer, user=user, new=NewRole(OTHER_TEAM[person], cast.other_team), by=None, at=AT)
        [worker] = add_workers(
            employer=cast.employer, workers=[new_worker(person.title(), cast.other_team)], by=None, at=AT
        )
        worker.user = user
        worker.save(update_fields=["user"])
        return user
    role = Role(person)
    scope = {Role.SERVICE_MANAGER: cast.elsewhere.service_area}.get(
        role, cast.elsewhere if role in TEAM_ROLES else None
    )
    give_role(employer=cast.elsewhere.employer, user=user, new=NewRole(role, scope), by=None, at=AT)
    return user


def ask(client: Client, name: str, keys: dict[str, Any]) -> int:
    row = TABLE[name]
    response = getattr(client, row.method)(row.address(name, keys))
    for closer in response._resource_closers:
        closer()
    return int(response.status_code)


def test_every_address_has_its_row() -> None:
    assert sorted(TABLE) == ALL


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("person", PEOPLE)
def test_walk(cast: Cast, client: Client, keys: dict[str, Any], name: str, person: str) -> None:
    client.force_login(cast.users[person])
    assert ask(client, name, keys) == TABLE[name].answers[person]


@pytest.mark.parametrize("name", ALL)
def test_nobody_gets_in_without_an_account(client: Client, keys: dict[str, Any], name: str) -> None:
    assert ask(client, name, keys) == TABLE[name].without_account


READ_ONLY = sorted(
    name
    for name, row in TABLE.items()
    if row.method == "get" and not row.form and name not in {"sign-in", "account_login", "import-new"}
)
CHANGES = sorted(name for name, row in TABLE.items() if row.method == "post")


@pytest.mark.parametrize(
    ("name", "wrong"), [*((name, "post") for name in READ_ONLY), *((name, "get") for name in CHANGES)]
)
def test_other_methods_are_refused(cast: Cast, client: Client, keys: dict[str, Any], name: str, wrong: str) -> None:
    client.force_login(cast.ben)
    expected = 401 if TABLE[name].answers is NO_TOKEN else 404 if name == "api-elsewhere" else 405
    assert getattr(client, wrong)(TABLE[name].address(name, keys)).status_code == expected


OF_THE_EMPLOYER = {"slug", "slug_published", "cycle", "published", "surveyed", "survey", "token", "draft"}
OF_THE_EMPLOYER |= {"link", "scheme_draft", "variation", "mapping", "kind", "held", "week", "format"}
"""What is about a whole employer, or about whoever asks: people of another team stand there as Ben's team does."""
LIKE = {"kay": "ben", "kai": "asha"}
IMPORTERS = {Role.MANAGER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("name", ALL)
def test_walk_of_another_team(cast: Cast, client: Client, keys: dict[str, Any], name: str) -> None:
    """A manager and a social worker of the other team find nothing of this one."""
    row = TABLE[name]
    about = row.of.split()[:1]
    for person, like in LIKE.items():
        client.force_login(walker(cast, person))
        same = not about or about[0] in OF_THE_EMPLOYER or row.answers is NO_TOKEN
        expected = row.answers[like] if same else 404
        assert ask(client, name, keys) == expected, person


@pytest.mark.parametrize("name", ALL)
def test_walk_of_another_employer(cast: Cast, client: Client, keys: dict[str, Any], name: str) -> None:
    """Whatever somebody's role in another employer, they find nothing of this one."""
    for role in OF_PEOPLE:
        client.force_login(walker(cast, role.value))
        refused = name.startswith("import-") and TABLE[name].answers["femi"] == 403 and role not in IMPORTERS
        assert ask(client, name, keys) == (403 if refused else TABLE[name].answers["gil"]), role
