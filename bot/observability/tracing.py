"""A trace for each question: a span from its first moment to its end, others in it for what was done.

Where they go is told by the standard OTEL_* variables. Stages are recorded by how long they took and not by
when they began, so their spans stand one after another from the question's beginning. Seam: opentelemetry.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.environment_variables import (
    OTEL_EXPORTER_OTLP_TIMEOUT,
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT,
)
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.util.types import AttributeValue

    from answering.values.trace import Call
    from bot.observability.question_log import QuestionEvent

PATIENCE = 3.0  # seconds: so long may a collector that is away hold up the end of the program
_NANO = 1_000_000_000


class QuestionTraces:
    """Sends accounts to a collector, in the background."""

    def __init__(self, *, told: bool = False) -> None:
        self._told = told
        resource = Resource.create({"service.name": "chengwen"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=_patience())))
        self._tracer = self._provider.get_tracer("chengwen")

    def __call__(self, account: QuestionEvent) -> None:
        """Take one account; within a trace of the caller's own it becomes a part of that."""
        began = round(account.began * _NANO)
        span = self._tracer.start_span(
            "chengwen.question", start_time=began, attributes=attributes(account, told=self._told)
        )
        within = set_span_in_context(span)
        at = began
        for name, took in account.stages.items():
            stage = self._tracer.start_span(f"chengwen.{name}", context=within, start_time=at)
            made = [call for call in account.calls if call.purpose == name]
            self._record_calls(made, set_span_in_context(stage), at)
            at += round(took * _NANO)
            stage.end(at)
        others = [call for call in account.calls if call.purpose not in account.stages]
        self._record_calls(others, within, began)
        if account.failure:
            span.set_status(Status(StatusCode.ERROR, f"{account.error} {account.failure}"))
        span.end(began + round(account.seconds * _NANO))

    def _record_calls(self, calls: Sequence[Call], within: Context, at: int) -> None:
        for call in calls:
            span = self._tracer.start_span(
                f"chat {call.model}",
                context=within,
                kind=SpanKind.CLIENT,
                start_time=at,
                attributes=_call_attributes(call),
            )
            if call.error:
                span.set_status(Status(StatusCode.ERROR, call.error))
            at += round(call.seconds * _NANO)
            span.end(at)

    def close(self) -> None:
        """Send what has not been sent; also done at the end of the process."""
        self._provider.shutdown()


def attributes(account: QuestionEvent, *, told: bool) -> dict[str, AttributeValue]:
    """Return what a question's span tells of it."""
    answer, trace = account.answer, account.trace
    known: dict[str, AttributeValue] = {
        "id": account.id,
        "chars": len(account.question),
        "outcome": account.outcome,
        "cached": trace.cached,
        "hits": len(trace.hits),
        "cited": list(account.cited),
        **{f"dropped.{verdict}": count for verdict, count in account.dropped.items()},
    }
    if answer is not None:
        known |= {"language": answer.language.value, "way": trace.way, "reason": answer.reason}
        known |= {"notes": list(answer.notes), "places": list(answer.places)}
    if told:
        known["question"] = account.question
    return {f"chengwen.{name}": value for name, value in known.items()}


def _call_attributes(call: Call) -> dict[str, AttributeValue]:
    """Return what is told of a call to a model, under the names that OpenTelemetry has for it."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": call.model,
        "gen_ai.usage.input_tokens": call.prompt_tokens,
        "gen_ai.usage.output_tokens": call.completion_tokens,
        "chengwen.purpose": call.purpose,
        "chengwen.prompt": call.prompt,
        "chengwen.first_seconds": call.first,
        **({"error.type": call.error} if call.error else {}),
    }


def _patience() -> float | None:
    """Return how long to wait for the collector, None where the environment says it."""
    said = (OTEL_EXPORTER_OTLP_TIMEOUT, OTEL_EXPORTER_OTLP_TRACES_TIMEOUT)
    return None if any(os.environ.get(name) for name in said) else PATIENCE
