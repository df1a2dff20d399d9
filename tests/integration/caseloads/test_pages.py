from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from caseloads.models import Allocation, Case
from caseloads.queries.workloads import team_workload, worker_posts
from caseloads.snapshots import score_employer
from teams.actions.setting_up import add_workers
from tests.cast import AT, TODAY, WALL, Cast, case, holds, new_worker, record


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def page(client: Client, user: Any, name: str, *args: object, query: str = "") -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def test_team_page_shows_every_worker_and_who_waits(cast: Cast, client: Client) -> None:
    shown = page(client, cast.ben, "team", cast.team.public_id)
    for words in ("Asha Test", "Nia Test", "Una Test", "30.50", "33.9 %", "T-005", "Unallocated for too long"):
        assert words in shown
    assert "Kit Test" not in shown


def test_team_page_has_an_order(cast: Cast, client: Client) -> None:
    by_load = page(client, cast.ben, "team", cast.team.public_id)
    by_name = page(client, cast.ben, "team", cast.team.public_id, query="?sort=name")
    nonsense = page(client, cast.ben, "team", cast.team.public_id, query="?sort=;drop")
    by_cases = page(client, cast.ben, "team", cast.team.public_id, query="?sort=cases")
    rows = [f">{name} Test</a>" for name in ("Asha", "Nia", "Una")]
    assert sorted(rows, key=by_name.index) == rows
    assert by_load.index(rows[0]) < by_load.index(rows[1])
    assert sorted(rows, key=by_cases.index) == rows
    assert 'aria-sort="descending"' in nonsense


def test_chart_says_in_words_what_it_draws(cast: Cast, client: Client) -> None:
    shown = page(client, cast.ben, "team", cast.team.public_id)
    assert "Asha Test: 33.9 %, room." in shown


def test_worker_who_cannot_be_scored_says_why(cast: Cast, client: Client) -> None:
    add_workers(employer=cast.employer, workers=[new_worker("Noor Test", cast.team, None)], by=None, at=AT)
    shown = page(client, cast.ben, "team", cast.team.public_id)
    assert "Contracted hours are not recorded." in shown


def test_team_of_whom_nothing_is_known_says_so_and_what_to_do(cast: Cast, client: Client) -> None:
    new = [new_worker("Noor Test", cast.elsewhere, None, career_stage="")]
    add_workers(employer=cast.elsewhere.employer, workers=new, by=None, at=AT)
    shown = page(client, cast.gil, "team", cast.elsewhere.public_id)
    assert "Not known: 1 of 1 workers." in shown
    assert "imported from a staff list" in shown
    assert "FTE not known" in shown
    assert "0.00 FTE" not in shown
    score_employer(employer_id=cast.elsewhere.employer_id, as_of=TODAY, at=AT)
    assert page(client, cast.gil, "home").count("not known") == 2


def test_unallocated_case_of_unknown_weight_is_not_passed_over(cast: Cast, client: Client) -> None:
    record(cast, case("X", category="no-such-category"))
    shown = page(client, cast.ben, "team", cast.team.public_id)
    assert "The weight of 1 is not known and left out." in shown


def test_unallocated_cases_come_in_the_order_in_which_they_need_a_worker(cast: Cast, client: Client) -> None:
    days = {"opened_on": TODAY - timedelta(days=9), "rated_on": None}
    urgent, high = Case.Priority.URGENT, Case.Priority.HIGH
    record(
        cast,
        case("W-1", category="proceedings", **days),
        case("W-2", category="assessment", **days),
        case("W-3", category="assessment", priority=high, opened_on=TODAY),
        case("W-4", category="assessment", priority=urgent, opened_on=TODAY),
    )
    rows = team_workload(cast.team, as_of=TODAY).unallocated
    assert [row.reference for row in rows] == ["W-4", "W-3", "W-1", "W-2", "T-005"]
    shown = page(client, cast.ben, "team", cast.team.public_id)
    assert "Urgent" in shown
    assert reverse("case", args=[rows[0].public_id]) in shown


def test_of_very_many_unallocated_cases_the_first_are_shown(cast: Cast, client: Client) -> None:
    record(cast, *(case(f"N-{number:03}") for number in range(110)))
    shown = page(client, cast.ben, "team", cast.team.public_id)
    assert shown.count("These are the first 100 of 111.") == 2
    assert "N-108" not in shown


def test_old_ratings_are_listed_for_the_next_supervision(cast: Cast, client: Client) -> None:
    asha, old = cast.workers["Asha Test"], TODAY - timedelta(days=181)
    record(cast, case("B", holds(asha, cast.team), rated_on=old))
    record(cast, case("A", holds(asha, cast.team), rated_on=old - timedelta(days=9)))
    for user, name, key in ((cast.asha, "own-workload", ()), (cast.ben, "worker", (asha.public_id,))):
        shown = page(client, user, name, *key).split("Ratings to review in the next supervision")[1]
        assert shown.index(">A</a>, rated on 26 April 2026") < shown.index(">B</a>, rated on 5 May 2026")


def test_names_print_as_words(cast: Cast, client: Client) -> None:
    add_workers(employer=cast.employer, workers=[new_worker("<b>Bold</b>", cast.team)], by=None, at=AT)
    shown = page(client, cast.ben, "team", cast.team.public_id)
    assert "<b>Bold</b>" not in shown
    assert "&lt;b&gt;Bold&lt;/b&gt;" in shown


def test_empty_team_says_what_to_do(cast: Cast, client: Client) -> None:
    shown = page(client, cast.gil, "team", cast.elsewhere.public_id)
    assert "Import a staff file" in shown
    assert "None today." in shown


def test_same_sum_for_worker_and_manager(cast: Cast, client: Client) -> None:
    own = page(client, cast.asha, "own-workload")
    hers = page(client, cast.ben, "worker", cast.workers["Asha Test"].public_id)
    for words in ("Child protection 8.00", "× 50 %", "13.50", "30.50", "−10.00", "90.00", "version 1"):
        assert words in own
        assert words in hers


def test_account_without_a_worker_is_told_so(cast: Cast, client: Client) -> None:
    assert "not linked to a worker" in page(client, cast.dev, "own-workload")


def test_worker_without_cases_or_contract(cast: Cast, client: Client) -> None:
    assert "You hold no cases in person" in page(client, cast.ben, "own-workload")
    una = page(client, cast.ben, "worker", cast.workers["Una Test"].public_id)
    assert "No cases are held today" in una


def test_home_shows_the_newest_scoring(cast: Cast, client: Client) -> None:
    assert "Not scored yet" in page(client, cast.dev, "home")
    score_employer(employer_id=cast.employer.pk, as_of=TODAY - timedelta(days=1), at=AT - timedelta(days=1))
    record(cast, case("X", holds(cast.workers["Asha Test"], cast.team)))
    score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
    shown = page(client, cast.dev, "home")
    assert "Heron Team" in shown
    assert "Elsewhere" not in shown
    assert "no team whose workload you may see" in page(client, cast.femi, "home")


@pytest.mark.parametrize(("name", "most"), [("team", 15), ("worker", 15)])
def test_statements_of_a_page_do_not_grow(
    cast: Cast, client: Client, django_assert_max_num_queries: Any, name: str, most: int
) -> None:
    client.force_login(cast.ben)
    key = cast.team.public_id if name == "team" else cast.workers["Asha Test"].public_id
    record(cast, *(case(f"N-{number}", holds(cast.workers["Asha Test"], cast.team)) for number in range(40)))
    client.get(reverse(name, args=[key]))
    with django_assert_max_num_queries(most + WALL):
        client.get(reverse(name, args=[key]))


def test_statements_of_a_worker_do_not_grow_with_their_teams(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    kit, teams = cast.workers["Kit Test"], [cast.team, cast.other_team]
    kit.contracts.create(team=cast.team, weekly_hours=10, starts_on=TODAY - timedelta(days=90))
    second = holds(cast.workers["Asha Test"], cast.team, share=50, role=Allocation.Role.CO_WORKER)
    record(cast, case("K-100", holds(kit, cast.team, share=50), second))
    alone = [row for team in teams for row in team_workload(team, as_of=TODAY).workers if row.worker == kit.pk]
    assert [post.row for post in worker_posts(kit, as_of=TODAY)] == alone
    assert len(alone) == 2
    client.force_login(cast.hana)
    client.get(reverse("worker", args=[kit.public_id]))
    with django_assert_max_num_queries(15 + WALL):
        client.get(reverse("worker", args=[kit.public_id]))
