"""Vectors of passages and questions: each text is embedded once in the life of a catalogue and a model."""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embeddings.embedder import Spread
from retrieval.index.vectors.embedding_cache import VectorTable
from retrieval.text.normalize import is_traditional, to_simplified
from retrieval.values.errors import IndexMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.catalog.catalog import Catalogue
    from retrieval.embeddings.embedder import Embedder
    from retrieval.index.sync.sync import Progress
    from retrieval.values.entry import Entry

_BATCH = 128  # passages embedded between two commits: what a crash may cost at most


class VectorMaker:
    """Gives the vectors of entries, embedding each text once in the life of a catalogue and a model."""

    def __init__(self, catalogue: Catalogue, embedder: Embedder, pause: Callable[[], None]) -> None:
        self.table = VectorTable(catalogue, embedder.name)
        self._catalogue = catalogue
        self._embedder = embedder
        self._pause = pause  # while somebody asks
        self._tell: Progress | None = None
        self._done = self._total = 0
        self.seconds = 0.0  # spent by the embedder
        self._last: tuple[str, NDArray[np.float32]] | None = None  # one question is searched in several pools

    def expect(self, total: int, tell: Progress) -> None:
        """Tell the progress of the next ``total`` texts to embed."""
        self._done, self._total, self._tell = 0, total, tell
        tell("vectors", 0, total)

    def __call__(self, entries: Sequence[Entry]) -> NDArray[np.float32]:
        """Return one row for each entry of a batch, after a pause while somebody asks."""
        self._pause()
        texts = {entry.key: entry.text for entry in entries}
        kept = self.table.get(texts)
        missing = [key for key in texts if key not in kept]
        groups = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
        for keys, made in zip(
            groups, self._embedded([[texts[key] for key in g] for g in groups]), strict=True
        ):
            self.table.keep(keys, made)
            self._done += len(keys)
            if self._tell is not None:
                self._tell("vectors", self._done, max(self._done, self._total))
        kept |= self.table.get(missing)
        return np.stack([kept[entry.key] for entry in entries])

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        last = self._last
        if last is None or last[0] != text:
            last = (text, self._embedder.query(_one_script(text)))
            self._last = last
        return last[1]

    @property
    def changed_dimension(self) -> bool:
        """Whether the vectors kept of this model have another number of dimensions than it makes now."""
        return self.table.dimension() not in (None, self._embedder.dimension)

    def check_model(self) -> None:
        """Raise ``IndexMismatch`` if what is indexed was embedded by another model."""
        made_by = self._catalogue.noted("model")
        if made_by not in (None, self._embedder.name):
            raise IndexMismatch(
                f"资料库的向量由模型 {made_by} 生成，现在的设置是 {self._embedder.name}。"
                "请运行 chengwen ingest --rebuild 重新生成，或把设置改回原来的模型。"
            )

    def begin(self, lacking: int, tell: Progress) -> None:
        """Get ready to embed what lacks a vector. Raises ``IndexMismatch`` where the model has changed."""
        if lacking and self.changed_dimension:
            raise IndexMismatch(
                f"模型 {self._embedder.name} 的维数变了。请运行 chengwen ingest --rebuild 重新生成向量。"
            )
        if self._catalogue.noted("model") is None:
            self._catalogue.note("model", self._embedder.name)
        self.expect(lacking, tell)

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


def _one_script(text: str) -> str:
    # All texts are embedded in simplified script, so that a question in either meets a text in either.
    return to_simplified(text) if is_traditional(text) else text
