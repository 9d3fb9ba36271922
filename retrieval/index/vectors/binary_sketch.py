"""One bit for each number of a vector, to estimate its product with a question without reading the vector.

The vectors of texts lie close together: what tells them apart is what is left of each beside their common
axis. So a row keeps how long it is along that axis, the signs of the rest, and by how much a sum over signs
is to be stretched. With r the rest, Σ sign(r) · z · |r|² / Σ|r| estimates r · z; the error shrinks as the
dimension grows (Gao and Long, "RaBitQ", SIGMOD 2024; the random rotation before the signs that stands there
changed nothing that could be measured here). The question goes in four bits a number, so that the sum is
counted by xor and popcount.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from retrieval.index.vectors.dot_products import products

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLANES = 4  # bits of a question's number
_LEVELS = (1 << _PLANES) - 1  # a number is one of −15, −13, … 15 of them
_WORD = 64  # bits counted at once
_AT_ONCE = 32_768  # rows worked on at once: 256 kB of words, which stay near the processor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """The sketch of the rows of a block, in their order; with no rows where a block has none."""

    axis: NDArray[np.float32]  # (dimension,), of length 1
    bits: NDArray[np.uint64]  # (dimension / 64 rounded up, rows): the signs beside the axis, 1 for above zero
    scales: NDArray[np.float32]  # (2, rows): the length along the axis, and the stretch of the signs

    @classmethod
    def none(cls, dimension: int) -> Self:
        """Return the sketch of no rows."""
        return cls(
            axis=np.zeros(dimension, np.float32),
            bits=np.empty((-(-dimension // _WORD), 0), np.uint64),
            scales=np.empty((2, 0), np.float32),
        )

    @classmethod
    def of(cls, vectors: NDArray[Any], *, one: int = 1) -> Self:
        """Make the sketch of vectors, (rows, dimension), in which ``one`` stands for 1."""
        rows, dimension = vectors.shape
        axis = _axis(vectors)
        unit = np.float32(1 / one)
        bits = np.empty((-(-dimension // _WORD), rows), np.uint64)
        scales = np.empty((2, rows), np.float32)
        for start in range(0, rows, _AT_ONCE):
            part = vectors[start : start + _AT_ONCE] * unit
            along = products(part, axis)
            rest = part - along[:, None] * axis
            bits[:, start : start + _AT_ONCE] = _packed(rest > 0)
            length = np.abs(rest).sum(axis=1)
            square = np.square(rest).sum(axis=1)
            scales[0, start : start + _AT_ONCE] = along
            scales[1, start : start + _AT_ONCE] = np.divide(
                square, length, out=np.zeros_like(square), where=length > 0
            )
        return cls(axis=axis, bits=bits, scales=scales)

    def __len__(self) -> int:
        return int(self.bits.shape[1])

    def estimates(
        self, vector: NDArray[np.float32], rows: NDArray[np.intp] | None = None
    ) -> NDArray[np.float32]:
        """Return about the product of some rows, or of all, with a vector of the same dimension."""
        along = float(vector @ self.axis)
        rest = vector - along * self.axis
        unit = float(np.abs(rest).max()) / _LEVELS
        if rows is None:
            bits, (lengths, stretches) = self.bits, self.scales
        else:
            bits, (lengths, stretches) = self.bits.take(rows, axis=1), self.scales.take(rows, axis=1)
        sums = _sums(bits, _planes(rest, unit), len(vector))
        found: NDArray[np.float32] = lengths * np.float32(along)
        found += stretches * (sums * np.float32(unit))
        return found


def _axis(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Return the direction of the mean."""
    mean = np.zeros(vectors.shape[1], np.float32)
    for start in range(0, len(vectors), _AT_ONCE):
        mean += vectors[start : start + _AT_ONCE].astype(np.float32).sum(axis=0)
    length = np.linalg.norm(mean)
    return mean / length if length > 0 else mean


def _packed(signs: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return (rows, dimension) signs as (words, rows); what fills the last word up is 0."""
    lacking = -signs.shape[1] % _WORD
    filled = np.pad(signs, ((0, 0), (0, lacking)))
    return np.ascontiguousarray(np.packbits(filled, axis=1).view(np.uint64).T)


def _planes(rest: NDArray[np.float32], unit: float) -> NDArray[np.uint64]:
    """Return the bits of a question's numbers, (planes, words), the lowest first."""
    level = np.rint((rest / unit + _LEVELS) / 2) if unit else np.zeros_like(rest)
    levels = np.clip(level, 0, _LEVELS).astype(np.uint8)
    return _packed(np.stack([(levels >> plane) & 1 for plane in range(_PLANES)]) > 0).T


def _sums(bits: NDArray[np.uint64], planes: NDArray[np.uint64], dimension: int) -> NDArray[np.float32]:
    """Return, for each row, the sum of a question's numbers with the row's signs, in units."""
    rows = bits.shape[1]
    sums = np.empty(rows, np.float32)
    for start in range(0, rows, _AT_ONCE):
        part = bits[:, start : start + _AT_ONCE]
        # Each number is a sum of ±1, ±2, ±4, ±8; where a sign differs from one of them, that counts against.
        against = _against(part, planes)
        sums[start : start + _AT_ONCE] = _LEVELS * dimension - 2 * against.astype(np.float32)
    return sums


def _against(bits: NDArray[np.uint64], planes: NDArray[np.uint64]) -> NDArray[np.unsignedinteger]:
    rows = bits.shape[1]
    differing, count = np.empty(rows, np.uint64), np.empty(rows, np.uint8)
    total = np.zeros(rows, np.min_scalar_type(_LEVELS * _WORD * len(bits)))
    for plane in planes[::-1]:
        total += total
        for word, signs in zip(plane, bits, strict=True):
            np.bitwise_xor(signs, word, out=differing)
            np.bitwise_count(differing, out=count)
            total += count
    return total
