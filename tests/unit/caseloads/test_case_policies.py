"""When something may be done with a case, and what is offered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from caseloads import policies
from caseloads.policies import CaseFacts

TODAY = date(2026, 11, 22)
OPENED = date(2026, 9, 1)
MANAGER = CaseFacts(open=True, may_record=True)


def offered(facts: CaseFacts) -> list[str]:
    return [name.removeprefix("case-") for name, _ in policies.case_actions(facts)]


def test_what_is_offered_depends_on_the_case_and_the_person() -> None:
    assert offered(MANAGER) == ["rate", "allocate", "shares", "transfer", "correct", "close"]
    assert offered(CaseFacts(open=True, may_record=True, held=False))[:2] == ["allocate", "rate"]
    assert offered(CaseFacts(open=False, may_record=True)) == ["reopen", "correct"]
    assert offered(CaseFacts(open=True, may_record=False)) == []
    assert offered(CaseFacts(open=True, may_record=False, held_by_user=True)) == ["answer", "contest"]
    assert offered(CaseFacts(open=False, may_record=False, held_by_user=True)) == []
    assert offered(CaseFacts(open=True, may_record=False, held_by_user=True, contested_by_user=True)) == ["answer"]


def test_closed_cases_are_not_worked_on_and_open_ones_not_opened() -> None:
    closed = CaseFacts(open=False, may_record=True)
    assert policies.why_not_change(MANAGER) is None
    assert "Open it again first" in str(policies.why_not_change(closed))
    assert policies.why_not_reopen(closed) is None
    assert "open already" in str(policies.why_not_reopen(MANAGER))


@pytest.mark.parametrize(
    ("open_now", "day", "reason"),
    [
        (True, TODAY, None),
        (True, OPENED, None),
        (True, OPENED - timedelta(days=1), "before it opened"),
        (True, TODAY + timedelta(days=1), "today or on an earlier day"),
        (False, TODAY, "closed already"),
    ],
)
def test_closing(open_now: bool, day: date, reason: str | None) -> None:  # noqa: FBT001 - a parameter of the table
    facts = CaseFacts(open=open_now, may_record=True)
    found = policies.why_not_close(facts, opened_on=OPENED, closed_on=day, on=TODAY)
    assert found is None if reason is None else reason in str(found)


@pytest.mark.parametrize(
    ("opened", "closed", "held", "reason"),
    [
        (OPENED, None, None, None),
        (OPENED, TODAY, OPENED, None),
        (TODAY + timedelta(days=1), None, None, "opens today or"),
        (TODAY, None, OPENED, "Somebody held this case before"),
        (OPENED, TODAY + timedelta(days=1), None, "closes today or"),
        (OPENED, OPENED - timedelta(days=1), None, "before it opened"),
    ],
)
def test_correcting(opened: date, closed: date | None, held: date | None, reason: str | None) -> None:
    found = policies.why_not_correct(opened, closed, held_since=held, on=TODAY)
    assert found is None if reason is None else reason in str(found)


def test_contesting_and_answering() -> None:
    holder = CaseFacts(open=True, may_record=False, held_by_user=True)
    assert policies.why_not_contest(holder) is None
    assert "do not hold" in str(policies.why_not_contest(MANAGER))
    assert policies.why_not_answer(open=True, own=False) is None
    assert "answered already" in str(policies.why_not_answer(open=False, own=False))
    assert "somebody else answers" in str(policies.why_not_answer(open=True, own=True))


@pytest.mark.parametrize(
    ("weight", "reason", "said"),
    [
        (None, "", None),
        (Decimal(9), "Daily contact", None),
        (Decimal(0), "No work yet", None),
        (Decimal(9), "", "Say why"),
        (None, "Daily contact", "but no weight"),
        (Decimal(-1), "Daily contact", "never below zero"),
    ],
)
def test_setting_by_hand(weight: Decimal | None, reason: str, said: str | None) -> None:
    found = policies.why_not_set_by_hand(weight, reason)
    assert found is None if said is None else said in str(found)
