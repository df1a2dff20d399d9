"""Ways to the health checks: from the header, from the staff's own pages, and from the page of one's duties."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from checks.actions import moves
from checks.checking import Judgement
from checks.models import Cycle, HealthCheck
from checks.queries.waiting import checks_waiting
from teams.actions.setting_up import add_team
from teams.models import RoleAssignment, User
from tests.cast import AT, TODAY, WALL, Cast
from tests.integration.checks.rounds import accepted, answer_of, check_of, doing, opened, signed, submitted


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


def waiting(user: User, days: int = 0) -> list[tuple[str, str, bool]]:
    rows = checks_waiting(user, as_of=TODAY + timedelta(days=days))
    return [(str(row.check.team), row.what, row.late) for row in rows]


def test_an_open_check_waits_for_those_who_answer_for_its_team(cast: Cast) -> None:
    opened(cast, teams=[cast.team, cast.other_team])
    assert waiting(cast.ben) == [("Heron Team", "To be answered", False)]
    assert waiting(cast.ben, 21) == [("Heron Team", "To be answered", False)]
    assert waiting(cast.ben, 22) == [("Heron Team", "To be answered", True)]
    assert [team for team, _, _ in waiting(cast.hana)] == ["Heron Team", "Kestrel Team"]
    for user in (cast.asha, cast.cora, cast.dev, cast.ewa, cast.femi, cast.gil):
        assert waiting(user) == []


@pytest.mark.parametrize(
    ("made", "name", "what"),
    [
        (submitted, "cora", "To be read: accept, ask or return it"),
        (accepted, "dev", "To be signed off or returned"),
        (signed, "dev", "To be published or returned"),
    ],
)
def test_a_check_waits_for_whoever_moves_it_on(cast: Cast, made: Any, name: str, what: str) -> None:
    made(cast)
    for each, user in cast.users.items():
        assert waiting(user, 60) == ([("Heron Team", what, False)] if each == name else [])


def test_what_is_published_or_in_a_closed_cycle_waits_for_nobody(cast: Cast) -> None:
    check = signed(cast)
    Cycle.objects.update(state=Cycle.State.CLOSED)
    assert waiting(cast.dev) == []
    Cycle.objects.update(state=Cycle.State.OPEN)
    moves.publish(check=check, words="We looked.", doing=doing(cast.dev))
    assert waiting(cast.dev) == []


def test_a_manager_reads_what_waits_on_the_page_of_duties(cast: Cast, client: Client, time_machine: Any) -> None:
    time_machine.move_to(AT + timedelta(days=30), tick=False)
    assert "Health checks that wait for you" not in as_(client, cast.ben).get("/duties/").content.decode()
    check = submitted(cast)
    for code in ("fair", "space"):
        moves.challenge(
            answer=answer_of(check, code), question="How?", suggested=Judgement.NOT_MET, doing=doing(cast.cora)
        )
    page = client.get("/duties/").content.decode()
    assert f'href="/checks/{check.public_id}/"' in page
    assert "2 open questions" in page
    assert ">late</strong>" not in page
    moves.return_check(check=check, words="Say more", doing=doing(cast.cora))
    page = client.get("/duties/").content.decode()
    assert "To be answered" in page
    assert ">late</strong>" in page


@pytest.mark.parametrize("teams", [1, 12])
def test_many_checks_take_no_more_statements(
    cast: Cast, client: Client, teams: int, django_assert_num_queries: Any
) -> None:
    first = check_of(opened(cast), cast.team)
    for number in range(1, teams):
        team = add_team(service_area=cast.area, name=f"Team {number}", by=None, at=AT)
        HealthCheck.objects.create(employer=cast.employer, cycle=first.cycle, team=team)
    assert len(waiting(cast.hana)) == teams
    as_(client, cast.hana)
    with django_assert_num_queries(7 + WALL):
        client.get("/duties/")
