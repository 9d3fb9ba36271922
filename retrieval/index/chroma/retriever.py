"""Nearest neighbours by meaning: Chroma for a library, the catalogue's vectors for a narrow part of it."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from retrieval.values.documents import Filter
from retrieval.values.errors import IndexBroken, IndexMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.catalog.vectors import CatalogueVectors
    from retrieval.index.chroma.availability import Reach
    from retrieval.index.chroma.collection import VectorIndex

_NO_LIMITS = Filter()
_TRIES = 2  # while a writer switches
LARGE = 2_000  # passages from which on a narrow part is compared: Chroma's filter walks its graph
NARROW = 5_000  # passages of such a part, at most: some 5 ms


class ChromaRetriever:
    """Asks the collection that serves, opened with the first question; one that is gone is opened again.

    ``opened`` opens it, or gives None where there is none yet. What can't be had raises ``IndexAway``.
    """

    def __init__(
        self, opened: Callable[[], VectorIndex | None], *, reach: Reach, kept: CatalogueVectors
    ) -> None:
        self._opened = opened
        self._reach = reach
        self._kept = kept
        self._index: VectorIndex | None = None
        self._stale = True
        self._total: int | None = None  # passages with a vector
        self._dimension: int | None = None
        self._opening = threading.Lock()

    def renew(self) -> None:
        """Have the mark read again with the next question."""
        self._stale = True
        self._total = self._dimension = None

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first. Raises ``IndexMismatch``."""
        self._check(vector)
        if self._is_narrow(limits):
            return self._kept.nearest(vector, limit=limit, limits=limits)
        return self._reach.use(partial(self._find, vector, limit=limit, limits=limits))

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        return self._kept.cosines(vector, ids)

    def _is_narrow(self, limits: Filter) -> bool:
        if limits == _NO_LIMITS:
            return False
        if self._total is None:
            self._total = self._kept.number(_NO_LIMITS)
        return self._total >= LARGE and self._kept.number(limits) <= NARROW

    def _check(self, vector: NDArray[np.float32]) -> None:
        self._dimension = self._dimension or self._kept.dimension()
        if self._dimension not in (None, len(vector)):
            raise IndexMismatch(
                f"问题的向量有 {len(vector)} 维，资料库里的有 {self._dimension} 维：模型变了。"
                "请运行 chengwen ingest --rebuild 重新生成向量。"
            )

    def _find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        for _ in range(_TRIES):
            try:
                return self._asked(vector, limit, limits)
            except IndexBroken:  # as a rule it is no longer the collection that serves
                self.renew()
        return self._asked(vector, limit, limits)

    def _asked(self, vector: NDArray[np.float32], limit: int, limits: Filter) -> dict[str, float]:
        index = self._current()
        return index.find(vector, limit=limit, limits=limits) if index else {}

    def _current(self) -> VectorIndex | None:
        with self._opening:
            if self._stale:
                self._stale = False
                try:
                    self._index = self._opened()
                except BaseException:
                    self._stale = True
                    raise
            return self._index
