"""Recording, rating, correcting, closing and opening again: with the right, by the rules, once, and in history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from caseloads.actions.case_changes import Correction, Doing, close, correct, reopen
from caseloads.actions.cases import NewCase, record_case
from caseloads.actions.changing import ChangedMeanwhile
from caseloads.actions.rating import rate
from caseloads.models import Allocation, Case, CaseChange, Rating, ScoringNeed
from caseloads.queries.cases import Draft, weight_of
from caseloads.queries.workloads import team_workload
from teams.models import AuditEntry, User
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast, holds, record
from tests.cast import case as new_case

YESTERDAY = TODAY - timedelta(days=1)
PLAN = Draft("child_protection", {"long_travel": 1})


def the(reference: str) -> Case:
    return Case.objects.select_related("employer", "team__service_area", "team__employer").get(reference=reference)


def doing(cast: Cast, **changes: Any) -> Doing:
    return Doing(**({"by": cast.ben, "at": AT} | changes))


def weight(reference: str) -> Decimal | None:
    return weight_of(the(reference), as_of=TODAY).weight


def told(reference: str) -> str:
    return CaseChange.objects.filter(case__reference=reference).latest("revision").text


def as_recorded(reference: str) -> Correction:
    row = the(reference)
    return Correction(
        row.reference, row.family_reference, row.category, Case.Priority(row.priority), row.opened_on, row.closed_on
    )


def rate_again(cast: Cast, reference: str = "T-003", draft: Draft = PLAN, **changes: Any) -> Rating:
    fields = {"case": the(reference), "draft": draft, "reason": "Now on a plan", "by": cast.ben, "at": AT} | changes
    return rate(**fields)


EVERYTHING: dict[str, Callable[[Cast, User], object]] = {
    "record": lambda cast, by: record_case(team=cast.team, new=NewCase("N-1", "assessment", TODAY), by=by, at=AT),
    "rate": lambda cast, by: rate_again(cast, by=by),
    "correct": lambda cast, by: correct(
        case=the("T-003"),
        to=replace(as_recorded("T-003"), reference="T-3"),
        reason="Misread",
        doing=doing(cast, by=by),
    ),
    "close": lambda cast, by: close(case=the("T-003"), closed_on=TODAY, doing=doing(cast, by=by)),
}


@pytest.mark.parametrize("what", EVERYTHING)
@pytest.mark.parametrize("name", ["asha", "cora", "dev", "ewa", "femi", "gil"])
def test_whoever_may_not_record_cases_changes_nothing(cast: Cast, what: str, name: str) -> None:
    before = CaseChange.objects.count()
    with pytest.raises(PermissionDenied):
        EVERYTHING[what](cast, cast.users[name])
    assert CaseChange.objects.count() == before


@pytest.mark.parametrize("what", EVERYTHING)
@pytest.mark.parametrize("name", ["ben", "hana"])
def test_whoever_may_leaves_a_trail_and_asks_for_scores(cast: Cast, what: str, name: str) -> None:
    ScoringNeed.objects.all().delete()
    before = AuditEntry.objects.count()
    EVERYTHING[what](cast, cast.users[name])
    assert AuditEntry.objects.filter(by=cast.users[name]).count() == AuditEntry.objects.count() - before == 1
    assert set(ScoringNeed.objects.values_list("team", flat=True)) == {cast.team.pk}
    assert CaseChange.objects.latest("pk").by == cast.users[name]


def test_recorded_case_is_rated_by_who_recorded_it_and_waits(cast: Cast) -> None:
    new = NewCase(
        " N-1 ", "assessment", YESTERDAY, priority=Case.Priority.URGENT, rated_on=TODAY, factors={"further_child": 2}
    )
    case = record_case(team=cast.team, new=new, by=cast.ben, at=AT)
    assert (case.reference, case.revision, case.priority) == ("N-1", 1, 1)
    assert case.ratings.get().rated_by == cast.ben
    assert weight("N-1") == Decimal("7.00")
    assert "N-1" in {row.reference for row in team_workload(cast.team, as_of=TODAY).unallocated}


def test_reference_is_recorded_once_for_an_employer(cast: Cast) -> None:
    for reference in ("T-001", "t-001"):
        with pytest.raises(NotAllowed, match=f"{reference} is recorded already"):
            record_case(team=cast.team, new=NewCase(reference, "assessment", TODAY), by=cast.ben, at=AT)


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewCase("N-1", "assessment", TODAY + timedelta(days=1)), "today or on an earlier day"),
        (NewCase("N-1", "no-such", TODAY, rated_on=TODAY), "no-such"),
        (NewCase("N-1", "", TODAY, rated_on=TODAY), "Choose a category"),
        (NewCase("N-1", "assessment", TODAY, rated_on=TODAY, override=Decimal(9)), "Say why"),
        (NewCase("6.53781E+11", "assessment", TODAY), "spreadsheet has shortened"),
    ],
)
def test_case_that_cannot_be_recorded_is_refused_whole(cast: Cast, new: NewCase, sentence: str) -> None:
    before = Case.objects.count()
    with pytest.raises(NotAllowed, match=sentence):
        record_case(team=cast.team, new=new, by=cast.ben, at=AT)
    assert Case.objects.count() == before


def test_references_are_hashed_as_an_import_does(cast: Cast, settings: Any) -> None:
    settings.HASH_CASE_REFERENCES = True
    new = NewCase("N-1", "assessment", TODAY, family_reference="F-7")
    with pytest.raises(NotAllowed, match="CASE_REFERENCE_KEY is not set"):
        record_case(team=cast.team, new=new, by=cast.ben, at=AT)
    settings.CASE_REFERENCE_KEY = "a key"
    case = record_case(team=cast.team, new=new, by=cast.ben, at=AT)
    assert case.reference not in {"N-1", ""}
    correct(
        case=the(case.reference),
        to=replace(as_recorded(case.reference), family_reference=""),
        reason="Not theirs",
        doing=doing(cast),
    )
    assert Case.objects.get(pk=case.pk).reference == case.reference


def test_rating_again_keeps_the_old_one_and_says_from_what_to_what(cast: Cast) -> None:
    rate_again(cast)
    assert weight("T-003") == Decimal("9.00")
    assert the("T-003").category == "child_protection"
    assert the("T-003").ratings.count() == 2
    assert told("T-003") == "Rated: 5.00 → 9.00. Now on a plan."


def test_weight_set_by_hand_lasts_until_the_next_rating(cast: Cast) -> None:
    by_hand = Draft("child_in_need", {}, Decimal("12.50"), "Agreed in supervision")
    rate_again(cast, draft=by_hand, reason="")
    assert weight("T-003") == Decimal("12.50")
    assert told("T-003") == "Weight set by hand: 5.00 → 12.50. Agreed in supervision."
    rate_again(cast)
    assert weight("T-003") == Decimal("9.00")


def test_weight_set_by_hand_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Say why"):
        rate_again(cast, draft=Draft("child_in_need", {}, Decimal(9)))


def test_closed_case_is_not_rated(cast: Cast) -> None:
    close(case=the("T-003"), closed_on=TODAY, doing=doing(cast))
    with pytest.raises(NotAllowed, match="closed"):
        rate_again(cast)


def test_whoever_comes_second_is_told_what_changed_and_loses_nothing(cast: Cast) -> None:
    seen = the("T-003").revision
    rate_again(cast, seen=seen, by=cast.hana)
    with pytest.raises(
        ChangedMeanwhile, match=r"Rated: 5.00 → 9.00. Now on a plan \(Hana Test, 2.November.2026 at 09:30"
    ):
        close(case=the("T-003"), closed_on=TODAY, doing=doing(cast, seen=seen))
    assert the("T-003").closed_on is None
    close(case=the("T-003"), closed_on=TODAY, doing=doing(cast, seen=seen + 1))
    assert the("T-003").revision == seen + 2


def test_form_sent_twice_is_saved_once(cast: Cast) -> None:
    once, seen = uuid4(), the("T-003").revision
    rate_again(cast, once=once, seen=seen)
    with pytest.raises(AlreadyDone):
        rate_again(cast, once=once, seen=seen)
    new = NewCase("N-1", "assessment", TODAY)
    again = uuid4()
    record_case(team=cast.team, new=new, by=cast.ben, at=AT, once=again)
    with pytest.raises(AlreadyDone):
        record_case(team=cast.team, new=new, by=cast.ben, at=AT, once=again)
    assert Case.objects.filter(reference="N-1").count() == 1
    assert the("T-003").ratings.count() == 2


def test_correction_says_what_was_and_what_is(cast: Cast) -> None:
    to = replace(as_recorded("T-003"), reference="T-3", priority=Case.Priority.URGENT, opened_on=date(2026, 8, 1))
    correct(case=the("T-003"), to=to, reason="Misread", doing=doing(cast))
    text = told("T-3").replace("\xa0", " ")
    assert "reference T-003 → T-3; priority Routine → Urgent; opened on 3 September 2026 → 1 August 2026" in text
    assert text.endswith("Misread.")


def test_corrected_category_weighs_anew_but_is_no_review(cast: Cast) -> None:
    correct(
        case=the("T-003"), to=replace(as_recorded("T-003"), category="proceedings"), reason="Typed", doing=doing(cast)
    )
    newest = the("T-003").ratings.latest("pk")
    assert (newest.factors, newest.rated_on) == ({"long_travel": 1}, TODAY - timedelta(days=30))
    assert weight("T-003") == Decimal("11.00")
    correct(
        case=the("T-004"), to=replace(as_recorded("T-004"), category="proceedings"), reason="Typed", doing=doing(cast)
    )
    assert not the("T-004").ratings.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Nothing is different"),
        ({"reference": "T-001"}, "Another case has the reference T-001"),
        ({"opened_on": TODAY + timedelta(days=1)}, "today or on an earlier day"),
        ({"opened_on": TODAY}, "Somebody held this case before"),
    ],
)
def test_wrong_correction_is_refused(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        correct(case=the("T-003"), to=replace(as_recorded("T-003"), **changes), reason="Why", doing=doing(cast))
    assert the("T-003").revision == 1


def test_closing_ends_what_is_held_on_the_day_and_deletes_nothing(cast: Cast) -> None:
    later = {"started_on": TODAY, "share": 20, "role": Allocation.Role.CO_WORKER}
    case = the("T-003")
    Allocation.objects.filter(case=case).update(share=80)
    Allocation.objects.create(
        employer=cast.employer, case=case, worker=cast.workers["Nia Test"], team=cast.team, **later
    )
    close(case=case, closed_on=YESTERDAY, doing=doing(cast))
    ends = dict(Allocation.objects.filter(case=case).values_list("worker__name", "ended_on"))
    assert ends == {"Asha Test": YESTERDAY, "Nia Test": TODAY}
    assert told("T-003").replace("\xa0", " ") == "Closed on 1 November 2026."
    assert "T-003" not in {
        row["reference"] for row in team_workload(cast.team, as_of=TODAY).workload.lines.to_dict("records")
    }


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), TODAY - timedelta(days=61)])
def test_case_closes_after_it_opened_and_not_ahead(cast: Cast, day: date) -> None:
    with pytest.raises(NotAllowed):
        close(case=the("T-003"), closed_on=day, doing=doing(cast))


def test_closing_twice_and_opening_an_open_case_are_refused(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="open already"):
        reopen(case=the("T-003"), reason="Why", doing=doing(cast))
    close(case=the("T-003"), closed_on=TODAY, doing=doing(cast))
    with pytest.raises(NotAllowed, match="closed already"):
        close(case=the("T-003"), closed_on=TODAY, doing=doing(cast))


def test_reopened_case_waits_from_the_day_and_can_be_held_again_at_once(cast: Cast) -> None:
    close(case=the("T-003"), closed_on=TODAY - timedelta(days=20), doing=doing(cast))
    reopen(case=the("T-003"), reason="Closed by mistake", doing=doing(cast))
    (row,) = [row for row in team_workload(cast.team, as_of=TODAY).unallocated if row.reference == "T-003"]
    assert row.waiting_days == 0
    assert "had been closed on 13 October 2026. Closed by mistake." in told("T-003").replace("\xa0", " ")
    Allocation.objects.create(
        employer=cast.employer, case=the("T-003"), worker=cast.workers["Asha Test"], team=cast.team, started_on=TODAY
    )


def test_case_closed_and_opened_again_on_one_day_can_be_held_by_the_same_worker(cast: Cast) -> None:
    record(cast, new_case("X", replace(holds(cast.workers["Asha Test"], cast.team), started_on=TODAY), opened_on=TODAY))
    for _ in range(2):
        close(case=the("X"), closed_on=TODAY, doing=doing(cast))
        reopen(case=the("X"), reason="Closed by mistake", doing=doing(cast))
        Allocation.objects.create(
            employer=cast.employer, case=the("X"), worker=cast.workers["Asha Test"], team=cast.team, started_on=TODAY
        )
    assert the("X").revision == 5


def test_dates_of_a_closed_case_are_corrected_with_its_allocations(cast: Cast) -> None:
    close(case=the("T-003"), closed_on=TODAY, doing=doing(cast))
    correct(
        case=the("T-003"), to=replace(as_recorded("T-003"), closed_on=YESTERDAY), reason="A day late", doing=doing(cast)
    )
    assert the("T-003").allocations.get().ended_on == YESTERDAY
    for day in (TODAY + timedelta(days=1), date(2020, 1, 1)):
        to = replace(as_recorded("T-003"), closed_on=day)
        with pytest.raises(NotAllowed):
            correct(case=the("T-003"), to=to, reason="Why", doing=doing(cast))


def test_area_without_a_scheme_cannot_rate(cast: Cast) -> None:
    new = NewCase("E-1", "assessment", TODAY, rated_on=TODAY)
    with pytest.raises(NotAllowed, match="No weighting scheme is published"):
        record_case(team=cast.elsewhere, new=new, by=cast.gil, at=AT)
    record_case(team=cast.elsewhere, new=replace(new, rated_on=None), by=cast.gil, at=AT)
    to = replace(as_recorded("E-1"), category="")
    correct(case=the("E-1"), to=to, reason="Not known yet", doing=doing(cast, by=cast.gil))
    assert "category assessment → none" in told("E-1")
