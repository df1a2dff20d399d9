"""Whose turn it is, by when, and what may happen to a duty."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseloads.workload import Flag
from checks.duties import (
    MOVES,
    NEED_AN_ANSWER,
    STATE_NAMES,
    Level,
    Move,
    ResponseTimes,
    State,
    due_on,
    first_level,
    is_late,
    next_level,
    reopened_words,
    why_not_move,
    why_not_plan,
)

DAY = date(2026, 11, 2)
ALL = set(Level)


@pytest.mark.parametrize(
    ("level", "held", "after"),
    [
        (Level.MANAGER, ALL, Level.SERVICE_MANAGER),
        (Level.MANAGER, {Level.MANAGER, Level.DIRECTOR}, Level.DIRECTOR),
        (Level.MANAGER, {Level.MANAGER}, Level.DIRECTOR),
        (Level.SERVICE_MANAGER, ALL, Level.DIRECTOR),
        (Level.DIRECTOR, ALL, None),
    ],
)
def test_next_level_is_one_that_somebody_holds(level: Level, held: set[Level], after: Level | None) -> None:
    assert next_level(level, held=held) == after


@pytest.mark.parametrize(
    ("held", "past", "first"),
    [
        (ALL, False, Level.MANAGER),
        (ALL, True, Level.SERVICE_MANAGER),
        ({Level.MANAGER, Level.DIRECTOR}, True, Level.DIRECTOR),
        ({Level.SERVICE_MANAGER}, False, Level.SERVICE_MANAGER),
        (set(), False, Level.DIRECTOR),
    ],
)
def test_first_level(held: set[Level], past: bool, first: Level) -> None:  # noqa: FBT001 - a case of the test
    assert first_level(held=held, past_manager=past) == first


@given(st.sets(st.sampled_from(Level)), st.booleans())
def test_every_duty_reaches_the_director_and_ends_there(held: set[Level], past: bool) -> None:  # noqa: FBT001
    level: Level | None = first_level(held=held, past_manager=past)
    seen = []
    while level is not None:
        seen.append(level)
        level = next_level(level, held=held)
    assert seen[-1] == Level.DIRECTOR
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", State)
def test_moves_are_allowed_from_the_states_of_the_table_only(move: Move, state: State) -> None:
    reason = why_not_move(move, state)
    assert (reason is None) == (state in MOVES[move][0])
    if reason:
        assert reason == (
            "This duty is closed. Open it again first." if state == State.CLOSED else "This duty is open already."
        )


def test_days() -> None:
    times = ResponseTimes()
    assert due_on(opened_on=DAY, days=times.days("")) == DAY + timedelta(days=5)
    assert due_on(opened_on=DAY, days=times.days("WELL_OVER")) == DAY + timedelta(days=10)
    assert not is_late(DAY, State.OPEN, on=DAY)
    assert is_late(DAY, State.PLANNED, on=DAY + timedelta(days=1))
    assert not is_late(DAY, State.CLOSED, on=DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "on the same day"), (1, "1 day after"), (28, "28 days after"), (29, "Opened again.")],
)
def test_a_duty_reopened_within_four_weeks_says_so(days: int, words: str) -> None:
    said = reopened_words(closed_on=DAY - timedelta(days=days), on=DAY)
    assert words in said.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("words", "day", "sentence"),
    [
        ("", DAY, "Say what will be done."),
        ("x", None, "Give the day by which it will be done, today or later."),
        ("x", DAY - timedelta(days=1), "Give the day by which it will be done, today or later."),
        ("x", DAY + timedelta(days=91), "Give a day within 90 days. A longer plan has a first step: name that."),
        ("x", DAY + timedelta(days=90), None),
    ],
)
def test_plans(words: str, day: date | None, sentence: str | None) -> None:
    assert why_not_plan(words=words, by_day=day, on=DAY) == sentence


def test_flags_and_names_are_those_of_the_scoring() -> None:
    assert set(Flag) >= NEED_AN_ANSWER
    assert set(Flag) - NEED_AN_ANSWER == {Flag.RATING_OLD, Flag.PART_NOT_HELD}
    assert set(STATE_NAMES) == set(State)
    assert Level.SERVICE_MANAGER.label == "service manager"
