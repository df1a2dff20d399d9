"""The list of a team's cases: which, in what order, how many at a time, and as a file."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from caseloads.actions.cases import NewCase, record_case
from caseloads.models import Allocation, Case, Contest
from caseloads.queries.case_lists import Show, Sort, Wanted, all_rows, case_list
from teams.models import Contract
from tests.cast import AT, TODAY, Cast, case, holds, record

OLD = TODAY - timedelta(days=181)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def listed(cast: Cast, **wanted: Any) -> list[str]:
    return [row.case.reference for row in case_list(cast.team, Wanted(**wanted), as_of=TODAY).rows]


def row(cast: Cast, reference: str) -> Any:
    (found,) = [one for one in all_rows(cast.team, Wanted(), as_of=TODAY) if one.case.reference == reference]
    return found


def words(client: Client, cast: Cast, query: str = "", name: str = "team-cases") -> str:
    client.force_login(cast.ben)
    answer = client.get(reverse(name, args=[cast.team.public_id]) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def test_open_cases_that_the_team_owns_or_holds(cast: Cast) -> None:
    record(cast, case("K-2", holds(cast.workers["Asha Test"], cast.team)), team=cast.other_team)
    long_ago = {"opened_on": TODAY - timedelta(days=500), "closed_on": TODAY - timedelta(days=400)}
    record(cast, case("T-9", closed_on=TODAY - timedelta(days=2)), case("T-8", **long_ago))
    assert listed(cast) == ["K-2", "T-001", "T-002", "T-003", "T-004", "T-005"]
    assert listed(cast, show=Show.CLOSED) == ["T-9"]


def test_unallocated_are_those_that_scoring_says(cast: Cast) -> None:
    record(cast, case("X", holds(cast.workers["Ben Test"], cast.team)))
    record(cast, case("Y", holds(cast.workers["Kit Test"], cast.team)))
    assert listed(cast, show=Show.UNALLOCATED) == ["T-005", "X", "Y"]
    Contract.objects.filter(worker=cast.workers["Nia Test"]).update(ends_on=TODAY)
    assert listed(cast, show=Show.UNALLOCATED) == ["T-004", "T-005", "X", "Y"]
    assert row(cast, "X").unallocated
    assert not row(cast, "T-001").unallocated


def test_not_rated_contested_and_out_of_date(cast: Cast) -> None:
    by_hand = {"override": Decimal(9), "override_reason": "Daily contact"}
    record(cast, case("A", category=""), case("B", rated_on=OLD), case("C", category="", **by_hand))
    record(cast, case("D", rated_on=OLD + timedelta(days=1)))
    Contest.objects.create(
        employer=cast.employer,
        case=Case.objects.get(reference="T-001"),
        worker=cast.workers["Asha Test"],
        reason="Daily visits",
        raised_at=AT,
    )
    assert listed(cast, show=Show.UNRATED) == ["A", "T-004"]
    assert listed(cast, show=Show.CONTESTED) == ["T-001"]
    assert listed(cast, show=Show.REVIEW) == ["B"]
    assert (row(cast, "B").review, row(cast, "D").review, row(cast, "A").unrated) == (True, False, True)


def test_narrowed_by_reference_family_category_and_holder(cast: Cast) -> None:
    asha = str(cast.workers["Asha Test"].public_id)
    assert listed(cast, reference="t-00") == ["T-001", "T-002", "T-003", "T-004", "T-005"]
    assert listed(cast, reference="F-1") == ["T-001", "T-002"]
    assert listed(cast, category="child_protection") == ["T-001", "T-002", "T-005"]
    assert listed(cast, holder=asha) == ["T-001", "T-002", "T-003"]
    assert listed(cast, holder=asha, category="child_in_need") == ["T-003"]


def test_reference_that_none_can_have_finds_nothing(cast: Cast) -> None:
    assert listed(cast, reference="6.53781E+11") == []


def test_hashed_references_are_found_whole(cast: Cast, settings: Any) -> None:
    settings.HASH_CASE_REFERENCES, settings.CASE_REFERENCE_KEY = True, "a key"
    new = NewCase("N-1", "assessment", TODAY, family_reference="F-9")
    made = record_case(team=cast.team, new=new, by=cast.ben, at=AT)
    assert listed(cast, reference="N-1") == listed(cast, reference="F-9") == [made.reference]
    assert listed(cast, reference=made.reference) == [made.reference]
    assert listed(cast, reference=made.reference[:3]) == []


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        (Sort.REFERENCE, ["T-001", "T-002"]),
        (Sort.HOLDER, ["T-005", "T-001"]),
        (Sort.CATEGORY, ["T-004", "T-003"]),
        (Sort.WEIGHT, ["X", "T-001"]),
        (Sort.PRIORITY, ["X", "T-001"]),
        (Sort.RATED, ["T-004", "X"]),
    ],
)
def test_sorted_by_the_server(cast: Cast, sort: Sort, first: list[str]) -> None:
    nia = holds(cast.workers["Nia Test"], cast.team)
    record(cast, case("X", nia, category="unknown", priority=Case.Priority.URGENT, rated_on=OLD))
    assert listed(cast, sort=sort)[:2] == first


def test_who_holds_a_case_is_named_lead_first(cast: Cast) -> None:
    kit = holds(cast.workers["Kit Test"], cast.other_team, share=40, role=Allocation.Role.CO_WORKER)
    record(cast, case("X", kit, holds(cast.workers["Nia Test"], cast.team, share=60)))
    assert row(cast, "X").held_by == "Nia Test 60\xa0%, Kit Test 40\xa0%"
    assert row(cast, "T-001").held_by == "Asha Test"
    assert row(cast, "T-005").held_by == ""


def test_team_without_a_scheme_has_a_list_all_the_same(cast: Cast) -> None:
    record(cast, case("E-2", category=""), case("E-1", rated_on=OLD), team=cast.elsewhere)
    for sort in Sort:
        rows = case_list(cast.elsewhere, Wanted(sort=sort), as_of=TODAY).rows
        assert {one.case.reference: one.weight for one in rows} == {"E-1": None, "E-2": None}
    assert case_list(cast.elsewhere, Wanted(show=Show.REVIEW), as_of=TODAY).total == 0


def test_a_hundred_at_a_time(cast: Cast, client: Client) -> None:
    record(cast, *(case(f"N-{number:03}") for number in range(150)))
    first, second = words(client, cast), words(client, cast, "?page=2&sort=reference")
    assert "All open cases: 155" in first
    assert "Page 1 of 2" in first
    assert ("N-099" in first, "N-100" in first) == (True, False)
    assert ("N-149" in second, "T-005" in second) == (True, True)
    assert "?page=1&amp;sort=reference" in second
    assert "Page 1 of 2" in words(client, cast, "?page=nonsense")
    assert "Page 2 of 2" in words(client, cast, "?page=99")


def test_page_says_what_it_shows_and_passes_over_nonsense(cast: Cast, client: Client) -> None:
    shown = words(client, cast)
    for said in (
        "Record a case",
        "Asha Test",
        "unallocated",
        "unrated",
        "Child protection",
        "F-1",
        "Download this list",
    ):
        assert said in shown
    assert "No case matches." in words(client, cast, "?reference=nothing")
    assert "All open cases: 5" in words(client, cast, "?show=drop&sort=;&holder=nobody&category=none")
    assert "Record a case" not in words_of(client, cast.cora, cast)


def words_of(client: Client, user: Any, cast: Cast) -> str:
    client.force_login(user)
    return client.get(reverse("team-cases", args=[cast.team.public_id])).content.decode()


def test_empty_team_says_what_to_do(cast: Cast, client: Client) -> None:
    client.force_login(cast.gil)
    shown = client.get(reverse("team-cases", args=[cast.elsewhere.public_id])).content.decode()
    assert "This team has no open cases." in shown


def test_out_of_date_list_says_after_how_long(cast: Cast, client: Client) -> None:
    record(cast, case("B", rated_on=OLD))
    shown = words(client, cast, "?show=review")
    assert "Rated more than 180 days ago" in shown
    assert "out of date" in shown


def test_list_as_a_file_is_whole_and_starts_no_formula(cast: Cast, client: Client) -> None:
    record(cast, case("=1+1"), *(case(f"N-{number:03}") for number in range(120)))
    client.force_login(cast.ben)
    answer = client.get(reverse("team-cases-csv", args=[cast.team.public_id]))
    rows = {one["case"]: one for one in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert len(rows) == 126
    assert "'=1+1" in rows
    wanted = {"weight": "8.00", "held by": "Asha Test", "priority": "Routine", "unallocated": "no", "closed on": ""}
    assert rows["T-001"] | wanted == rows["T-001"]
    narrowed = client.get(reverse("team-cases-csv", args=[cast.team.public_id]) + "?show=unrated")
    assert narrowed.content.decode("utf-8-sig").count("\n") == 2


@pytest.mark.parametrize("query", ["", "?sort=weight", "?show=review&sort=holder", "?show=unallocated", "?page=2"])
def test_statements_of_the_list_do_not_grow(
    cast: Cast, client: Client, django_assert_max_num_queries: Any, query: str
) -> None:
    record(cast, *(case(f"N-{number:03}", holds(cast.workers["Asha Test"], cast.team)) for number in range(120)))
    client.force_login(cast.ben)
    where = reverse("team-cases", args=[cast.team.public_id]) + query
    client.get(where)
    with django_assert_max_num_queries(15):
        client.get(where)
