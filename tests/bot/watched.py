"""Answerers by a script for what watches them, and a collector of traces over real HTTP."""

from __future__ import annotations

import asyncio
import gzip
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from town import SENTENCES, Town

from answering.values.events import Done, Said, Stage, Step
from answering.values.trace import Call, Frame, Judged, Seen, Trace, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from answering.values.answer import Answer, Turn
    from answering.values.events import Event
    from bot.observability.question_log import QuestionEvent

QUESTION = "清河市新建了多少停车泊位呀"


def written(question: str = QUESTION) -> Answer:
    """Return an answer as a model's words and the gates make it."""
    trace = Trace(
        frames=(Frame(text=question, intent="lookup", want="figure", places=("清河市",), years=(2021,)),),
        hits=(
            Seen(passage="abcdefgh23-pppppp01", place="清河市", year=2021, score=0.5, text=SENTENCES[1]),
            Seen(passage="abcdefgh23-pppppp02", place="清河市", year=2021, score=0.91237, text=SENTENCES[2]),
        ),
        judged=(
            Judged(text=SENTENCES[1], cited=(1,)),
            Judged(text="编出来的一句。", verdict=Verdict.UNCITED),
            Judged(text="新建泊位999个。", cited=(1,), verdict=Verdict.FIGURE, why="999"),
            Judged(text="新建泊位998个。", cited=(1,), verdict=Verdict.FIGURE, why="998", attempt=2),
        ),
        calls=(
            Call(purpose="rewrite", model="m-1", seconds=0.1, error="ModelBusy"),
            Call(
                purpose="answer",
                model="m-1",
                prompt="answer.zh@1f0c2d",
                prompt_tokens=900,
                completion_tokens=80,
                first=0.5,
                seconds=2.0,
            ),
        ),
        way="model",
    )
    answer = Town().quoting(question, SENTENCES[1])
    return replace(
        answer,
        trace=trace,
        seconds={"frame": 0.004, "search": 0.02, "rewrite": 0.1, "answer": 2.0, "total": 2.2},
    )


@dataclass
class Model:
    """Answers like a slow model; ``trouble`` is raised instead, ``slow`` seconds pass before the answer."""

    trouble: Exception | None = None
    slow: float = 0.0
    refusal: str = "nothing"
    made: Any = field(default_factory=lambda: written)
    ended: bool = False

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        answer: Answer | None = None
        async for event in self.stream(question, history):
            answer = event.answer if isinstance(event, Done) else answer
        assert answer is not None
        return answer

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        try:
            yield Step(stage=Stage.SEARCHING)
            answer = self.made(question)
            yield Said(statement=answer.statements[0], citations=answer.citations)
            await asyncio.sleep(self.slow)
            await asyncio.to_thread(logging.getLogger("a.server").warning, "it says: %s", self.refusal)
            if self.trouble is not None:
                raise self.trouble
            yield Done(answer=answer)
        finally:
            self.ended = True


@dataclass
class Book:
    """Keeps what it is told."""

    accounts: list[QuestionEvent] = field(default_factory=list)

    def __call__(self, account: QuestionEvent) -> None:
        self.accounts.append(account)

    @property
    def only(self) -> QuestionEvent:
        (one,) = self.accounts
        return one


@dataclass
class Collector:
    """What came to a collector of traces."""

    address: str
    requests: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def spans(self) -> list[Any]:
        """The spans that came, first to last."""
        sent = [ExportTraceServiceRequest.FromString(body) for _, body in self.requests]
        return [
            span
            for one in sent
            for resource in one.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def service(self) -> str:
        """The name under which the first spans came."""
        first = ExportTraceServiceRequest.FromString(self.requests[0][1]).resource_spans[0].resource
        return next(one.value.string_value for one in first.attributes if one.key == "service.name")


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collector.requests.append((self.path, body))
            told = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(address=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def told(span: Any) -> dict[str, Any]:
    """Return the attributes of a span."""
    values: dict[str, Any] = {}
    for one in span.attributes:
        kind = one.value.WhichOneof("value")
        value = getattr(one.value, kind)
        values[one.key] = [each.string_value for each in value.values] if kind == "array_value" else value
    return values
