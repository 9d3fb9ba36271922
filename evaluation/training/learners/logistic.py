"""Multinomial logistic regression with an L2 penalty, by full-batch gradient descent with momentum (Adam)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS, _RATE = 120, 0.12


def fit(
    rows: NDArray[np.float32],
    classes: NDArray[np.intp],
    count: int,
    *,
    penalty: float,
    worths: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights (features, classes) and bias for rows (n, features) with the number of each row's class.

    ``penalty`` is the weight of half the squared norm of the weights beside the mean loss. Each class counts
    by the square root of its rows, so that a rare one is not lost. ``worths`` (n,) weigh the rows; without
    them all count alike.
    """
    size = rows.shape[0]
    target = np.zeros((size, count), dtype=np.float32)
    target[np.arange(size), classes] = 1.0
    each = np.ones(size, dtype=np.float32) if worths is None else worths
    shares = 1.0 / np.sqrt(np.maximum((target * each[:, None]).sum(axis=0), 1.0))
    worth = each * shares[classes]
    worth /= worth.sum()
    joined = np.hstack([rows, np.ones((size, 1), dtype=np.float32)])
    weights = np.zeros((joined.shape[1], count), dtype=np.float32)
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        scores = joined @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (odds / odds.sum(axis=1, keepdims=True) - target) * worth[:, None]
        slope = joined.T @ error
        slope[:-1] += penalty * weights[:-1]
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return weights[:-1], weights[-1]
