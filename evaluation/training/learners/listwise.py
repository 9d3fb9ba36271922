"""Linear listwise ranking and logistic regression, by full-batch gradient descent with momentum (Adam)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_STEPS, _RATE = 400, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearFit:
    """Weights over standardized features; ``bias`` only where odds are fitted."""

    mean: Array
    spread: Array
    weights: Array
    bias: float = 0.0

    def of(self, rows: Array) -> Array:
        """Return the score of each row."""
        scores: Array = ((rows - self.mean) / self.spread) @ self.weights + self.bias
        return scores


def fit_listwise(
    lists: Sequence[tuple[Array, Array]],
    *,
    penalty: float,
    worth: Sequence[float] | None = None,
    crossed: tuple[int, float] | None = None,
) -> LinearFit:
    """Return weights that put the labelled rows of each list first (ListNet, top one).

    A list is (rows, labels); one without a label is left out. ``penalty`` is the L2 weight, ``worth`` what
    each list counts. ``crossed`` is the column from which on features are products, which stay as
    they are, and the penalty of theirs.
    """
    held = [n for n, (_, labels) in enumerate(lists) if labels.any()]
    kept = [(lists[n][0], lists[n][1] / lists[n][1].sum()) for n in held]
    counts = np.ones(len(kept)) if worth is None else np.array([worth[n] for n in held])
    rows, labels = np.vstack([r for r, _ in kept]), np.concatenate([y for _, y in kept])
    mean, spread = _standard(rows)
    pull = np.full(rows.shape[1], penalty)
    if crossed is not None:
        mean[crossed[0] :], spread[crossed[0] :], pull[crossed[0] :] = 0.0, 1.0, crossed[1]
    scaled = (rows - mean) / spread
    starts = np.cumsum([0, *(len(y) for _, y in kept)])
    owner = np.repeat(np.arange(len(kept)), np.diff(starts))
    share = (counts / counts.sum())[owner]

    def slope(weights: Array) -> Array:
        scores = scaled @ weights
        top = np.maximum.reduceat(scores, starts[:-1])
        odds = np.exp(scores - top[owner])
        shares = odds / np.add.reduceat(odds, starts[:-1])[owner]
        gradient: Array = scaled.T @ ((shares - labels) * share) + pull * weights
        return gradient

    return LinearFit(mean=mean, spread=spread, weights=_descend(slope, rows.shape[1]))


def fit_odds(rows: Array, labels: Array, worth: Array, *, penalty: float) -> LinearFit:
    """Return weights for the log-odds of label 1; ``worth`` is what each row counts."""
    mean, spread = _standard(rows)
    scaled = np.hstack([(rows - mean) / spread, np.ones((len(rows), 1))])
    share = worth / worth.sum()

    def slope(weights: Array) -> Array:
        odds = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        gradient: Array = scaled.T @ ((odds - labels) * share) + penalty * np.append(weights[:-1], 0.0)
        return gradient

    found = _descend(slope, scaled.shape[1])
    return LinearFit(mean=mean, spread=spread, weights=found[:-1], bias=float(found[-1]))


def table(fitted: LinearFit, names: Sequence[str]) -> dict[str, list[float]]:
    """Return mean, spread and weight by name."""
    columns = zip(fitted.mean, fitted.spread, fitted.weights, strict=True)
    return {name: [round(float(x), 5) for x in column] for name, column in zip(names, columns, strict=True)}


def _standard(rows: Array) -> tuple[Array, Array]:
    spread = rows.std(axis=0)
    return rows.mean(axis=0), np.where(spread < 1e-6, 1.0, spread)


def _descend(slope: Callable[[Array], Array], size: int) -> Array:
    weights, mean, square = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, _STEPS + 1):
        gradient = slope(weights)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights
