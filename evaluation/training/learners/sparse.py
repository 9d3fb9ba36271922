"""Logistic regression over the marks that texts bear or lack, by full-batch gradient descent (Adam)."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_STEPS, _RATE = 300, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """A text by its marks, each once, and whether (1 or 0) it is of the kind sought."""

    marks: tuple[str, ...]
    label: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseFit:
    """A weight for each mark; log-odds are their sum over the root of the number of marks, and the bias."""

    weights: Mapping[str, float]
    bias: float

    def odds(self, marks: Collection[str]) -> float:
        """Return the log-odds of a text with these marks."""
        return self.bias + sum(self.weights.get(m, 0.0) for m in marks) / math.sqrt(len(marks) or 1)


def fit_marks(given: Sequence[MarkedText], *, least: int, penalty: float) -> SparseFit:
    """Return the weights of the marks that at least ``least`` texts bear; ``penalty`` is the L2 weight."""
    counted = Counter(mark for one in given for mark in one.marks)
    names = sorted(mark for mark, count in counted.items() if count >= least)
    place = {mark: n for n, mark in enumerate(names)}
    columns = [np.array([place[m] for m in one.marks if m in place], np.intp) for one in given]
    owner = np.repeat(np.arange(len(given)), [len(c) for c in columns])
    column = np.concatenate(columns)
    scale = np.array([1.0 / math.sqrt(len(one.marks)) for one in given])
    worth = scale[owner]
    labels = np.array([one.label for one in given])
    weights, mean, square = np.zeros(len(names) + 1), np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    for step in range(1, _STEPS + 1):
        scores = np.bincount(owner, weights[column] * worth, len(given)) + weights[-1]
        wrong = (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - labels) / len(given)
        slope = np.append(np.bincount(column, wrong[owner] * worth, len(names)), wrong.sum())
        slope[:-1] += penalty * weights[:-1]
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return SparseFit(weights=dict(zip(names, weights[:-1].tolist(), strict=True)), bias=float(weights[-1]))
