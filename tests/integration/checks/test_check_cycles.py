"""Cycles: opened for some teams, their figures taken once whatever happens, put off and closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from checks import figure_taking, tasks
from checks.actions import cycles
from checks.checking import CheckState
from checks.models import Answer, Cycle, HealthCheck
from checks.queries.cycles import watch
from teams.models import AuditEntry
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast
from tests.integration.checks.rounds import check_of, doing, new_cycle, opened, say, submitted

DAY = timedelta(days=1)


def test_every_team_gets_its_check_with_an_answer_for_each_indicator(cast: Cast) -> None:
    cycle = opened(cast, teams=[cast.team, cast.other_team])
    assert cycle.state == Cycle.State.OPEN
    for team in (cast.team, cast.other_team):
        check = check_of(cycle, team)
        assert check.state == CheckState.OPEN
        codes = ["unallocated", "well-over", "fair", "space"]
        assert list(check.answers.values_list("indicator", flat=True)) == codes
    heron = check_of(cycle, cast.team)
    free = heron.answers.get(indicator="unallocated")
    assert (free.value, free.finding) == (1, "PARTLY_MET")
    assert free.measured["shown"] == "1\u00a0case"
    assert free.measured["lines"][0][0] == "T-005"
    assert heron.versions[0] == ["Standards", "A small set, version 1"]
    assert heron.head_count == 3


def test_what_is_judged_has_no_figure(cast: Cast) -> None:
    fair = check_of(opened(cast), cast.team).answers.get(indicator="fair")
    assert (fair.value, fair.finding, fair.measured) == (None, "", {})


def test_only_the_principal_social_worker_opens_a_cycle(cast: Cast) -> None:
    new = new_cycle()
    for user in (cast.ben, cast.dev, cast.hana, cast.asha, cast.gil):
        with pytest.raises(PermissionDenied):
            cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=doing(user))
    assert not Cycle.objects.exists()


def test_a_cycle_with_impossible_days_or_a_name_in_use_is_refused(cast: Cast) -> None:
    cycle = opened(cast)
    for changes, said in (
        ({"due_on": TODAY - DAY, "name": "Late"}, "due today"),
        ({"name": cycle.name.upper()}, "of this name"),
    ):
        new = new_cycle(standard_set=cycle.standard_set, **changes)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed, match=said):
            cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=doing(cast.cora))
    assert Cycle.objects.count() == 1


def test_figures_are_taken_once_however_often_it_is_asked(cast: Cast) -> None:
    cycle = opened(cast)
    before = list(Answer.objects.values_list("pk", "value"))
    assert figure_taking.open_checks(cycle_id=cycle.pk, at=AT) == 0
    assert list(Answer.objects.values_list("pk", "value")) == before


def test_a_lost_message_is_swept_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    new = new_cycle()
    cycle = cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=doing(cast.cora))
    assert cycle.state == Cycle.State.OPENING
    assert figure_taking.left_undone(at=AT + timedelta(minutes=1)) == []
    assert figure_taking.left_undone(at=AT + timedelta(minutes=3)) == [cycle.pk]
    tasks.open_checks(cycle_id=cycle.pk)
    assert Answer.objects.filter(check_of__cycle=cycle).count() == 4


def test_two_employers_with_a_cycle_of_one_name(cast: Cast) -> None:
    cycle = opened(cast)
    assert watch(cycle, cast.cora, as_of=TODAY).counts == [("being answered", 1)]


def test_the_day_is_put_off_with_a_reason_and_by_one_person_at_a_time(cast: Cast) -> None:
    cycle = opened(cast)
    later = cycle.due_on + timedelta(days=7)
    cycles.put_off(cycle=cycle, due_on=later, reason="Half-term", doing=doing(cast.cora, seen=1))
    cycle.refresh_from_db()
    assert (cycle.due_on, cycle.revision) == (later, 2)
    with pytest.raises(NotAllowed, match="Somebody else has changed this cycle"):
        cycles.put_off(cycle=cycle, due_on=TODAY, reason="Sooner", doing=doing(cast.cora, seen=1))
    with pytest.raises(NotAllowed, match="from today on"):
        cycles.put_off(cycle=cycle, due_on=TODAY - DAY, reason="Sooner", doing=doing(cast.cora, seen=2))
    entry = AuditEntry.objects.filter(event="CYCLE_CHANGED").get()
    assert entry.detail["reason"] == "Half-term"


def test_a_closed_cycle_takes_no_answer(cast: Cast) -> None:
    cycle = opened(cast)
    cycles.close_cycle(cycle=cycle, reason="Reorganised", doing=doing(cast.cora))
    with pytest.raises(NotAllowed, match="closed"):
        say(cast, check_of(cycle, cast.team), "fair", None)
    with pytest.raises(NotAllowed, match="closed"):
        cycles.close_cycle(cycle=cycle, reason="Again", doing=doing(cast.cora))


def test_a_team_joins_a_cycle_that_is_open(cast: Cast) -> None:
    cycle = opened(cast)
    cycles.add_teams(cycle=cycle, teams=[cast.other_team], doing=doing(cast.cora, seen=1))
    assert figure_taking.left_undone(at=AT + timedelta(minutes=3)) == [cycle.pk]
    assert figure_taking.open_checks(cycle_id=cycle.pk, at=AT) == 1
    assert check_of(cycle, cast.other_team).answers.count() == 4
    assert figure_taking.left_undone(at=AT + timedelta(minutes=3)) == []
    with pytest.raises(NotAllowed, match="in the cycle already"):
        cycles.add_teams(cycle=cycle, teams=[cast.other_team], doing=doing(cast.cora))
    cycles.close_cycle(cycle=cycle, reason="Over", doing=doing(cast.cora))
    assert figure_taking.open_checks(cycle_id=cycle.pk, at=AT) == 0


def test_a_cycle_is_closed_when_it_has_been_opened(cast: Cast) -> None:
    new = new_cycle()
    cycle = cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=doing(cast.cora))
    with pytest.raises(NotAllowed, match="still being opened"):
        cycles.close_cycle(cycle=cycle, reason="Mistake", doing=doing(cast.cora))


def test_a_form_sent_twice_opens_one_cycle(cast: Cast) -> None:
    from uuid import uuid4  # noqa: PLC0415 - here only

    new, once = new_cycle(), uuid4()
    cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=doing(cast.cora, once=once))
    with pytest.raises(AlreadyDone):
        cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=doing(cast.cora, once=once))


def test_watching_says_who_is_late(cast: Cast) -> None:
    check = submitted(cast)
    other = HealthCheck.objects.create(employer=cast.employer, cycle=check.cycle, team=cast.other_team)
    found = watch(check.cycle, cast.cora, as_of=check.cycle.due_on + DAY)
    assert [(row.check.team, row.late) for row in found.rows] == [(cast.team, False), (other.team, True)]
    assert found.late == 1
    assert found.rows[0].answered == found.rows[0].of == 2


def test_opening_takes_the_same_number_of_statements_for_many_teams(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    new = new_cycle()
    teams = [cast.team, cast.other_team]
    cycle = cycles.open_cycle(employer=cast.employer, new=new, teams=teams, doing=doing(cast.cora))
    with django_assert_max_num_queries(40):
        figure_taking.open_checks(cycle_id=cycle.pk, at=AT)
