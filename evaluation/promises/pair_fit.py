"""``python -m evaluation promise-weights``: learn the score of a pair; measure it on documents held out."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.ledger.pair_features import NAMES
from evaluation.promises.pair_labels import pair_labels
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evaluation.promises.pair_labels import PairLabel

    Vector = NDArray[np.float64]

OUT = Path("answering/data/promise_weights.json")
_RIDGE = 1.0  # weight of the squared weights, over standardised features
_THRESHOLDS = (0.2, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_PRECISION = 0.92  # that the threshold has to reach on documents held out; labels themselves are some 3 % off
_ROUNDS = 100


def fitted(values: Vector, same: Vector) -> tuple[Vector, float]:
    """Return weights and bias of a ridge logistic regression (Newton's method with halved steps)."""
    mean, spread = values.mean(0), values.std(0) + 1e-9
    inputs = np.hstack([(values - mean) / spread, np.ones((len(values), 1))])
    ridge = np.full(inputs.shape[1], _RIDGE)
    ridge[-1] = 0.0
    told = np.zeros(inputs.shape[1])
    loss = _loss(inputs, same, told, ridge)
    for _ in range(_ROUNDS):
        likely = 1.0 / (1.0 + np.exp(-np.clip(inputs @ told, -30, 30)))
        slope = inputs.T @ (likely - same) + ridge * told
        curve = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + np.diag(ridge + 1e-6)
        step, size = np.linalg.solve(curve, slope), 1.0
        while _loss(inputs, same, told - size * step, ridge) > loss and size > 1e-6:
            size /= 2
        told = told - size * step
        before, loss = loss, _loss(inputs, same, told, ridge)
        if before - loss < 1e-9:
            break
    weights = told[:-1] / spread
    return weights, float(told[-1] - (weights * mean).sum())


def _loss(inputs: Vector, same: Vector, told: Vector, ridge: Vector) -> float:
    margin = inputs @ told
    return float(np.logaddexp(0, margin).sum() - (same * margin).sum() + 0.5 * (ridge * told * told).sum())


def held_out(labels: Sequence[PairLabel]) -> Vector:
    """Return the probability of each pair by weights that were learned without its documents."""
    values = np.array([one.features for one in labels])
    same = np.array([float(one.same) for one in labels])
    likely = np.zeros(len(labels))
    for group in sorted({one.group for one in labels}):
        inside = np.array([one.group == group for one in labels])
        weights, bias = fitted(values[~inside], same[~inside])
        likely[inside] = 1.0 / (1.0 + np.exp(-(values[inside] @ weights + bias)))
    return likely


def precision_and_recall(
    labels: Sequence[PairLabel], likely: Vector, threshold: float
) -> tuple[float, float]:
    """Return both over the pairs that are left when each figure is taken once."""
    taken: dict[tuple[str, str], set[int]] = defaultdict(set)
    right = shown = 0
    for at in np.argsort(-likely, kind="stable"):
        one = labels[at]
        ends = {one.target.row.start, -one.result.row.start - 1}
        if likely[at] >= threshold and not ends & taken[one.group]:
            taken[one.group] |= ends
            shown += 1
            right += one.same
    return right / max(1, shown), right / max(1, sum(label.same for label in labels))


def main(arguments: Sequence[str]) -> int:
    """Fit on the texts of a home, print precision and recall held out, and write the weights."""
    asked = _parser().parse_args(arguments)
    with Library.open(asked.home, embedder=None) as library:
        labels = list(pair_labels(library))
    if not labels:
        print(f"{asked.home} holds none of the documents that were judged", file=sys.stderr)
        return 2
    likely = held_out(labels)
    rows = {at: precision_and_recall(labels, likely, at) for at in _THRESHOLDS}
    for at, (precision, recall) in rows.items():
        print(f"threshold {at}: precision {precision:.3f}, recall {recall:.3f}")
    threshold = next((at for at, (precision, _) in rows.items() if precision >= _PRECISION), _THRESHOLDS[-1])
    asked.out.write_text(json.dumps(_kept(labels, threshold), indent=1) + "\n", encoding="utf-8")
    print(f"{len(labels)} pairs, {sum(one.same for one in labels)} of one thing; threshold {threshold}")
    return 0


def _kept(labels: Sequence[PairLabel], threshold: float) -> dict[str, Any]:
    same = np.array([float(one.same) for one in labels])
    weights, bias = fitted(np.array([one.features for one in labels]), same)
    groups = len({one.group for one in labels})
    told = f"{len(labels)} pairs judged by reading, from {groups} pairs of government reports"
    return {
        "provenance": f"learned by `python -m evaluation promise-weights` on {told}",
        "threshold": threshold,
        "bias": round(bias, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation promise-weights", description=__doc__)
    parser.add_argument("home", type=Path, help="a home that holds the texts the labels are on")
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go")
    return parser
