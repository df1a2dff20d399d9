"""What managers do about people, hours, reductions, absences and posts; each change leaves its trace."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from teams.actions import capacity, posts, staffing
from teams.actions.capacity import Away, Reduction
from teams.actions.setting_up import add_workers
from teams.actions.staffing import About, Starter
from teams.changing import mark_of
from teams.models import Absence, AuditEntry, CapacityReduction, Contract, StaffingChange, Worker
from teams.queries.staffing import hours_totals, open_cases, team_staffing
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, BEGUN, TODAY, Cast, assemble, new_worker

ABOUT = About("Noor Test", "NEWLY_QUALIFIED", registered=True, case_holding=True, agency=False)
DAY = timedelta(days=1)


def audited(what: str) -> dict[str, Any]:
    return dict(AuditEntry.objects.filter(event="STAFFING_CHANGED", detail__what=what).latest("pk").detail)


def asked(cast: Cast) -> set[str]:
    found = set(StaffingChange.objects.values_list("team__name", flat=True))
    StaffingChange.objects.all().delete()
    return found


def asha(cast: Cast) -> Worker:
    return cast.workers["Asha Test"]


def spans(cast: Cast) -> list[tuple[Decimal | None, date, date | None]]:
    rows = Contract.objects.filter(worker=asha(cast), team=cast.team)
    return [(row.weekly_hours, row.starts_on, row.ends_on) for row in rows]


def change(cast: Cast, hours: str, day: date, **more: Any) -> None:
    given = {"team": cast.team, "worker": asha(cast), "weekly_hours": Decimal(hours), "starts_on": day}
    staffing.change_hours(**(given | {"by": cast.ben, "at": AT} | more))


class TestPeople:
    def test_starter_is_added_with_hours(self, cast: Cast) -> None:
        new = Starter(ABOUT, "S77", Decimal("18.5"), TODAY)
        worker = staffing.add_starter(team=cast.team, new=new, by=cast.ben, at=AT)
        assert worker.contracts.get().weekly_hours == Decimal("18.5")
        assert audited("starter")["after"]["staff_reference"] == "S77"
        assert asked(cast) == {"Heron Team"}

    def test_staff_reference_that_is_taken_is_refused_with_a_way_on(self, cast: Cast) -> None:
        new = Starter(ABOUT, "S77", None, TODAY)
        staffing.add_starter(team=cast.team, new=new, by=cast.ben, at=AT)
        with pytest.raises(NotAllowed, match="already works for this employer"):
            staffing.add_starter(team=cast.team, new=new, by=cast.ben, at=AT)

    def test_colleague_joins_from_another_team_and_comes_back(self, cast: Cast) -> None:
        Worker.objects.filter(pk=cast.workers["Kit Test"].pk).update(staff_reference="K1")
        given = {"team": cast.team, "staff_reference": "K1", "weekly_hours": Decimal(10), "by": cast.ben, "at": AT}
        kit = staffing.add_colleague(**given, starts_on=TODAY)
        assert kit.contracts.count() == 2
        with pytest.raises(NotAllowed, match="already has hours in this team: 10 hours a week"):
            staffing.add_colleague(**given, starts_on=TODAY + DAY)
        staffing.end_contract(team=cast.team, worker=kit, ends_on=TODAY + 2 * DAY, by=cast.ben, at=AT)
        staffing.add_colleague(**given, starts_on=TODAY + 9 * DAY)
        assert kit.contracts.filter(team=cast.team).count() == 2

    @pytest.mark.parametrize("reference", ["", "nobody"])
    def test_colleague_nobody_knows_is_refused(self, cast: Cast, reference: str) -> None:
        with pytest.raises(NotAllowed, match="add them as somebody new"):
            staffing.add_colleague(
                team=cast.team, staff_reference=reference, weekly_hours=None, starts_on=TODAY, by=cast.ben, at=AT
            )

    def test_details_are_changed_and_only_what_changed_is_kept(self, cast: Cast) -> None:
        worker = asha(cast)
        about = About(worker.name, "EXPERIENCED", registered=None, case_holding=True, agency=False)
        staffing.describe_worker(team=cast.team, worker=worker, about=about, by=cast.ben, at=AT)
        worker.refresh_from_db()
        assert (worker.career_stage, worker.registered) == ("EXPERIENCED", None)
        kept = audited("details")
        assert kept["before"] == {"career_stage": "ESTABLISHED", "registered": True}
        assert kept["after"] == {"career_stage": "EXPERIENCED", "registered": None}
        assert staffing.described(worker) == "Asha Test, experienced, registration not known, holds cases, employed"

    def test_worker_of_another_team_is_left_alone(self, cast: Cast) -> None:
        kit = cast.workers["Kit Test"]
        with pytest.raises(NotAllowed, match="does not work in Heron Team"):
            staffing.describe_worker(team=cast.team, worker=kit, about=ABOUT, by=cast.ben, at=AT)
        with pytest.raises(NotAllowed, match="does not work in Heron Team"):
            staffing.end_contract(team=cast.team, worker=kit, ends_on=TODAY, by=cast.ben, at=AT)


class TestHours:
    def test_new_hours_begin_a_new_row_and_end_the_old_one(self, cast: Cast) -> None:
        change(cast, "30", TODAY)
        assert spans(cast) == [(Decimal(37), BEGUN, TODAY), (Decimal(30), TODAY, None)]
        assert audited("hours")["before"]["weekly_hours"] == "37.00"
        assert asked(cast) == {"Heron Team"}

    def test_hours_between_keep_the_later_row(self, cast: Cast) -> None:
        change(cast, "30", TODAY)
        change(cast, "20", TODAY - 10 * DAY)
        assert spans(cast) == [
            (Decimal(37), BEGUN, TODAY - 10 * DAY),
            (Decimal(20), TODAY - 10 * DAY, TODAY),
            (Decimal(30), TODAY, None),
        ]

    def test_same_day_is_a_correction_with_its_trace(self, cast: Cast) -> None:
        change(cast, "36", BEGUN)
        assert spans(cast) == [(Decimal(36), BEGUN, None)]
        assert (audited("hours")["before"]["weekly_hours"], audited("hours")["after"]["weekly_hours"]) == (
            "37.00",
            "36",
        )

    @pytest.mark.parametrize("days", [-5, 5])
    def test_first_day_moves_with_the_end_of_the_hours_before(self, cast: Cast, days: int) -> None:
        change(cast, "30", TODAY)
        right = TODAY + days * DAY
        row = Contract.objects.get(worker=asha(cast), starts_on=TODAY)
        asked(cast)
        staffing.correct_first_day(team=cast.team, row=row, starts_on=right, by=cast.ben, at=AT)
        assert spans(cast) == [(Decimal(37), BEGUN, right), (Decimal(30), right, None)]
        assert audited("first day")["before"] == {"starts_on": "2026-11-02"}
        assert audited("first day")["after"] == {"starts_on": right.isoformat()}
        assert asked(cast) == {"Heron Team"}
        with pytest.raises(NotAllowed, match="Other hours in this team count before it"):
            staffing.correct_first_day(team=cast.team, row=row, starts_on=BEGUN, by=cast.ben, at=AT)
        with pytest.raises(NotAllowed, match="Somebody else changed this"):
            staffing.correct_first_day(team=cast.team, row=row, starts_on=TODAY, seen="stale", by=cast.ben, at=AT)

    def test_very_first_day_moves_alone(self, cast: Cast) -> None:
        row = asha(cast).contracts.get()
        staffing.correct_first_day(team=cast.team, row=row, starts_on=BEGUN - DAY, by=cast.ben, at=AT)
        assert spans(cast) == [(Decimal(37), BEGUN - DAY, None)]
        Contract.objects.filter(pk=row.pk).delete()
        with pytest.raises(NotAllowed, match="no longer recorded"):
            staffing.correct_first_day(team=cast.team, row=row, starts_on=BEGUN, by=cast.ben, at=AT)

    def test_day_without_a_contract_is_refused(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="no contract in this team on 31"):
            change(cast, "30", BEGUN - DAY)

    def test_second_of_two_managers_is_told(self, cast: Cast) -> None:
        seen = mark_of(staffing.contracts_in(cast.team, asha(cast)))
        change(cast, "30", TODAY, seen=seen)
        with pytest.raises(NotAllowed) as refusal:
            change(cast, "20", TODAY, seen=seen)
        assert "30 hours a week from 2\u00a0November\u00a02026" in str(refusal.value)
        assert spans(cast)[-1][0] == 30

    def test_form_sent_twice_saves_once(self, cast: Cast) -> None:
        once = uuid4()
        change(cast, "30", TODAY, once=once)
        with pytest.raises(AlreadyDone):
            change(cast, "20", TODAY + DAY, once=once)
        assert len(spans(cast)) == 2


def test_leaver_s_hours_and_reductions_end_and_the_cases_stay(cast: Cast) -> None:
    assert open_cases(cast.team, asha(cast), on=TODAY) == 3
    staffing.end_contract(team=cast.team, worker=asha(cast), ends_on=TODAY, by=cast.ben, at=AT)
    assert spans(cast) == [(Decimal(37), BEGUN, TODAY)]
    assert asha(cast).reductions.get().ends_on == TODAY
    assert open_cases(cast.team, asha(cast), on=TODAY) == 3
    assert asha(cast).allocations.filter(ended_on=None).count() == 3
    with pytest.raises(NotAllowed, match="day after that"):
        staffing.end_contract(team=cast.team, worker=asha(cast), ends_on=BEGUN, by=cast.ben, at=AT)


def reduction(cast: Cast, **changes: Any) -> Reduction:
    fields = {"kind": "PERCENT", "amount": Decimal(40), "reason": "Phased return", "starts_on": TODAY, "ends_on": None}
    return Reduction(**(fields | {"approved_by": cast.hana} | changes))


class TestReductions:
    def add(self, cast: Cast, **changes: Any) -> CapacityReduction:
        given = {"team": cast.team, "worker": asha(cast), "by": cast.ben, "at": AT}
        return capacity.add_reduction(new=reduction(cast, **changes), **given)

    def test_reduction_keeps_who_approved_it(self, cast: Cast) -> None:
        row = self.add(cast)
        assert row.approved_by == cast.hana
        assert audited("reduction")["after"]["approved_by"] == cast.hana.pk
        assert asked(cast) == {"Heron Team"}

    def test_correction_keeps_old_and_new(self, cast: Cast) -> None:
        row = CapacityReduction.objects.get(pk=self.add(cast).pk)
        new = reduction(cast, ends_on=TODAY + 9 * DAY)
        capacity.put_right_reduction(row=row, new=new, why="", seen=mark_of([row]), by=cast.ben, at=AT)
        row.refresh_from_db()
        assert row.ends_on == TODAY + 9 * DAY
        assert (audited("reduction")["before"]["ends_on"], audited("reduction")["after"]["ends_on"]) == (
            None,
            "2026-11-11",
        )
        with pytest.raises(NotAllowed, match="Phased return, 40 percent of their own maximum, from"):
            capacity.put_right_reduction(row=row, new=new, why="", seen="stale", by=cast.ben, at=AT)

    def test_removal_keeps_all_of_it_in_the_trail(self, cast: Cast) -> None:
        row = self.add(cast)
        capacity.put_right_reduction(row=row, new=None, why="Wrong worker", by=cast.ben, at=AT)
        assert not CapacityReduction.objects.filter(pk=row.pk).exists()
        assert audited("reduction removed")["why"] == "Wrong worker"
        assert audited("reduction removed")["before"]["reason"] == "Phased return"
        with pytest.raises(NotAllowed, match="removed this reduction"):
            capacity.put_right_reduction(row=row, new=None, why="Again", by=cast.ben, at=AT)

    def test_approver_without_the_right_or_oneself_is_refused(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="may not approve"):
            self.add(cast, approved_by=cast.asha)
        with pytest.raises(NotAllowed, match="of their own"):
            capacity.add_reduction(
                team=cast.team,
                worker=cast.workers["Ben Test"],
                new=reduction(cast, approved_by=cast.ben),
                by=cast.hana,
                at=AT,
            )
        assert self.add(cast, approved_by=None).approved_by is None

    @pytest.mark.parametrize("changes", [{"amount": Decimal(101)}, {"ends_on": TODAY}])
    def test_reduction_that_takes_nothing_sensible_is_refused(self, cast: Cast, changes: dict[str, Any]) -> None:
        with pytest.raises(NotAllowed):
            self.add(cast, **changes)


class TestAbsences:
    def add(self, cast: Cast, starts_on: date = TODAY, ends_on: date | None = None) -> Absence:
        new = Away("SICKNESS", starts_on, ends_on)
        return capacity.add_absence(team=cast.team, worker=asha(cast), new=new, by=cast.ben, at=AT)

    def test_absence_ends_when_somebody_comes_back(self, cast: Cast) -> None:
        row = self.add(cast)
        assert asked(cast) == {"Heron Team"}
        new = Away("SICKNESS", TODAY, TODAY + 5 * DAY)
        capacity.put_right_absence(team=cast.team, row=row, new=new, why="", seen=mark_of([row]), by=cast.ben, at=AT)
        assert audited("absence")["before"]["ends_on"] is None
        assert self.add(cast, TODAY + 5 * DAY).pk
        assert capacity.absence_words(row) == "Sickness from 2\u00a0November\u00a02026, return not known"

    def test_nobody_is_away_twice(self, cast: Cast) -> None:
        self.add(cast)
        with pytest.raises(NotAllowed, match="already recorded as away"):
            self.add(cast, TODAY + DAY)

    def test_removal_keeps_all_of_it_in_the_trail(self, cast: Cast) -> None:
        row = self.add(cast)
        with pytest.raises(NotAllowed, match="Somebody else changed this"):
            capacity.put_right_absence(team=cast.team, row=row, new=None, why="No", seen="stale", by=cast.ben, at=AT)
        capacity.put_right_absence(team=cast.team, row=row, new=None, why="Wrong worker", by=cast.ben, at=AT)
        assert audited("absence removed")["before"]["reason"] == "SICKNESS"
        with pytest.raises(NotAllowed, match="removed this absence"):
            capacity.put_right_absence(team=cast.team, row=row, new=None, why="Again", by=cast.ben, at=AT)


class TestPosts:
    def test_posts_follow_each_other(self, cast: Cast) -> None:
        given = {"team": cast.team, "by": cast.ben, "at": AT}
        posts.set_establishment(weekly_hours=Decimal(185), starts_on=BEGUN, **given)
        seen = mark_of(cast.team.establishments.all())
        posts.set_establishment(weekly_hours=Decimal(222), starts_on=TODAY, seen=seen, **given)
        posts.set_establishment(weekly_hours=Decimal(200), starts_on=TODAY, **given)
        rows = cast.team.establishments.values_list("weekly_hours", "starts_on", "ends_on")
        assert list(rows) == [(185, BEGUN, TODAY), (200, TODAY, None)]
        assert audited("establishment")["before"]["weekly_hours"] == "222.00"
        with pytest.raises(NotAllowed, match="already recorded from 2"):
            posts.set_establishment(weekly_hours=Decimal(1), starts_on=TODAY - DAY, **given)
        with pytest.raises(NotAllowed, match="It is now: 200 hours a week from"):
            posts.set_establishment(weekly_hours=Decimal(1), starts_on=TODAY, seen=seen, **given)
        assert posts.posts_words([]) == "no posts recorded"


ACTIONS: dict[str, Callable[[Cast, Any], object]] = {
    "starter": lambda cast, by: staffing.add_starter(team=cast.team, new=Starter(ABOUT, "", None, TODAY), by=by, at=AT),
    "colleague": lambda cast, by: staffing.add_colleague(
        team=cast.team, staff_reference="K1", weekly_hours=None, starts_on=TODAY, by=by, at=AT
    ),
    "hours": lambda cast, by: change(cast, "30", TODAY, by=by),
    "first day": lambda cast, by: staffing.correct_first_day(
        team=cast.team, row=asha(cast).contracts.get(), starts_on=TODAY, by=by, at=AT
    ),
    "leaver": lambda cast, by: staffing.end_contract(team=cast.team, worker=asha(cast), ends_on=TODAY, by=by, at=AT),
    "details": lambda cast, by: staffing.describe_worker(team=cast.team, worker=asha(cast), about=ABOUT, by=by, at=AT),
    "reduction": lambda cast, by: capacity.add_reduction(
        team=cast.team, worker=asha(cast), new=reduction(cast), by=by, at=AT
    ),
    "absence": lambda cast, by: capacity.add_absence(
        team=cast.team, worker=asha(cast), new=Away("OTHER", TODAY, None), by=by, at=AT
    ),
    "absences": lambda cast, by: capacity.record_absences(
        team=cast.team, absences=[(asha(cast), Away("OTHER", TODAY, None))], by=by, at=AT
    ),
    "posts": lambda cast, by: posts.set_establishment(
        team=cast.team, weekly_hours=Decimal(1), starts_on=TODAY, by=by, at=AT
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("person", ["ben", "asha", "cora", "dev", "ewa", "femi", "hana", "gil"])
def test_only_those_with_the_right_change_staffing(cast: Cast, action: str, person: str) -> None:
    Worker.objects.filter(pk=cast.workers["Kit Test"].pk).update(staff_reference="K1")
    user = cast.users[person]
    if person in {"ben", "hana"}:
        ACTIONS[action](cast, user)
        assert AuditEntry.objects.filter(event="STAFFING_CHANGED", by=user).exists()
    else:
        with pytest.raises(PermissionDenied):
            ACTIONS[action](cast, user)
        assert not AuditEntry.objects.filter(event="STAFFING_CHANGED").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_the_second_is_told() -> None:
    """The second asks while the first is still saving: it waits, and is then told."""
    cast, answers = assemble(), []
    seen = mark_of(staffing.contracts_in(cast.team, asha(cast)))

    def second() -> None:
        try:
            change(cast, "20", TODAY, seen=seen, by=cast.hana)
        except Exception as refusal:  # noqa: BLE001 - whatever it is told is compared below
            answers.append(str(refusal))
        finally:
            connection.close()

    thread = Thread(target=second)
    with transaction.atomic():
        change(cast, "30", TODAY, seen=seen)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join()
    (told,) = answers
    assert told.startswith("Somebody else changed this while you had the form open. It is now: 37 hours a week")
    assert "30 hours a week from 2\u00a0November\u00a02026" in told
    assert len(spans(cast)) == 2
    assert AuditEntry.objects.filter(detail__what="hours").count() == 1


class TestFigures:
    def test_page_adds_up_posts_and_moves(self, cast: Cast) -> None:
        new = [
            new_worker("Agency Test", cast.team, agency=True),
            new_worker("Gone Test", cast.team, "18.5"),
            new_worker("Short Test", cast.team, "18.5"),
        ]
        _, gone, short = add_workers(employer=cast.employer, workers=new, by=None, at=AT)
        staffing.end_contract(team=cast.team, worker=gone, ends_on=TODAY, by=cast.ben, at=AT)
        posts.set_establishment(team=cast.team, weekly_hours=Decimal(222), starts_on=BEGUN, by=cast.ben, at=AT)
        week = Away("SICKNESS", date(2026, 10, 26), TODAY)
        capacity.add_absence(team=cast.team, worker=short, new=week, by=cast.ben, at=AT)
        page = team_staffing(cast.team, as_of=TODAY)
        assert (page.established, page.in_post, page.agency, page.vacant) == (6, Decimal("4.5"), 1, Decimal("1.5"))
        assert (page.rates.vacancy, page.rates.agency) == (Decimal("25.0"), Decimal("18.2"))
        assert [move.worker for move in page.leavers] == [gone]
        assert (page.rates.turnover, page.starters) == (Decimal("11.1"), [])
        assert [(row.reason, row.days) for row in page.lost] == [("Sickness", Decimal("2.5"))]
        assert [row.worker.name for row in page.members][:2] == ["Agency Test", "Asha Test"]

    def test_expiring_reductions_are_listed_for_28_days(self, cast: Cast) -> None:
        given = {"team": cast.team, "worker": asha(cast), "by": cast.ben, "at": AT}
        capacity.add_reduction(new=reduction(cast, ends_on=TODAY + 29 * DAY), **given)
        last = capacity.add_reduction(new=reduction(cast, ends_on=TODAY + 28 * DAY), **given)
        first = capacity.add_reduction(new=reduction(cast, ends_on=TODAY + DAY), **given)
        assert list(team_staffing(cast.team, as_of=TODAY).expiring) == [first, last]

    def test_hours_nobody_knows_leave_the_rates_unknown(self, cast: Cast) -> None:
        add_workers(employer=cast.employer, workers=[new_worker("New Test", cast.team, None)], by=None, at=AT)
        page = team_staffing(cast.team, as_of=TODAY)
        assert page.posts.not_known == 1
        assert {page.rates.vacancy, page.rates.agency, page.rates.turnover, page.rates.absence} == {None}
        assert team_staffing(cast.team, as_of=BEGUN - DAY).members == []

    def test_additional_hours_count_in_the_team_of_most_hours(self, cast: Cast) -> None:
        new = [new_worker(f"Number {number}", cast.team, "20") for number in range(5)]
        workers = add_workers(employer=cast.employer, workers=new, by=None, at=AT)
        Contract.objects.create(worker=workers[0], team=cast.other_team, weekly_hours=10, starts_on=BEGUN)
        for worker in workers:
            worker.additional_hours.create(week=date(2026, 8, 10), hours=2)
        shown = {row.starts_on: row for row in hours_totals(cast.team, today=TODAY)}
        assert shown[date(2026, 8, 10)].hours == 10
        assert all(row.hidden for row in hours_totals(cast.other_team, today=TODAY))
        Contract.objects.filter(worker=workers[0], team=cast.other_team).update(weekly_hours=30)
        assert all(row.hidden for row in hours_totals(cast.team, today=TODAY))
