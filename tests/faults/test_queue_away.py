"""Valkey killed, emptied and slow: pages stay open, what is saved is saved, and the work is done when it is back."""

from collections.abc import Iterator

import pytest
import redis
import requests
from django.urls import reverse
from django.utils import timezone

from caseloads.models import Case, ScoringNeed
from healthcheck.celery import app
from teams.models import Team
from tests.faults.house import House, until
from tests.faults.jobs import finish
from tests.faults.visitor import Visitor

FAST_ENOUGH = 8.0  # seconds, on two cores that others use too: no page waits for a queue that does not answer


@pytest.fixture
def served(house: House) -> Iterator[House]:
    """Web, worker and beat, as in production."""
    house.start_what_is_missing("web", "worker", "beat")
    yield house
    house.proxy.delay = 0.0
    if "valkey" not in house.children:
        house.start_engine("valkey")


def new_case(visitor: Visitor, reference: str) -> requests.Response:
    path = reverse("case-new", args=[Team.objects.get(name="Heron Team").public_id])
    today = timezone.localdate()
    said = {"reference": reference, "opened_on": f"{today:%d/%m/%Y}", "priority": "2", "category": "assessment"}
    return visitor.send(path, visitor.form(path, **said))


def scored() -> bool:
    return not ScoringNeed.objects.outstanding().filter(team__name="Heron Team").exists()


def saved_and_asked(visitor: Visitor, reference: str) -> None:
    """A page opens and a form is saved, in good time."""
    visitor.seconds.clear()
    assert visitor.get("/").status_code == 200
    assert new_case(visitor, reference).status_code == 302
    assert Case.objects.filter(reference=reference).exists()
    assert max(visitor.seconds) < FAST_ENOUGH


def refused_sign_in(house: House) -> None:
    line = requests.Session()
    page = line.get(f"{house.address}/sign-in/", timeout=30)
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    said = {"csrfmiddlewaretoken": token, "login": "ben", "password": "whatever it is"}
    answer = line.post(f"{house.address}/sign-in/", data=said, headers={"Referer": house.address}, timeout=30)
    assert answer.status_code == 503
    assert "nobody can sign in for the moment" in answer.text


def test_killed(served: House) -> None:
    ben = Visitor(served, "ben")
    finish(served)
    served.kill_engine("valkey")
    saved_and_asked(ben, "KILLED-1")
    refused_sign_in(served)
    assert not scored()
    served.start_engine("valkey")
    until(scored, "scored when Valkey is back", patience=150)


def test_emptied(served: House) -> None:
    """Whatever waited in the queue is gone, and so is all that Celery had told it."""
    ben = Visitor(served, "ben")
    finish(served)  # so that a team is scored for what changed in it, and not because nobody was yet
    served.kill("worker")
    saved_and_asked(ben, "EMPTIED-1")
    served.empty_queue()
    served.start_worker()
    until(scored, "scored by the sweeper", patience=150)
    served.empty_queue()
    saved_and_asked(ben, "EMPTIED-2")
    until(scored, "scored by processes that had spoken with the full one", patience=150)


def test_slow(served: House) -> None:
    ben = Visitor(served, "ben")
    served.proxy.delay = 5.0
    saved_and_asked(ben, "SLOW-1")
    refused_sign_in(served)
    served.proxy.delay = 0.0
    until(scored, "scored when Valkey is quick again", patience=150)


@pytest.mark.parametrize("answer", ["ack", "reject", "requeue"])
def test_what_a_slow_queue_is_not_told_takes_no_place(served: House, answer: str) -> None:
    """A worker with one place gets the next message, though its last answer came to nothing."""
    with app.connection_for_read(served.redis_url) as line, line.channel() as channel:
        channel.basic_qos(0, 1, False)
        queue = channel.queue_declare(f"place-{answer}").queue
        channel.basic_publish(channel.prepare_message("x"), exchange="", routing_key=queue)
        got = channel.basic_get(queue)
        served.proxy.delay = 5.0
        with pytest.raises(redis.TimeoutError):
            getattr(got, answer)()
        served.proxy.delay = 0.0
        assert channel.qos.can_consume()
