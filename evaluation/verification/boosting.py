"""Gradient boosted trees, small, fitted in numpy and read by ``answering.judge.trees``.

Newton boosting with a histogram of at most 32 bins a feature (Chen & Guestrin 2016, XGBoost, sections 2, 3).
A feature marked 1 in ``falling`` may only lower the sum as it grows, one marked −1 only raise it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BINS = 32
_LEAST_GAIN = 1e-3  # of a split that is made


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostingPlan:
    """How trees are grown."""

    rounds: int = 160
    depth: int = 4
    rate: float = 0.1
    ridge: float = 2.0  # L2 on a leaf's value
    least: float = 1.0  # summed curvature that a leaf needs
    share: float = 0.7  # of the features that a tree sees


def fit_trees(
    values: Floats, wanted: Floats, weights: Floats, falling: NDArray[np.int8], plan: BoostingPlan
) -> dict[str, Any]:
    """Return trees for the log odds of ``wanted`` (0 or 1): a base and lists of nodes.

    A node is [feature, threshold, left, right], left where the value is not above the threshold, or [value].
    """
    cuts = [_cuts(values[:, n]) for n in range(values.shape[1])]
    binned = np.stack([np.searchsorted(c, values[:, n]) for n, c in enumerate(cuts)], axis=1)
    share = float(np.average(wanted, weights=weights))
    base = float(np.log(share / (1 - share)))
    sums = np.full(len(values), base)
    chance = np.random.default_rng(1)
    trees = []
    for _ in range(plan.rounds):
        told = 1 / (1 + np.exp(-sums))
        slope, curve = weights * (told - wanted), weights * told * (1 - told)
        seen = np.flatnonzero(chance.random(len(cuts)) < plan.share)
        tree = _Grower(
            binned=binned, cuts=cuts, slope=slope, curve=curve, falling=falling, seen=seen, plan=plan
        )
        tree.grow(np.arange(len(values)), 0, -np.inf, np.inf, sums)
        trees.append(tree.nodes)
    return {"base": round(base, 5), "trees": trees}


def _cuts(column: Floats) -> Floats:
    found = np.unique(column)
    if len(found) > _BINS:
        found = np.unique(np.quantile(column, np.linspace(0, 1, _BINS)))
    return (found[:-1] + found[1:]) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grower:
    """One tree being grown."""

    binned: NDArray[np.intp]
    cuts: list[Floats]
    slope: Floats
    curve: Floats
    falling: NDArray[np.int8]
    seen: NDArray[np.intp]
    plan: BoostingPlan
    nodes: list[list[float]] = field(default_factory=list)

    def _value(self, slope: Floats, curve: Floats) -> Floats:
        return -slope / (curve + self.plan.ridge)

    def grow(self, rows: NDArray[np.intp], depth: int, low: float, high: float, sums: Floats) -> int:
        """Grow a node over some rows and return its index; a leaf adds its value to their sums."""
        at = len(self.nodes)
        self.nodes.append([])
        best = self._best(rows, low, high) if depth < self.plan.depth else None
        if best is None:
            value = float(np.clip(self._value(self.slope[rows].sum(), self.curve[rows].sum()), low, high))
            value = round(value * self.plan.rate, 5)
            self.nodes[at] = [value]
            sums[rows] += value
            return at
        feature, cut, middle = best
        left = self.binned[rows, feature] <= cut
        bounds = ((low, high), (low, high))
        if self.falling[feature] > 0:
            bounds = ((middle, high), (low, middle))
        elif self.falling[feature] < 0:
            bounds = ((low, middle), (middle, high))
        one = self.grow(rows[left], depth + 1, *bounds[0], sums)
        other = self.grow(rows[~left], depth + 1, *bounds[1], sums)
        self.nodes[at] = [feature, round(float(self.cuts[feature][cut]), 5), one, other]
        return at

    def _best(self, rows: NDArray[np.intp], low: float, high: float) -> tuple[int, int, float] | None:
        """Return the feature, bin and middle value of the split that gains most; None where none gains."""
        slope, curve = self.slope[rows], self.curve[rows]
        whole = slope.sum() ** 2 / (curve.sum() + self.plan.ridge)
        many, size = len(self.seen), _BINS + 1
        at = (self.binned[np.ix_(rows, self.seen)] + np.arange(many) * size).ravel()
        each = (np.repeat(values, many) for values in (slope, curve))
        g, h = (np.bincount(at, v, many * size).reshape(many, size).cumsum(axis=1)[:, :-1] for v in each)
        rest, left = slope.sum() - g, curve.sum() - h
        gains = g**2 / (h + self.plan.ridge) + rest**2 / (left + self.plan.ridge) - whole
        one, other = (np.clip(v, low, high) for v in (self._value(g, h), self._value(rest, left)))
        gains[(h < self.plan.least) | (left < self.plan.least)] = -1
        gains[(other - one) * self.falling[self.seen][:, None] > 0] = -1
        if not gains.size or gains.max() <= _LEAST_GAIN:
            return None
        row, cut = (int(n) for n in np.unravel_index(gains.argmax(), gains.shape))
        return int(self.seen[row]), cut, float((one[row, cut] + other[row, cut]) / 2)
