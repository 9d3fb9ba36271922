"""Nearest neighbours over the table of vectors, inside any limits: no graph, and next to nothing missed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from retrieval.values.documents import Filter
from retrieval.values.errors import IndexMismatch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.index.vectors.segment import Chosen
    from retrieval.index.vectors.table import Part
    from retrieval.values.documents import Document

_NO_LIMITS = Filter()
_KEPT = 16  # limits whose rows are remembered: the next question is often on the same place

_MASKED = 4  # above one row in so many a mask is quicker than picking them out


class ExactIndex:
    """One state of the table, with the documents its passages belong to."""

    def __init__(self, parts: Sequence[Part], heads: Iterable[Document]) -> None:
        self._parts = tuple(parts)
        self._heads = tuple(heads)
        self._rows = lru_cache(_KEPT)(self._allowed)

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first."""
        if limit < 1:
            return {}
        found: list[tuple[float, str]] = []
        for part, rows in zip(self._parts, self._rows(limits), strict=True):
            self._check(part, vector)
            best, scores = part.block.find(vector, limit=limit, rows=rows)
            named = zip(part.block.ids[best], scores, strict=True)
            found += [(float(score), name.decode()) for name, score in named]
        found.sort(key=lambda one: -one[0])
        return {name: score for score, name in found[:limit]}

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        wanted = list(ids)
        names = np.array([name.encode() for name in wanted], dtype=np.bytes_)
        found: dict[str, float] = {}
        for part in self._parts:
            self._check(part, vector)
            rows = part.block.places_of(names)
            held = np.flatnonzero(rows >= 0)
            held = held[part.live[rows[held]]]
            scored = zip(held, part.block.scores(vector, rows[held]), strict=True)
            found.update((wanted[at], float(score)) for at, score in scored)
        return found

    def count(self, limits: Filter) -> int:
        """Return how many passages stand inside the limits."""
        pairs = zip(self._parts, self._rows(limits), strict=True)
        return sum(part.block.chosen(rows) for part, rows in pairs)

    def _allowed(self, limits: Filter) -> tuple[Chosen | None, ...]:
        if limits == _NO_LIMITS:
            return tuple(None if part.live.all() else part.live for part in self._parts)
        names = [head.id for head in self._heads if limits.admits(head)]
        return tuple(_rows_of(part, names) for part in self._parts)

    def _check(self, part: Part, vector: NDArray[np.float32]) -> None:
        held = part.block.vectors.shape[1]
        if len(vector) != held:
            raise IndexMismatch(
                f"问题的向量有 {len(vector)} 维，索引里的有 {held} 维：模型变了。"
                "请运行 chengwen ingest --rebuild 重新生成向量。"
            )


def _rows_of(part: Part, documents: Sequence[str]) -> Chosen:
    rows: NDArray[np.intp] = np.concatenate([np.empty(0, np.intp), *_spans(part, documents)])
    rows = rows[part.live[rows]]
    if len(rows) * _MASKED <= len(part.block):
        return rows
    mask = np.zeros(len(part.block), np.bool_)
    mask[rows] = True
    return mask


def _spans(part: Part, documents: Sequence[str]) -> Iterator[NDArray[np.intp]]:
    ends = np.array([f"{name}{mark}".encode() for name in documents for mark in "-."], dtype=np.bytes_)
    if len(ends):
        for first, last in np.searchsorted(part.block.ids, ends).reshape(-1, 2):
            if first < last:
                yield np.arange(first, last)
