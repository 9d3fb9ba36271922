"""Side by side in one run: the same passages, vectors and questions, each stack in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.datasets.given_vectors import give
from evaluation.datasets.material import ROOT, MissingMaterialError
from evaluation.datasets.scale_texts import scale_files
from evaluation.datasets.slices import kept, read_slice, sliced
from evaluation.harness.peer_stacks import MISSING, peers
from evaluation.harness.retrievers import OURS
from evaluation.performance.scale import questions_of
from evaluation.performance.speed import load
from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from evaluation.harness.bench import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class StackCost:
    """What one stack took."""

    name: str
    filled: tuple[float, float]  # seconds by the clock, of a core
    waited: tuple[float, ...]  # seconds of each question by the clock
    worked: tuple[float, ...]  # and of a core
    memory: float  # MB at most
    recall: float  # of the ten nearest by comparing everything
    disk: float  # MB


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield the table of all stacks that are installed."""
    if bench.model is None or not peers():
        raise MissingMaterialError(MISSING if bench.model else "the embedded model is not to be had here")
    passages = max(bench.passages)
    root = bench.homes.root / "side"
    files = scale_files(bench.shared, bench.homes.root / "scale" / "files")
    (slice_,) = kept(sliced(files, passages=passages, at_once=passages), root / f"slices-{passages}")
    one, questions = read_slice(slice_), questions_of(bench)
    give(bench.model, root / "vectors", texts=one.passages, questions=questions)
    (root / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    names = [OURS, *(kind.__name__ for kind in peers())]
    stacks = [_measured(name, slice_, root) for name in names]
    yield ResultTable(
        key="side",
        title=f"Side by side, {len(one.passages):,} passages of {one.characters:.0f} characters",
        figures=tuple(_figures(stacks, len(one.passages))),
        others=tuple(one.name for one in stacks[1:]),
        notes=(
            load(),
            "the same strings with the same vectors, made before, and the same questions, with theirs",
            "ours reads and parses files, finds figures, fills three indexes, and searches words as well",
        ),
    )


def _measured(name: str, slice_: Path, root: Path) -> StackCost:
    folder = root / f"stack-{name.lower()}"
    shutil.rmtree(folder, ignore_errors=True)
    given = [str(path) for path in (slice_, root / "vectors", root / "questions.json", folder)]
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-m", "evaluation.performance.side_stack", name, *given],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    return StackCost(**told, disk=disk)


def _figures(stacks: Sequence[StackCost], passages: int) -> Iterator[Measurement]:
    rows: list[tuple[str, MeasureUnit, Callable[[StackCost], float]]] = [
        ("ingest, passages a second by the clock", MeasureUnit.RATE, lambda one: passages / one.filled[0]),
        ("ingest, a passage, of a core", MeasureUnit.MS, lambda one: 1000 * one.filled[1] / passages),
        ("memory at most, MB", MeasureUnit.COUNT, lambda one: one.memory),
        ("disk, MB", MeasureUnit.RATE, lambda one: one.disk),
        ("query p50 by the clock", MeasureUnit.MS, lambda one: 1000 * percentile(one.waited, 0.5)),
        ("query p95 by the clock", MeasureUnit.MS, lambda one: 1000 * percentile(one.waited, 0.95)),
        ("query p50, of a core", MeasureUnit.MS, lambda one: 1000 * percentile(one.worked, 0.5)),
        ("query p95, of a core", MeasureUnit.MS, lambda one: 1000 * percentile(one.worked, 0.95)),
        ("recall@10 of vectors against comparing all", MeasureUnit.SHARE, lambda one: one.recall),
    ]
    for name, unit, measure in rows:
        first, *rest = (measure(one) for one in stacks)
        yield Measurement(name=name, unit=unit, value=first, beside=tuple(rest))
