"""Lines of the log: whole, with the ids they belong to, and without what nobody may read there."""

import io
import json
import logging
import re
import time
from datetime import datetime
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars

from healthcheck import logs

SECRET = "a-secret-token-of-somebody"


@pytest.fixture
def written() -> tuple[logging.Logger, io.StringIO]:
    logger, out = logging.getLogger("operations.test"), io.StringIO()
    logger.handlers.clear()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.formatter(logs.JSON))
    handler.addFilter(logs.HideTokens())
    logger.addHandler(handler)
    return logger, out


def line(out: io.StringIO) -> dict[str, Any]:
    [found] = out.getvalue().splitlines()
    return dict(json.loads(found))


@pytest.mark.parametrize("form", logs.FORMATS)
def test_nobody_begins_a_line_by_what_they_send(form: str) -> None:
    logger, out = logging.getLogger("operations.forged"), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.formatter(form))
    logger.addHandler(handler)
    logger.warning("The directory said %s", "no\r\n2026-11-26T10:00:00Z [info] request\u2028\x1b[2J")
    logger.removeHandler(handler)
    assert out.getvalue().count("\n") == 1
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize("form", logs.FORMATS)
def test_every_line_says_its_moment_in_utc(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    record = logging.LogRecord("operations.test", logging.INFO, "", 0, "request", (), None)
    said = logs.formatter(form).format(record)
    monkeypatch.undo()
    time.tzset()
    moment = re.search(r"\d{4}-\d\d-\d\dT[\d:.]+Z", said)
    assert moment
    assert abs(datetime.fromisoformat(moment[0]).timestamp() - time.time()) < 60


def test_line_is_one_object_with_ids_and_what_it_says(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    with bound_contextvars(request_id="r1", task_id="t1"):
        logger.warning("Import %s could not be read", 7, extra={"seconds": 0.5, "data": {"kwargs": "x"}})
    found = line(out)
    assert found.pop("timestamp").endswith("Z")
    assert found == {
        "event": "Import 7 could not be read",
        "level": "warning",
        "logger": "operations.test",
        "request_id": "r1",
        "task_id": "t1",
        "seconds": 0.5,
    }


def test_tracebacks_are_part_of_the_line_and_hide_tokens_and_rows(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, out = written
    try:
        int(f"/s/{SECRET}/\nDETAIL:  Failing row contains (1, Asha Test).")
    except ValueError:
        logger.exception("Failed at /set-password/%s/", SECRET)
    found = line(out)
    assert "/s/(token)/" in found["exception"]
    assert "DETAIL: (hidden)" in found["exception"]
    assert found["event"] == "Failed at /set-password/(token)/"
    assert "Asha" not in out.getvalue()
    assert SECRET not in out.getvalue()


def test_people_read_lines(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("operations", logging.INFO, "", 0, "request", (), None)
    said = logs.formatter(logs.PLAIN).format(record)
    assert "request" in said
    assert not said.startswith("{")


@pytest.mark.parametrize("form", logs.FORMATS)
def test_every_logger_writes_the_same_lines(form: str) -> None:
    known = logs.configuration(form)
    assert set(known["loggers"]) == {"operations", "celery", "gunicorn.error", "django.request"}
    assert all(one["handlers"] == ["stderr"] for one in known["loggers"].values())
    assert known["formatters"]["line"]["form"] == form
