"""How long a person waits: with everything warm, and from a cold process."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from answering.values.answer import Turn
from evaluation.datasets.material import ROOT, SourceText
from evaluation.harness.bench import BenchWiring, texts_of
from evaluation.harness.peer_stacks import MISSING
from evaluation.quality.answers import all_questions
from evaluation.reporting.metrics import mean, percentile, share
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from evaluation.harness.bench import Bench
    from evaluation.harness.homes import FilledHome
    from evaluation.harness.process_cost import TimedEmbedder
    from evaluation.harness.retrievers import BenchRetriever

    Asked = Sequence[dict[str, Any]]

WARM = {0.50: 40.0, 0.95: 80.0}  # milliseconds
COLD = 2.5  # seconds
_WARMING = 5  # questions asked before the clock runs
_STARTS = 7
_QUESTION = "吉林市新增了多少停车位？"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLatency:
    """How long one question took, and how much of it went into its vectors."""

    seconds: float
    embedding: float
    queries: int
    peer: float | None = None


def warm(bench: Bench) -> Iterator[ResultTable]:
    """Yield the time from question to answer on the seed source and on the government documents."""
    shared = bench.shared
    asked = all_questions(bench)
    seed = (SourceText(name="seed", text=shared.seed_text),)
    yield _timed(bench, "seed", asked, (bench.seed(), seed))
    facts = [{"question": one.question} for one in shared.facts()]
    yield _timed(bench, "gov", facts, (bench.gov(), texts_of(shared.gov)))


def _timed(
    bench: Bench, key: str, asked: Asked, material: tuple[FilledHome, tuple[SourceText, ...]]
) -> ResultTable:
    stand, texts = material
    others = bench.peers(key, texts)
    waits = _waits(bench, stand, asked, others[0][0] if others else None)
    peer = [one.peer for one in waits if one.peer is not None]
    return ResultTable(
        key=f"speed-{key}",
        title=f"Question to answer, warm, on {key}, {len(asked)} questions, each once",
        figures=tuple(_figures(waits, peer)),
        others=(others[0][0].name,) if others else (),
        notes=(load(), *([] if others else [MISSING])),
    )


def _waits(
    bench: Bench, stand: FilledHome, asked: Asked, peer: BenchRetriever | None
) -> list[QuestionLatency]:
    """Ask each question once of both, the other one first every second time: the second finds caches warm."""
    answerer = BenchWiring(stand.folder, bench.embedder).answerer(bench.library(stand))
    waits = []
    with asyncio.Runner() as runner:

        def answer(one: dict[str, Any]) -> None:
            history = tuple(Turn(role=t["role"], content=t["content"]) for t in one.get("history") or ())
            runner.run(answerer.answer(one["question"], history))

        for number, one in enumerate([*asked[-_WARMING:], *asked]):
            first = _search(peer, one["question"]) if peer and number % 2 else None
            wait = _clocked(bench.embedder, partial(answer, one))
            last = _search(peer, one["question"]) if peer and first is None else None
            if number >= _WARMING:
                waits.append(replace(wait, peer=first or last))
    return waits


def _clocked(clock: TimedEmbedder | None, answer: Callable[[], None]) -> QuestionLatency:
    spent, queries = (clock.seconds, clock.queries) if clock else (0.0, 0)
    began = perf_counter()
    answer()
    return QuestionLatency(
        seconds=perf_counter() - began,
        embedding=clock.seconds - spent if clock else 0.0,
        queries=clock.queries - queries if clock else 0,
    )


def _search(peer: BenchRetriever, question: str) -> float:
    began = perf_counter()
    peer.find(question, k=5)
    return perf_counter() - began


def _figures(waits: Sequence[QuestionLatency], peer: Sequence[float]) -> Iterator[Measurement]:
    ours = [one.seconds for one in waits]
    for part, target in WARM.items():
        beside = (1000 * percentile(peer, part),) if peer else ()
        value = 1000 * percentile(ours, part)
        yield Measurement(
            name=f"p{part * 100:.0f}",
            value=value,
            unit=MeasureUnit.MS,
            target=target,
            bound=TargetBound.MOST,
            beside=beside,
        )
    yield Measurement(
        name="slowest",
        value=1000 * max(ours),
        unit=MeasureUnit.MS,
        beside=(1000 * max(peer),) if peer else (),
    )
    total = sum(ours)
    yield Measurement(name="share that is embedding", value=sum(one.embedding for one in waits) / total)
    searched = [one.embedding for one in waits if one.queries]
    yield Measurement(name="embedding of those that search, p50", value=_p50(searched), unit=MeasureUnit.MS)
    yield Measurement(name="questions that search", value=share(one.queries > 0 for one in waits))
    yield Measurement(
        name="texts embedded a question, mean",
        value=mean([one.queries for one in waits]),
        unit=MeasureUnit.TIMES,
    )
    if peer:
        ratio = percentile(ours, 0.5) / percentile(peer, 0.5)
        yield Measurement(name="p50 against similarity_search", value=ratio, unit=MeasureUnit.TIMES)
    elsewhere = [one.seconds - one.embedding for one in waits]
    yield Measurement(name="all but embedding, p50", value=_p50(elsewhere), unit=MeasureUnit.MS)


def _p50(seconds: Sequence[float]) -> float | None:
    return 1000 * percentile(seconds, 0.5) if seconds else None


def load() -> str:
    """Return how busy the machine is, to be told beside what was measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, load {os.getloadavg()[0]:.1f} when it was measured"


def cold(bench: Bench) -> Iterator[ResultTable]:
    """Yield how long ``chengwen ask`` takes as a process of its own on a ready index, and what it imports."""
    stand = bench.seed()
    begin(stand.folder)  # unpacks the model in this home: done once, on a first use
    walls = [begin(stand.folder)[0] for _ in range(_STARTS)]
    imports = imported(begin(stand.folder, "-X", "importtime")[1])
    roots = sorted(imports.items(), key=lambda pair: -pair[1])[:8]
    yield ResultTable(
        key="cold",
        title=f"chengwen ask from a cold process, {_STARTS} times",
        figures=(
            Measurement(
                name="wall, median",
                value=percentile(walls, 0.5),
                unit=MeasureUnit.SECONDS,
                target=COLD,
                bound=TargetBound.MOST,
            ),
            Measurement(name="wall, best", value=min(walls), unit=MeasureUnit.SECONDS),
            Measurement(name="wall, worst", value=max(walls), unit=MeasureUnit.SECONDS),
            Measurement(name="importing", value=sum(imports.values()), unit=MeasureUnit.SECONDS),
            *(
                Measurement(name=f"  of it {name}", value=seconds, unit=MeasureUnit.SECONDS)
                for name, seconds in roots
            ),
        ),
        notes=(load(), "importing is measured by -X importtime, which itself slows it down"),
    )


def begin(home: Path, *flags: str) -> tuple[float, str]:
    """Ask one question in a new process; returns its wall time and what it said on standard error."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match(r"CHENGWEN_|EMBEDDINGS_|TELEGRAM_", name)
    }
    env = kept | {"CHENGWEN_HOME": str(home), "CHENGWEN_SHIPPED": "0", "PYTHONPATH": str(ROOT)}
    began = perf_counter()
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, *flags, "-m", "bot", "ask", _QUESTION],
        env=env,
        cwd=home,  # a .env of the caller's folder is none of ours
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return perf_counter() - began, done.stderr


def imported(log: str) -> dict[str, float]:
    """Return the seconds that importing took by root package, from what ``-X importtime`` printed."""
    spent: dict[str, float] = defaultdict(float)
    for own, name in re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)", log, re.MULTILINE):
        spent[name.partition(".")[0]] += int(own) / 1e6
    return dict(spent)
