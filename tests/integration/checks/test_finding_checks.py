"""Ways to the health checks: from the header, from the staff's own pages, and from the page of one's duties."""

import pytest
from django.test import Client

from checks.actions import moves
from teams.models import RoleAssignment, User
from tests.cast import Cast
from tests.integration.checks.rounds import doing, signed


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.mark.parametrize("address", ["/my-workload/said/", "/teams/{team}/said/"])
def test_staff_find_what_is_published_and_all_else(cast: Cast, client: Client, address: str) -> None:
    check = signed(cast)
    address = address.format(team=cast.team.public_id)
    link = f'href="/checks/{check.public_id}/published/"'
    assert link not in as_(client, cast.asha).get(address).content.decode()
    moves.publish(check=check, words="We looked.", doing=doing(cast.dev))
    page = client.get(address).content.decode().partition("<main")[2]
    assert link in page
    assert 'href="/health-checks/"' in page


def test_everybody_finds_the_health_checks_of_their_employer(cast: Cast, client: Client) -> None:
    header = as_(client, cast.asha).get("/my-workload/").content.decode().partition("</header>")[0]
    assert 'href="/health-checks/"' in header
    assert client.get("/health-checks/")["Location"] == "/employers/testshire/cycles/"
    RoleAssignment.objects.create(user=cast.asha, employer=cast.elsewhere.employer, role="OBSERVER")
    both = client.get("/health-checks/").content.decode()
    assert "/employers/testshire/cycles/" in both
    assert "/employers/elsewhere/cycles/" in both
    nobody = User.objects.create_user("nobody")
    assert "You belong to no employer yet" in as_(client, nobody).get("/health-checks/").content.decode()


def test_the_link_to_health_checks_stands_above_the_teams(cast: Cast, client: Client) -> None:
    page = as_(client, cast.ben).get("/").content.decode().partition("<main")[2]
    assert page.index("/employers/testshire/cycles/") < page.index("<table")
