"""A block of vectors that never changes: passages by id, their vectors, and a sketch of them to scan.

A question is compared with all sketches, each a small part of its vector, and then exactly with the few that
promise most; a passage is missed only if its sketch ranks it far behind where the vector does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.index.vectors.binary_sketch import Sketch
from retrieval.index.vectors.dot_products import products

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT = np.dtype("<i2")  # half the size of float32, and turned into it six times as fast as float16
ONE = 32_767  # what stands for 1: cosines differ by some 0.00001 from those of the float32 it came from
SKETCHED = 4_096  # rows from which on a block has a sketch: fewer are compared as they are
_NARROW = 256  # numbers of a vector below which signs alone tell too little
_AT_ONCE = 512  # rows compared exactly at once: 0.8 MB as float32
_FEWEST, _EACH, _SHARE = 1_000, 20, 32  # rows compared exactly: at least, for each hit, one in so many

Chosen = NDArray[np.intp] | NDArray[np.bool_]  # the rows to look at: their numbers, or a mask over all


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows in the order of their ids, which keeps the passages of a document together."""

    ids: NDArray[np.bytes_]  # (rows,), rising
    vectors: NDArray[np.int16]  # (rows, dimension), L2-normalised, in parts of ONE
    sketch: Sketch  # of all rows, or of none

    @classmethod
    def of(cls, ids: Sequence[str], vectors: NDArray[np.floating]) -> Block:
        """Make a block of passages, each id once."""
        names = np.array([name.encode() for name in ids], dtype=np.bytes_)
        order = np.argsort(names, kind="stable")
        kept = np.rint(np.clip(vectors[order], -1, 1) * np.float32(ONE)).astype(KEPT)
        return cls(ids=names[order], vectors=kept, sketch=_sketch(kept))

    def __len__(self) -> int:
        return len(self.ids)

    def places_of(self, names: NDArray[np.bytes_]) -> NDArray[np.intp]:
        """Return the row of each of these ids; −1 where it has none."""
        if not len(self):
            return np.full(len(names), -1, dtype=np.intp)
        at = np.searchsorted(self.ids, names)
        there = self.ids[np.minimum(at, len(self) - 1)] == names
        return np.where(there, at, -1)

    def chosen(self, rows: Chosen | None) -> int:
        """Return how many rows that is."""
        if rows is None:
            return len(self)
        return int(np.count_nonzero(rows)) if _masks(rows) else len(rows)

    def find(
        self, vector: NDArray[np.float32], *, limit: int, rows: Chosen | None
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the nearest of some rows, or of all, with their cosines, best first."""
        near = self._nearest(vector, limit, rows)
        scores = self.scores(vector, near)
        best = _highest(scores, limit)
        best = best[np.argsort(-scores[best], kind="stable")]
        return near[best], scores[best]

    def scores(self, vector: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the cosines of some rows."""
        found = np.empty(len(rows), np.float32)
        part = vector / np.float32(ONE)
        for start in range(0, len(rows), _AT_ONCE):
            some = self.vectors[rows[start : start + _AT_ONCE]].astype(np.float32)
            found[start : start + _AT_ONCE] = products(some, part)
        return found

    def vector(self, row: int) -> NDArray[np.float32]:
        """Return the vector of a row."""
        found: NDArray[np.float32] = self.vectors[row] / np.float32(ONE)
        return found

    def _nearest(self, vector: NDArray[np.float32], limit: int, rows: Chosen | None) -> NDArray[np.intp]:
        count = self.chosen(rows)
        most = max(_FEWEST, _EACH * limit, count // _SHARE)
        if not len(self.sketch) or count <= most:
            return np.arange(len(self)) if rows is None else _numbers(rows)
        if rows is None or _masks(rows):
            scores = self.sketch.estimates(vector)
            return _highest(scores if rows is None else np.where(rows, scores, -np.inf), most)
        numbers = _numbers(rows)
        return numbers[_highest(self.sketch.estimates(vector, numbers), most)]


def merged(older: Block, newer: Block, *, keep: NDArray[np.bool_]) -> Block:
    """Return one block of two: all rows of the newer, and those of the older that are still to be kept."""
    ids = np.concatenate([older.ids[keep], newer.ids])
    vectors = np.concatenate([older.vectors[keep], newer.vectors])
    order = np.argsort(ids, kind="stable")
    kept = vectors[order]
    return Block(ids=ids[order], vectors=kept, sketch=_sketch(kept))


def _masks(rows: Chosen) -> bool:
    return rows.dtype == np.bool_


def _numbers(rows: Chosen) -> NDArray[np.intp]:
    return np.flatnonzero(rows) if _masks(rows) else np.asarray(rows, dtype=np.intp)


def _highest(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, count - 1)[:count] if count > 0 else np.arange(0)


def _sketch(vectors: NDArray[np.int16]) -> Sketch:
    few = len(vectors) < SKETCHED or vectors.shape[1] < _NARROW
    return Sketch.none(vectors.shape[1]) if few else Sketch.of(vectors, one=ONE)
