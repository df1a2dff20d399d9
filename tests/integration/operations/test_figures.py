"""The figures that monitoring reads: of pages, tasks, the queue and what waits; of nobody in particular."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from caseloads.models import ScoringNeed
from operations import broker, counting, looking, task_watching
from operations import tasks as doors
from reports.models import ReportRun
from teams.attempts import server
from tests.cast import TODAY, Cast

TOKEN = "t" * 40
Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(autouse=True)
def token(settings: Any, db: None) -> Iterator[None]:
    settings.METRICS_TOKEN = TOKEN
    kept, keys = server(settings.REDIS_URL), (broker.QUEUE, broker.COUNTED, broker.LOOKED)
    kept.delete(*keys)
    yield
    kept.delete(*keys)


def figures(client: Client) -> Figures:
    answer = client.get("/-/metrics/", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def of(found: Figures, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.mark.parametrize("shown", ["", "Bearer", f"Bearer {TOKEN}x", TOKEN, "Bearer é"])
def test_nothing_is_there_without_the_token(client: Client, shown: str) -> None:
    assert client.get("/-/metrics/", headers={"authorization": shown}).status_code == 404


def test_nothing_is_there_where_no_token_is_set(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/-/metrics/", headers={"authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_view_and_status(client: Client, cast: Cast) -> None:
    before = figures(client)
    client.force_login(cast.ben)
    client.get(f"/teams/{cast.team.public_id}/")
    client.get("/there-is-nothing/?name=Asha")
    after = figures(client)
    for labels in ({"view": "team", "status": "200"}, {"view": "none", "status": "404"}):
        name = "healthcheck_requests_total"
        assert of(after, name, **labels) - of(before, name, **labels) == 1
    assert of(after, "healthcheck_request_seconds_count", view="team") >= 1
    assert of(after, "healthcheck_request_seconds_bucket", view="team", le="+Inf") >= 1


def test_each_answer_names_its_request(client: Client, settings: Any) -> None:
    given = "0f8fad5b-d9cb-469f-a165-70867728950e"
    first = client.get("/sign-in/", headers={"x-request-id": given})
    assert first.headers["X-Request-ID"] != given
    settings.TRUSTED_PROXIES = 1
    assert client.get("/sign-in/", headers={"x-request-id": given}).headers["X-Request-ID"] == given


def test_tasks_are_counted_wherever_they_run(client: Client) -> None:
    for outcome, seconds in (("success", 0.05), ("success", 7.0), ("failure", 400.0)):
        counting.count_task(name="reports.render", outcome=outcome, seconds=seconds)
    found = figures(client)
    assert of(found, "healthcheck_tasks_total", task="reports.render", outcome="success") == 2
    assert of(found, "healthcheck_tasks_total", task="reports.render", outcome="failure") == 1
    steps = {"0.1": 1, "5.0": 1, "15.0": 2, "300.0": 2, "+Inf": 3}
    for step, number in steps.items():
        assert of(found, "healthcheck_task_seconds_bucket", task="reports.render", le=step) == number
    assert of(found, "healthcheck_task_seconds_count", task="reports.render") == 3
    assert of(found, "healthcheck_task_seconds_sum", task="reports.render") == pytest.approx(407.05)


def test_queue_tells_its_length_and_the_age_of_the_oldest(client: Client) -> None:
    assert of(figures(client), "healthcheck_queue_messages") == 0
    doors.look_around.apply_async()
    doors.look_around.apply_async()
    found = broker.queue()
    assert found.oldest == pytest.approx(time.time(), abs=5)
    told = figures(client)
    assert of(told, "healthcheck_queue_messages") == 2
    assert 0 <= of(told, "healthcheck_queue_oldest_seconds") < 5


def test_broker_that_is_away_is_told_and_the_pages_counted_on(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    found = figures(client)
    assert of(found, "healthcheck_broker_up") == 0
    assert ("healthcheck_queue_messages", ()) not in found
    looking.look_around(as_of=TODAY, at=timezone.now())


def test_the_workers_round_tells_what_waits_and_failed_of_all(client: Client, cast: Cast) -> None:
    assert ("healthcheck_looked_seconds", ()) not in figures(client)
    at = timezone.now()
    ScoringNeed.objects.update(scored_changes=F("changes"))
    ScoringNeed.objects.update_or_create(
        team=cast.team, defaults={"changes": 2, "scored_changes": 1, "asked_at": at - timedelta(minutes=10)}
    )
    ReportRun.objects.create(
        employer=cast.elsewhere.employer,
        team=cast.elsewhere,
        as_of=TODAY,
        status="FAILED",
        error="No ink",
        requested_at=at,
        finished_at=at,
    )
    doors.look_around()
    found = figures(client)
    assert of(found, "healthcheck_looked_seconds") < 60
    assert of(found, "healthcheck_waiting", work="scoring") == 1
    assert of(found, "healthcheck_waiting_oldest_seconds", work="scoring") == pytest.approx(600, abs=30)
    assert of(found, "healthcheck_waiting", work="day") == 3
    assert of(found, "healthcheck_failed", work="report") == 1


def test_no_figure_names_an_employer_or_a_person(client: Client, cast: Cast) -> None:
    client.force_login(cast.ben)
    client.get(f"/teams/{cast.team.public_id}/?q=Asha")
    doors.look_around()
    text = client.get("/-/metrics/", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    for word in ("Test", "testshire", "Heron", "Asha", str(cast.team.public_id)):
        assert word not in text


def test_scrape_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        figures(client)
    assert connection.vendor == "postgresql"


class Task:
    """What a signal hands over of a task, as far as it is looked at."""

    name = "reports.render"

    class request:  # noqa: N801 - as the library calls it
        began = 0.0

        @staticmethod
        def get(_name: str) -> str:
            return "r1"


def test_task_ends_though_nobody_can_count_it(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    task_watching.LOG.propagate = True
    task_watching.begin_task(task_id="t1", task=Task)
    task_watching.end_task(task=Task, state=None)
    task_watching.LOG.propagate = False
    assert "could not be counted" in caplog.text
