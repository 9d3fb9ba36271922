"""An ingest from nothing, embedding included, against LangChain's recipe on the same model's own engine.

Both take in the same passages, slice by slice and by turns, so that whatever else the machine does falls on
both. What is done is noted after each slice: with ``--home`` a run that was broken off goes on there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from evaluation.datasets.material import ROOT, MissingMaterialError
from evaluation.datasets.scale_texts import scale_files
from evaluation.datasets.slices import TextSlice, kept, read_slice, sliced
from evaluation.harness.homes import code_of, stamp_of
from evaluation.harness.peer_stacks import MISSING, installed
from evaluation.performance.speed import load
from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from evaluation.harness.bench import Bench

TIMES = 4.0
SLICES = 10
THREADS = (1, 2)  # that the other engine is tried with; it gets what is best for it
_TRIED = 48  # passages of such a trial at most: a tenth of the first slice


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestTime:
    """What a slice took on one side."""

    passages: int
    seconds: float  # by the clock
    work: float  # seconds of a core
    memory: float  # MB at most so far


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRound:
    """One slice on both sides."""

    ours: IngestTime
    theirs: IngestTime

    @property
    def times(self) -> float:
        """How many times faster ours is, by the clock, a passage."""
        return _each(self.theirs.seconds, self.theirs) / _each(self.ours.seconds, self.ours)


class IngestProcess:
    """A process that takes slices in; see ``evaluation.performance.engine_side``."""

    def __init__(self, name: str, home: Path, *, first: Path, threads: int | None = None) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        if threads:
            env["OMP_NUM_THREADS"] = str(threads)
        self._name = name
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-m", "evaluation.performance.engine_side", name, str(home), str(first)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._line()

    def take(self, slice_: Path) -> IngestTime:
        """Let it take a slice in."""
        assert self._process.stdin is not None
        print(slice_, file=self._process.stdin, flush=True)
        return IngestTime(**json.loads(self._line()))

    def _line(self) -> str:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise ProcessEndedError(f"{self._name} ended with {self._process.wait()}; run it again to go on")
        return line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


class ProcessEndedError(Exception):
    """A process of one side ended too soon."""


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield the table of such an ingest."""
    if bench.model is None or not installed():
        raise MissingMaterialError(MISSING if bench.model else "the embedded model is not to be had here")
    passages = max(bench.passages)
    stamp = stamp_of(files=[*code_of("retrieval"), *code_of("evaluation/peers")])
    root = bench.homes.root / f"engine-{passages}-{stamp[:12]}"
    files = scale_files(bench.shared, bench.homes.root / "scale" / "files")
    slices = kept(sliced(files, passages=passages, at_once=max(1, passages // SLICES)), root / "slices")
    threads = _best_threads(root, read_slice(slices[0]))
    yield _table(turns(root, slices, threads=threads), threads, [read_slice(one) for one in slices])


def turns(root: Path, slices: Sequence[Path], *, threads: int) -> list[IngestRound]:
    """Let both sides take in what is not noted yet, each first every second time; tell each slice."""
    note = root / "turns.jsonl"
    lines = note.read_text(encoding="utf-8").splitlines() if note.exists() else []
    done = [
        IngestRound(**{side: IngestTime(**took) for side, took in json.loads(line).items()}) for line in lines
    ]
    if len(done) == len(slices):
        return done
    first = slices[len(done)]
    with ExitStack() as stack:
        sides = {
            "ours": stack.enter_context(IngestProcess("ours", root / "ours", first=first)),
            "theirs": stack.enter_context(
                IngestProcess("theirs", root / "theirs", first=first, threads=threads)
            ),
        }
        for number, slice_ in enumerate(slices[len(done) :], len(done)):
            order = sorted(sides, reverse=number % 2 == 1)
            turn = IngestRound(**{name: sides[name].take(slice_) for name in order})
            with note.open("a", encoding="utf-8") as file:
                print(json.dumps(asdict(turn)), file=file)
            print(_told(number, turn), file=sys.stderr, flush=True)
            done.append(turn)
    return done


def _told(number: int, turn: IngestRound) -> str:
    pace = [took.passages / took.seconds for took in (turn.ours, turn.theirs)]
    told = f"slice {number}: {turn.ours.passages} passages"
    return f"{told}, {pace[0]:.1f} and {pace[1]:.1f} a second, {turn.times:.2f} ×"


def _best_threads(root: Path, first: TextSlice) -> int:
    """Return how many threads the other engine does best with, tried on a few passages."""
    few = root / "few.json"
    few.write_text(
        json.dumps(
            asdict(
                TextSlice(
                    files=first.files,
                    passages=first.passages[: max(2, min(_TRIED, len(first.passages) // 10))],
                )
            )
        ),
        encoding="utf-8",
    )
    spent = {}
    for threads in THREADS:
        with IngestProcess("theirs", root / "tried", first=few, threads=threads) as side:
            spent[threads] = side.take(few).seconds
        shutil.rmtree(root / "tried")
    return min(spent, key=spent.__getitem__)


def _table(done: Sequence[IngestRound], threads: int, slices: Sequence[TextSlice]) -> ResultTable:
    ours, theirs = _whole([one.ours for one in done]), _whole([one.theirs for one in done])
    length = sum(one.characters * len(one.passages) for one in slices) / ours.passages
    return ResultTable(
        key="engine",
        title=f"Ingest from nothing with embedding, {ours.passages:,} passages of {length:.0f} characters",
        figures=(*_times(done, ours, theirs), *_efforts(ours, theirs)),
        others=("LangChain on the model's own engine",),
        notes=(
            load(),
            f"{len(done)} slices by turns; the other engine with {threads} threads, its best of {THREADS}",
            "ours reads, parses, finds figures and fills three indexes; the other is handed our passages",
        ),
    )


def _times(done: Sequence[IngestRound], ours: IngestTime, theirs: IngestTime) -> Iterator[Measurement]:
    clocked = _each(theirs.seconds, theirs) / _each(ours.seconds, ours)
    yield Measurement(name="times as fast, by the clock", value=clocked, unit=MeasureUnit.TIMES, target=TIMES)
    worked = _each(theirs.work, theirs) / _each(ours.work, ours)
    yield Measurement(name="times as fast, in processor time", value=worked, unit=MeasureUnit.TIMES)
    spread = [one.times for one in done]
    yield Measurement(name="least of a slice", value=min(spread), unit=MeasureUnit.TIMES)
    yield Measurement(name="median of the slices", value=percentile(spread, 0.5), unit=MeasureUnit.TIMES)


def _efforts(*both: IngestTime) -> Iterator[Measurement]:
    yield _beside(
        "passages a second, by the clock", MeasureUnit.RATE, [1 / _each(one.seconds, one) for one in both]
    )
    yield _beside("a passage, of a core", MeasureUnit.MS, [1000 * _each(one.work, one) for one in both])
    yield _beside("memory at most, MB", MeasureUnit.COUNT, [one.memory for one in both])


def _beside(name: str, unit: MeasureUnit, values: Sequence[float]) -> Measurement:
    return Measurement(name=name, value=values[0], unit=unit, beside=tuple(values[1:]))


def _whole(took: Sequence[IngestTime]) -> IngestTime:
    return IngestTime(
        passages=sum(one.passages for one in took),
        seconds=sum(one.seconds for one in took),
        work=sum(one.work for one in took),
        memory=max(one.memory for one in took),
    )


def _each(seconds: float, took: IngestTime) -> float:
    return seconds / took.passages
