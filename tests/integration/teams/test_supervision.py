"""The supervision log and additional hours: who may record what, what is kept, and what follows from it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from caseloads.queries.workloads import team_workload
from teams import shipped
from teams.actions.capacity import Away, add_absence
from teams.actions.hours import record_hours, take_over_hours
from teams.actions.supervision import (
    agree_rules,
    put_right_session,
    record_session,
    record_sessions,
)
from teams.changing import mark_of
from teams.models import AdditionalHours, AuditEntry, StaffingChange, SupervisionSession, Worker
from teams.queries.hours import own_hours, own_week
from teams.queries.supervision import rules_of, supervised, supervisors, team_supervision, worker_supervision
from teams.refusals import AlreadyDone, NotAllowed
from teams.supervision import Rule, State
from tests.cast import AT, TODAY, Cast, session, supervise

DAY = timedelta(days=1)
LATE = TODAY - timedelta(days=40)
MONDAY = date(2026, 11, 2)


def asha(cast: Cast) -> Worker:
    return cast.workers["Asha Test"]


def audited() -> dict[str, Any]:
    return dict(AuditEntry.objects.filter(event="SUPERVISION_RECORDED").latest("pk").detail)


def flags(cast: Cast) -> list[tuple[str, str]]:
    """Who is flagged as overdue, with the sentence."""
    rows = team_workload(cast.team, as_of=TODAY).workers
    return [(row.name, flag.detail) for row in rows for flag in row.flags if flag.code == "SUPERVISION_OVERDUE"]


class TestLog:
    def test_session_is_recorded_with_its_trace(self, cast: Cast) -> None:
        row = supervise(cast, asha(cast), TODAY, supervisor=cast.workers["Ben Test"], supervisor_name="")
        assert (row.recorded_by, row.supervisor) == (cast.ben, cast.workers["Ben Test"])
        assert audited()["after"]["supervisor"] == cast.workers["Ben Test"].pk
        assert set(StaffingChange.objects.values_list("team__name", flat=True)) == {"Heron Team"}

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"held_on": TODAY + DAY}, "not in the future"),
            ({"held_on": date(2020, 1, 1)}, "no contract in this team"),
            ({"held_on": LATE}, "session of 23\u00a0September\u00a02026 already"),
        ],
    )
    def test_session_that_cannot_be_is_refused(self, cast: Cast, changes: dict[str, Any], sentence: str) -> None:
        supervise(cast, asha(cast), LATE)
        with pytest.raises(NotAllowed, match=sentence):
            record_session(team=cast.team, worker=asha(cast), new=session(**changes), by=cast.ben, at=AT)

    def test_nobody_records_their_own_or_supervises_themselves(self, cast: Cast) -> None:
        ben = cast.workers["Ben Test"]
        with pytest.raises(NotAllowed, match="by your manager"):
            record_session(team=cast.team, worker=ben, new=session(TODAY), by=cast.ben, at=AT)
        own = record_session(team=cast.team, worker=ben, new=session(TODAY), by=cast.hana, at=AT)
        with pytest.raises(NotAllowed, match="by your manager"):
            put_right_session(row=own, new=None, why="No", by=cast.ben, at=AT)
        alone = session(TODAY - DAY, supervisor=ben, supervisor_name="")
        with pytest.raises(NotAllowed, match="supervises themselves"):
            record_session(team=cast.team, worker=ben, new=alone, by=cast.hana, at=AT)

    def test_correction_keeps_old_and_new(self, cast: Cast) -> None:
        row = supervise(cast, asha(cast), LATE)
        new = session(LATE, minutes=60, interrupted=True)
        put_right_session(row=row, new=new, why="", seen=mark_of([row]), by=cast.ben, at=AT)
        assert (audited()["before"]["minutes"], audited()["after"]["minutes"]) == (90, 60)
        with pytest.raises(NotAllowed, match="It is now: 23\u00a0September\u00a02026, 60 minutes, interrupted"):
            put_right_session(row=row, new=new, why="", seen=mark_of([row]), by=cast.ben, at=AT)

    def test_removal_keeps_all_of_it_in_the_trail(self, cast: Cast) -> None:
        row = supervise(cast, asha(cast), LATE)
        put_right_session(row=row, new=None, why="Wrong day", by=cast.ben, at=AT)
        assert not SupervisionSession.objects.exists()
        assert (audited()["why"], audited()["before"]["held_on"]) == ("Wrong day", "2026-09-23")
        with pytest.raises(NotAllowed, match="removed this session"):
            put_right_session(row=row, new=None, why="Again", by=cast.ben, at=AT)

    def test_form_sent_twice_saves_once(self, cast: Cast) -> None:
        given = {"team": cast.team, "worker": asha(cast), "once": uuid4(), "by": cast.ben, "at": AT}
        record_session(new=session(TODAY), **given)
        with pytest.raises(AlreadyDone):
            record_session(new=session(TODAY - DAY), **given)

    def test_supervisors_offered_are_colleagues(self, cast: Cast) -> None:
        assert {str(row) for row in supervisors(asha(cast))} == {"Ben Test", "Nia Test", "Una Test"}


ACTIONS: dict[str, Callable[[Cast, Any, SupervisionSession], object]] = {
    "record": lambda cast, by, _: record_session(team=cast.team, worker=asha(cast), new=session(TODAY), by=by, at=AT),
    "correct": lambda _, by, row: put_right_session(row=row, new=session(LATE), why="", by=by, at=AT),
    "remove": lambda _, by, row: put_right_session(row=row, new=None, why="Wrong", by=by, at=AT),
    "take over": lambda cast, by, _: record_sessions(
        team=cast.team, sessions=[(asha(cast), session(TODAY))], by=by, at=AT
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("person", ["ben", "asha", "cora", "dev", "ewa", "femi", "hana", "gil"])
def test_only_managers_change_the_log(cast: Cast, action: str, person: str) -> None:
    row, user = supervise(cast, asha(cast), LATE), cast.users[person]
    before = AuditEntry.objects.count()
    if person in {"ben", "hana"}:
        ACTIONS[action](cast, user, row)
        assert AuditEntry.objects.count() == before + 1
    else:
        with pytest.raises(PermissionDenied):
            ACTIONS[action](cast, user, row)
        assert AuditEntry.objects.count() == before


class TestOverdue:
    def test_employer_without_a_log_raises_nothing(self, cast: Cast) -> None:
        assert flags(cast) == []
        assert supervised(cast.employer, as_of=TODAY) == []
        page = team_supervision(cast.team, as_of=TODAY)
        assert not page.recorded
        assert {line.standing.state for line in page.lines} == {State.NOT_KNOWN}

    def test_overdue_worker_is_flagged_until_a_session_is_recorded(self, cast: Cast) -> None:
        supervise(cast, asha(cast), LATE)
        supervise(cast, cast.workers["Nia Test"], TODAY)
        supervise(cast, cast.workers["Una Test"], TODAY)
        ((name, sentence),) = flags(cast)
        assert name == "Asha Test"
        assert sentence.startswith("Due by 24\u00a0October\u00a02026, 9\u00a0days ago; last held 23\u00a0September")
        supervise(cast, asha(cast), TODAY)
        assert flags(cast) == []

    def test_log_begins_for_everybody_with_its_first_session(self, cast: Cast) -> None:
        supervise(cast, asha(cast), LATE)
        assert {name for name, _ in flags(cast)} == {"Asha Test", "Nia Test", "Una Test"}
        SupervisionSession.objects.all().delete()
        supervise(cast, asha(cast), TODAY)
        assert flags(cast) == []

    def test_nobody_is_flagged_while_away(self, cast: Cast) -> None:
        for name in ("Nia Test", "Una Test"):
            supervise(cast, cast.workers[name], TODAY)
        supervise(cast, asha(cast), LATE)
        add_absence(team=cast.team, worker=asha(cast), new=Away("OTHER", TODAY, None), by=cast.ben, at=AT)
        assert flags(cast) == []

    def test_manager_is_listed_and_not_watched(self, cast: Cast) -> None:
        supervise(cast, asha(cast), LATE)
        page = team_supervision(cast.team, as_of=TODAY)
        states = {line.worker.name: line.standing.state for line in page.lines}
        assert states.pop("Ben Test") == State.NO_GAP_SET
        assert set(states.values()) == {State.OVERDUE}
        assert (page.watched, page.overdue) == (3, 3)

    def test_another_employer_s_log_is_nothing_here(self, cast: Cast) -> None:
        supervise(cast, asha(cast), LATE)
        assert supervised(cast.elsewhere.employer, as_of=TODAY) == []

    def test_whole_employer_and_one_team_agree(self, cast: Cast) -> None:
        supervise(cast, asha(cast), LATE, minutes=30)
        whole = {row.worker: row for row in supervised(cast.employer, as_of=TODAY)}
        for team in (cast.team, cast.other_team):
            for row in supervised(cast.employer, as_of=TODAY, teams=[team]):
                assert whole[row.worker] == row
        own = worker_supervision(asha(cast), as_of=TODAY)
        assert own.standing == whole[asha(cast).pk].standing
        assert own.rows[0].below == "shorter than 90 minutes"

    def test_sessions_of_91_days_are_counted(self, cast: Cast) -> None:
        for days, changes in {91: {}, 90: {}, 30: {"interrupted": True}, 0: {"minutes": 89}}.items():
            supervise(cast, asha(cast), TODAY - timedelta(days=days), **changes)
        (row,) = [row for row in supervised(cast.employer, as_of=TODAY) if row.worker == asha(cast).pk]
        assert (row.sessions, row.in_full) == (3, 1)
        (past,) = [row for row in supervised(cast.employer, as_of=TODAY - DAY) if row.worker == asha(cast).pk]
        assert (past.sessions, past.standing.last_on) == (3, TODAY - timedelta(days=30))

    def test_own_rules_take_the_place_of_those_shipped(self, cast: Cast) -> None:
        supervise(cast, asha(cast), TODAY - timedelta(days=10))
        for name in ("Nia Test", "Una Test"):
            supervise(cast, cast.workers[name], TODAY)
        assert flags(cast) == []
        rules = [Rule(stage, 7, None, "agreed locally") for stage in ("ESTABLISHED", "NEWLY_QUALIFIED")]
        agree_rules(employer=cast.employer, rules=rules, by=cast.cora, at=AT)
        assert rules_of(cast.employer) == rules
        assert [name for name, _ in flags(cast)] == ["Asha Test"]
        agree_rules(employer=cast.employer, rules=(), by=cast.dev, at=AT)
        assert rules_of(cast.employer) == shipped.supervision_rules()
        with pytest.raises(PermissionDenied):
            agree_rules(employer=cast.employer, rules=rules, by=cast.ben, at=AT)


def record(cast: Cast, hours: str, *, week: date = MONDAY, **more: Any) -> None:
    given = {"worker": asha(cast), "week": week, "hours": Decimal(hours), "note": "", "by": cast.asha, "at": AT}
    record_hours(**(given | more))


class TestAdditionalHours:
    @pytest.fixture(autouse=True)
    def linked(self, cast: Cast) -> None:
        asha(cast).refresh_from_db()

    def test_own_hours_are_entered_and_changed(self, cast: Cast) -> None:
        record(cast, "3")
        record(cast, "2.5")
        assert asha(cast).additional_hours.get().hours == Decimal("2.5")
        detail = AuditEntry.objects.filter(event="HOURS_RECORDED").latest("pk").detail
        assert (detail["before"], detail["after"]) == ("3.00", "2.5")
        page = own_hours(asha(cast), today=TODAY)
        assert [week.row.hours if week.row else None for week in page.open] == [Decimal("2.5"), None, None, None]
        assert page.total == Decimal("2.5")

    @pytest.mark.parametrize("person", ["ben", "hana", "ewa", "dev", "gil"])
    def test_nobody_else_enters_them(self, cast: Cast, person: str) -> None:
        with pytest.raises(PermissionDenied):
            record(cast, "3", by=cast.users[person])
        assert not AdditionalHours.objects.exists()

    def test_week_that_is_closed_is_refused(self, cast: Cast) -> None:
        record(cast, "3", week=MONDAY - timedelta(weeks=3))
        with pytest.raises(NotAllowed, match="three before"):
            record(cast, "3", week=MONDAY - timedelta(weeks=4))
        with pytest.raises(Http404):
            own_week(cast.asha, MONDAY - timedelta(weeks=4), today=TODAY)
        with pytest.raises(Http404):
            own_week(cast.dev, MONDAY, today=TODAY)
        assert own_week(cast.asha, MONDAY, today=TODAY)[1] is None

    def test_form_sent_twice_saves_once(self, cast: Cast) -> None:
        once = uuid4()
        record(cast, "3", once=once)
        with pytest.raises(AlreadyDone):
            record(cast, "4", once=once)

    def test_earlier_weeks_are_listed_and_summed(self, cast: Cast) -> None:
        old = MONDAY - timedelta(weeks=10)
        take_over_hours(employer=cast.employer, rows=[(asha(cast), old, Decimal(4))], at=AT)
        record(cast, "1")
        page = own_hours(asha(cast), today=TODAY)
        assert ([row.week for row in page.before], page.total) == ([old], 5)
