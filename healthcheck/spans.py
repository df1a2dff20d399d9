"""What may leave of a trace. Imported only where traces are sent: its library may not be there."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status

from healthcheck.observing import OF_SPAN


class Bare(BatchSpanProcessor):
    """Sends spans without what may tell of somebody: events repeat messages of errors, attributes addresses."""

    def on_end(self, span: ReadableSpan) -> None:
        super().on_end(bare(span))


def bare(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in (span.attributes or {}).items() if name in OF_SPAN},
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )


def sender(address: str) -> Bare:
    return Bare(OTLPSpanExporter(endpoint=address))
