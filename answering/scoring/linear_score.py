"""Learned weights over standardized features, read from the files of ``answering/data``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearScore:
    """Weights over standardized features."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]

    def of(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score of each row."""
        scores: NDArray[np.float64] = ((rows - self.mean) / self.spread) @ self.weights
        return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsScore:
    """A score that is the log-odds of a yes, once ``bias`` is added."""

    score: LinearScore
    bias: float

    def of(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of each of (candidates, features) rows."""
        odds: NDArray[np.float64] = self.score.of(rows) + self.bias
        return odds


def read_score(file: str, names: Sequence[str], part: str = "features") -> LinearScore:
    """Return the weights of ``names`` in one part of a file. Raises KeyError where one is missing."""
    told = json.loads(files("answering").joinpath("data", file).read_text("utf-8"))[part]
    table = np.array([told[name] for name in names], dtype=np.float64)
    return LinearScore(mean=table[:, 0], spread=table[:, 1], weights=table[:, 2])


def read_odds(file: str, names: Sequence[str], part: str = "features") -> OddsScore:
    """Return the weights of ``names`` in one part of a file, with the file's bias."""
    bias = json.loads(files("answering").joinpath("data", file).read_text("utf-8"))["bias"]
    return OddsScore(score=read_score(file, names, part), bias=float(bias))
