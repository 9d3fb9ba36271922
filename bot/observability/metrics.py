"""What questions amount to, as Prometheus reads it. Seam: prometheus_client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

if TYPE_CHECKING:
    from bot.observability.question_log import QuestionEvent

HOST = "127.0.0.1"
# Seconds: from an answer by code alone to one by a slow model.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class QuestionMetrics:
    """Counts accounts."""

    def __init__(self) -> None:
        self.registry = held = CollectorRegistry()
        self._questions = Counter(
            "chengwen_questions", "Questions by how they ended.", ["outcome", "way"], registry=held
        )
        self._dropped = Counter(
            "chengwen_dropped_sentences", "Sentences of a model not shown.", ["verdict"], registry=held
        )
        self._tokens = Counter("chengwen_tokens", "Tokens used by the model.", ["kind"], registry=held)
        self._errors = Counter(
            "chengwen_model_errors", "Calls to the model that failed.", ["error"], registry=held
        )
        self._cached = Counter("chengwen_cache_hits", "Questions answered from the cache.", registry=held)
        self._seconds = Histogram(
            "chengwen_question_seconds", "Time a question took.", ["way"], registry=held, buckets=BUCKETS
        )
        self._stages = Histogram(
            "chengwen_stage_seconds", "Time a stage took.", ["stage"], registry=held, buckets=BUCKETS
        )
        self._first = Histogram(
            "chengwen_model_first_seconds", "Time to a model's first word.", registry=held, buckets=BUCKETS
        )

    def __call__(self, account: QuestionEvent) -> None:
        """Take one account."""
        way = account.trace.way if account.answer is not None else "none"
        self._questions.labels(outcome=account.outcome, way=way).inc()
        self._seconds.labels(way=way).observe(account.seconds)
        self._cached.inc(account.trace.cached)
        for stage, took in account.stages.items():
            self._stages.labels(stage=stage).observe(took)
        for verdict, count in account.dropped.items():
            self._dropped.labels(verdict=verdict).inc(count)
        self._count_calls(account)

    def _count_calls(self, account: QuestionEvent) -> None:
        for call in account.calls:
            self._tokens.labels(kind="prompt").inc(call.prompt_tokens)
            self._tokens.labels(kind="completion").inc(call.completion_tokens)
            if call.first:
                self._first.observe(call.first)
            if call.error:
                self._errors.labels(error=call.error).inc()

    def serve(self, port: int) -> int:
        """Show the counts at /metrics from here on, in the background; returns the port. Raises OSError."""
        server, _ = start_http_server(port, addr=HOST, registry=self.registry)
        self._server = server
        return int(server.server_port)

    def close(self) -> None:
        """Show them no longer."""
        self._server.shutdown()
        self._server.server_close()
