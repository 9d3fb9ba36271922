"""What the register costs at ingest: the same documents taken in with it and without, turn about."""

from __future__ import annotations

import shutil
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.fact_writer import Rows, rows_of
from retrieval.index.index_set import Indexes
from retrieval.ingest.pipeline import Ingest
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from evaluation.harness.bench import Bench
    from retrieval.catalog.fact_writer import Reader
    from retrieval.embeddings.embedder import Embedder
    from retrieval.values.documents import Document, Passage

_ROUNDS = 5
_TARGET = 1.5


class FreeVectors:
    """Vectors that cost nothing: what an ingest takes beside embedding."""

    name = "ready-made"
    dimension = 384

    def __init__(self) -> None:
        self._made = np.random.default_rng(7).standard_normal((8_192, self.dimension), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors as many as texts."""
        made: NDArray[np.float32] = np.resize(self._made, (len(texts), self.dimension))
        return made

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, which is the same for all."""
        vector: NDArray[np.float32] = self.passages([text])[0]
        return vector


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield how much longer an ingest of all government documents is with the register than without."""
    whole = _turn_about(bench, FreeVectors())
    words = _turn_about(bench, None)
    yield ResultTable(
        key="register-cost",
        title="Ingest of all government documents with the register and without, embedding aside",
        figures=(
            _ratio("with both indexes, against without the register", whole, target=_TARGET),
            _ratio("with the word index only, against without the register", words),
            Measurement(name="without the register, both indexes", value=whole[0], unit=MeasureUnit.SECONDS),
            Measurement(name="with the register, both indexes", value=whole[1], unit=MeasureUnit.SECONDS),
        ),
        notes=(f"processor seconds, the best of {_ROUNDS} rounds turn about",),
    )


def _ratio(name: str, pair: tuple[float, float], *, target: float | None = None) -> Measurement:
    value = pair[1] / pair[0]
    return Measurement(name=name, value=value, unit=MeasureUnit.TIMES, target=target, bound=TargetBound.MOST)


def _turn_about(bench: Bench, embedder: Embedder | None) -> tuple[float, float]:
    """Return the least seconds without the register and with it."""
    folder = bench.homes.root / "register-cost"
    seconds: tuple[list[float], list[float]] = [], []
    for _ in range(_ROUNDS):
        for kept, reader in zip(seconds, (_nothing, rows_of), strict=True):
            shutil.rmtree(folder, ignore_errors=True)
            kept.append(_ingested(folder, bench.shared.gov, reader, embedder))
    shutil.rmtree(folder, ignore_errors=True)
    return min(seconds[0]), min(seconds[1])


def _ingested(home: Path, material: Path, reader: Reader, embedder: Embedder | None) -> float:
    catalogue = Catalogue.open(home / "catalogue.db")
    indexes = Indexes(catalogue, home, embedder)
    began = process_time()
    report = Ingest(catalogue, indexes, gazetteer=Gazetteer(), options={}, reader=reader).paths([material])
    spent = process_time() - began
    assert report.files, "the documents were taken in"
    indexes.close()
    catalogue.close()
    return spent


def _nothing(_contents: Sequence[tuple[Document, Sequence[Passage]]]) -> Rows:
    return Rows(figures=(), measures=())
