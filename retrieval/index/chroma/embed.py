"""Vectors of passages and questions: each text is embedded once in the life of a catalogue and a model."""

from __future__ import annotations

import logging
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from retrieval.catalog.queries import chunks
from retrieval.catalog.vector_rows import KEPT, PassageVectors
from retrieval.catalog.vectors import CatalogueVectors
from retrieval.embeddings.embedder import BatchEmbedder, QuickEmbedder
from retrieval.index.sync.sync import silent
from retrieval.text.normalize import is_traditional, to_simplified
from retrieval.values.errors import IndexMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.catalog.catalog import Catalogue
    from retrieval.embeddings.embedder import Embedder
    from retrieval.index.sync.sync import Progress
    from retrieval.runtime.stage_timer import StageTimer
    from retrieval.values.documents import IndexEntry

_BATCH = 128  # passages embedded between two commits: what a crash may cost at most
_DOCUMENTS = 64  # whose vectors are made at once
_SENTENCES = 4_096  # whose vectors stay at hand: six megabytes
log = logging.getLogger(__name__)


class VectorMaker:
    """Gives the vectors of entries, embedding each text once in the life of a catalogue and a model."""

    def __init__(self, catalogue: Catalogue, embedder: Embedder, pause: Callable[[], None]) -> None:
        self.kept = CatalogueVectors(catalogue, embedder.name)
        self._catalogue = catalogue
        self._embedder = embedder
        self._pause = pause  # while somebody asks
        self._tell: Progress = silent
        self._done = self._total = 0
        self._seconds = 0.0  # spent by the embedder
        self._last: tuple[str, NDArray[np.float32]] | None = None  # one question is searched in several pools
        self._near: dict[str, NDArray[np.float32]] = {}  # vectors of sentences compared with questions

    def catch_up(self, progress: Progress, stages: StageTimer, *, most: int | None = None) -> bool:
        """Make the vectors that lack, by document; tell whether that was done.

        It is not where more than ``most`` texts would have to be embedded. Raises ``IndexMismatch`` where the
        model has changed.
        """
        before = self._seconds
        with stages("vectors"):
            done = self._catch_up(progress, most)
        spent = self._seconds - before
        stages.add({"embed": spent, "vectors": -spent})
        return done

    def _catch_up(self, progress: Progress, most: int | None) -> bool:
        self.kept.settle()
        lacking = self.kept.lacking()
        unmade = self.kept.unmade(lacking)
        if most is not None and unmade > most:
            log.warning("还有 %d 段没有向量，先按现有的检索。运行 chengwen ingest 可以补齐。", unmade)
            return False
        if unmade and self.changed_dimension:
            raise IndexMismatch(
                f"模型 {self._embedder.name} 的维数变了。请运行 chengwen ingest --rebuild 重新生成向量。"
            )
        if self._catalogue.noted("model") is None:
            self._catalogue.note("model", self._embedder.name)
        self._make(lacking, unmade, progress)
        return True

    def rebuild(self, progress: Progress) -> None:
        """Make the vectors that lack, with this embedder; those of another are kept for its return."""
        if self.changed_dimension:
            self.kept.forget()
        self.kept.settle()
        lacking = self.kept.lacking()
        self._make(lacking, self.kept.unmade(lacking), progress)

    def _make(self, documents: Sequence[str], unmade: int, progress: Progress) -> None:
        self._done, self._total, self._tell = 0, unmade, progress
        progress("vectors", 0, unmade)
        for some in chunks(documents, most=_DOCUMENTS):
            self.kept.pack(self._packed(some))
        self._tell = silent

    def _packed(self, documents: Sequence[str]) -> list[PassageVectors]:
        texts: dict[str, dict[bytes, str]] = {}
        keys: dict[str, list[bytes]] = {}
        for entry in self._catalogue.entries_of(documents):
            keys.setdefault(entry.document, []).append(entry.key)
            texts.setdefault(entry.document, {})[entry.key] = entry.text
        held = self._made({key: text for one in texts.values() for key, text in one.items()})
        return [
            PassageVectors(document=name, keys=tuple(own), vectors=np.stack([held[key] for key in own]))
            for name, own in keys.items()
        ]

    def __call__(self, entries: Sequence[IndexEntry]) -> NDArray[np.float32]:
        """Return one row for each entry of a batch, after a pause while somebody asks."""
        self._pause()
        found: dict[bytes, NDArray[np.float32]] = {}
        for one in self.kept.of_documents(dict.fromkeys(entry.document for entry in entries)):
            found.update(zip(one.keys, one.vectors, strict=True))
        lacking = {entry.key: entry.text for entry in entries if entry.key not in found}
        if lacking:  # the document was changed a moment ago, by another machine
            found |= self._made(lacking)
        return np.stack([found[entry.key] for entry in entries])

    def _made(self, texts: dict[bytes, str]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vector of each text, embedding those that have none."""
        held = self.kept.get(texts)
        missing = [key for key in texts if key not in held]
        groups = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
        made = self._embedded([[texts[key] for key in group] for group in groups])
        for keys, vectors in zip(groups, made, strict=True):
            self.kept.keep(keys, vectors)
            held.update(zip(keys, vectors.astype(KEPT).astype(np.float32), strict=True))
            self._done += len(keys)
            self._tell("vectors", self._done, max(self._done, self._total))
            self._pause()
        return held

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        last = self._last
        if last is None or last[0] != text:
            last = (text, self._embedder.query(_one_script(text)))
            self._last = last
        return last[1]

    def nearness(self, question: str, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Return the cosine of a question and each text; None where the embedder is too slow for it."""
        if not isinstance(self._embedder, QuickEmbedder):
            return None
        asked, held = self.query(question), self._near
        found = {text: vector for text in texts if (vector := held.get(text)) is not None}
        lacking = [text for text in dict.fromkeys(texts) if text not in found]
        if lacking:
            found |= zip(
                lacking, self._embedder.quickly([_one_script(text) for text in lacking]), strict=True
            )
            if len(held) + len(lacking) > _SENTENCES:
                self._near = held = {}
            held.update(found)
        return np.array([found[text] @ asked for text in texts], np.float32)

    @property
    def changed_dimension(self) -> bool:
        """Whether the vectors kept of this model have another number of dimensions than it makes now."""
        return self.kept.dimension() not in (None, self._embedder.dimension)

    def check_model(self) -> None:
        """Raise ``IndexMismatch`` if what is indexed was embedded by another model."""
        made_by = self._catalogue.noted("model")
        if made_by not in (None, self._embedder.name):
            raise IndexMismatch(
                f"资料库的向量由模型 {made_by} 生成，现在的设置是 {self._embedder.name}。"
                "请运行 chengwen ingest --rebuild 重新生成，或把设置改回原来的模型。"
            )

    def _embedded(self, groups: Sequence[Sequence[str]]) -> Iterator[NDArray[np.float32]]:
        """Give the vectors of each group; where many workers make them, the next are under way meanwhile."""
        simplified = [[_one_script(text) for text in group] for group in groups]
        embedder = self._embedder
        many = embedder.each if isinstance(embedder, BatchEmbedder) else partial(map, embedder.passages)
        made = iter(many(simplified))
        for _ in groups:
            began = perf_counter()
            vectors = next(made)
            self._seconds += perf_counter() - began
            yield vectors


def _one_script(text: str) -> str:
    # All texts are embedded in simplified script, so that a question in either meets a text in either.
    return to_simplified(text) if is_traditional(text) else text
