"""The vectors of a library: made once for each text and model, kept in the catalogue, a table and Chroma."""

from __future__ import annotations

import logging
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval import matrix, vector_index
from retrieval.catalogue_vectors import VectorTable
from retrieval.chinese import is_traditional, to_simplified
from retrieval.embedding import Spread
from retrieval.errors import IndexMismatch
from retrieval.exact import ExactIndex
from retrieval.generations import Generations
from retrieval.large import LargeIndex
from retrieval.matrix import Matrix
from retrieval.priority import Asked
from retrieval.replay import Keeper, Kind
from retrieval.vector_index import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.catalogue import Catalogue
    from retrieval.embedding import Embedder
    from retrieval.entries import Entry
    from retrieval.replay import Progress
    from retrieval.search import Nearest
    from retrieval.stages import Stages

EXACT = 1_000_000  # passages up to which all questions go to the table: some 5 ms for each 150,000
GRAPH_AT_OPENING = 10_000  # passages above which a reader leaves Chroma, which it does not ask, to a writer
_BATCH = 128  # passages embedded between two commits: what a crash may cost at most
TABLE, GRAPH = "nearest", "vectors"  # their folders in a home
log = logging.getLogger(__name__)


class VectorMaker:
    """Gives the vectors of entries, embedding each text once in the life of a catalogue and a model."""

    def __init__(self, table: VectorTable, embedder: Embedder, pause: Callable[[], None]) -> None:
        self._table = table
        self._embedder = embedder
        self._pause = pause  # while somebody asks
        self._tell: Progress | None = None
        self._done = self._total = 0
        self.seconds = 0.0  # spent by the embedder

    def expect(self, total: int, tell: Progress) -> None:
        """Tell the progress of the next ``total`` texts to embed."""
        self._done, self._total, self._tell = 0, total, tell
        tell("vectors", 0, total)

    def __call__(self, entries: Sequence[Entry]) -> NDArray[np.float32]:
        """Return one row for each entry of a batch, after a pause while somebody asks."""
        self._pause()
        texts = {entry.key: entry.text for entry in entries}
        kept = self._table.get(texts)
        missing = [key for key in texts if key not in kept]
        groups = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
        for keys, made in zip(
            groups, self._embedded([[texts[key] for key in g] for g in groups]), strict=True
        ):
            self._table.keep(keys, made)
            self._done += len(keys)
            if self._tell is not None:
                self._tell("vectors", self._done, max(self._done, self._total))
        kept |= self._table.get(missing)
        return np.stack([kept[entry.key] for entry in entries])

    def _embedded(self, groups: Sequence[Sequence[str]]) -> Iterator[NDArray[np.float32]]:
        """Give the vectors of each group; where many workers make them, the next are under way meanwhile."""
        simplified = [[_one_script(text) for text in group] for group in groups]
        embedder = self._embedder
        many = embedder.each if isinstance(embedder, Spread) else partial(map, embedder.passages)
        made = iter(many(simplified))
        for _ in groups:
            began = perf_counter()
            vectors = next(made)
            self.seconds += perf_counter() - began
            yield vectors


class Vectors:
    """The vector index of one home and one embedder, kept in step with the catalogue.

    Up to ``exact`` passages the table of vectors is asked; above, Chroma, but for questions on a part.
    """

    def __init__(self, catalogue: Catalogue, home: Path, embedder: Embedder, *, exact: int = EXACT) -> None:
        self._catalogue = catalogue
        self._exact = exact
        self._embedder = embedder
        self._table = VectorTable(catalogue, embedder.name)
        self._maker = VectorMaker(self._table, embedder, Asked(home).pause)
        table = Kind(
            name="向量表",
            stamp=matrix.stamp_of(embedder.name),
            create=partial(Matrix.create, vectors=self._maker),
            open=partial(Matrix.open, vectors=self._maker),
            whole=matrix.looks_whole,
        )
        graph = Kind(
            name="向量",
            stamp=vector_index.stamp_of(embedder.name),
            create=partial(VectorIndex.create, model=embedder.name, vectors=self._maker),
            open=partial(VectorIndex.open, model=embedder.name, vectors=self._maker),
            whole=vector_index.looks_whole,
            fragile=True,
            ready=lambda: catalogue.note("model", embedder.name),
        )
        self.table = Keeper(catalogue, Generations(home / TABLE), table)
        self.graph = Keeper(catalogue, Generations(home / GRAPH), graph)
        self.keepers: tuple[Keeper[Any, Any], ...] = (self.table, self.graph)

    def check_model(self) -> None:
        """Raise ``IndexMismatch`` if what is indexed was embedded by another model."""
        made_by = self._catalogue.noted("model")
        if made_by not in (None, self._embedder.name):
            raise IndexMismatch(
                f"资料库的向量由模型 {made_by} 生成，现在的设置是 {self._embedder.name}。"
                "请运行 chengwen ingest --rebuild 重新生成，或把设置改回原来的模型。"
            )

    def catch_up(self, progress: Progress, stages: Stages, *, most: int | None = None) -> None:
        """Replay what is pending, unless more than ``most`` passages would have to be embedded for it."""
        lacking = self._table.lacking()
        if most is not None and lacking > most:
            log.warning("还有 %d 段没有向量，先按现有的检索。运行 chengwen ingest 可以补齐。", lacking)
            return
        if lacking and self._changed_dimension():
            raise IndexMismatch(
                f"模型 {self._embedder.name} 的维数变了。请运行 chengwen ingest --rebuild 重新生成向量。"
            )
        if self._catalogue.noted("model") is None:
            self._catalogue.note("model", self._embedder.name)
        self._maker.expect(lacking, progress)
        before = self._maker.seconds
        with stages("vectors"):
            self.table.catch_up()
        embedding = self._maker.seconds - before
        stages.add({"embed": embedding, "vectors": -embedding})
        if most is None or self._catalogue.count() <= GRAPH_AT_OPENING:
            with stages("graph"):
                self.graph.catch_up()

    def rebuild(self, progress: Progress) -> None:
        """Make the index anew with this embedder; the vectors of another are kept for its return."""
        if self._changed_dimension():
            self._table.forget()
        self._maker.expect(self._table.lacking(), progress)
        self.table.rebuild()
        self.graph.rebuild()
        self._table.trim()

    def _changed_dimension(self) -> bool:
        return self._table.dimension() not in (None, self._embedder.dimension)

    def nearest(self) -> Nearest | None:
        """Return what finds passages by vector now; None where there are no vectors yet."""
        self.check_model()
        table = self.table.index()
        if table is None:
            return None
        table.reload()
        exact = ExactIndex(table.parts, self._catalogue.heads())
        graph = self.graph.index() if table.count() > self._exact else None
        return LargeIndex(graph, exact) if graph else exact

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        return self._embedder.query(_one_script(text))


def _one_script(text: str) -> str:
    # All texts are embedded in simplified script, so that a question in either meets a text in either.
    return to_simplified(text) if is_traditional(text) else text
