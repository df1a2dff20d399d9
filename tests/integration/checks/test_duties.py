"""Duties from rows: opened by red flags and concerns, answered, moved up, closed, opened again, never deleted."""

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction

from caseloads.snapshots import score_employer, score_team
from checks import duty_keeping
from checks.actions.doing import Doing
from checks.actions.duties import close, plan, raise_concern, reopen, set_response_times, update
from checks.models import Duty, DutyKeeping, DutyStep, ResponseTimes
from teams.models import AuditEntry, CapacityReduction, RoleAssignment, User
from teams.refusals import AlreadyDone, NotAllowed
from teams.roles import Role
from tests.cast import AT, TODAY, Cast, assemble

WEEK = timedelta(days=7)


def on(days: int = 0) -> datetime:
    return AT + timedelta(days=days)


def score_and_keep(cast: Cast, days: int = 0) -> int:
    """A day's scoring and what follows from it."""
    at = on(days)
    score_employer(employer_id=cast.employer.pk, as_of=at.date(), at=at)
    kept = [duty_keeping.keep_duties(employer_id=key, as_of=at.date(), at=at) for key in keeping(at)]
    return sum(kept)


def keeping(at: datetime) -> list[int]:
    return duty_keeping.employers_to_keep(as_of=at.date())


def doing(by: User, days: int = 0, **more: Any) -> Doing:
    return Doing(by, on(days), **more)


def concern(cast: Cast, **more: Any) -> Duty:
    fields: dict[str, Any] = {
        "worker": cast.asha.worker,
        "team": cast.team,
        "words": "Two court weeks and eight new cases",
        "past_manager": False,
        "doing": doing(cast.asha),
    }
    return raise_concern(**(fields | more))


def words(duty: Duty) -> list[str]:
    return [step.words.replace("\u00a0", " ") for step in duty.steps.order_by("number")]


def now(duty: Duty) -> Duty:
    return Duty.objects.get(pk=duty.pk)


def overload(cast: Cast) -> CapacityReduction:
    return CapacityReduction.objects.create(
        worker=cast.workers["Asha Test"], team=cast.team, kind="PERCENT", amount=85, reason="Court", starts_on=TODAY
    )


def flagged(cast: Cast) -> Duty:
    return Duty.objects.get(worker=cast.workers["Asha Test"], flag="WELL_OVER")


def test_a_red_flag_opens_one_duty_with_an_owner_and_a_day(cast: Cast) -> None:
    overload(cast)
    assert score_and_keep(cast) >= 1
    duty = flagged(cast)
    assert (duty.level, duty.state, duty.due_on) == ("MANAGER", "OPEN", TODAY + timedelta(days=10))
    assert words(duty) == [duty.words]
    assert "capacity" in duty.words
    assert str(duty) == "WELL_OVER of Asha Test"
    assert str(duty.steps.get()) == f"WELL_OVER of Asha Test, step 1: {duty.words}"


def test_the_same_flag_the_next_day_opens_no_second_one(cast: Cast) -> None:
    overload(cast)
    score_and_keep(cast)
    before = Duty.objects.count()
    assert score_and_keep(cast, days=1) == 0
    assert Duty.objects.count() == before
    assert flagged(cast).raised_on == TODAY + timedelta(days=1)


def test_looking_through_twice_or_without_a_scoring_changes_nothing(cast: Cast) -> None:
    assert duty_keeping.keep_duties(employer_id=cast.employer.pk, as_of=TODAY, at=AT) == 0
    overload(cast)
    score_and_keep(cast)
    assert keeping(AT) == []
    assert duty_keeping.keep_duties(employer_id=cast.employer.pk, as_of=TODAY, at=AT) == 0
    score_team(team_id=cast.team.pk, as_of=TODAY, at=AT + timedelta(hours=1))
    CapacityReduction.objects.update(amount=84)
    score_team(team_id=cast.team.pk, as_of=TODAY, at=AT + timedelta(hours=2))
    assert keeping(AT) == [cast.employer.pk]
    assert str(DutyKeeping.objects.get()).startswith("Testshire Council: 2026-11-02")


def test_flags_of_a_team_and_of_cases_open_duties_of_their_own(cast: Cast) -> None:
    score_and_keep(cast, days=30)
    late = Duty.objects.get(flag="UNALLOCATED_LATE")
    assert (late.worker, str(late.case), str(late)) == (None, "T-005", "UNALLOCATED_LATE of Heron Team")
    assert not Duty.objects.filter(flag="RATING_OLD").exists()


def test_a_closed_duty_is_open_again_when_the_flag_is_raised_on_a_later_day(cast: Cast) -> None:
    overload(cast)
    score_and_keep(cast)
    close(duty=flagged(cast), words="Two cases moved", doing=doing(cast.ben))
    CapacityReduction.objects.filter(reason="Court").update(amount=86)
    assert score_and_keep(cast) == 0
    assert score_and_keep(cast, days=6) == 1
    duty = flagged(cast)
    assert (duty.state, duty.closed_on, duty.due_on) == ("OPEN", None, TODAY + timedelta(days=16))
    assert words(duty)[-1].startswith("Opened again 6 days after it was closed. Load ")


def test_a_worker_raises_a_concern_that_the_manager_must_answer(cast: Cast) -> None:
    duty = concern(cast)
    assert (duty.level, duty.due_on) == ("MANAGER", TODAY + timedelta(days=5))
    assert set(Duty.objects.visible_to(cast.ben)) == set(Duty.objects.visible_to(cast.asha)) == {duty}
    assert not Duty.objects.visible_to(cast.gil).exists()
    entry = AuditEntry.objects.get(event="CONCERN_RAISED")
    assert (entry.by, entry.detail) == (cast.asha, {})
    assert str(duty) == "Concern of Asha Test"


def test_a_concern_about_the_manager_goes_past_them_unseen(cast: Cast) -> None:
    duty = concern(cast, past_manager=True)
    assert duty.level == "SERVICE_MANAGER"
    seen = {name for name, user in cast.users.items() if Duty.objects.visible_to(user).exists()}
    assert seen == {"asha", "hana", "dev"}
    with pytest.raises(PermissionDenied):
        update(duty=duty, words="What is this?", doing=doing(cast.ben))
    update(duty=duty, words="Let us talk on Friday", doing=doing(cast.hana))


def test_a_managers_own_concern_begins_with_the_next_level(cast: Cast) -> None:
    duty = concern(cast, worker=cast.ben.worker, doing=doing(cast.ben))
    assert duty.level == "SERVICE_MANAGER"
    plan(duty=duty, words="A day without meetings", by_day=TODAY + WEEK, doing=doing(cast.hana))


def test_concerns_are_read_by_those_who_answer_and_red_flags_by_whoever_sees_the_team(cast: Cast) -> None:
    duty = concern(cast)
    overload(cast)
    score_and_keep(cast)
    seen = {name for name, user in cast.users.items() if Duty.objects.visible_to(user).filter(pk=duty.pk).exists()}
    assert seen == {"asha", "ben", "hana", "dev"}
    assert Duty.objects.visible_to(cast.cora).filter(pk=flagged(cast).pk).exists()


def test_only_the_worker_can_raise_it_in_a_team_of_theirs(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        concern(cast, doing=doing(cast.ben))
    with pytest.raises(NotAllowed, match="You are not a member of Kestrel Team today"):
        concern(cast, team=cast.other_team)


def test_an_unanswered_concern_goes_up_by_itself_to_the_director(cast: Cast) -> None:
    duty = concern(cast)
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=5), at=on(5)) == 0
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=6), at=on(6)) == 1
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=6), at=on(6)) == 0
    assert (now(duty).level, now(duty).due_on) == ("SERVICE_MANAGER", TODAY + timedelta(days=11))
    assert words(duty)[-1] == "Not answered by 7 November 2026. It goes to the service manager."
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=12), at=on(12)) == 1
    assert now(duty).level == "DIRECTOR"
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=90), at=on(90)) == 0
    assert [step.by for step in duty.steps.all()] == [cast.asha, None, None]


def test_a_red_flag_goes_up_only_while_it_is_raised(cast: Cast) -> None:
    overload(cast)
    score_and_keep(cast)
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=11), at=on(11)) == 0
    score_and_keep(cast, days=11)
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=12), at=on(12)) >= 1
    assert flagged(cast).level == "SERVICE_MANAGER"


def test_without_a_service_manager_it_goes_to_the_director(cast: Cast) -> None:
    RoleAssignment.objects.filter(role=Role.SERVICE_MANAGER.value).delete()
    duty = concern(cast)
    duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=6), at=on(6))
    assert now(duty).level == "DIRECTOR"


def test_a_plan_waits_until_its_day_and_then_goes_up(cast: Cast) -> None:
    duty = concern(cast)
    plan(duty=duty, words="No new case until the 20th", by_day=TODAY + 2 * WEEK, doing=doing(cast.ben))
    assert (now(duty).state, now(duty).due_on) == ("PLANNED", TODAY + 2 * WEEK)
    assert words(duty)[-1] == "No new case until the 20th. By 16 November 2026."
    assert duty_keeping.move_late_ones_up(as_of=TODAY + 2 * WEEK, at=on(14)) == 0
    assert duty_keeping.move_late_ones_up(as_of=TODAY + timedelta(days=15), at=on(15)) == 1
    assert (now(duty).state, now(duty).level) == ("OPEN", "SERVICE_MANAGER")
    with pytest.raises(NotAllowed, match="within 90 days"):
        plan(duty=duty, words="Later", by_day=TODAY + timedelta(days=99), doing=doing(cast.ben))


def test_closing_and_opening_again_are_steps_like_any_other(cast: Cast) -> None:
    duty = concern(cast)
    update(duty=duty, words="It got worse", doing=doing(cast.asha, 1))
    close(duty=duty, words="Three cases moved", doing=doing(cast.ben, 2))
    assert now(duty).closed_on == TODAY + timedelta(days=2)
    with pytest.raises(NotAllowed, match="This duty is closed"):
        close(duty=duty, words="Again", doing=doing(cast.ben, 2))
    reopen(duty=duty, words="They came back", doing=doing(cast.asha, 9))
    assert words(duty)[-1] == "Opened again 7 days after it was closed. They came back"
    assert (now(duty).state, now(duty).due_on) == ("OPEN", TODAY + timedelta(days=14))
    with pytest.raises(NotAllowed, match="This duty is open already"):
        reopen(duty=duty, words="Twice", doing=doing(cast.hana, 9))
    events = AuditEntry.objects.filter(event="DUTY_CHANGED").order_by("pk").values_list("detail__move", flat=True)
    assert list(events) == ["UPDATED", "CLOSED", "REOPENED"]


def test_nobody_answers_about_themselves_and_others_do_not_answer(cast: Cast) -> None:
    overload(cast)
    score_and_keep(cast)
    duty = flagged(cast)
    for user in (cast.asha, cast.cora, cast.femi, cast.gil):
        with pytest.raises(PermissionDenied):
            close(duty=duty, words="x", doing=doing(user))
    RoleAssignment.objects.create(user=cast.asha, role="MANAGER", employer=cast.employer, team=cast.team)
    with pytest.raises(PermissionDenied):
        close(duty=duty, words="x", doing=doing(cast.asha))
    close(duty=duty, words="x", doing=doing(cast.dev))
    reopen(duty=duty, words="x", doing=doing(cast.ben))


def test_the_second_of_two_is_told_and_a_double_click_saves_once(cast: Cast) -> None:
    duty, once = concern(cast), uuid4()
    update(duty=duty, words="First", doing=doing(cast.ben, once=once, seen=1))
    with pytest.raises(AlreadyDone):
        update(duty=duty, words="First", doing=doing(cast.ben, once=once, seen=1))
    with pytest.raises(NotAllowed, match=r"changed since you opened the page: First\. \(Ben Test\)"):
        close(duty=duty, words="Done", doing=doing(cast.hana, seen=1))
    with pytest.raises(AlreadyDone):
        concern(cast, doing=doing(cast.asha, once=once))


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_open_each_duty_once() -> None:
    cast, together = assemble(), threading.Barrier(2)
    overload(cast)
    score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
    opened: list[int] = []

    def keep() -> None:
        together.wait(10)
        try:
            opened.append(duty_keeping.keep_duties(employer_id=cast.employer.pk, as_of=TODAY, at=AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=keep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(opened) == [0, Duty.objects.count()]
    assert DutyStep.objects.count() == Duty.objects.count() > 0


def test_response_times_are_the_employers_own_once_agreed(cast: Cast) -> None:
    set_response_times(
        employer=cast.employer, concern_days=3, flag_days=20, source="Joint committee", doing=doing(cast.cora, seen=0)
    )
    assert concern(cast).due_on == TODAY + timedelta(days=3)
    with pytest.raises(NotAllowed, match="Look at them again"):
        set_response_times(
            employer=cast.employer, concern_days=4, flag_days=20, source="x", doing=doing(cast.dev, seen=0)
        )
    set_response_times(employer=cast.employer, concern_days=4, flag_days=20, source="x", doing=doing(cast.dev))
    details = AuditEntry.objects.filter(event="RESPONSE_TIMES_SET").order_by("pk").values_list("detail", flat=True)
    assert [(one["before"]["concern_days"], one["before"].get("flag_days")) for one in details] == [
        (None, None),
        (3, None),
    ]
    assert str(ResponseTimes.objects.get()) == "Testshire Council: 4 and 20 days"
    with pytest.raises(PermissionDenied):
        set_response_times(employer=cast.employer, concern_days=4, flag_days=20, source="x", doing=doing(cast.ben))


def test_the_database_keeps_what_must_stay(cast: Cast) -> None:
    duty = concern(cast)
    for rows in (DutyStep.objects.all(), Duty.objects.all()):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(InternalError), transaction.atomic():
        DutyStep.objects.update(words="nothing happened")
    for rule, changes in (
        ("duty_closed_on_a_day", {"state": "CLOSED"}),
        ("duty_concern_has_a_worker", {"worker": None}),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Duty.objects.filter(pk=duty.pk).update(**changes)
    with pytest.raises(IntegrityError, match="response_times_within_ninety_days"), transaction.atomic():
        ResponseTimes.objects.create(employer=cast.employer, concern_days=0, flag_days=1, source="x")
    overload(cast)
    score_and_keep(cast)
    with pytest.raises(IntegrityError, match="duty_one_for_each_flag"), transaction.atomic():
        Duty.objects.bulk_create([Duty(**{**fields(flagged(cast)), "pk": None, "public_id": uuid4()})])


def fields(duty: Duty) -> dict[str, Any]:
    return {
        field.attname: getattr(duty, field.attname) for field in Duty._meta.concrete_fields if field.attname != "id"
    }
