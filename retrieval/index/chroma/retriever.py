"""Nearest neighbours by meaning: Chroma for a library, the catalogue's vectors for a narrow part of it.

Chroma's own filter is not used: it takes the longer the larger the library is, 0.4 s for half of 150,000
passages. Of a wide part, what lies inside is picked from more of Chroma's hits than are asked for.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from retrieval.index.chroma.collection import SEARCHED
from retrieval.values.documents import Filter, document_id
from retrieval.values.errors import CatalogueBroken, IndexAway, IndexBroken, IndexMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.catalog.vectors import CatalogueVectors
    from retrieval.index.chroma.availability import IndexAvailability
    from retrieval.index.chroma.collection import VectorIndex

_NO_LIMITS = Filter()
_TRIES = 2  # while a writer switches
NARROW = 5_000  # passages of a part that is compared one by one, at most: some 5 ms
WIDE = SEARCHED  # hits of which those inside a wider part are picked: as many as the graph looks at anyway


class ChromaRetriever:
    """Asks the collection that serves, opened with the first question; one that is gone is opened again.

    ``opened`` opens it, or gives None where there is none yet. What can't be had raises ``IndexAway``.
    """

    def __init__(
        self,
        opened: Callable[[], VectorIndex | None],
        *,
        reach: IndexAvailability,
        kept: CatalogueVectors,
        narrow: int = NARROW,
        wide: int = WIDE,
    ) -> None:
        self._opened = opened
        self._reach = reach
        self._kept = kept
        self._narrow, self._wide = narrow, wide
        self._index: VectorIndex | None = None
        self._stale = True
        self._dimension: int | None = None
        self._opening = threading.Lock()

    def renew(self) -> None:
        """Have the mark read again with the next question."""
        self._stale = True
        self._dimension = None

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first. Raises ``IndexMismatch``."""
        self._check(vector)
        if limits == _NO_LIMITS:
            return self._reach.use(partial(self._find, vector, limit))
        if self._kept.number(limits) > self._narrow:
            found = self._reach.use(partial(self._find, vector, max(limit, self._wide)))
            inside = self._kept.documents(limits)
            best = [(name, score) for name, score in found.items() if document_id(name) in inside][:limit]
            if len(best) == limit:
                return dict(best)
        return self._kept.nearest(vector, limit=limit, limits=limits)

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        return self._kept.cosines(vector, ids)

    def _check(self, vector: NDArray[np.float32]) -> None:
        self._dimension = self._dimension or self._kept.dimension()
        if self._dimension not in (None, len(vector)):
            raise IndexMismatch(
                f"问题的向量有 {len(vector)} 维，资料库里的有 {self._dimension} 维：模型变了。"
                "请运行 chengwen ingest --rebuild 重新生成向量。"
            )

    def _find(self, vector: NDArray[np.float32], limit: int) -> dict[str, float]:
        for _ in range(_TRIES):
            try:
                return self._asked(vector, limit)
            except IndexBroken:  # as a rule it is no longer the collection that serves
                self.renew()
        return self._asked(vector, limit)

    def _asked(self, vector: NDArray[np.float32], limit: int) -> dict[str, float]:
        index = self._current()
        return index.find(vector, limit=limit) if index else {}

    def _current(self) -> VectorIndex | None:
        with self._opening:
            if self._stale:
                self._stale = False
                try:
                    self._index = self._opened()
                except CatalogueBroken as error:  # Chroma writes a little where it opens: words go on
                    self._stale = True
                    raise IndexAway(str(error)) from error
                except BaseException:
                    self._stale = True
                    raise
            return self._index
