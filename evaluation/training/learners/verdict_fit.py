"""Fit what tells a yes from a no by a provision's words, and when such a verdict is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from answering.rules.rule_verdict import VERDICT, stated, verdict_row
from evaluation.datasets.material import ROOT

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

OWN_VERDICTS = ROOT / "evaluation" / "questions" / "rule-verdicts.tsv"
_STEPS = 60
_PULL = 0.5  # how much weights are shrunk


def own_verdicts() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the rows (n, features) of our questions with a provision each, and 1 for yes, 0 for no."""
    lines = [line.split("\t") for line in OWN_VERDICTS.read_text("utf-8").splitlines()]
    known = [(question, words, told) for told, question, words in lines if told != "partly"]
    rows = np.stack([verdict_row(question, stated(words)) for question, words, _ in known])
    return rows, np.array([told == "true" for *_, told in known], np.float32)


def fit_verdicts(rows: NDArray[np.float32], holds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a weight for each feature of ``VERDICT``: logistic, with no bias as a denial turns the sign."""
    weights = np.zeros(len(VERDICT), np.float64)
    for _ in range(_STEPS):
        told = 1.0 / (1.0 + np.exp(-rows @ weights))
        slope = rows.T @ (told - holds) + _PULL * weights
        bend = (rows * (told * (1.0 - told))[:, None]).T @ rows + _PULL * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return np.asarray(weights, np.float32)


def told_from(sure: ArrayLike, right: ArrayLike, *, cost: float) -> float:
    """Return the probability from which telling is worth most; a wrong verdict costs ``cost`` right ones."""
    steps = np.arange(0.3, 0.99, 0.01)
    chance, held = np.asarray(sure), np.asarray(right)
    worth = [float((held - cost * (1.0 - held))[chance >= step].sum()) for step in steps]
    return float(steps[int(np.argmax(worth))])
