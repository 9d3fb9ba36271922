"""Growth on one machine: filling, searching and starting with a thousand passages and with very many."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

from evaluation.datasets.kept_vectors import KeptVectors
from evaluation.datasets.material import ROOT
from evaluation.datasets.scale_texts import scale_files
from evaluation.performance.scale_home import filled
from evaluation.performance.scale_plot import plots
from evaluation.performance.scale_queries import (
    STAGES,
    ScaleMeasurement,
    chroma_recall,
    places_of,
    waiting,
    waits,
)
from evaluation.performance.speed import begin, load
from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evaluation.harness.bench import Bench
    from evaluation.performance.scale_home import FillCost

_QUESTIONS = 200
_PLACES = 10
_LARGE = 100_000  # passages from which on the targets count
_PARTS = (0.5, 0.95, 0.99)
_INGEST = ("read", "parse", "register", "catalogue", "words", "vectors", "graph")


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield a table for each number of passages, and one that holds the largest against the targets."""
    root = bench.homes.root / "scale"
    reports = sorted((bench.shared.gov / "provincial_2026_clean").glob("*.txt"))
    files = [*reports, *scale_files(bench.shared, root / "files")]
    questions = questions_of(bench)
    sizes = []
    for passages in sorted(bench.passages):
        sizes.append(_size(root, files, passages, (questions, _answerable(bench))))
        yield _table(sizes[-1])
    yield _growth(sizes)
    plots(sizes, root)


def questions_of(bench: Bench) -> list[str]:
    """Return the questions that are asked of every size."""
    return [*_answerable(bench), *_others(bench)][:_QUESTIONS]


def _answerable(bench: Bench) -> list[str]:
    """Return the questions that the reports answer."""
    return [one.question for one in bench.shared.facts() if one.kind == "answerable"]


def _others(bench: Bench) -> list[str]:
    asked = [one.question for one in bench.shared.facts() if one.kind != "answerable"]
    return [*asked, *(one.question for one in bench.shared.cmrc_queries() if one.question)]


def _size(
    root: Path, files: Sequence[Path], passages: int, asked: tuple[list[str], list[str]]
) -> ScaleMeasurement:
    questions, answerable = asked
    home = root / f"{passages:07d}"
    made = filled(home, files, passages=passages, vectors=root / "vectors.db")
    embedder = _embedder(root)
    embedder.expect(questions)
    places = places_of(home)[:_PLACES]
    begin(home)
    return ScaleMeasurement(
        filled=made,
        free=waits(home, embedder, questions),
        inside=waits(home, embedder, questions, places),
        answerable=chroma_recall(home, embedder, answerable),
        others=chroma_recall(home, embedder, [one for one in questions if one not in answerable]),
        cold=percentile([begin(home)[0] for _ in range(3)], 0.5),
        busy=_beside(home, files[made.files :], embedder, questions),
    )


def _embedder(root: Path) -> KeptVectors:
    from retrieval.embeddings.embedder import open_embedder  # noqa: PLC0415 - loads the model

    model = open_embedder(home=root)
    assert model is not None, "the homes were filled with it"
    return KeptVectors(model, root / "vectors.db")


def _beside(
    home: Path, more: Sequence[Path], embedder: KeptVectors, questions: Sequence[str]
) -> tuple[float, float]:
    """Search a copy of the home at rest and while another process ingests further files into it."""
    copy = home.with_name(f"{home.name}-busy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    try:
        with Library.open(copy, embedder=embedder) as library:
            rest = _p95(library, questions)
            named = [str(path) for path in (more or list((home.parent / "files").glob("*.txt")))[:400]]
            other = _ingest(copy, named)
            try:
                library.find(questions[0])
                busy = _p95(library, questions)
                assert other.poll() is None, "the other process was at work all the time"
            finally:
                other.terminate()
                other.wait()
        return busy, rest
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _ingest(home: Path, files: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "evaluation.performance.scale_busy", str(home), *files]
    other = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603 - this very interpreter
    assert other.stdout is not None
    assert other.stdout.readline(), "it says when it embeds"
    return other


def _p95(library: Library, questions: Sequence[str]) -> float:
    for text in questions[:20]:
        library.find(text)
    return percentile([waiting(partial(library.find, text)) for text in questions], 0.95)


def _table(size: ScaleMeasurement) -> ResultTable:
    made = size.filled
    return ResultTable(
        key=f"scale-{made.passages}",
        title=f"{made.passages:,} passages of {made.files:,} documents",
        figures=(*_filling(made), *_asking(size)),
        notes=(
            load(),
            f"embedding at {made.rate:.1f} passages a second, of a sample in the same process",
            "vectors made before come from a file: the seconds of the other stages are without embedding",
            "searches are in processor time, which other work does not lengthen; waiting is by the clock",
        ),
    )


def _filling(made: FillCost) -> Iterator[Measurement]:
    target = 0.15 if made.passages >= _LARGE else None
    yield Measurement(
        name="ingest: everything but embedding, share of processor time",
        value=made.share,
        target=target,
        bound=TargetBound.MOST,
    )
    yield Measurement(name="ingest: embed, passages a second", value=made.rate, unit=MeasureUnit.COUNT)
    for stage in _INGEST:
        seconds = made.seconds.get(stage, 0.0)
        value = made.passages / seconds if seconds else None
        yield Measurement(name=f"ingest: {stage}, passages a second", value=value, unit=MeasureUnit.COUNT)
    yield Measurement(name="ingest: memory at most, MB", value=made.memory, unit=MeasureUnit.COUNT)
    for part, held in made.disk.items():
        yield Measurement(name=f"disk: {part}, MB", value=held, unit=MeasureUnit.COUNT)


def _asking(size: ScaleMeasurement) -> Iterator[Measurement]:
    large = size.filled.passages >= _LARGE
    for told, found, most in (("", size.free, 20.0), (" in a place", size.inside, 15.0)):
        for stage in STAGES:
            for part in _PARTS:
                aimed = most if large and stage == "search" and part == 0.95 else None
                yield Measurement(
                    name=f"{stage}{told}, p{100 * part:.0f}",
                    value=found.at(stage, part),
                    unit=MeasureUnit.MS,
                    target=aimed,
                    bound=TargetBound.MOST,
                )
    target = 0.99 if large else None
    name = "recall@10 against comparing everything"
    yield Measurement(
        name=f"{name}, questions that reports in it answer", value=size.answerable, target=target
    )
    yield Measurement(name=f"{name}, other questions", value=size.others)
    aimed = 4.0 if large else None
    yield Measurement(
        name="chengwen ask, cold",
        value=size.cold,
        unit=MeasureUnit.SECONDS,
        target=aimed,
        bound=TargetBound.MOST,
    )
    busy, rest = size.busy
    yield Measurement(
        name="search p95 while another process ingests, against at rest",
        value=busy / rest,
        unit=MeasureUnit.TIMES,
        target=1.5,
        bound=TargetBound.MOST,
    )


def _growth(sizes: Sequence[ScaleMeasurement]) -> ResultTable:
    last = sizes[-1]
    middle = next((one for one in sizes if one.filled.passages >= 10_000), sizes[0])
    figures = []
    for told, found, before in (
        ("search p95", last.free, middle.free),
        ("search p95 in a place", last.inside, middle.inside),
    ):
        grown = found.at("search", 0.95) / before.at("search", 0.95)
        figures.append(
            Measurement(name=told, value=grown, unit=MeasureUnit.TIMES, target=3.0, bound=TargetBound.MOST)
        )
    return ResultTable(
        key="scale-growth",
        title=f"From {middle.filled.passages:,} to {last.filled.passages:,} passages",
        figures=tuple(figures),
    )
