"""Who may move a check on, what it needs before, and who is reminded when."""

from datetime import date, timedelta
from itertools import product

import pytest

from checks.checking import (
    EDGES,
    MOVE_NAMES,
    NOT_TAKEN,
    STATE_NAMES,
    AnswerFacts,
    CheckMove,
    CheckState,
    Judgement,
    Priority,
    Progress,
    ReminderKind,
    edge_of,
    final_finding,
    is_better,
    moves_from,
    progress,
    reminders_due,
    why_not_accept,
    why_not_move,
    why_not_open,
    why_not_sign,
    why_not_submit,
)
from checks.findings import Finding
from teams.roles import PERMISSIONS, Permission, Role

DAY = date(2026, 11, 2)


def facts(**changes: object) -> AnswerFacts:
    fields: dict[str, object] = {
        "code": "3-fair",
        "standard": "3",
        "judged": True,
        "found": None,
        "judgement": Judgement.MET,
        "commentary": True,
        "reason": False,
        "followed": False,
    }
    return AnswerFacts(**(fields | changes))  # type: ignore[arg-type]


def test_every_state_and_move_has_a_name() -> None:
    assert set(STATE_NAMES) == set(CheckState)
    assert set(MOVE_NAMES) == {edge.move for edge in EDGES} == set(CheckMove)


def test_there_is_one_edge_for_each_move_from_a_state() -> None:
    assert len({(edge.move, edge.before) for edge in EDGES}) == len(EDGES)


@pytest.mark.parametrize(("move", "state"), list(product(CheckMove, CheckState)))
def test_a_move_is_refused_exactly_where_the_table_has_no_edge(move: CheckMove, state: CheckState) -> None:
    edge = edge_of(move, state)
    assert (edge is None) == bool(why_not_move(move, state))
    assert edge is None or (edge.move, edge.before) == (move, state)


def test_every_check_can_be_published_and_returned_until_then() -> None:
    reached, found = {CheckState.OPEN}, set[CheckState]()
    while reached != found:
        found = set(reached)
        reached |= {edge.after for edge in EDGES if edge.before in found}
    assert reached == set(CheckState)
    returned = {edge.before for edge in EDGES if edge.move == CheckMove.RETURN}
    assert returned == set(CheckState) - {CheckState.OPEN, CheckState.PUBLISHED}
    assert not [edge for edge in EDGES if edge.before == CheckState.PUBLISHED]


def test_nobody_can_both_answer_and_sign() -> None:
    signing = {edge.right for edge in EDGES if edge.move in {CheckMove.SIGN, CheckMove.PUBLISH}}
    assert not [role for role in Role if Permission.CHECK_ANSWER in PERMISSIONS[role] and PERMISSIONS[role] & signing]


def test_moves_are_those_of_the_rights() -> None:
    psw = PERMISSIONS[Role.PRINCIPAL_SOCIAL_WORKER]
    assert moves_from(CheckState.SUBMITTED, psw) == [CheckMove.CHALLENGE, CheckMove.ACCEPT, CheckMove.RETURN]
    assert moves_from(CheckState.ACCEPTED, psw) == []
    assert moves_from(CheckState.ACCEPTED, PERMISSIONS[Role.DIRECTOR]) == [CheckMove.SIGN, CheckMove.RETURN]


def test_signing_is_for_neither_managers_nor_whoever_submitted() -> None:
    assert "manager of its own team" in str(why_not_sign(signer=1, managers={1, 2}, submitted_by=3))
    assert "submitted" in str(why_not_sign(signer=1, managers={2}, submitted_by=1))
    assert why_not_sign(signer=1, managers={2}, submitted_by=None) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"teams": 0}, "Choose at least one team"),
        ({"period_to": DAY - timedelta(days=91)}, "period must end"),
        ({"measured_on": DAY + timedelta(days=1)}, "today or earlier"),
        ({"due_on": DAY - timedelta(days=1)}, "due today or later"),
    ],
)
def test_a_cycle_is_not_opened_with_impossible_days(changes: dict[str, object], said: str) -> None:
    days: dict[str, object] = {
        "period_from": DAY - timedelta(days=90),
        "period_to": DAY,
        "measured_on": DAY,
        "due_on": DAY,
        "teams": 1,
    }
    assert why_not_open(**days, on=DAY) is None  # type: ignore[arg-type]
    assert said in str(why_not_open(**(days | changes), on=DAY))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "returned", "kinds"),
    [
        (21, False, ["OPENED"]),
        (8, False, ["OPENED"]),
        (7, False, ["WEEK", "OPENED"]),
        (2, False, ["WEEK", "OPENED"]),
        (1, False, ["DAY", "WEEK", "OPENED"]),
        (0, False, ["DAY", "WEEK", "OPENED"]),
        (-1, False, ["LATE", "DAY", "WEEK", "OPENED"]),
        (21, True, ["RETURNED", "OPENED"]),
        (-1, True, ["RETURNED", "LATE", "DAY", "WEEK", "OPENED"]),
    ],
)
def test_managers_are_reminded_as_the_day_comes_near(days: int, *, returned: bool, kinds: list[str]) -> None:
    due = reminders_due(due_on=DAY + timedelta(days=days), on=DAY, returned=returned)
    assert due == [ReminderKind(kind) for kind in kinds]


@pytest.mark.parametrize(
    ("judgement", "found", "better"),
    [
        (Judgement.MET, Finding.PARTLY_MET, True),
        (Judgement.PARTLY_MET, Finding.NOT_MET, True),
        (Judgement.MET, Finding.MET, False),
        (Judgement.NOT_MET, Finding.MET, False),
        (Judgement.MET, Finding.NOT_KNOWN, False),
        (Judgement.MET, Finding.SUPPRESSED, False),
        (Judgement.MET, None, False),
        (None, Finding.NOT_MET, False),
    ],
)
def test_better_than_measured(judgement: Judgement | None, found: Finding | None, *, better: bool) -> None:
    assert is_better(judgement, found) is better


def test_what_was_conceded_stands_before_the_judgement_and_that_before_the_figures() -> None:
    found = Finding.PARTLY_MET
    assert final_finding(found=None, judgement=None) == Finding.NOT_KNOWN
    assert final_finding(found=found, judgement=None) == Finding.PARTLY_MET
    assert final_finding(found=found, judgement=Judgement.MET) == Finding.MET
    assert final_finding(found=found, judgement=Judgement.MET, conceded=Judgement.NOT_MET) == Finding.NOT_MET


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"judgement": None}, ["a judgement"]),
        ({"commentary": False}, ["a commentary"]),
        ({"judgement": Judgement.NOT_MET}, ["an action, or a decision not to act"]),
        ({"judgement": Judgement.NOT_MET, "followed": True}, []),
        (
            {"judged": False, "found": Finding.NOT_MET, "commentary": False},
            ["a reason why it is judged better than measured"],
        ),
        ({"judged": False, "found": Finding.NOT_MET, "reason": True}, []),
        (
            {"judged": False, "found": Finding.NOT_MET, "judgement": None},
            ["an action, or a decision not to act"],
        ),
        ({"judged": False, "found": Finding.NOT_KNOWN, "judgement": None, "commentary": False}, []),
        ({"judged": False, "found": Finding.SUPPRESSED}, ["a reason for judging what the figures do not tell"]),
        ({"judged": False, "found": Finding.NOT_KNOWN, "reason": True}, []),
        ({"conceded": Judgement.NOT_MET}, ["an action, or a decision not to act"]),
    ],
)
def test_what_an_answer_still_needs(changes: dict[str, object], missing: list[str]) -> None:
    assert list(facts(**changes).missing()) == missing


def test_how_far_a_standard_is() -> None:
    empty = facts(judgement=None, commentary=False)
    assert progress([]) == Progress.COMPLETED
    assert progress([empty, empty]) == Progress.NOT_STARTED
    assert progress([empty, facts()]) == Progress.IN_PROGRESS
    assert progress([facts()]) == Progress.COMPLETED


def test_a_check_is_submitted_when_nothing_is_missing() -> None:
    assert why_not_submit([facts()], taken=True) is None
    one = facts(judgement=None)
    assert why_not_submit([facts(), one], taken=True) == (
        "1 answer is not complete, in standard 3. Each says below what it still needs."
    )
    two = why_not_submit([one, facts(standard="5", judgement=None)], taken=True)
    assert two == "2 answers are not complete, in standards 3, 5. Each says below what it still needs."


def test_a_check_is_not_submitted_before_its_figures_are_taken() -> None:
    """There is nothing to answer before, so nothing is missing."""
    assert why_not_submit([], taken=False) == NOT_TAKEN


def test_a_check_is_accepted_when_everything_that_is_not_met_is_followed() -> None:
    conceded = facts(conceded=Judgement.NOT_MET)
    assert why_not_accept([facts(), facts(conceded=Judgement.NOT_MET, followed=True)]) is None
    assert str(why_not_accept([conceded])).startswith("1 indicator is not met without an action")
    assert str(why_not_accept([conceded, conceded])).startswith("2 indicators are not met")


def test_judgements_are_findings_and_priorities_rise() -> None:
    assert [one.finding for one in Judgement] == [Finding.MET, Finding.PARTLY_MET, Finding.NOT_MET]
    assert [one.value for one in Priority] == ["LOW", "MEDIUM", "HIGH"]
