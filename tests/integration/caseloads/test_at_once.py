"""Two people at the same case at the same moment, each in a transaction and over a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from caseloads.actions.case_changes import Doing, close, correct
from caseloads.actions.cases import NewCase, record_case
from caseloads.actions.changing import ChangedMeanwhile
from caseloads.actions.contests import accept, contest, decline
from caseloads.actions.rating import rate
from caseloads.models import Case, CaseChange, Contest, Rating
from caseloads.queries.cases import Draft
from teams.models import Submission, User
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast, assemble
from tests.integration.caseloads.test_case_changes import as_recorded, the

ROUNDS = 5


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def at_once(*calls: Callable[[], object]) -> list[type[Exception] | None]:
    """Make the calls together; what each raised, None for one that was saved."""
    start = Barrier(len(calls))

    def make(call: Callable[[], object]) -> type[Exception] | None:
        try:
            start.wait()
            call()
        except (NotAllowed, AlreadyDone) as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


def outcome(found: list[type[Exception] | None], refusal: type[Exception]) -> bool:
    """Whether exactly one was saved, and the other refused for the reason given."""
    return sorted(map(str, found)) == sorted(map(str, (None, refusal)))


def rating(by: User, category: str, seen: int, **changes: Any) -> Callable[[], object]:
    fields = {"case": the("T-003"), "draft": Draft(category), "reason": "Review", "by": by, "at": AT, "seen": seen}
    return lambda: rate(**(fields | changes))


def test_two_ratings_from_the_same_page(cast: Cast) -> None:
    for number in range(1, ROUNDS + 1):
        seen = the("T-003").revision
        found = at_once(rating(cast.ben, "assessment", seen), rating(cast.hana, "child_protection", seen))
        assert outcome(found, ChangedMeanwhile)
        assert Rating.objects.filter(case__reference="T-003").count() == number + 1
        assert the("T-003").revision == seen + 1 == CaseChange.objects.filter(case__reference="T-003").count()


def test_a_double_click(cast: Cast) -> None:
    for _ in range(ROUNDS):
        once, seen, before = uuid4(), the("T-003").revision, Rating.objects.count()
        found = at_once(*[rating(cast.ben, "assessment", seen, once=once)] * 2)
        assert outcome(found, AlreadyDone)
        assert Rating.objects.count() == before + 1
        assert Submission.objects.filter(token=once).count() == 1


def test_refused_form_can_be_sent_again(cast: Cast) -> None:
    once = uuid4()
    rating(cast.ben, "assessment", 1)()
    with pytest.raises(ChangedMeanwhile):
        rating(cast.hana, "child_protection", 1, once=once)()
    rating(cast.hana, "child_protection", 2, once=once)()
    assert the("T-003").category == "child_protection"


def test_one_reference_recorded_by_two(cast: Cast) -> None:
    for number in range(ROUNDS):
        new = NewCase(f"N-{number}", "assessment", TODAY, rated_on=TODAY)
        found = at_once(
            *(lambda by=by, new=new: record_case(team=cast.team, new=new, by=by, at=AT) for by in (cast.ben, cast.hana))
        )
        assert outcome(found, NotAllowed)
        case = Case.objects.get(reference=f"N-{number}")
        assert (case.ratings.count(), case.changes.count()) == (1, 1)


def test_closing_and_correcting_at_once(cast: Cast) -> None:
    to = as_recorded("T-003").__class__(**(vars(as_recorded("T-003")) | {"reference": "T-3"}))
    case, seen = the("T-003"), the("T-003").revision
    found = at_once(
        lambda: close(case=case, closed_on=TODAY, doing=Doing(by=cast.ben, at=AT, seen=seen)),
        lambda: correct(case=case, to=to, reason="Misread", doing=Doing(by=cast.hana, at=AT, seen=seen)),
    )
    assert outcome(found, ChangedMeanwhile)
    row = Case.objects.get(pk=case.pk)
    assert (row.closed_on is None) != (row.reference == "T-003")
    assert row.revision == seen + 1


def test_two_answers_to_one_contest(cast: Cast) -> None:
    for _ in range(ROUNDS):
        contest(case=the("T-003"), reason="Two visits a week", by=cast.asha, at=AT)
        one = Contest.objects.select_related("case__team").latest("pk")
        before = Rating.objects.count()
        other = "assessment" if the("T-003").category == "child_protection" else "child_protection"
        found = at_once(
            lambda one=one: decline(contest=one, answer="It stays", by=cast.ben, at=AT),
            lambda one=one, other=other: accept(contest=one, draft=Draft(other), answer="Yes", by=cast.hana, at=AT),
        )
        assert outcome(found, NotAllowed)
        accepted = Contest.objects.get(pk=one.pk).state == "ACCEPTED"
        assert Rating.objects.count() - before == accepted


def test_contesting_twice_at_once(cast: Cast) -> None:
    one = {"case": the("T-003"), "reason": "Two visits a week", "by": cast.asha, "at": AT}
    assert outcome(at_once(*[lambda: contest(**one)] * 2), NotAllowed)
    assert Contest.objects.count() == 1
