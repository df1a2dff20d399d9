"""Actions and decisions not to act; what staff read of them; what is published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from checks.actions import cycles, follow_up, moves
from checks.actions.doing import Doing
from checks.checking import Judgement
from checks.models import Action, HealthCheck
from checks.queries.answers import check_page
from checks.queries.follow_up import action_page, find_action, own_said, published_page, team_said, what_to_publish
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast
from tests.integration.checks.rounds import (
    an_action,
    answer_of,
    check_of,
    complete,
    doing,
    new_cycle,
    opened,
    published,
    say,
    signed,
    submitted,
)


def planned(cast: Cast, check: HealthCheck, code: str = "fair") -> Action:
    return follow_up.plan(
        answer=answer_of(check, code), about="It is fair", planned=an_action(cast), doing=doing(cast.ben)
    )


def test_an_action_has_an_owner_a_day_and_a_sign_of_success(cast: Cast) -> None:
    action = planned(cast, check_of(opened(cast), cast.team))
    assert (action.owner, action.due_on) == (cast.ben, TODAY + timedelta(days=30))
    assert action.success == "Nobody is well over"
    assert list(action.steps.values_list("state", "words")) == [("OPEN", "Cases go to Kestrel Team")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(owner=None)


def test_an_action_is_planned_for_a_day_to_come_and_for_somebody_of_the_line(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    yesterday: dict[str, Any] = {"due_on": TODAY - timedelta(days=1)}
    for changed, said in ((yesterday, "from today on"), ({"owner": cast.gil}, "answers for")):
        new = replace(an_action(cast), **changed)
        with pytest.raises(NotAllowed, match=said):
            follow_up.plan(answer=answer, about="It", planned=new, doing=doing(cast.ben))


def test_a_form_sent_twice_plans_one_action(cast: Cast) -> None:
    answer, once = answer_of(check_of(opened(cast), cast.team), "fair"), uuid4()
    follow_up.plan(answer=answer, about="It", planned=an_action(cast), doing=doing(cast.ben, once=once))
    with pytest.raises(AlreadyDone):
        follow_up.plan(answer=answer, about="It", planned=an_action(cast), doing=doing(cast.ben, once=once))


@pytest.mark.parametrize(
    ("act", "state"), [(follow_up.note, "OPEN"), (follow_up.finish, "DONE"), (follow_up.stop, "STOPPED")]
)
def test_an_action_goes_on_is_done_or_stopped(cast: Cast, act: Callable[..., None], state: str) -> None:
    action = planned(cast, check_of(opened(cast), cast.team))
    act(action=action, words="So far", doing=doing(cast.ben, seen=1))
    action.refresh_from_db()
    assert action.state == state
    assert (action.closed_on is None) == (state == "OPEN")
    assert action.steps.count() == 2


def test_what_is_done_stays_done_and_a_stale_form_is_told(cast: Cast) -> None:
    action = planned(cast, check_of(opened(cast), cast.team))
    follow_up.finish(action=action, words="Moved eight cases", doing=doing(cast.ben))
    with pytest.raises(NotAllowed, match="Moved eight cases"):
        follow_up.note(action=action, words="Mine", doing=doing(cast.hana, seen=1))
    with pytest.raises(NotAllowed, match="done already"):
        follow_up.note(action=action, words="Mine", doing=doing(cast.hana, seen=2))


def test_only_the_owner_and_those_who_answer_change_an_action(cast: Cast) -> None:
    action = planned(cast, check_of(opened(cast), cast.team))
    for user in (cast.cora, cast.dev, cast.asha, cast.gil):
        with pytest.raises(PermissionDenied):
            follow_up.note(action=action, words="Mine", doing=doing(user))
    Action.objects.filter(pk=action.pk).update(owner=cast.dev)
    follow_up.note(action=action, words="In hand", doing=doing(cast.dev))
    page = action_page(find_action(cast.dev, action.public_id), cast.dev, as_of=TODAY + timedelta(days=40))
    assert (page.may_change, page.days_open, page.late) == (True, 40, True)
    with pytest.raises(Http404):
        find_action(cast.gil, action.public_id)


def test_an_unfinished_action_appears_first_in_the_next_check_and_answers_for_it(cast: Cast) -> None:
    first = submitted(cast)
    moves.return_check(check=first, words="One more", doing=doing(cast.cora))
    planned(cast, first)
    later = AT + timedelta(days=182)
    new = new_cycle("Spring 2027", standard_set=first.cycle.standard_set, due_on=later.date())
    cycle = cycles.open_cycle(employer=cast.employer, new=new, teams=[cast.team], doing=Doing(cast.cora, later))
    from checks import figure_taking  # noqa: PLC0415 - the second cycle opens half a year later

    figure_taking.open_checks(cycle_id=cycle.pk, at=later)
    check = check_of(cycle, cast.team)
    complete(cast, check)
    say(cast, check, "fair", Judgement.NOT_MET)
    page = check_page(check, cast.ben, as_of=later.date())
    assert [(one.action.words, one.days_open, one.late) for one in page.earlier] == [
        ("Cases go to Kestrel Team", 182, True)
    ]
    assert page.row("fair").missing == []


def test_staff_read_what_was_said_and_done_once_it_is_signed(cast: Cast) -> None:
    check = submitted(cast)
    (said,) = own_said(cast.asha, as_of=TODAY)
    assert said.check is None
    moves.return_check(check=check, words="Act", doing=doing(cast.cora))
    for code in ("fair", "space"):
        say(cast, check, code, Judgement.NOT_MET)
    done = planned(cast, check)
    follow_up.decide_not_to_act(answer=answer_of(check, "space"), about="Space", words="We move", doing=doing(cast.ben))
    moves.submit(check=check, words="", doing=doing(cast.ben))
    moves.accept(check=check, words="", doing=doing(cast.cora))
    moves.sign(check=check, words="", doing=doing(cast.dev))
    (said,) = own_said(cast.asha, as_of=TODAY)
    assert [one.words for one in said.doing] == ["Cases go to Kestrel Team"]
    assert [one.words for one in said.not_done] == ["We move"]
    follow_up.finish(action=done, words="Done", doing=doing(cast.ben))
    assert [one.words for one in team_said(cast.asha, cast.team.public_id).done] == ["Cases go to Kestrel Team"]
    assert own_said(cast.femi, as_of=TODAY) == []


def test_others_do_not_read_what_the_staff_said(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        team_said(cast.femi, cast.team.public_id)
    with pytest.raises(Http404):
        team_said(cast.gil, cast.team.public_id)


def test_the_published_part_leaves_out_what_could_be_about_single_workers(cast: Cast) -> None:
    check = published(cast)
    page = published_page(cast.femi, check.public_id, as_of=TODAY)
    rows = {row.row.indicator.code: row for one in page.standards for row in one.rows}
    assert not rows["well-over"].open_to_all
    assert not rows["unallocated"].open_to_all, "three people are fewer than five"
    assert page.too_small
    assert page.actions == []
    HealthCheck.objects.filter(pk=check.pk).update(head_count=5)
    page = published_page(cast.asha, check.public_id, as_of=TODAY)
    rows = {row.row.indicator.code: row for one in page.standards for row in one.rows}
    assert rows["unallocated"].shown == "1\u00a0case"
    assert rows["well-over"].shown == ""


def test_no_action_is_planned_once_it_is_published_or_its_cycle_closed(cast: Cast) -> None:
    check = published(cast)
    with pytest.raises(NotAllowed, match="Plan the action in the next one"):
        planned(cast, check)
    cycle = opened(cast, name="Winter", standard_set=check.cycle.standard_set)
    cycles.close_cycle(cycle=cycle, reason="Reorganised", doing=doing(cast.cora))
    with pytest.raises(NotAllowed, match="cycle is closed"):
        planned(cast, check_of(cycle, cast.team))


def test_names_of_staff_in_actions_are_shown_before_they_are_published(cast: Cast) -> None:
    check = check_of(opened(cast), cast.team)
    named = replace(an_action(cast), words="Nia gives two cases to Una Test")
    follow_up.plan(answer=answer_of(check, "fair"), about="It", planned=named, doing=doing(cast.ben))
    found = what_to_publish(check)
    assert [one.words for one in found.actions] == ["Nia gives two cases to Una Test"]
    assert found.names == ["Nia", "Test", "Una"]


def test_nothing_is_published_before_it_is(cast: Cast) -> None:
    check = signed(cast)
    with pytest.raises(Http404):
        published_page(cast.dev, check.public_id, as_of=TODAY)
    moves.publish(check=check, words="So", doing=doing(cast.dev))
    assert published_page(cast.femi, check.public_id, as_of=TODAY).check == check
    with pytest.raises(Http404):
        published_page(cast.gil, check.public_id, as_of=TODAY)


def test_actions_and_their_steps_read_as_words(cast: Cast) -> None:
    action = planned(cast, check_of(opened(cast), cast.team))
    assert str(action) == "Cases go to Kestrel Team"
    assert str(action.steps.get()) == "Cases go to Kestrel Team, step 1"
