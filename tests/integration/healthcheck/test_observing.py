"""Errors and traces, sent to a real receiver by a real program: what arrives is useful, and tells of nobody."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import brotli
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import django
django.setup()
from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from healthcheck import urls

@login_not_required
def fail(request, worker):
    name = request.POST["name"]
    raise ValueError(f"There is no worker {name}.")

@shared_task(name="tests.fail")
def fail_task(*, worker):
    raise LookupError(f"There is no worker {worker}.")

urls.urlpatterns.append(path("workers/<slug:worker>/", fail, name="fails"))
told = {"user-agent": "Asha's telephone", "cookie": "session=Asha"}
client = Client(SERVER_NAME="localhost", raise_request_exception=False, headers=told)
assert client.get("/-/alive/", headers={"host": "10.0.0.1"}).status_code == 200
answer = client.post("/workers/asha-test/?search=Asha", {"name": "Asha Test"}, REMOTE_ADDR="192.0.2.77")
assert answer.status_code == 500
fail_task.apply(kwargs={"worker": "Asha Test"})
print(answer.headers["X-Request-ID"])
from django.conf import settings
if settings.SENTRY_DSN:
    import sentry_sdk
    sentry_sdk.flush(10)
if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
    from opentelemetry import trace
    trace.get_tracer_provider().force_flush(10_000)
"""


class Receiver(ThreadingHTTPServer):
    """Keeps whatever is sent to it, by path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Keep)
        self.kept: list[tuple[str, bytes]] = []

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Keep(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        read = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.headers["Content-Encoding"], bytes)
        self.server.kept.append((self.path, read(body)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def run(**environment: str) -> str:
    """Run the program; give the id of the request that failed."""
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def telling(kept: list[tuple[str, bytes]]) -> set[str]:
    """What tells of somebody, of all that arrived."""
    everything = b"".join(body for _, body in kept)
    words = ("Asha", "asha-test", "telephone", "192.0.2.77", "search", "There is no worker A")
    return {word for word in words if word.encode() in everything}


def test_errors_arrive_with_where_they_happened_and_nothing_of_anybody(receiver: Receiver) -> None:
    request_id = run(SENTRY_DSN=f"http://key@{receiver.place}/1")
    events = [json.loads(body.splitlines()[2]) for _, body in receiver.kept]
    told = {event["exception"]["values"][-1]["type"]: event for event in events}
    assert set(told) == {"ValueError", "LookupError"}
    page = told["ValueError"]
    assert page["tags"]["request_id"] == request_id
    assert page["transaction"].endswith("fail")
    assert page["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "fail"
    assert told["LookupError"]["transaction"] == "tests.fail"
    assert telling(receiver.kept) == set()


def test_traces_arrive_with_patterns_and_names_and_nothing_of_anybody(receiver: Receiver) -> None:
    run(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{receiver.place}")
    assert {path for path, _ in receiver.kept} == {"/v1/traces"}
    spans = [
        span
        for _, body in receiver.kept
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert any("workers/<slug:worker>/" in span.name for span in spans)
    assert any("tests.fail" in span.name for span in spans)
    assert all(not span.events and not span.status.message for span in spans)
    assert telling(receiver.kept) == set()


def test_nothing_is_sent_where_nobody_asked(receiver: Receiver) -> None:
    run()
    assert receiver.kept == []


@pytest.mark.parametrize("variable", ["SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_packages_that_are_missing_are_asked_for(variable: str) -> None:
    hidden = "import sys; sys.modules['sentry_sdk'] = sys.modules['opentelemetry'] = None\n"
    answer = subprocess.run(
        [sys.executable, "-c", hidden + PROGRAM],
        cwd=ROOT,
        env=os.environ | {variable: "http://key@127.0.0.1:9/1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{variable} is set, and what it needs is not: install requirements/observing.txt." in answer.stderr
