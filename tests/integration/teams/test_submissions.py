"""A form is saved once, however often it is sent."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from teams import submissions
from teams.models import Submission
from teams.refusals import AlreadyDone
from tests.cast import AT, Cast, assemble


def test_a_token_is_taken_once(cast: Cast) -> None:
    token = uuid.uuid4()
    submissions.claim(token, by=cast.ben, at=AT)
    with pytest.raises(AlreadyDone):
        submissions.claim(token, by=cast.ben, at=AT + timedelta(seconds=1))
    submissions.claim(uuid.uuid4(), by=cast.ben, at=AT)
    assert Submission.objects.count() == 2
    assert str(Submission.objects.get(token=token)) == f"{token} at 2026-11-02 09:30"


def test_a_form_that_was_refused_may_be_sent_again(cast: Cast) -> None:
    token = uuid.uuid4()
    with transaction.atomic():
        submissions.claim(token, by=cast.ben, at=AT)
        transaction.set_rollback(True)
    submissions.claim(token, by=cast.ben, at=AT)


def test_commands_have_no_form(cast: Cast) -> None:
    submissions.claim(None, by=cast.ben, at=AT)
    submissions.claim(uuid.uuid4(), by=None, at=AT)
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_saved() -> None:
    user, token, together = assemble().ben, uuid.uuid4(), threading.Barrier(2)
    outcomes: list[str] = []

    def send() -> None:
        try:
            with transaction.atomic():
                together.wait(10)
                submissions.claim(token, by=user, at=AT)
            outcomes.append("saved")
        except AlreadyDone:
            outcomes.append("was saved")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["saved", "was saved"]


def test_pages_behind_the_sign_in_are_not_kept(cast: Cast, client: Client) -> None:
    assert "no-store" not in client.get("/nowhere/").headers.get("Cache-Control", "")
    client.force_login(cast.ben)
    assert "no-store" in client.get(f"/teams/{cast.team.public_id}/").headers["Cache-Control"]
