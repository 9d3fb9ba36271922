"""Two Ray workers of this machine against one: the pace of embedding by turns, and the same catalogue."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from evaluation.datasets.material import ROOT, MissingMaterialError
from evaluation.datasets.scale_texts import scale_files
from evaluation.datasets.slices import kept, read_slice, sliced
from evaluation.performance.speed import load
from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.digests import digests_of
from retrieval.embeddings.embedder import open_embedder
from retrieval.ingest.pipeline import here
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.harness.bench import Bench
    from retrieval.embeddings.embedder import BatchEmbedder
    from retrieval.ingest.ray_workers import Cluster

TIMES = 1.7
WORKERS = (1, 2)
MOST = 2_000  # passages: their ratio is that of more
_SLICE, _BATCH = 512, 64  # texts of one turn, and of one task
_ABSENT = "Ray is not installed: pip install 'chengwen[cluster]'"


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield the table of one and of two workers."""
    if bench.model is None or find_spec("ray") is None:
        raise MissingMaterialError(_ABSENT if bench.model else "the embedded model is not to be had here")
    passages = min(max(bench.passages), MOST)
    root = bench.homes.root / "ray"
    files = scale_files(bench.shared, bench.homes.root / "scale" / "files")
    slices = kept(sliced(files, passages=passages, at_once=_SLICE), root / f"slices-{passages}")
    command = [sys.executable, "-m", "evaluation.performance.ray_workers", str(root), *map(str, slices)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    told = json.loads(done.stdout.splitlines()[-1])
    yield _table(told, sum(len(read_slice(one).passages) for one in slices))


def _table(told: dict[str, Any], passages: int) -> ResultTable:
    one, two = (told["seconds"][str(workers)] for workers in WORKERS)
    turns = [alone / both for alone, both in zip(one, two, strict=True)]
    return ResultTable(
        key="ray",
        title=f"Ray on this machine, {passages:,} passages embedded by one worker and by two",
        figures=(
            Measurement(
                name="times as fast with two", value=sum(one) / sum(two), unit=MeasureUnit.TIMES, target=TIMES
            ),
            Measurement(name="median of the turns", value=percentile(turns, 0.5), unit=MeasureUnit.TIMES),
            Measurement(
                name="one worker, passages a second", value=passages / sum(one), unit=MeasureUnit.RATE
            ),
            Measurement(
                name="two workers, passages a second", value=passages / sum(two), unit=MeasureUnit.RATE
            ),
            Measurement(
                name="same catalogue as a plain ingest",
                value=told["same"],
                target=1.0,
                bound=TargetBound.EXACT,
            ),
        ),
        notes=(load(), f"{len(one)} turns by each on the same texts; a worker has one thread"),
    )


def main(arguments: Sequence[str]) -> None:
    """Embed the slices by turns, and take the files of the first in with workers and without."""
    from retrieval.ingest.ray_workers import HERE, joined  # noqa: PLC0415 - an extra

    root, slices = Path(arguments[0]), [read_slice(Path(name)) for name in arguments[1:]]
    files = [Path(name) for name in slices[0].files]
    with joined(HERE, workers=sum(WORKERS)):
        spread = {workers: _spread(workers, root) for workers in WORKERS}
        seconds: dict[int, list[float]] = {workers: [] for workers in WORKERS}
        for number, one in enumerate(slices):
            for workers in sorted(WORKERS, reverse=number % 2 == 1):
                seconds[workers].append(_seconds(spread[workers], one.passages))
    with joined(HERE, workers=max(WORKERS)) as cluster:
        with_workers = _digests(root / "spread", files, cluster)
    same = with_workers == _digests(root / "plain", files)
    print(json.dumps({"seconds": seconds, "same": float(same)}))


def _spread(workers: int, root: Path) -> BatchEmbedder:
    from retrieval.embeddings.e5.model import EmbeddedModel  # noqa: PLC0415 - onnxruntime
    from retrieval.ingest.ray_workers import SpreadModel  # noqa: PLC0415 - an extra

    model = SpreadModel(EmbeddedModel(root), workers=workers)
    list(model.each([["先醒来。"]] * workers))
    return model


def _seconds(model: BatchEmbedder, texts: Sequence[str]) -> float:
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    began = perf_counter()
    assert sum(map(len, model.each(batches))) == len(texts)
    return perf_counter() - began


def _digests(home: Path, files: Sequence[Path], cluster: Cluster | None = None) -> dict[str, object]:
    """Take files in from nothing and return the digests of what the catalogue holds then."""
    shutil.rmtree(home, ignore_errors=True)
    model = open_embedder(home=home.parent)
    embedder = cluster.spread(model) if cluster else model
    with Library.open(home, embedder=embedder, write=True) as library:
        library.ingest(files, workshop=cluster.prepare if cluster else here)
    with closing(Catalogue.open(home / "catalogue.db")) as catalogue:
        return asdict(digests_of(catalogue))


if __name__ == "__main__":
    main(sys.argv[1:])
