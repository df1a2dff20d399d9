from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from caseloads.models import Case
from teams.models import User
from tests.cast import AT, TODAY, Cast, case, holds, record


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def page(client: Client, user: User, reference: str) -> str:
    client.force_login(user)
    response = client.get(reverse("case", args=[Case.objects.get(reference=reference).public_id]))
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def test_case_says_what_it_weighs_who_holds_it_and_why(cast: Cast, client: Client) -> None:
    shown = page(client, cast.ben, "T-003")
    for words in ("Case T-003", "5.00", "Child in need 4.00 + Long travel 1.00", "Asha Test", "100 %", "Routine"):
        assert words in shown
    assert "Recorded." in shown


def test_other_cases_of_the_family_are_a_step_away(cast: Cast, client: Client) -> None:
    shown = page(client, cast.ben, "T-001")
    assert "F-1" in shown
    assert reverse("case", args=[Case.objects.get(reference="T-002").public_id]) in shown


def test_unrated_and_unallocated_case_says_so(cast: Cast, client: Client) -> None:
    assert "Not rated yet: default weight 5.00" in page(client, cast.ben, "T-004")
    assert "This case is unallocated." in page(client, cast.ben, "T-005")


def test_history_of_ratings_goes_from_old_to_new(cast: Cast, client: Client) -> None:
    (row,) = record(cast, case("X", holds(cast.workers["Asha Test"], cast.team), category="assessment"))
    row.ratings.create(
        category="child_protection", factors={}, reason="Now on a plan.", rated_on=TODAY, rated_by=cast.ben
    )
    assert "5.00 → 8.00" in page(client, cast.ben, "X")
    assert "Now on a plan." in page(client, cast.asha, "X")


def test_closed_case_stays_readable(cast: Cast, client: Client) -> None:
    closed = TODAY - timedelta(days=3)
    holder = holds(cast.workers["Asha Test"], cast.team, ended_on=closed)
    record(cast, case("X", holder, closed_on=closed))
    shown = page(client, cast.asha, "X")
    assert "This case is closed." in shown
    assert "Nobody, since it is closed." in shown
    assert "30 October 2026" in shown


def test_statements_of_the_page_do_not_grow(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    (first, *_) = record(cast, *(case(f"N-{number}", family_reference="F-9") for number in range(20)))
    for day in range(20):
        first.ratings.create(category="assessment", factors={}, rated_on=TODAY - timedelta(days=day))
    page(client, cast.ben, "N-0")
    client.force_login(cast.ben)
    with django_assert_max_num_queries(15):
        client.get(reverse("case", args=[first.public_id]))
