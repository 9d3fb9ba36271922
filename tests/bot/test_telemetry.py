from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from watched import QUESTION, Model, collecting, told, written

from answering.values.events import Done
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.errors import MissingPartError
from bot.observability.metrics import QuestionMetrics
from bot.observability.observed_answerer import ObservedAnswerer
from bot.observability.telemetry import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watched import Collector

    from answering.values.answer import Answer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


def elsewhere(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a process of its own, whose environment is this one's and ``env``."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "bot")))
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**given, "PYTHONPATH": paths, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


ASKING = """
import asyncio
from watched import QUESTION, Model
from bot.observability.telemetry import traces
from bot.observability.observed_answerer import ObservedAnswerer
trouble = {trouble}
watched = ObservedAnswerer(Model(trouble=trouble), [traces(told={told})], told={told})
try:
    asyncio.run(watched.answer(QUESTION))
except ValueError:
    pass
"""


def test_a_question_is_sent_as_a_span_with_its_stages_and_calls_within(collector: Collector) -> None:
    done = elsewhere(ASKING.format(trouble=None, told=False), OTEL_EXPORTER_OTLP_ENDPOINT=collector.address)
    assert done.returncode == 0, done.stderr
    assert {path for path, _ in collector.requests} == {"/v1/traces"}
    assert collector.service == "chengwen"
    spans = {span.name: span for span in collector.spans}
    top = spans.pop("chengwen.question")
    call = spans.pop("chat m-1")
    assert set(spans) == {"chengwen.frame", "chengwen.search", "chengwen.rewrite", "chengwen.answer"}
    assert {span.parent_span_id for span in spans.values()} == {top.span_id}
    assert call.parent_span_id == spans["chengwen.answer"].span_id
    assert call.start_time_unix_nano == spans["chengwen.answer"].start_time_unix_nano
    assert {span.trace_id for span in spans.values()} == {top.trace_id}
    known = told(top)
    assert (known["chengwen.outcome"], known["chengwen.way"]) == ("answered", "model")
    assert (known["chengwen.hits"], known["chengwen.dropped.figure"]) == (2, 2)
    assert known["chengwen.cited"] == ["abcdefgh23-pppppp01"]
    assert took(spans["chengwen.search"]) == pytest.approx(0.02)
    assert spans["chengwen.search"].start_time_unix_nano == spans["chengwen.frame"].end_time_unix_nano


def took(span) -> float:
    return (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9


def test_calls_to_the_model_have_the_names_that_are_usual(collector: Collector) -> None:
    elsewhere(ASKING.format(trouble=None, told=False), OTEL_EXPORTER_OTLP_ENDPOINT=collector.address)
    rewrite, answer = (span for span in collector.spans if span.name == "chat m-1")
    assert told(answer)["gen_ai.usage.input_tokens"] == 900
    assert told(answer)["gen_ai.usage.output_tokens"] == 80
    assert took(answer) == pytest.approx(2.0)
    assert told(rewrite)["error.type"] == "ModelBusy"
    assert rewrite.status.code == 2


@pytest.mark.parametrize("words", [False, True])
def test_the_words_of_a_question_are_sent_only_where_everything_is_logged(
    collector: Collector, *, words: bool
) -> None:
    trouble = 'ValueError(f"no {QUESTION}")'
    elsewhere(ASKING.format(trouble=trouble, told=words), OTEL_EXPORTER_OTLP_ENDPOINT=collector.address)
    elsewhere(ASKING.format(trouble=None, told=words), OTEL_EXPORTER_OTLP_ENDPOINT=collector.address)
    sent = b"".join(body for _, body in collector.requests)
    assert (QUESTION.encode() in sent) is words
    assert "泊位".encode() not in sent.replace(QUESTION.encode(), b"")
    assert b"ValueError" in sent


def test_the_standard_variables_say_where_to_and_as_whom(collector: Collector) -> None:
    elsewhere(
        ASKING.format(trouble=None, told=False),
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{collector.address}/elsewhere",
        OTEL_SERVICE_NAME="city-desk",
        OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
    )
    assert {path for path, _ in collector.requests} == {"/elsewhere"}
    assert collector.service == "city-desk"


def test_a_collector_that_is_away_holds_the_program_up_for_seconds_only() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        began = perf_counter()
        done = elsewhere(ASKING.format(trouble=None, told=False), OTEL_EXPORTER_OTLP_ENDPOINT=address)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert perf_counter() - began < 40


# -- metrics


def page(port: int) -> dict[str, float]:
    """Return what a scrape reads: a value for each name with its labels."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as reply:
        assert reply.headers["Content-Type"].startswith("text/plain")
        rows = reply.read().decode().splitlines()
    return {row.rpartition(" ")[0]: float(row.rpartition(" ")[2]) for row in rows if not row.startswith("#")}


@pytest.fixture
def served() -> Iterator[tuple[QuestionMetrics, int]]:
    counts = QuestionMetrics()
    port = counts.serve(0)
    yield counts, port
    counts.close()


async def test_a_scrape_reads_what_questions_came_to(served: tuple[QuestionMetrics, int]) -> None:
    counts, port = served
    await ObservedAnswerer(Model(), [counts]).answer(QUESTION)
    await ObservedAnswerer(Model(made=kept), [counts]).answer(QUESTION)
    with pytest.raises(ValueError, match="bad"):
        await ObservedAnswerer(Model(trouble=ValueError("bad")), [counts]).answer(QUESTION)
    stream = ObservedAnswerer(Model(), [counts]).stream(QUESTION)
    assert not isinstance(await anext(stream), Done)
    await stream.aclose()
    read = page(port)
    assert read['chengwen_questions_total{outcome="answered",way="model"}'] == 2
    assert read['chengwen_questions_total{outcome="failed",way="none"}'] == 1
    assert read['chengwen_questions_total{outcome="cancelled",way="none"}'] == 1
    assert read["chengwen_cache_hits_total"] == 1
    assert read['chengwen_dropped_sentences_total{verdict="figure"}'] == 2
    assert read['chengwen_dropped_sentences_total{verdict="uncited"}'] == 1
    assert read['chengwen_tokens_total{kind="prompt"}'] == 900
    assert read['chengwen_tokens_total{kind="completion"}'] == 80
    assert read['chengwen_model_errors_total{error="ModelBusy"}'] == 1
    assert read['chengwen_question_seconds_count{way="model"}'] == 2
    assert read['chengwen_stage_seconds_bucket{le="0.025",stage="search"}'] == 2
    assert read['chengwen_stage_seconds_bucket{le="0.01",stage="search"}'] == 0
    assert read["chengwen_model_first_seconds_count"] == 1


def kept(question: str) -> Answer:
    answer = written(question)
    return replace(answer, trace=replace(answer.trace, cached=True))


def test_the_page_is_shown_on_the_loopback_only(served: tuple[QuestionMetrics, int]) -> None:
    counts, port = served
    assert counts._server.server_address[0] == "127.0.0.1"
    assert page(port)["chengwen_cache_hits_total"] == 0


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MissingPartError, match=f"CHENGWEN_METRICS_PORT.*{port}.*占用"):
            metrics(port)


# -- off, unless asked for


def test_by_default_there_is_the_log_alone(home: Path) -> None:
    wiring = Wiring(Settings(home=home))
    wiring.show_metrics()
    assert [type(one).__name__ for one in wiring.watchers] == ["QuestionLog"]


OFF = """
import sys
from bot.config.settings import Settings
from bot.assembly.wiring import Wiring
wiring = Wiring(Settings())
wiring.show_metrics()
wiring.watchers
print(sorted({name.split(".")[0] for name in sys.modules} & {"opentelemetry", "prometheus_client"}))
"""
WITHOUT = """
import sys
for name in ("prometheus_client", "opentelemetry.exporter"):
    sys.modules[name] = None
from bot.errors import MissingPartError
from bot.config.settings import Settings
from bot.assembly.wiring import Wiring
for settings in (Settings(traces=True), Settings(metrics_port=9464)):
    try:
        Wiring(settings).show_metrics()
        Wiring(settings).watchers
    except MissingPartError as error:
        print(error)
"""


def test_what_is_off_is_not_even_loaded() -> None:
    assert elsewhere(OFF).stdout.strip() == "[]"


def test_where_the_extra_is_not_installed_a_sentence_says_what_to_do() -> None:
    first, second = elsewhere(WITHOUT).stdout.splitlines()
    assert "CHENGWEN_TRACES" in first
    assert "CHENGWEN_METRICS_PORT" in second
    assert "'.[observability]'" in first
    assert first.endswith("。")


def test_a_program_whose_person_asked_for_traces_sends_them(collector: Collector, home: Path) -> None:
    code = "import os; from bot.cli import run; raise SystemExit(run(['ask', '你好'], os.environ))"
    done = elsewhere(
        code,
        CHENGWEN_HOME=str(home),
        CHENGWEN_SHIPPED="0",
        CHENGWEN_TRACES="1",
        EMBEDDINGS="none",
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.address,
    )
    assert done.returncode == 0, done.stderr
    top = next(span for span in collector.spans if span.name == "chengwen.question")
    assert told(top)["chengwen.reason"] == "greeting"


def test_a_question_within_a_trace_of_the_caller_is_a_part_of_it(collector: Collector) -> None:
    code = """
from opentelemetry.sdk.trace import TracerProvider
from bot.observability.question_log import QuestionEvent
from bot.observability.telemetry import traces
spans = traces()
with TracerProvider().get_tracer("theirs").start_as_current_span("theirs") as theirs:
    spans(QuestionEvent(id="a", question="x", began=1e9, seconds=1.0))
print(f"{theirs.get_span_context().trace_id:032x}")
"""
    done = elsewhere(code, OTEL_EXPORTER_OTLP_ENDPOINT=collector.address)
    (span,) = collector.spans
    assert span.trace_id.hex() == done.stdout.strip()


def test_closing_sends_what_has_not_been_sent(collector: Collector) -> None:
    code = """
import os
from bot.observability.question_log import QuestionEvent
from bot.observability.telemetry import traces
spans = traces()
spans(QuestionEvent(id="a", question="x", began=1e9, seconds=1.0))
spans.close()
os._exit(0)
"""
    elsewhere(code, OTEL_EXPORTER_OTLP_ENDPOINT=collector.address)
    (span,) = collector.spans
    assert told(span)["chengwen.outcome"] == "cancelled"
