"""Managers are reminded by e-mail of what they have to answer: once for each occasion, and only they."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from checks import reminding, tasks
from checks.actions import cycles, moves
from checks.checking import Judgement
from checks.models import HealthCheck, Reminder
from teams.models import User
from tests.cast import AT, TODAY, WALL, Cast
from tests.integration.checks.rounds import answer_of, check_of, doing, opened, submitted

DAY = timedelta(days=1)


@pytest.fixture
def addressed(cast: Cast) -> Cast:
    for name in ("ben", "hana", "cora"):
        User.objects.filter(username=name).update(email=f"{name}@example.org")
    return cast


def remind(days: int = 0) -> int:
    return reminding.remind(as_of=TODAY + days * DAY, at=AT + days * DAY)


def subjects(outbox: list[EmailMessage]) -> list[tuple[str, list[str]]]:
    return [(mail.subject, mail.to) for mail in outbox]


def test_a_manager_is_told_that_the_check_is_open(addressed: Cast, mailoutbox: list[EmailMessage]) -> None:
    check = check_of(opened(addressed), addressed.team)
    assert remind() == 1
    assert subjects(mailoutbox) == [
        ("Health check of Heron Team: answers due by 23 November 2026", ["ben@example.org"])
    ]
    body = str(mailoutbox[0].body)
    assert f"/checks/{check.public_id}/" in body
    assert "is open for your answers" in body


def test_nobody_is_told_twice(addressed: Cast, mailoutbox: list[EmailMessage]) -> None:
    opened(addressed)
    assert [remind(), remind(), remind(1)] == [1, 0, 0]
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("days", "words"), [(14, "still waits"), (20, "hardly any time"), (21, "hardly any time"), (22, "is late")]
)
def test_the_words_become_more_urgent(addressed: Cast, mailoutbox: list[EmailMessage], days: int, words: str) -> None:
    opened(addressed)
    assert remind(days) == 1
    assert words in str(mailoutbox[0].body)
    assert remind(days) == 0


def test_each_occasion_is_told_when_it_comes(addressed: Cast, mailoutbox: list[EmailMessage]) -> None:
    opened(addressed)
    assert [remind(days) for days in (0, 13, 14, 19, 20, 22, 50)] == [1, 0, 1, 0, 1, 1, 0]


def test_a_returned_check_says_why(addressed: Cast, mailoutbox: list[EmailMessage]) -> None:
    check = submitted(addressed)
    assert remind() == 0
    moves.return_check(check=check, words="Say more about space", doing=doing(addressed.cora))
    assert remind() == 1
    assert "The reason: Say more about space." in str(mailoutbox[0].body)


def test_a_question_is_told_once_for_each_submission(addressed: Cast, mailoutbox: list[EmailMessage]) -> None:
    check = submitted(addressed)
    for code in ("fair", "space"):
        asked = {"question": "How do you know?", "suggested": Judgement.NOT_MET, "doing": doing(addressed.cora)}
        moves.challenge(answer=answer_of(check, code), **asked)  # type: ignore[arg-type]
    assert [remind(), remind(), remind(30)] == [1, 0, 0]
    assert subjects(mailoutbox) == [
        ("Health check of Heron Team: a question waits for your reply", ["ben@example.org"])
    ]
    assert f"/checks/{check.public_id}/" in str(mailoutbox[0].body)
    assert "questioned by the panel" in str(mailoutbox[0].body)
    assert "due by" not in str(mailoutbox[0].body)
    HealthCheck.objects.filter(pk=check.pk).update(submissions=2)
    assert remind() == 1


def test_without_a_manager_the_service_manager_is_told(addressed: Cast, mailoutbox: list[EmailMessage]) -> None:
    opened(addressed, teams=[addressed.other_team])
    remind()
    assert mailoutbox[0].to == ["hana@example.org"]


def test_whoever_has_no_address_is_not_written_to(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    opened(cast)
    assert remind() == 1
    assert mailoutbox == []
    assert Reminder.objects.count() == 1


def test_nothing_is_said_about_a_closed_cycle(addressed: Cast, mailoutbox: list[EmailMessage]) -> None:
    cycle = opened(addressed)
    cycles.close_cycle(cycle=cycle, reason="Reorganised", doing=doing(addressed.cora))
    assert remind() == 0


def test_the_morning_task_reminds_and_many_checks_take_no_more_statements(
    addressed: Cast, mailoutbox: list[EmailMessage], django_assert_max_num_queries: Any
) -> None:
    cycle = opened(addressed)
    HealthCheck.objects.create(employer=addressed.employer, cycle=cycle, team=addressed.other_team)
    with django_assert_max_num_queries(8 + WALL):
        tasks.remind()
    assert len(mailoutbox) == 2
