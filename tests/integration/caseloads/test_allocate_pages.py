"""The pages on which cases are allocated and shared."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from caseloads.models import Allocation, LimitException
from teams.actions.setting_up import add_workers
from teams.models import CapacityReduction, Worker
from teams.refusals import NotAllowed
from tests.cast import AT, WALL, Cast, case, holds, new_worker, record
from tests.integration.caseloads.test_allocating import UNALLOCATED, find, give

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def ben(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ben)
    return client


def address(page: str, reference: str = UNALLOCATED) -> str:
    return f"/cases/{find(reference).public_id}/{page}/"


def typed(worker: Worker, **more: Any) -> dict[str, Any]:
    return {
        "worker": str(worker.public_id),
        "share": 100,
        "on": "2/11/2026",
        "seen": find().revision,
        "once": str(uuid4()),
    } | more


def test_candidates_show_from_and_to_the_least_loaded_first(cast: Cast, ben: Client) -> None:
    page = ben.get(address("allocate"))
    text = " ".join(page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())
    assert "from 33.9 % to <strong>42.8 %</strong>" in text
    names = [effect.worker.name for effect in page.context["page"].candidates]
    assert names == ["Nia Test", "Asha Test", "Una Test"]
    assert "Reserved to registered social workers" in text
    assert "alone with a reserved case" in text


def test_candidates_for_another_share_keep_what_was_typed(cast: Cast, ben: Client) -> None:
    page = ben.post(address("allocate"), typed(cast.workers["Asha Test"], share=50, note="Soon", step="look"))
    assert page.context["page"].share == 50
    assert "Soon" in page.content.decode()
    assert not Allocation.objects.filter(case__reference=UNALLOCATED).exists()


@pytest.mark.parametrize("size", [2, 14])
def test_number_of_queries_is_constant(cast: Cast, ben: Client, size: int, django_assert_max_num_queries: Any) -> None:
    people = [new_worker(f"Worker {number}", cast.team) for number in range(size)]
    for number, worker in enumerate(add_workers(employer=cast.employer, workers=people, by=None, at=AT)):
        record(cast, case(f"W-{number}", holds(worker, cast.team)))
    ben.get(address("allocate"))  # a published scheme never changes: its parts are read once and kept
    with django_assert_max_num_queries(15 + WALL):
        assert ben.get(address("allocate")).status_code == 200


def test_a_case_is_allocated_and_the_same_form_sent_again_saves_nothing(cast: Cast, ben: Client) -> None:
    form = typed(cast.workers["Asha Test"])
    first, second = (ben.post(address("allocate"), form, follow=True) for _ in range(2))
    assert "is allocated to Asha Test" in first.content.decode()
    assert second.redirect_chain
    assert Allocation.objects.filter(case__reference=UNALLOCATED).count() == 1


def test_a_limit_is_asked_about_on_the_same_page(cast: Cast, ben: Client) -> None:
    una = cast.workers["Una Test"]
    page = ben.post(address("allocate"), typed(una))
    text = page.content.decode()
    assert "This goes past a limit that needs approval" in text
    assert "Reserved to registered social workers: Case T-005" in text
    assert "Hana Test" in text
    form = typed(una, limit_reason="Speaks the language", approved_by=cast.hana.pk)
    assert ben.post(address("allocate"), form).status_code == 302
    assert LimitException.objects.get().approved_by == cast.hana


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"worker": ""}, "Choose who is to hold the case"),
        ({"share": "101"}, "Enter a share from 1 to 100"),
        ({"share": ""}, "Enter a share from 1 to 100"),
        ({"on": "30/2/2026"}, "Enter a real day, such as 31/03/2026"),
        ({"on": "1/1/2020"}, "The case was opened on"),
        ({"agreement": "DISAGREED"}, "Enter why the worker disagrees"),
        ({"note": "dob 1/2/2015"}, "This looks like a date of birth"),
    ],
)
def test_bad_input_gets_a_sentence(cast: Cast, ben: Client, changes: dict[str, Any], sentence: str) -> None:
    page = ben.post(address("allocate"), typed(cast.workers["Asha Test"]) | changes)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert "There is a problem" in page.content.decode()
    assert not Allocation.objects.filter(case__reference=UNALLOCATED).exists()


def test_a_stale_form_is_told_what_changed_and_may_be_sent_again(cast: Cast, ben: Client) -> None:
    form = typed(cast.workers["Nia Test"], share=40)
    give(cast, "Asha Test", 60, by=cast.hana)
    page = ben.post(address("allocate"), form)
    assert "Allocated to Asha Test, 60 %" in page.content.decode()
    form |= {"seen": page.context["form"]["seen"].value()}
    assert ben.post(address("allocate"), form).status_code == 302
    assert Allocation.objects.filter(case__reference=UNALLOCATED).count() == 2


def test_an_area_without_a_scheme_leads_back_with_a_sentence(cast: Cast, client: Client) -> None:
    record(cast, case("E-1"), team=cast.elsewhere)
    client.force_login(cast.gil)
    page = client.get(address("allocate", "E-1"), follow=True)
    assert "No weighting scheme is published" in page.content.decode()


def test_a_team_without_workers_says_what_to_do(cast: Cast, ben: Client) -> None:
    Worker.objects.update(case_holding=False)
    assert "Nobody in this team holds cases today" in ben.get(address("allocate")).content.decode()


def test_shares_are_changed(cast: Cast, ben: Client) -> None:
    give(cast, "Asha Test", 60)
    give(cast, "Nia Test", 40)
    form = {one.name: one.value() or "" for one in ben.get(address("shares")).context["form"]}
    asha, nia = (cast.workers[name].public_id for name in ("Asha Test", "Nia Test"))
    form |= {
        f"share_{asha}": 20,
        f"share_{nia}": 80,
        "lead": nia,
        "on": "2/11/2026",
        "limit_reason": "",
        "approved_by": "",
        "reason": "Agreed",
    }
    assert ben.post(address("shares"), form).status_code == 302
    assert Allocation.objects.get(worker__name="Nia Test", case__reference=UNALLOCATED, ended_on=None).role == "LEAD"
    again = ben.post(address("shares"), form, follow=True)
    assert "nothing was saved twice" in again.content.decode()


def test_shares_past_a_limit_and_wrong_ones_are_asked_about(cast: Cast, ben: Client) -> None:
    row = give(cast, "Asha Test", 20)
    CapacityReduction.objects.create(
        worker=row.worker, team=cast.team, kind="PERCENT", amount=85, reason="Court", starts_on=timezone.localdate()
    )
    share, lead = f"share_{row.worker.public_id}", row.worker.public_id
    form = {
        share: 100,
        "lead": lead,
        "on": "2/11/2026",
        "reason": "Agreed",
        "seen": find().revision,
        "once": str(uuid4()),
    }
    assert "This goes past a limit" in ben.post(address("shares"), form).content.decode()
    wrong = ben.post(address("shares"), form | {share: "half"})
    assert "Enter a whole number from 0 to 100 for Asha Test" in wrong.content.decode()
    nothing = ben.post(address("shares"), form | {share: 20})
    assert "Nothing would change" in nothing.content.decode()


def test_shares_of_a_case_that_nobody_holds_lead_to_allocating(cast: Cast, ben: Client) -> None:
    assert "Allocate it" in ben.get(address("shares")).content.decode()


def test_the_worker_answers_once(cast: Cast, client: Client) -> None:
    give(cast, "Asha Test")
    client.force_login(cast.asha)
    form = {"agreement": "DISAGREED", "words": "", "once": str(uuid4())}
    assert "Enter why you disagree" in client.post(address("answer"), form).content.decode()
    form["words"] = "Two court weeks"
    first, second = (client.post(address("answer"), form, follow=True) for _ in range(2))
    assert "Your answer is recorded" in first.content.decode()
    assert "nothing was saved twice" in second.content.decode()
    with pytest.raises(NotAllowed):
        give(cast, "Asha Test", 1)
