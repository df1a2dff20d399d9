"""Cases change hands: one at a time, many at a time, to somebody or to another team."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from caseloads.actions.changing import ChangedMeanwhile
from caseloads.actions.placing import LimitsPassed, PastLimit
from caseloads.actions.transfers import Handover, Move, record_handover, transfer
from caseloads.models import Allocation, Case, CaseChange, LimitException, ScoringNeed, Transfer
from caseloads.queries.transfers import bulk_page, givers
from caseloads.queries.workloads import team_workload
from teams.actions.setting_up import add_workers
from teams.models import AuditEntry, CapacityReduction, Contract, Team
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast, assemble, case, holds, new_worker, record

HANDOVER = Handover("Asha goes to court work", TODAY, TODAY + timedelta(days=3))
NO_MEETING = Handover("Asha has left", TODAY, None)


@pytest.fixture(autouse=True)
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def find(reference: str) -> Case:
    return Case.objects.select_related("team__service_area", "team__employer", "employer").get(reference=reference)


def move(cast: Cast, references: list[str], giver: str | None, taker: str | None, **more: Any) -> list[Transfer]:
    people = [cast.workers[name] if name else None for name in (giver, taker)]
    fields: dict[str, Any] = {
        "moves": [Move(find(reference), *people) for reference in references],
        "to_team": cast.team,
        "handover": HANDOVER,
        "past": PastLimit(),
        "seen": {},
        "once": None,
        "by": cast.ben,
        "at": AT,
    }
    return transfer(**(fields | more))


def holders(reference: str) -> dict[str, tuple[int, str]]:
    rows = Allocation.objects.filter(case__reference=reference).open_on(TODAY).select_related("worker")
    return {row.worker.name: (row.share, row.role) for row in rows}


def text(reference: str) -> str:
    return CaseChange.objects.filter(case__reference=reference).order_by("-revision")[0].text.replace("\u00a0", " ")


def test_a_case_goes_with_its_share_and_the_words_are_kept(cast: Cast) -> None:
    (row,) = move(cast, ["T-003"], "Asha Test", "Nia Test")
    assert holders("T-003") == {"Nia Test": (100, "LEAD")}
    assert (row.from_worker, row.to_worker, row.batch) == (cast.workers["Asha Test"], cast.workers["Nia Test"], None)
    assert text("T-003") == (
        "Transferred from Asha Test to Nia Test on 2 November 2026: load from 22.2 % to 27.8 %. "
        "Handover meeting on 5 November 2026. Reason: Asha goes to court work."
    )
    assert AuditEntry.objects.get(event="CASES_TRANSFERRED").detail["cases"] == [row.case_id]
    assert ScoringNeed.objects.outstanding().filter(team=cast.team).exists()
    assert str(row) == "T-003 from Asha Test to Nia Test"


def test_several_move_together_or_not_at_all(cast: Cast) -> None:
    rows = move(cast, ["T-001", "T-003"], "Asha Test", "Una Test", past=PastLimit("No one else", cast.hana))
    assert len({row.batch for row in rows} - {None}) == 1
    assert LimitException.objects.filter(limit="RESERVED", approved_by=cast.hana).count() == 1
    with pytest.raises(NotAllowed, match="Asha Test does not hold case T-001"):
        move(cast, ["T-002", "T-001"], "Asha Test", "Nia Test")
    assert holders("T-002") == {"Asha Test": (100, "LEAD")}


def test_to_another_team_a_case_is_unallocated_there(cast: Cast) -> None:
    move(cast, ["T-003"], "Asha Test", None, to_team=cast.other_team, handover=NO_MEETING)
    assert find("T-003").team == cast.other_team
    assert holders("T-003") == {}
    assert "to Kestrel Team, where it is unallocated" in text("T-003")
    assert "No handover meeting was held." in text("T-003")
    found = team_workload(cast.other_team, as_of=TODAY)
    assert "T-003" in [row.reference for row in found.unallocated]


def test_to_another_team_a_case_goes_whole(cast: Cast) -> None:
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    together = (holds(asha, cast.team, share=60), holds(nia, cast.team, share=40, role=Allocation.Role.CO_WORKER))
    record(cast, case("T-7", *together))
    move(cast, ["T-7"], "Nia Test", None, to_team=cast.other_team)
    assert holders("T-7") == {}
    assert text("T-7").startswith("Transferred from Asha Test, Nia Test to Kestrel Team")


def test_a_service_manager_moves_a_case_to_somebody_of_another_team(cast: Cast) -> None:
    move(cast, ["T-003"], "Asha Test", "Kit Test", to_team=cast.other_team, by=cast.hana)
    assert holders("T-003") == {"Kit Test": (100, "LEAD")}
    with pytest.raises(PermissionDenied):
        move(cast, ["T-001"], "Asha Test", "Kit Test", to_team=cast.other_team)


def test_an_unallocated_case_is_taken_from_nobody_and_a_managers_name_goes(cast: Cast) -> None:
    record(cast, case("T-8", holds(cast.workers["Ben Test"], cast.team)))
    move(cast, ["T-8"], None, "Asha Test")
    assert holders("T-8") == {"Asha Test": (100, "LEAD")}
    assert text("T-8").startswith("Transferred from Ben Test to Asha Test")


def test_a_share_goes_to_who_holds_the_rest(cast: Cast) -> None:
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    record(
        cast,
        case("T-7", holds(asha, cast.team, share=60), holds(nia, cast.team, share=40, role=Allocation.Role.CO_WORKER)),
    )
    move(cast, ["T-7"], "Nia Test", "Asha Test")
    assert holders("T-7") == {"Asha Test": (100, "LEAD")}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"moves": []}, "Choose at least one case"),
        ({"handover": Handover("x", TODAY - timedelta(days=90), None)}, "The case was opened on"),
        ({"handover": Handover("x", TODAY, TODAY + timedelta(days=29))}, "within four weeks"),
        ({"handover": Handover("x", TODAY, TODAY - timedelta(days=200))}, "within four weeks"),
    ],
)
def test_refused_with_a_sentence(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        move(cast, ["T-003"], "Asha Test", "Nia Test", **changes)
    assert not Transfer.objects.exists()


def test_others_are_refused(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Asha Test holds case T-003 already"):
        move(cast, ["T-003"], "Asha Test", "Asha Test")
    with pytest.raises(NotAllowed, match="Ben Test is not a case-holding member of Heron Team"):
        move(cast, ["T-003"], "Asha Test", "Ben Test")
    with pytest.raises(NotAllowed, match="another employer"):
        move(cast, ["T-003"], "Asha Test", None, to_team=cast.elsewhere, by=None)
    with pytest.raises(PermissionDenied):
        move(cast, ["T-003"], "Asha Test", "Nia Test", by=cast.dev)
    record(cast, case("T-9", holds(cast.workers["Asha Test"], cast.team), closed_on=TODAY))
    with pytest.raises(NotAllowed, match="T-9: This case is closed"):
        move(cast, ["T-003", "T-9"], "Asha Test", "Nia Test")


def test_a_limit_is_asked_about_for_everybody_it_concerns(cast: Cast) -> None:
    with pytest.raises(LimitsPassed):
        move(cast, ["T-001"], "Asha Test", "Nia Test")
    move(cast, ["T-001"], "Asha Test", "Nia Test", past=PastLimit("With Cora beside her"))
    assert "Past a limit: Case T-001, Child protection: no other worker holds it." in text("T-001")


def test_a_double_click_moves_once_and_a_stale_page_is_told(cast: Cast) -> None:
    once, seen = uuid4(), {find("T-003").pk: find("T-003").revision}
    move(cast, ["T-003"], "Asha Test", "Nia Test", once=once, seen=seen)
    with pytest.raises(AlreadyDone):
        move(cast, ["T-003"], "Asha Test", "Nia Test", once=once, seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Transferred from Asha Test to Nia Test"):
        move(cast, ["T-003"], "Nia Test", "Una Test", seen=seen)


def raised(cast: Cast) -> list[str]:
    rows = team_workload(cast.team, as_of=TODAY).workers
    return [f"{row.name}: {flag.name}" for row in rows for flag in row.flags if flag.code == "NO_HANDOVER"]


def test_a_meeting_held_later_is_recorded_once_and_ends_the_red_flag(cast: Cast) -> None:
    (row,) = move(cast, ["T-003"], "Asha Test", "Nia Test", handover=NO_MEETING)
    move(cast, ["T-001"], "Asha Test", "Nia Test", past=PastLimit("With Cora"))
    assert raised(cast) == ["Nia Test: Transferred without a handover meeting"]
    record_handover(row=row, meeting_on=TODAY, once=None, by=cast.ben, at=AT)
    assert text("T-003") == "Handover meeting held on 2 November 2026, after the transfer of 2 November 2026."
    assert raised(cast) == []
    with pytest.raises(NotAllowed, match="recorded for this transfer already"):
        record_handover(row=row, meeting_on=TODAY, once=None, by=cast.ben, at=AT)


@pytest.mark.django_db(transaction=True)
def test_of_two_bulk_transfers_at_once_one_is_made_and_nothing_is_doubled() -> None:
    cast, together = assemble(), threading.Barrier(2)
    references = ["T-003", "T-001", "T-002"]
    seen = {find(reference).pk: find(reference).revision for reference in references}
    outcomes: list[str] = []

    def attempt(taker: str, order: int) -> None:
        try:
            together.wait(10)
            move(cast, references[::order], "Asha Test", taker, seen=seen, past=PastLimit("Needed", cast.hana))
            outcomes.append("moved")
        except ChangedMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=args) for args in (("Nia Test", 1), ("Una Test", -1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["moved", "told"]
    assert [len(holders(reference)) for reference in references] == [1, 1, 1]
    assert Transfer.objects.count() == 3


@pytest.fixture
def leaver(cast: Cast) -> Cast:
    """Asha has left; her cases are still in her name. Two more workers could take them."""
    people = [new_worker("Oli Test", cast.team), new_worker("Pat Test", cast.team, hours="18.5")]
    for worker in add_workers(employer=cast.employer, workers=people, by=None, at=AT):
        cast.workers[worker.name] = worker
    Contract.objects.filter(worker=cast.workers["Asha Test"]).update(ends_on=TODAY)
    return cast


def proposal(cast: Cast, *references: str) -> dict[str, str | None]:
    wanted = [str(find(reference).public_id) for reference in references]
    page = bulk_page(cast.team, cast.workers["Asha Test"], wanted=wanted, as_of=TODAY)
    return {str(row.case): row.proposed.name if row.proposed else None for row in page.rows}


def test_proposal_keeps_families_together_and_leaves_reserved_work_to_those_who_may(leaver: Cast) -> None:
    found = proposal(leaver, "T-001", "T-002", "T-003")
    assert found["T-001"] == found["T-002"] == "Oli Test"
    assert found["T-003"] in {"Una Test", "Nia Test", "Pat Test"}


def test_proposal_says_why_and_what_it_makes_of_everybody(leaver: Cast) -> None:
    wanted = [str(find("T-003").public_id)]
    page = bulk_page(leaver.team, leaver.workers["Asha Test"], wanted=wanted, as_of=TODAY)
    (row,) = page.rows
    assert row.why.startswith(f"{row.proposed} is then at ")
    effects = {str(effect.worker): effect for effect in page.effects({row.case.pk: row.proposed})}
    assert effects[str(row.proposed)].changes
    assert sum(effect.changes for effect in effects.values()) == 1


def test_nobody_who_may_take_it_is_said(leaver: Cast) -> None:
    Contract.objects.exclude(worker=leaver.workers["Una Test"]).update(ends_on=TODAY)
    assert proposal(leaver, "T-001") == {"T-001": None}
    CapacityReduction.objects.create(
        worker=leaver.workers["Una Test"], team=leaver.team, kind="PERCENT", amount=100, reason="x", starts_on=TODAY
    )
    assert proposal(leaver, "T-003") == {"T-003": None}


def test_in_whose_name_cases_are(leaver: Cast) -> None:
    found = {str(one.worker): one.cases for one in givers(leaver.team, as_of=TODAY)}
    assert found == {"Asha Test": 3, "Nia Test": 1}


class Pages:
    """Ben's browser on the transfer pages."""

    def __init__(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.ben)
        self.client, self.cast = client, cast
        self.asha = cast.workers["Asha Test"].public_id
        self.choose = f"/teams/{cast.team.public_id}/transfer/"
        self.propose = f"{self.choose}{self.asha}/"

    def form(self, *references: str, **more: Any) -> dict[str, Any]:
        wanted = [str(find(reference).public_id) for reference in references]
        page = self.client.post(self.propose, {"case": wanted, "step": "propose"})
        shown = {field.html_name: field.value() for field in page.context["form"]}
        cases = [str(find(reference).public_id) for reference in references]
        typed = {"case": cases, "reason": "She has left", "meeting": "NONE", "meeting_on": "", "on": "2/11/2026"}
        return {name: "" if value is None else value for name, value in shown.items()} | typed | more


@pytest.fixture
def pages(leaver: Cast, client: Client) -> Pages:
    return Pages(client, leaver)


def body(page: Any) -> str:
    return " ".join(page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def test_bulk_transfer_from_choosing_to_confirming(pages: Pages) -> None:
    assert "Asha Test" in body(pages.client.get(pages.choose))
    assert "T-003" in body(pages.client.get(pages.choose, {"from": str(pages.asha)}))
    form = pages.form("T-001", "T-002", "T-003")
    key = f"to_{find('T-003').public_id}"
    pat = str(pages.cast.workers["Pat Test"].public_id)
    looked = pages.client.post(pages.propose, form | {key: pat, "step": "look"})
    assert looked.context["form"][key].value() == pat
    back = pages.client.post(pages.propose, form | {key: pat, "step": "propose"})
    assert str(back.context["form"][key].value()) == str(form[key])
    done = pages.client.post(pages.propose, form | {key: "stay"}, follow=True)
    assert "2 cases are transferred." in body(done)
    assert holders("T-003") == {"Asha Test": (100, "LEAD")}
    assert holders("T-001") == holders("T-002") == {"Oli Test": (100, "LEAD")}


def test_bulk_transfer_to_nobody_leaves_cases_unallocated(pages: Pages) -> None:
    form = pages.form("T-003")
    assert "1 case is transferred." in body(
        pages.client.post(pages.propose, form | {f"to_{find('T-003').public_id}": "nobody"}, follow=True)
    )
    assert holders("T-003") == {}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "Enter why the case changes hands"),
        ({"meeting": ""}, "Choose whether there is a handover meeting"),
        ({"meeting": "HELD"}, "Enter the day of the handover meeting"),
        ({"meeting": "HELD", "meeting_on": "1/1/2030"}, "within four weeks"),
        ({"on": ""}, "Enter the day of the transfer"),
    ],
)
def test_bulk_bad_input_gets_a_sentence(pages: Pages, changes: dict[str, str], sentence: str) -> None:
    page = pages.client.post(pages.propose, pages.form("T-003") | changes)
    assert sentence in body(page)
    assert not Transfer.objects.exists()


def test_bulk_limits_and_stale_pages_are_asked_about(pages: Pages) -> None:
    key, una = f"to_{find('T-001').public_id}", str(pages.cast.workers["Una Test"].public_id)
    form = pages.form("T-001") | {key: una}
    assert "This goes past a limit that needs approval" in body(pages.client.post(pages.propose, form))
    stale = form | {f"seen_{find('T-001').public_id}": 0}
    page = pages.client.post(pages.propose, stale)
    assert "changed since you opened the page" in body(page)
    assert page.context["form"][f"seen_{find('T-001').public_id}"].value() == str(find("T-001").revision)


def test_bulk_pages_without_cases_say_so(pages: Pages) -> None:
    assert "Choose at least one case" in body(pages.client.post(pages.propose, {"step": "propose"}, follow=True))
    assert "Transfer 3 cases of Asha Test" in body(pages.client.get(pages.propose))
    form = pages.form("T-001", "T-002", "T-003")
    assert pages.client.post(pages.propose, form).status_code == 302
    assert "No case of this team is in this name any more" in body(pages.client.post(pages.propose, form, follow=True))
    assert pages.client.get(pages.choose, {"from": "nonsense"}).status_code == 200
    Allocation.objects.update(ended_on=TODAY)
    assert "No case of this team is in anybody’s name" in body(pages.client.get(pages.choose))


@pytest.mark.parametrize("cases", [3, 40])
def test_number_of_queries_is_constant(pages: Pages, cases: int, django_assert_max_num_queries: Any) -> None:
    asha = pages.cast.workers["Asha Test"]
    record(pages.cast, *(case(f"M-{number}", holds(asha, pages.cast.team)) for number in range(cases)))
    pages.client.get(pages.propose)
    with django_assert_max_num_queries(16):
        assert pages.client.get(pages.propose).status_code == 200


def single(pages: Pages, reference: str = "T-003", **more: Any) -> dict[str, Any]:
    typed = {"on": "2/11/2026", "reason": "New team", "meeting": "NONE", "once": str(uuid4()), "to_team": ""}
    return typed | {"giver": str(pages.asha), "seen": find(reference).revision, "worker": ""} | more


def test_one_case_is_transferred_to_a_colleague_or_a_team(cast: Cast, client: Client) -> None:
    pages = Pages(client, cast)
    address = f"/cases/{find('T-003').public_id}/transfer/"
    assert "from 22.2 % to <strong>27.8 %</strong>" in body(client.get(address))
    assert "Choose who takes the case over" in body(client.post(address, single(pages)))
    both = {"worker": str(cast.workers["Nia Test"].public_id), "to_team": str(cast.other_team.public_id)}
    assert "Choose either somebody of this team or another team" in body(client.post(address, single(pages, **both)))
    form = single(pages, worker=both["worker"])
    first, second = (client.post(address, form, follow=True) for _ in range(2))
    assert "is transferred to Nia Test" in body(first)
    assert second.status_code == 200
    assert Transfer.objects.count() == 1
    away = single(pages, giver="", to_team=both["to_team"])
    assert "is transferred to Kestrel Team" in body(client.post(address, away, follow=True))


def test_one_case_held_by_two_is_worked_out_for_each(cast: Cast, client: Client) -> None:
    pages = Pages(client, cast)
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    together = (holds(asha, cast.team, share=60), holds(nia, cast.team, share=40, role=Allocation.Role.CO_WORKER))
    record(cast, case("T-7", *together))
    address = f"/cases/{find('T-7').public_id}/transfer/"
    looked = client.post(address, single(pages, "T-7", giver=str(nia.public_id), step="look"))
    assert [effect.worker.name for effect in looked.context["page"].candidates] == ["Una Test", "Asha Test"]
    form = single(pages, "T-7", worker=str(nia.public_id))
    assert "Una Test" in body(
        client.post(address, form | {"worker": str(cast.workers["Una Test"].public_id), "seen": 0})
    )


def test_without_a_scheme_a_case_can_still_go_to_another_team(cast: Cast, client: Client) -> None:
    area = cast.elsewhere.service_area
    Team.objects.create(employer=cast.elsewhere.employer, service_area=area, name="Other Team")
    record(cast, case("E-1"), team=cast.elsewhere)
    client.force_login(cast.gil)
    assert "Other Team" in body(client.get(f"/cases/{find('E-1').public_id}/transfer/"))


def test_handover_meeting_is_recorded_on_its_page(cast: Cast, client: Client) -> None:
    (row,) = move(cast, ["T-003"], "Asha Test", "Nia Test", handover=NO_MEETING)
    client.force_login(cast.ben)
    address = f"/transfers/{row.public_id}/handover/"
    assert "Enter the day of the handover meeting" in body(client.post(address, {"once": str(uuid4())}))
    form = {"once": str(uuid4()), "meeting_on": "3/11/2026"}
    first, second = (client.post(address, form, follow=True) for _ in range(2))
    assert "The handover meeting is recorded." in body(first)
    assert "nothing was saved twice" in body(second)
    again = client.post(address, form | {"once": str(uuid4())}, follow=True)
    assert "recorded for this transfer already" in body(again)
    client.force_login(cast.gil)
    assert client.get(address).status_code == 404
