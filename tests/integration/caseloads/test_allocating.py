"""Who holds a case: given, shared, taken off, with the limits that are passed on the way."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from caseloads.actions.allocating import Offer, allocate, answer_allocation, reshare
from caseloads.actions.changing import ChangedMeanwhile
from caseloads.actions.placing import LimitsPassed, PastLimit
from caseloads.models import Allocation, Case, CaseChange, LimitException, ScoringNeed
from caseloads.queries.workloads import team_workload
from caseloads.workload_scheme import Limit
from teams.actions.setting_up import add_workers
from teams.models import AuditEntry, CapacityReduction
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast, assemble, case, holds, new_worker, record

UNALLOCATED = "T-005"


def find(reference: str = UNALLOCATED) -> Case:
    return Case.objects.select_related("team__service_area", "team__employer", "employer").get(reference=reference)


def give(cast: Cast, name: str, share: int = 100, reference: str = UNALLOCATED, **more: Any) -> Allocation:
    offer = more.pop("offer", None) or Offer(cast.workers[name], share, TODAY)
    fields: dict[str, Any] = {"past": PastLimit(), "seen": None, "once": None, "by": cast.ben, "at": AT}
    return allocate(case=find(reference), offer=offer, **(fields | more))


def load(cast: Cast, name: str) -> Decimal | None:
    rows = team_workload(cast.team, as_of=TODAY).workers
    return next(row.load for row in rows if row.name == name)


def texts(reference: str = UNALLOCATED) -> list[str]:
    return list(CaseChange.objects.filter(case__reference=reference).values_list("text", flat=True))


def test_allocated_case_counts_at_once_and_the_words_are_kept(cast: Cast) -> None:
    before = load(cast, "Asha Test")
    row = give(cast, "Asha Test")
    assert (row.role, row.share, row.started_on) == ("LEAD", 100, TODAY)
    assert before is not None
    assert load(cast, "Asha Test") == before + 8
    assert (
        texts()[-1]
        == "Allocated to Asha Test, 100 %, from 2\u00a0November\u00a02026: load from 33.9\u00a0% to 42.8\u00a0%."
    )
    entry = AuditEntry.objects.filter(event="CASE_ALLOCATED").get()
    asha = cast.workers["Asha Test"].pk
    shares = {str(asha): {"before": None, "after": 100}}
    assert (entry.by, entry.detail) == (cast.ben, {"worker": asha, "shares": shares})
    assert ScoringNeed.objects.outstanding().filter(team=cast.team).exists()


def test_the_worker_disagrees(cast: Cast) -> None:
    offer = Offer(cast.workers["Asha Test"], 100, TODAY, Allocation.Agreement.DISAGREED, "Two court weeks ahead")
    give(cast, "Asha Test", offer=offer)
    assert texts()[-1].endswith(" Asha Test disagrees: Two court weeks ahead.")


def test_two_workers_share_and_the_first_leads(cast: Cast) -> None:
    assert give(cast, "Asha Test", 60).role == "LEAD"
    assert give(cast, "Nia Test", 40).role == "CO_WORKER"
    with pytest.raises(NotAllowed, match="All of this case is held already"):
        give(cast, "Asha Test", 1)


def test_share_given_to_a_holder_is_added(cast: Cast) -> None:
    give(cast, "Asha Test", 60)
    assert give(cast, "Asha Test", 40).share == 100
    assert Allocation.objects.filter(case__reference=UNALLOCATED).open_on(TODAY).count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"share": 30}, "Only 20 % of this case is left to give"),
        ({"on": TODAY - timedelta(days=400)}, "The case was opened on"),
        ({"worker": "Kit Test"}, "Kit Test is not a case-holding member of Heron Team on"),
        ({"worker": "Ben Test"}, "Ben Test is not a case-holding member"),
    ],
)
def test_refused_with_a_sentence(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    give(cast, "Asha Test", 80)
    fields = {"worker": "Nia Test", "share": 10, "on": TODAY} | changes
    before = Allocation.objects.count()
    with pytest.raises(NotAllowed, match=sentence):
        give(cast, "Nia Test", offer=Offer(**(fields | {"worker": cast.workers[fields["worker"]]})))
    assert Allocation.objects.count() == before


def test_closed_case_is_given_to_nobody(cast: Cast) -> None:
    record(cast, case("T-9", closed_on=TODAY))
    with pytest.raises(NotAllowed, match="closed"):
        give(cast, "Asha Test", reference="T-9")


def test_only_those_who_record_cases_there_may(cast: Cast) -> None:
    for user in (cast.asha, cast.dev, cast.gil):
        with pytest.raises(PermissionDenied):
            give(cast, "Asha Test", by=user)
    assert give(cast, "Asha Test", by=cast.hana).share == 100


def test_a_managers_name_is_taken_off(cast: Cast) -> None:
    record(cast, case("T-8", holds(cast.workers["Ben Test"], cast.team)))
    give(cast, "Asha Test", reference="T-8")
    rows = Allocation.objects.filter(case__reference="T-8").open_on(TODAY)
    assert [row.worker.name for row in rows] == ["Asha Test"]


def test_area_without_a_scheme_says_what_to_do(cast: Cast) -> None:
    worker = new_worker("Lone Test", cast.elsewhere)
    (lone,) = add_workers(employer=cast.elsewhere.employer, workers=[worker], by=None, at=AT)
    record(cast, case("E-1"), team=cast.elsewhere)
    with pytest.raises(NotAllowed, match="No weighting scheme is published for Children’s social work"):
        give(cast, "", reference="E-1", offer=Offer(lone, 100, TODAY), by=cast.gil)


def overload(cast: Cast, name: str) -> None:
    """Leave somebody one twentieth of their time."""
    CapacityReduction.objects.create(
        worker=cast.workers[name], team=cast.team, kind="PERCENT", amount=85, reason="Court", starts_on=TODAY
    )


def test_a_limit_that_warns_asks_for_a_reason(cast: Cast) -> None:
    overload(cast, "Asha Test")
    with pytest.raises(LimitsPassed, match="Say why it is right all the same") as refusal:
        give(cast, "Asha Test")
    assert not refusal.value.blocked
    assert [one.limit for one in refusal.value.passed] == [Limit.OVER]
    assert not Allocation.objects.filter(case__reference=UNALLOCATED).exists()
    row = give(cast, "Asha Test", past=PastLimit("The family knows her", cast.dev))
    kept = LimitException.objects.get()
    assert (kept.allocation, kept.limit, kept.reason, kept.approved_by) == (row, "OVER", "The family knows her", None)
    assert "Past a limit: from " in texts()[-1]
    assert texts()[-1].endswith("Reason: The family knows her.")


def test_a_limit_that_blocks_needs_somebody_who_may_approve(cast: Cast) -> None:
    una, reason = "Una Test", "Only she speaks the language"
    for past in (PastLimit(), PastLimit(reason), PastLimit("", cast.hana)):
        with pytest.raises(LimitsPassed, match="Say why, and who has approved it") as refusal:
            give(cast, una, past=past)
        assert refusal.value.blocked
    with pytest.raises(NotAllowed, match="Ben Test may not approve this for Heron Team"):
        give(cast, una, past=PastLimit(reason, cast.ben))
    give(cast, una, past=PastLimit(reason, cast.hana))
    kept = LimitException.objects.get()
    assert (kept.limit, kept.approved_by, kept.by) == ("RESERVED", cast.hana, cast.ben)
    assert texts()[-1].endswith("Approved by Hana Test.")
    assert str(kept) == "Reserved to registered social workers: " + kept.detail


def test_newly_qualified_alone_with_a_reserved_case(cast: Cast) -> None:
    with pytest.raises(LimitsPassed) as refusal:
        give(cast, "Nia Test")
    assert [one.limit for one in refusal.value.passed] == [Limit.NEWLY_QUALIFIED]
    give(cast, "Asha Test", 60)
    assert give(cast, "Nia Test", 40).share == 40


def test_the_second_of_two_managers_is_told_what_changed(cast: Cast) -> None:
    seen = find().revision
    give(cast, "Asha Test", 60, seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Allocated to Asha Test, 60 %"):
        give(cast, "Nia Test", 40, seen=seen, by=cast.hana)


def test_a_double_click_saves_once(cast: Cast) -> None:
    once = uuid4()
    give(cast, "Asha Test", 60, once=once)
    with pytest.raises(AlreadyDone):
        give(cast, "Asha Test", 40, once=once)
    assert Allocation.objects.get(case__reference=UNALLOCATED).share == 60


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_one_allocates_and_the_other_is_told() -> None:
    cast, together = assemble(), threading.Barrier(2)
    seen, outcomes = find().revision, []

    def attempt(name: str, by: Any) -> None:
        try:
            together.wait(10)
            give(cast, name, seen=seen, by=by, past=PastLimit("Only one free", cast.hana))
            outcomes.append("allocated")
        except ChangedMeanwhile as told:
            outcomes.append(str(told))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=attempt, args=args) for args in (("Asha Test", cast.ben), ("Nia Test", cast.hana))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert max(outcomes) == "allocated"
    assert "Allocated to" in min(outcomes)
    assert Allocation.objects.filter(case__reference=UNALLOCATED).count() == 1


def again(cast: Cast, wanted: dict[str, int], lead: str | None, **more: Any) -> None:
    fields: dict[str, Any] = {
        "on": TODAY,
        "reason": "Agreed",
        "past": PastLimit(),
        "seen": None,
        "once": None,
        "by": cast.ben,
        "at": AT,
    }
    shares = {cast.workers[name].pk: share for name, share in wanted.items()}
    reshare(case=find(), wanted=shares, lead=cast.workers[lead].pk if lead else None, **(fields | more))


@pytest.fixture
def shared(cast: Cast) -> Cast:
    give(cast, "Asha Test", 60)
    give(cast, "Nia Test", 40)
    return cast


def test_shares_change_hands_and_so_does_the_lead(shared: Cast) -> None:
    again(shared, {"Asha Test": 30, "Nia Test": 70}, "Nia Test")
    rows = Allocation.objects.filter(case__reference=UNALLOCATED).open_on(TODAY).order_by("share")
    assert [(row.worker.name, row.share, row.role) for row in rows] == [
        ("Asha Test", 30, "CO_WORKER"),
        ("Nia Test", 70, "LEAD"),
    ]
    assert texts()[-1] == "Shared anew: Asha Test 30 %, Nia Test 70 % (lead). Reason: Agreed."


def test_joint_working_may_add_up_to_the_uplift_and_no_further(shared: Cast) -> None:
    again(shared, {"Asha Test": 70, "Nia Test": 50}, "Asha Test")
    with pytest.raises(NotAllowed, match="more than its weighting scheme allows"):
        again(shared, {"Asha Test": 71, "Nia Test": 50}, "Asha Test")


def test_somebody_is_taken_off(shared: Cast) -> None:
    again(shared, {"Asha Test": 60, "Nia Test": 0}, "Asha Test")
    assert texts()[-1] == "Shared anew: Asha Test 60 % (lead). No longer: Nia Test. Reason: Agreed."
    again(shared, {"Asha Test": 0}, None)
    assert texts()[-1] == "Nobody holds it now. No longer: Asha Test. Reason: Agreed."


@pytest.mark.parametrize(
    ("wanted", "lead", "sentence"),
    [
        ({"Asha Test": 60, "Nia Test": 40}, "Asha Test", "Nothing would change"),
        ({"Asha Test": 60}, "Asha Test", "On that day it is not those on this page"),
        ({"Asha Test": 0, "Nia Test": 40}, "Asha Test", "The lead must hold a share"),
        ({"Asha Test": 50, "Nia Test": 40}, None, "Choose who leads the case"),
    ],
)
def test_shares_refused(shared: Cast, wanted: dict[str, int], lead: str | None, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        again(shared, wanted, lead)


def test_a_share_that_grows_past_a_limit_needs_a_reason_and_one_that_shrinks_does_not(shared: Cast) -> None:
    overload(shared, "Asha Test")
    again(shared, {"Asha Test": 20, "Nia Test": 40}, "Asha Test")
    with pytest.raises(LimitsPassed):
        again(shared, {"Asha Test": 60, "Nia Test": 40}, "Asha Test")
    again(shared, {"Asha Test": 60, "Nia Test": 40}, "Asha Test", past=PastLimit("Short visit"))
    assert "Reason: Short visit." in texts()[-1]


def test_a_holder_of_another_team_keeps_their_share_or_is_taken_off(cast: Cast) -> None:
    kit, asha = cast.workers["Kit Test"], cast.workers["Asha Test"]
    record(cast, case("T-7", replace(holds(kit, cast.other_team), share=60)))
    give(cast, "Asha Test", 40, reference="T-7")
    fields: dict[str, Any] = {
        "on": TODAY,
        "reason": "Agreed",
        "past": PastLimit(),
        "seen": None,
        "once": None,
        "by": cast.ben,
        "at": AT,
    }

    def again(kits: int, ashas: int, lead: Any) -> None:
        reshare(case=find("T-7"), wanted={kit.pk: kits, asha.pk: ashas}, lead=lead.pk, **fields)

    again(60, 30, kit)
    with pytest.raises(NotAllowed, match="their manager’s to change"):
        again(70, 30, kit)
    again(60, 30, asha)
    rows = Allocation.objects.filter(case__reference="T-7").open_on(TODAY)
    assert {row.worker.name: row.role for row in rows} == {"Kit Test": "CO_WORKER", "Asha Test": "LEAD"}
    again(0, 30, asha)
    assert texts("T-7")[-1] == "Shared anew: Asha Test 30 % (lead). No longer: Kit Test. Reason: Agreed."
    assert ScoringNeed.objects.outstanding().filter(team=cast.other_team).exists()


def test_the_worker_says_what_they_think_and_nobody_else_can(cast: Cast) -> None:
    give(cast, "Asha Test")
    row = Allocation.objects.select_related("worker", "case").get(case__reference=UNALLOCATED)
    with pytest.raises(NotAllowed, match="Only the worker"):
        answer_allocation(allocation=row, agreement="AGREED", words="", once=None, by=cast.ben, at=AT)
    with pytest.raises(NotAllowed, match="Say why you disagree"):
        answer_allocation(allocation=row, agreement="DISAGREED", words="", once=None, by=cast.asha, at=AT)
    answer_allocation(allocation=row, agreement="AGREED", words="", once=None, by=cast.asha, at=AT)
    assert texts()[-1] == "Asha Test agrees."
    assert Allocation.objects.get(pk=row.pk).agreement == "AGREED"
