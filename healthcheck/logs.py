"""How the log is written, and what it does not keep. Needs no Django: the web server logs by it before Django is there.

Every line carries the ids of the request and of the task it is written for: operations/middleware.py and
operations/task_watching.py give them.
"""

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_TOKEN = re.compile(r"(/(?:s|set-password)/)[^/\s'\"?]+")
_ROW = re.compile(r"(DETAIL:).*")  # the database repeats the row that it refused
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PLAIN, JSON = "lines", "json"
FORMATS = (PLAIN, JSON)
OWN = ("view", "method", "status", "outcome", "seconds")
"""What lines of ours say beside their words; what others add, such as the arguments of a task, is left out."""


class HideTokens(logging.Filter):
    """Takes the tokens of one-time links out of every line.

    Nobody reads in a log who answered a survey when, or how somebody else's password is set.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _TOKEN.sub(r"\1(token)", record.getMessage())
        record.args = ()
        return True


def configuration(form: str) -> dict[str, Any]:
    """What `logging` is set up with: every logger, the web server's and the workers' too, writes one kind of line."""
    ours = {"handlers": ["stderr"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "healthcheck.logs.formatter", "form": form}},
        "filters": {"tokens": {"()": "healthcheck.logs.HideTokens"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "operations": ours,
            "celery": ours,
            "gunicorn.error": ours,
            # errors of pages with their tracebacks; Django's own set-up would only send them by mail
            "django.request": ours | {"level": "ERROR"},
        },
    }


def formatter(form: str) -> logging.Formatter:
    known: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(OWN),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide,
    ]
    drawn: list[Processor] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == JSON
        else [
            _keep_in_line,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *drawn]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=known, processors=last)


def _keep_in_line(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """What was given from outside begins no line of its own, nor does it move a terminal; tracebacks have lines."""
    return {
        name: _CONTROL.sub(lambda found: repr(found[0])[1:-1], value)
        if isinstance(value, str) and name != "exception"
        else value
        for name, value in line.items()
    }


def _hide(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Take tokens and refused rows out of whatever a line holds, its traceback too."""
    return {name: hidden(value) if isinstance(value, str) else value for name, value in line.items()}


def hidden(text: str) -> str:
    return _ROW.sub(r"\1 (hidden)", _TOKEN.sub(r"\1(token)", text))
