"""What if: before and after, in memory only, from a link that holds the whole plan."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from caseloads.actions.schemes import publish_scheme
from caseloads.models import Allocation, Case
from caseloads.queries.planning import Asked, Outcome, basis, work_out
from healthcheck.demo import schemes
from teams.models import Contract, Team
from teams.refusals import NotAllowed
from tests.cast import AT, TODAY, Cast, case, record


@pytest.fixture(autouse=True)
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def the_team(cast: Cast) -> Team:
    return Team.objects.select_related("employer", "service_area").get(pk=cast.team.pk)


def asked(cast: Cast, **supposed: Any) -> Outcome:
    return work_out(basis(the_team(cast), on=TODAY), Asked(**supposed))


def key(cast: Cast, name: str) -> str:
    return str(cast.workers[name].public_id)


def figures(outcome: Outcome) -> dict[str, tuple[str, str]]:
    return {
        line.name: (line.before.figure if line.before else "", line.after.figure if line.after else "")
        for line in outcome.lines
    }


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_nothing_supposed_changes_nothing(cast: Cast) -> None:
    outcome = asked(cast)
    assert outcome.before == outcome.after
    assert outcome.destinations == []


def test_a_worker_leaves_and_their_cases_wait(cast: Cast) -> None:
    outcome = asked(cast, leave=[key(cast, "Asha Test")])
    assert (outcome.before.unallocated, outcome.after.unallocated) == (1, 4)
    assert figures(outcome)["Asha Test"] == ("33.9\u00a0%", "")
    assert [line.note for line in outcome.lines if line.name == "Asha Test"] == ["leaves"]
    assert Allocation.objects.filter(worker=cast.workers["Asha Test"]).open_on(TODAY).count() == 3


def test_what_nobody_would_hold_is_shared_out_with_reasons(cast: Cast) -> None:
    outcome = asked(cast, leave=[key(cast, "Asha Test")], spread=True, joiners=1, stage="ESTABLISHED")
    assert outcome.after.unallocated == 0
    to = {one.reference: one.to for one in outcome.destinations}
    assert to["T-001"] == to["T-002"] == "New worker 1"
    assert all(one.why.startswith(f"{one.to} is then at ") for one in outcome.destinations)


def test_newly_qualified_workers_join_with_a_smaller_capacity(cast: Cast) -> None:
    outcome = asked(cast, joiners=2, hours=Decimal("18.5"))
    assert outcome.before.capacity is not None
    assert outcome.after.capacity == outcome.before.capacity + 2 * Decimal("45.00")
    assert [(line.name, line.note) for line in outcome.lines][-2:] == [
        ("New worker 1", "joins, newly qualified"),
        ("New worker 2", "joins, newly qualified"),
    ]
    assert asked(cast, joiners=99).after.head_count == outcome.before.head_count + 9
    unqualified = asked(cast, joiners=1, stage="UNQUALIFIED", spread=True)
    assert [one.to for one in unqualified.destinations] == ["Asha Test"]


def test_cases_that_wait_go_to_whom_one_says(cast: Cast) -> None:
    waiting = str(Case.objects.get(reference="T-005").public_id)
    outcome = asked(cast, gives={waiting: key(cast, "Asha Test")})
    assert figures(outcome)["Asha Test"] == ("33.9\u00a0%", "42.8\u00a0%")
    (one,) = outcome.destinations
    assert (one.reference, one.to, one.why) == ("T-005", "Asha Test", "")
    assert asked(cast, joiners=1, gives={waiting: "new-1"}).after.unallocated == 0


def test_nobody_who_may_take_it_is_said(cast: Cast) -> None:
    Contract.objects.exclude(worker=cast.workers["Una Test"]).update(ends_on=TODAY)
    record(cast, case("T-77", category="child_protection"))
    outcome = asked(cast, spread=True)
    assert "nobody" in {one.to for one in outcome.destinations}


def test_a_link_older_than_the_team_leaves_out_what_is_gone(cast: Cast) -> None:
    gone = "00000000-0000-0000-0000-000000000000"
    waiting = str(Case.objects.get(reference="T-005").public_id)
    outcome = asked(cast, leave=[gone], version="99", gives={gone: gone, waiting: gone})
    assert outcome.before == outcome.after


def test_another_version_of_the_scheme(cast: Cast) -> None:
    draft = schemes.childrens(TODAY + timedelta(days=30))
    draft.fields["maximum"] = Decimal(50)  # type: ignore[index]
    draft.fields["stable"] = Decimal(10)  # type: ignore[index]
    publish_scheme(service_area=cast.area, draft=draft, by=None, at=AT)
    outcome = asked(cast, version="2")
    assert outcome.scheme.row.version == 2
    assert outcome.before.capacity is not None
    assert outcome.after.capacity == outcome.before.capacity / 2


def test_without_a_scheme_there_is_nothing_to_plan_with(cast: Cast, client: Client) -> None:
    with pytest.raises(NotAllowed, match="No weighting scheme is published"):
        basis(cast.elsewhere, on=TODAY)
    client.force_login(cast.gil)
    page = client.get(f"/teams/{cast.elsewhere.public_id}/what-if/", follow=True)
    assert "no plan can be worked out" in page.content.decode()


def test_the_page_holds_the_plan_in_its_address(cast: Cast, client: Client) -> None:
    client.force_login(cast.dev)
    address = f"/teams/{cast.team.public_id}/what-if/"
    assert "Before and after" not in client.get(address).content.decode()
    plan = {"leave": key(cast, "Asha Test"), "joiners": "1", "spread": "on", "on": "3/11/2026"}
    text = plain(client.get(address, plan).content.decode())
    assert "Before and after, 3 November 2026" in text
    assert "33.9 % until then" in text
    assert "is then at" in text
    wrong = plain(client.get(address, {"joiners": "10", "on": "31/2/2026"}).content.decode())
    assert "Enter a real day" in wrong
    assert "There is a problem" in wrong


@pytest.mark.parametrize("waiting", [1, 40])
def test_number_of_queries_is_constant(
    cast: Cast, client: Client, waiting: int, django_assert_max_num_queries: Any
) -> None:
    record(cast, *(case(f"W-{number}") for number in range(waiting)))
    client.force_login(cast.ben)
    address = f"/teams/{cast.team.public_id}/what-if/"
    client.get(address)
    with django_assert_max_num_queries(15):
        assert client.get(address, {"leave": key(cast, "Asha Test"), "spread": "on"}).status_code == 200


def test_a_form_with_very_many_cases_is_answered_with_a_short_address(cast: Cast, client: Client) -> None:
    record(cast, *(case(f"W-{number}") for number in range(300)))
    client.force_login(cast.ben)
    address = f"/teams/{cast.team.public_id}/what-if/"
    form = {field.html_name: "" for field in client.get(address).context["form"]}
    waiting = Case.objects.get(reference="W-7").public_id
    asha = key(cast, "Asha Test")
    answer = client.post(address, form | {f"to_{waiting}": asha, "joiners": "1", "leave": ["", asha]})
    assert len(answer.headers["Location"]) < 300
    assert f"to_{waiting}={asha}" in answer.headers["Location"]
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_short_address_shows_the_rest_as_it_stands(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    form = client.get(f"/teams/{cast.team.public_id}/what-if/", {"joiners": "1"}).context["form"]
    shown = {name: str(form[name].value()) for name in ("on", "stage", "hours", "version")}
    hours = str(the_team(cast).service_area.full_time_hours)
    assert shown == {"on": "02/11/2026", "stage": "NEWLY_QUALIFIED", "hours": hours, "version": "1"}
