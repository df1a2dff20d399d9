"""Errors to a Sentry and traces to an OpenTelemetry collector of whoever runs the service; only where they name one.

What leaves is listed, not what stays: where in the code, how long, how it ended. No body, query, address, user,
argument, local variable or message of an error, any of which may tell of somebody.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from structlog.contextvars import get_contextvars

OF_EVENT = ("event_id", "timestamp", "level", "platform", "transaction", "release", "sdk")
OF_ERROR = ("type", "module")
OF_FRAME = ("filename", "function", "module", "lineno", "in_app", "context_line", "pre_context", "post_context")
OF_SPAN = frozenset(
    {
        "http.method",
        "http.request.method",
        "http.route",
        "http.status_code",
        "http.response.status_code",
        "celery.action",
        "celery.state",
        "celery.task_name",
        "messaging.message_id",
        "db.system",
        "error.type",
    }
)
IDS = ("request_id", "task_id")


def begin(*, sentry: str, collector: str, version: str) -> None:
    """Send errors and traces from now on, each where an address is given."""
    if sentry:
        _need("sentry_sdk", "SENTRY_DSN")
        _send_errors(sentry, version)
    if collector:
        _need("opentelemetry.instrumentation", "OTEL_EXPORTER_OTLP_ENDPOINT")
        _send_traces(collector, version)


def _need(package: str, variable: str) -> None:
    try:
        there = find_spec(package)
    except ModuleNotFoundError:
        there = None
    if there is None:
        raise ImproperlyConfigured(f"{variable} is set, and what it needs is not: install requirements/observing.txt.")


def _send_errors(address: str, version: str) -> None:
    import sentry_sdk  # noqa: PLC0415 - only here is it needed, and it may not be there
    from sentry_sdk.integrations.celery import CeleryIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.django import DjangoIntegration  # noqa: PLC0415

    sentry_sdk.init(
        address,
        release=version,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        default_integrations=False,
        integrations=[DjangoIntegration(transaction_style="function_name"), CeleryIntegration()],
        before_send=lambda event, _hint: of_error(event),  # type: ignore[arg-type, return-value]
    )


def of_error(event: Mapping[str, Any]) -> dict[str, Any]:
    """What may leave of an error."""
    errors = event.get("exception", {}).get("values", [])
    ids = get_contextvars()
    return {
        **{name: event[name] for name in OF_EVENT if name in event},
        "exception": {"values": [_error(one) for one in errors]},
        "tags": {name: ids[name] for name in IDS if ids.get(name)},
    }


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    kept = [{name: frame[name] for name in OF_FRAME if name in frame} for frame in frames]
    return {name: error[name] for name in OF_ERROR if name in error} | {"stacktrace": {"frames": kept}}


def _send_traces(collector: str, version: str) -> None:
    from opentelemetry import trace  # noqa: PLC0415
    from opentelemetry.instrumentation.celery import CeleryInstrumentor  # noqa: PLC0415
    from opentelemetry.instrumentation.django import DjangoInstrumentor  # noqa: PLC0415
    from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    from healthcheck.spans import sender  # noqa: PLC0415

    named = Resource({"service.name": "team-health-check", "service.version": version})
    provider = TracerProvider(resource=named)
    provider.add_span_processor(sender(f"{collector.rstrip('/')}/v1/traces"))
    trace.set_tracer_provider(provider)
    # after what answers watchers, whom it would ask for a host name
    DjangoInstrumentor().instrument(middleware_position=1)
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    Psycopg2Instrumentor().instrument()
