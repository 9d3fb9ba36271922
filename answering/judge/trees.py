"""Boosted trees as ``evaluation.verification.boosting`` writes them: the sum of the leaves that a row of values reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """Trees whose leaves are added up; a node is (feature, threshold, left, right) or (value,)."""

    base: float
    trees: tuple[tuple[tuple[float, ...], ...], ...]

    @classmethod
    def read(cls, held: dict[str, Any]) -> BoostedTrees:
        """Return the trees of a parsed JSON object."""
        return cls(held["base"], tuple(tuple(tuple(node) for node in tree) for tree in held["trees"]))

    def total(self, values: Sequence[float]) -> float:
        """Return the sum for one row of values, in the order of the names that the trees were fitted with."""
        found = self.base
        for tree in self.trees:
            node = tree[0]
            while len(node) > 1:
                feature, threshold, left, right = node
                node = tree[int(left if values[int(feature)] <= threshold else right)]
            found += node[0]
        return found
