"""A check from hand to hand: submitted, challenged, accepted, signed, published, and returned at every stage."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from checks.actions import cycles, follow_up, moves
from checks.checking import CheckMove, CheckState, Judgement
from checks.models import Challenge, CheckStep, HealthCheck
from checks.queries.answers import check_page
from teams.models import AuditEntry, RoleAssignment, User
from teams.refusals import NotAllowed
from teams.roles import Role
from tests.cast import TODAY, Cast
from tests.integration.checks.rounds import (
    accepted,
    an_action,
    answer_of,
    check_of,
    complete,
    doing,
    opened,
    published,
    say,
    signed,
    submitted,
)


def ask(cast: Cast, check: HealthCheck, code: str = "fair") -> Challenge:
    return moves.challenge(
        answer=answer_of(check, code), question="Who says so?", suggested=Judgement.NOT_MET, doing=doing(cast.cora)
    )


def state_of(check: HealthCheck) -> str:
    check.refresh_from_db()
    return check.state


def final(cast: Cast, check: HealthCheck, code: str) -> str:
    return check_page(check, cast.dev, as_of=TODAY).row(code).final


def test_a_check_goes_from_open_to_published(cast: Cast) -> None:
    check = published(cast)
    assert state_of(check) == CheckState.PUBLISHED
    steps = [(step.move, step.by) for step in check.steps.order_by("number")]
    assert steps == [("SUBMIT", cast.ben), ("ACCEPT", cast.cora), ("SIGN", cast.dev), ("PUBLISH", cast.dev)]
    assert check.public_words == "We looked at everything together."
    assert AuditEntry.objects.filter(event="CHECK_MOVED").count() == 4


def test_what_is_not_complete_is_not_submitted(cast: Cast) -> None:
    check = check_of(opened(cast), cast.team)
    with pytest.raises(NotAllowed, match="2 answers are not complete, in standards 1, 2"):
        moves.submit(check=check, words="", doing=doing(cast.ben))
    assert state_of(check) == CheckState.OPEN


def test_what_is_not_met_needs_an_action_or_a_decision(cast: Cast) -> None:
    check = check_of(opened(cast), cast.team)
    complete(cast, check)
    say(cast, check, "fair", Judgement.NOT_MET)
    with pytest.raises(NotAllowed, match="1 answer is not complete, in standard 1"):
        moves.submit(check=check, words="", doing=doing(cast.ben))
    follow_up.decide_not_to_act(answer=answer_of(check, "fair"), about="It", words="Next year", doing=doing(cast.ben))
    moves.submit(check=check, words="", doing=doing(cast.ben))
    assert state_of(check) == CheckState.SUBMITTED


def test_better_than_measured_needs_a_reason(cast: Cast) -> None:
    check = check_of(opened(cast), cast.team)
    complete(cast, check)
    say(cast, check, "unallocated", Judgement.MET)
    with pytest.raises(NotAllowed, match="not complete"):
        moves.submit(check=check, words="", doing=doing(cast.ben))
    say(cast, check, "unallocated", Judgement.MET, reason="Given out this morning")
    moves.submit(check=check, words="", doing=doing(cast.ben))
    row = check_page(check, cast.ben, as_of=TODAY).row("unallocated")
    assert (row.final, row.measured_word, row.better) == ("MET", "Partly met", True)


def test_a_question_is_answered_and_the_judgement_stands(cast: Cast) -> None:
    check = submitted(cast)
    asked = ask(cast, check)
    assert state_of(check) == CheckState.CHALLENGED
    with pytest.raises(NotAllowed, match="moved it on"):
        moves.accept(check=check, words="", doing=doing(cast.cora))
    moves.reply(challenge=asked, words="The minutes of May", concede=False, doing=doing(cast.ben))
    assert state_of(check) == CheckState.SUBMITTED
    assert final(cast, check, "fair") == "MET"
    moves.accept(check=check, words="", doing=doing(cast.cora))


def test_a_conceded_question_puts_the_panels_judgement_in_place(cast: Cast) -> None:
    check = submitted(cast)
    moves.reply(challenge=ask(cast, check), words="You are right", concede=True, doing=doing(cast.ben))
    assert final(cast, check, "fair") == "NOT_MET"
    row = check_page(check, cast.dev, as_of=TODAY).row("fair")
    assert row.judged_word == "Met"
    assert row.overruled == "as the panel asked, and the manager agreed"
    assert row.challenges[0].replied_by == cast.ben


def test_what_was_conceded_to_be_not_met_is_followed_before_it_is_accepted(cast: Cast) -> None:
    check = submitted(cast)
    moves.reply(challenge=ask(cast, check), words="You are right", concede=True, doing=doing(cast.ben))
    with pytest.raises(NotAllowed, match="1 indicator is not met without an action"):
        moves.accept(check=check, words="", doing=doing(cast.cora))
    answer = answer_of(check, "fair")
    follow_up.plan(answer=answer, about="It", planned=an_action(cast), doing=doing(cast.ben))
    moves.accept(check=check, words="", doing=doing(cast.cora))
    assert state_of(check) == CheckState.ACCEPTED


def test_the_check_waits_for_the_last_of_several_questions(cast: Cast) -> None:
    check = submitted(cast)
    first, second = ask(cast, check), ask(cast, check, "space")
    moves.reply(challenge=first, words="Here", concede=False, doing=doing(cast.ben))
    assert state_of(check) == CheckState.CHALLENGED
    with pytest.raises(NotAllowed, match="answered this question already"):
        moves.reply(challenge=first, words="Again", concede=False, doing=doing(cast.hana))
    moves.reply(challenge=second, words="There", concede=False, doing=doing(cast.hana))
    assert state_of(check) == CheckState.SUBMITTED


def test_one_open_question_about_an_answer(cast: Cast) -> None:
    check = submitted(cast)
    ask(cast, check)
    with pytest.raises(NotAllowed, match="open question about this answer already"):
        ask(cast, check)


@pytest.mark.parametrize(
    ("made", "who"), [(submitted, "cora"), (accepted, "dev"), (signed, "dev")], ids=["submitted", "accepted", "signed"]
)
def test_it_is_returned_at_every_stage_with_the_reason(
    cast: Cast, made: Callable[[Cast], HealthCheck], who: str
) -> None:
    check = made(cast)
    moves.return_check(check=check, words="Say more about space", doing=doing(cast.users[who]))
    assert state_of(check) == CheckState.OPEN
    page = check_page(check, cast.ben, as_of=TODAY)
    assert page.newest_return is not None
    assert page.newest_return.words == "Say more about space"
    say(cast, check, "space", Judgement.PARTLY_MET, words="Two rooms for nine people")
    moves.submit(check=check, words="", doing=doing(cast.ben))
    check.refresh_from_db()
    assert check.submissions == 2


def test_open_questions_go_back_with_the_check_and_do_not_count_again(cast: Cast) -> None:
    check = submitted(cast)
    moves.reply(challenge=ask(cast, check, "space"), words="Right", concede=True, doing=doing(cast.ben))
    ask(cast, check)
    moves.return_check(check=check, words="Look again", doing=doing(cast.cora))
    assert set(check.challenges.values_list("state", flat=True)) == {"RETURNED", "CONCEDED"}
    check.refresh_from_db()
    assert final(cast, check, "space") == "MET"
    moves.submit(check=check, words="", doing=doing(cast.ben))
    check.refresh_from_db()
    assert final(cast, check, "space") == "MET"


def test_a_published_check_stays_published(cast: Cast) -> None:
    check = published(cast)
    with pytest.raises(NotAllowed, match="published now"):
        moves.return_check(check=check, words="Too late", doing=doing(cast.dev))


MOVES: dict[CheckMove, tuple[Callable[[Cast], HealthCheck], Callable[[HealthCheck, User], object], set[str]]] = {
    CheckMove.SUBMIT: (
        lambda cast: check_of(opened(cast), cast.team),
        lambda check, user: moves.submit(check=check, words="", doing=doing(user)),
        {"ben", "hana"},
    ),
    CheckMove.ACCEPT: (
        submitted,
        lambda check, user: moves.accept(check=check, words="", doing=doing(user)),
        {"cora"},
    ),
    CheckMove.SIGN: (accepted, lambda check, user: moves.sign(check=check, words="", doing=doing(user)), {"dev"}),
    CheckMove.PUBLISH: (
        signed,
        lambda check, user: moves.publish(check=check, words="So", doing=doing(user)),
        {"dev"},
    ),
}


@pytest.mark.parametrize("move", list(MOVES))
def test_each_move_is_for_those_who_may(cast: Cast, move: CheckMove) -> None:
    made, act, allowed = MOVES[move]
    check = made(cast)
    before = check.state
    for name, user in cast.users.items():
        if name not in allowed:
            with pytest.raises(PermissionDenied):
                act(check, user)
    assert state_of(check) == before


def test_a_director_who_manages_the_team_does_not_sign_its_check(cast: Cast) -> None:
    check = accepted(cast)
    RoleAssignment.objects.create(user=cast.dev, role=Role.MANAGER.value, employer=cast.employer, team=cast.team)
    with pytest.raises(NotAllowed, match="not signed off by a manager of its own team"):
        moves.sign(check=check, words="", doing=doing(cast.dev))


def test_a_director_who_submitted_it_does_not_sign_it(cast: Cast) -> None:
    check = accepted(cast)
    HealthCheck.objects.filter(pk=check.pk).update(submitted_by=cast.dev)
    with pytest.raises(NotAllowed, match="somebody else must sign"):
        moves.sign(check=check, words="", doing=doing(cast.dev))


def test_nothing_moves_once_the_cycle_is_closed(cast: Cast) -> None:
    check = submitted(cast)
    cycles.close_cycle(cycle=check.cycle, reason="Reorganised", doing=doing(cast.cora))
    with pytest.raises(NotAllowed, match="cycle is closed"):
        moves.accept(check=check, words="", doing=doing(cast.cora))
    assert check_page(check_of(check.cycle, cast.team), cast.cora, as_of=TODAY).moves == []


def test_steps_and_questions_cannot_be_taken_back(cast: Cast) -> None:
    check = submitted(cast)
    asked = ask(cast, check)
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckStep.objects.filter(check_of=check).update(words="Another")
    with pytest.raises(DatabaseError), transaction.atomic():
        Challenge.objects.filter(pk=asked.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        HealthCheck.objects.filter(pk=check.pk).delete()


def test_the_database_keeps_one_open_question_for_each_answer(cast: Cast) -> None:
    asked = ask(cast, submitted(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.create(
            check_of=asked.check_of,
            answer=asked.answer,
            submission=1,
            question="Again?",
            suggested="MET",
            raised_at=asked.raised_at,
        )
