"""A worker contests a weight, a manager answers; both stay, once each."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import InternalError
from django.test import Client
from django.urls import reverse

from caseloads.actions.case_changes import Doing, close
from caseloads.actions.changing import ChangedMeanwhile, note
from caseloads.actions.contests import accept, contest, decline
from caseloads.models import Case, CaseChange, Contest, ScoringNeed
from caseloads.queries.cases import Draft, weight_of
from caseloads.queries.contests import contests_of, open_contests
from caseloads.queries.workloads import worker_posts
from teams.models import AuditEntry, Team, User
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast, case, holds, record
from tests.integration.caseloads.test_case_forms import send, the, words

PLAN = Draft("child_protection")


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def raised(cast: Cast, reference: str = "T-003", **changes: Any) -> Contest:
    fields = {"case": the(reference), "reason": "Two visits a week", "by": cast.asha, "at": AT} | changes
    return contest(**fields)


def again(one: Contest) -> Contest:
    return Contest.objects.select_related("case__team__service_area", "case__employer", "worker").get(pk=one.pk)


def told() -> str:
    return CaseChange.objects.latest("pk").text


def test_contested_weight_keeps_counting_flagged(cast: Cast) -> None:
    ScoringNeed.objects.all().delete()
    one = raised(cast)
    assert (one.weight, one.worker.name, one.state) == (Decimal("5.00"), "Asha Test", "OPEN")
    assert one.rating == the("T-003").ratings.get()
    (post,) = worker_posts(cast.workers["Asha Test"], as_of=TODAY)
    assert {line.reference: (line.contested, line.weight) for line in post.lines}["T-003"] == (True, Decimal("5.00"))
    assert (post.row.contested, post.row.unrated) == (1, 0)
    assert told() == "Asha Test contested the weight of 5.00."
    assert AuditEntry.objects.filter(event="CONTEST_RAISED", by=cast.asha).count() == 1
    assert list(ScoringNeed.objects.values_list("team", flat=True)) == [cast.team.pk]


def test_accepting_rates_anew_in_the_same_step(cast: Cast) -> None:
    one = raised(cast)
    accept(contest=again(one), draft=PLAN, answer="Agreed, on a plan now", by=cast.ben, at=AT)
    one = again(one)
    assert (one.state, one.answer, one.answered_by, one.answered_at) == (
        "ACCEPTED",
        "Agreed, on a plan now",
        cast.ben,
        AT,
    )
    assert weight_of(the("T-003"), as_of=TODAY).weight == Decimal("8.00")
    assert the("T-003").ratings.latest("pk").reason == "Agreed, on a plan now"
    assert told() == "Contest of Asha Test accepted. Rated: 5.00 → 8.00. Agreed, on a plan now."
    assert AuditEntry.objects.filter(event="CONTEST_ANSWERED", by=cast.ben).count() == 1


def test_declining_keeps_the_weight_and_says_why(cast: Cast) -> None:
    one = raised(cast)
    decline(contest=again(one), answer="Visits are in the category", by=cast.hana, at=AT)
    assert again(one).state == "DECLINED"
    assert weight_of(the("T-003"), as_of=TODAY).weight == Decimal("5.00")
    assert told() == "Contest of Asha Test declined: the weight stays. Visits are in the category."
    assert the("T-003").ratings.count() == 1
    raised(cast, reason="Still two visits a week")
    assert Contest.objects.count() == 2


@pytest.mark.parametrize("name", ["ben", "cora", "dev", "ewa", "hana", "gil"])
def test_only_who_held_the_case_contests(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        raised(cast, by=cast.users[name])


@pytest.mark.parametrize("name", ["asha", "cora", "dev", "ewa", "femi", "gil"])
def test_only_who_records_cases_answers(cast: Cast, name: str) -> None:
    one = again(raised(cast))
    with pytest.raises(PermissionDenied):
        decline(contest=one, answer="No", by=cast.users[name], at=AT)
    with pytest.raises(PermissionDenied):
        accept(contest=one, draft=PLAN, answer="Yes", by=cast.users[name], at=AT)
    assert again(one).state == "OPEN"


def test_contest_is_for_open_cases_held_today_once_at_a_time(cast: Cast) -> None:
    raised(cast)
    with pytest.raises(NotAllowed, match="contested this weight already"):
        raised(cast)
    the("T-001").allocations.update(ended_on=TODAY)
    with pytest.raises(NotAllowed, match="do not hold this case today"):
        raised(cast, "T-001")
    close(case=the("T-002"), closed_on=TODAY, doing=Doing(by=cast.ben, at=AT))
    with pytest.raises(NotAllowed, match="closed"):
        raised(cast, "T-002")


def test_contest_is_answered_once(cast: Cast) -> None:
    one = again(raised(cast))
    decline(contest=one, answer="It stays", by=cast.ben, at=AT)
    for by in (cast.ben, cast.hana):
        with pytest.raises(NotAllowed, match="answered already"):
            accept(contest=again(one), draft=PLAN, answer="Yes", by=by, at=AT)
    assert again(one).answer == "It stays"


def test_nobody_answers_their_own(cast: Cast) -> None:
    record(cast, case("X", holds(cast.workers["Ben Test"], cast.team)))
    one = again(raised(cast, "X", by=cast.ben))
    with pytest.raises(NotAllowed, match="somebody else answers"):
        decline(contest=one, answer="No", by=cast.ben, at=AT)
    decline(contest=one, answer="It stays", by=cast.hana, at=AT)


def test_accepting_must_change_the_weight(cast: Cast) -> None:
    one = again(raised(cast))
    with pytest.raises(NotAllowed, match="would stay as it is"):
        accept(contest=one, draft=Draft("assessment"), answer="Yes", by=cast.ben, at=AT)
    assert the("T-003").ratings.count() == 1


def test_contest_outlives_the_case_and_can_still_be_answered(cast: Cast) -> None:
    one = again(raised(cast))
    close(case=the("T-003"), closed_on=TODAY, doing=Doing(by=cast.ben, at=AT))
    assert [row.contest for row in open_contests(cast.team, as_of=TODAY)] == [one]
    accept(contest=again(one), draft=PLAN, answer="It was heavier", by=cast.ben, at=AT)


def test_stale_and_doubled_forms_change_nothing(cast: Cast) -> None:
    once = uuid4()
    one = again(raised(cast, once=once, seen=1))
    with pytest.raises(AlreadyDone):
        raised(cast, once=once, seen=1)
    with pytest.raises(ChangedMeanwhile, match=r"Asha Test contested the weight of 5\.00"):
        decline(contest=one, answer="It stays", by=cast.ben, at=AT, seen=1)
    answer = uuid4()
    decline(contest=one, answer="It stays", by=cast.ben, at=AT, seen=2, once=answer)
    with pytest.raises(AlreadyDone):
        decline(contest=one, answer="It stays", by=cast.ben, at=AT, seen=2, once=answer)
    assert the("T-003").revision == 3


def test_contests_are_never_deleted(cast: Cast) -> None:
    one = raised(cast)
    with pytest.raises(InternalError, match="Cannot delete"):
        one.delete()


def test_open_contests_age_oldest_first(cast: Cast) -> None:
    raised(cast, "T-001", at=AT - timedelta(days=2))
    raised(cast, "T-002", at=AT - timedelta(days=9))
    answered = again(raised(cast, at=AT - timedelta(days=20)))
    decline(contest=answered, answer="It stays", by=cast.ben, at=AT - timedelta(days=15))
    assert [(row.contest.case.reference, row.days) for row in open_contests(cast.team, as_of=TODAY)] == [
        ("T-002", 9),
        ("T-001", 2),
    ]
    own = contests_of(cast.workers["Asha Test"], as_of=TODAY)
    assert [(row.contest.case.reference, row.days) for row in own] == [("T-001", 2), ("T-002", 9), ("T-003", 5)]
    assert contests_of(cast.workers["Asha Test"], as_of=TODAY, teams=Team.objects.filter(pk=cast.other_team.pk)) == []


def page(client: Client, user: User, name: str, *args: object) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return words(response)


def test_worker_contests_from_her_own_line_and_reads_the_answer(cast: Cast, client: Client) -> None:
    own = page(client, cast.asha, "own-workload")
    assert reverse("case", args=[the("T-003").public_id]) in own
    where = reverse("case-contest", args=[the("T-003").public_id])
    assert where in page(client, cast.asha, "case", the("T-003").public_id)
    assert "Weight: 5.00." in words(client.get(where))
    assert "Enter why the weight is not right" in words(send(client, where, {"reason": ""}))
    assert send(client, where, {"reason": "Two visits a week"}).url == reverse("own-workload")  # type: ignore[attr-defined]
    own = page(client, cast.asha, "own-workload")
    for said in ("Your manager is told.", "Waiting for an answer", "Two visits a week", "contested"):
        assert said in own
    assert where not in page(client, cast.asha, "case", the("T-003").public_id)
    assert "contested this weight already" in words(send(client, where, {"reason": "Again"}))
    one = Contest.objects.get()
    team = page(client, cast.ben, "team", cast.team.public_id)
    assert "Contested weights that wait for an answer" in team
    assert "Two visits a week" in team
    assert reverse("contest-answer", args=[one.public_id]) in page(client, cast.ben, "case", the("T-003").public_id)
    assert "Two visits a week" in page(client, cast.ben, "worker", cast.workers["Asha Test"].public_id)
    assert "Two visits a week" not in page(client, cast.ben, "worker", cast.workers["Nia Test"].public_id)


def answered(client: Client, cast: Cast, **said: object) -> Any:
    client.force_login(cast.ben)
    where = reverse("contest-answer", args=[Contest.objects.get().public_id])
    assert "Two visits a week" in words(client.get(where))
    return send(client, where, {"category": "child_in_need", "factors": ["long_travel"]} | said)


def test_manager_accepts_on_the_page(cast: Cast, client: Client) -> None:
    raised(cast)
    fields = {"decision": "accept", "answer": "On a plan now", "category": "child_protection"}
    assert "Weight: 9.00." in words(answered(client, cast, **fields, work_out="1"))
    assert answered(client, cast, **fields).url == reverse("case", args=[the("T-003").public_id])
    shown = page(client, cast.ben, "case", the("T-003").public_id)
    for said in ("5.00 → 9.00", "Accepted", "On a plan now", "Two visits a week"):
        assert said in shown
    assert "On a plan now" in page(client, cast.asha, "own-workload")


def test_manager_declines_on_the_page(cast: Cast, client: Client) -> None:
    raised(cast)
    assert answered(client, cast, decision="decline", answer="Visits are in it").status_code == 302
    own = page(client, cast.asha, "own-workload")
    assert "Declined" in own
    assert "Visits are in it" in own


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"answer": "Why"}, "Choose whether you accept or decline"),
        ({"decision": "decline"}, "Enter an answer: the worker reads it"),
        ({"decision": "accept", "answer": "Yes"}, "would stay as it is"),
    ],
)
def test_answer_that_is_not_whole_is_refused(
    cast: Cast, client: Client, said: dict[str, object], sentence: str
) -> None:
    raised(cast)
    assert sentence in words(answered(client, cast, **said))
    assert Contest.objects.get().state == "OPEN"


def test_who_may_not_see_the_case_finds_no_contest(cast: Cast, client: Client) -> None:
    one = raised(cast)
    for user, code in ((cast.gil, 404), (cast.ewa, 404), (cast.asha, 403), (cast.dev, 403), (cast.hana, 200)):
        client.force_login(user)
        assert client.get(reverse("contest-answer", args=[one.public_id])).status_code == code


def test_case_that_was_never_contested_has_no_such_heading(cast: Cast, client: Client) -> None:
    assert "Contested" not in page(client, cast.ben, "case", Case.objects.get(reference="T-003").public_id)


def test_worker_reads_no_figures_about_a_colleague(cast: Cast, client: Client) -> None:
    load = "Allocated to Nia Test, 20 %, from 2 November 2026: load from 92.0 % to 101.3 %."
    note(the("T-003"), CaseChange.Kind.ALLOCATED, load, by=cast.ben, at=AT)
    key = the("T-003").public_id
    assert "101.3 %" in page(client, cast.ben, "case", key)
    assert "101.3 %" not in page(client, cast.asha, "case", key)
    with pytest.raises(ChangedMeanwhile, match=r"Allocated \(Ben Test"):
        raised(cast, seen=1)
