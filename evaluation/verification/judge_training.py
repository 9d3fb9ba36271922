"""Learn the judge's weights from written pairs (invented texts) and mutated clauses.

Two linear models over the features of ``answering.judge.features``: logistic regression (Newton's method, L2)
for supported or not, softmax regression (Adam, L2) for the other three verdicts.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.judge import ClaimEvidence, ClaimVerdict, Judge, load
from answering.judge.decision import OTHERS
from answering.judge.features import compare
from answering.judge.judge import language_of
from evaluation.datasets.material import rows
from evaluation.verification.fact_mutations import ClaimPair, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.embeddings.embedder import Embedder
    from retrieval.library import Library

WRITTEN = Path(__file__).parents[1] / "training" / "judge_pairs.jsonl"
_LABELS = {
    "s": ClaimVerdict.SUPPORTED,
    "c": ClaimVerdict.CONTRADICTED,
    "p": ClaimVerdict.PARTLY,
    "n": ClaimVerdict.NOT_FOUND,
}
_MUTATED_WEIGHT = 0.1  # of a mutation beside a written pair: there are many and they are alike
_L2, _L2_OTHERS = 3.0, 4.0
_LEAST = 4  # examples that a feature needs
_STEPS = 1500

Example = tuple[dict[str, float], ClaimVerdict, float]


def written(path: Path = WRITTEN) -> Iterator[tuple[str, ClaimEvidence, ClaimVerdict]]:
    """Give the written pairs: claim, evidence, verdict."""
    for row in rows(path):
        evidence = ClaimEvidence(
            quote=row["quote"], place=row["place"], year=row["year"], heading=row["heading"]
        )
        for label, claim in row["claims"]:
            yield claim, evidence, _LABELS[label]


def mutations(library: Library, *, many: int, seed: int = 1) -> list[ClaimPair]:
    """Return true clauses of a library, a quarter of ``many``, and untrue ones, as many of each kind."""
    chance = Random(seed)  # noqa: S311 - a draw that can be repeated
    places = sorted({d.place for d in library.documents() if d.place})
    found = [p for d in library.documents() for p in pairs(d, library.passages(d.id), chance, places)]
    kinds: dict[str, list[ClaimPair]] = {}
    for pair in found:
        kinds.setdefault(pair.kind, []).append(pair)
    for of_kind in kinds.values():
        chance.shuffle(of_kind)
    true = kinds.pop("", [])
    each = (3 * many // 4) // max(1, len(kinds))
    return true[: many // 4] + [pair for of_kind in kinds.values() for pair in of_kind[:each]]


def examples(judge: Judge, mutated: Iterable[ClaimPair]) -> list[Example]:
    """Return the features, verdict and weight of all that is learned from."""
    found = [(_features(judge, claim, item), verdict, 1.0) for claim, item, verdict in written()]
    for pair in mutated:
        verdict = ClaimVerdict.CONTRADICTED if pair.kind else ClaimVerdict.SUPPORTED
        found.append((_features(judge, pair.claim, pair.evidence), verdict, _MUTATED_WEIGHT))
    return found


def learn(found: Sequence[Example], *, threshold: float) -> dict[str, Any]:
    """Return the weights as ``answering/data/judge_weights.json`` holds them."""
    every = sorted({name for features, _, _ in found for name in features})
    names = [n for n in every if sum(bool(features.get(n)) for features, _, _ in found) >= _LEAST]
    values = np.array([[features.get(n, 0.0) for n in names] for features, _, _ in found])
    weights = np.array([weight for _, _, weight in found])
    supported = np.array([verdict is ClaimVerdict.SUPPORTED for _, verdict, _ in found], dtype=float)
    rest = [n for n, (_, verdict, weight) in enumerate(found) if verdict in OTHERS and weight == 1.0]
    chosen = np.array([[found[n][1] is verdict for verdict in OTHERS] for n in rest], dtype=float)
    return {
        "names": names,
        "support": [round(x, 4) for x in _logistic(values, supported, weights)],
        "others": [[round(x, 4) for x in row] for row in _softmax(values[rest], chosen)],
        "threshold": threshold,
    }


def train(library: Library, embedder: Embedder | None, out: Path, *, many: int, threshold: float) -> int:
    """Learn from the written pairs and a library's mutated clauses; returns how many examples there were."""
    found = examples(load(embedder), mutations(library, many=many))
    out.write_text(json.dumps(learn(found, threshold=threshold)) + "\n", encoding="utf-8")
    return len(found)


def _features(judge: Judge, claim: str, item: ClaimEvidence) -> dict[str, float]:
    return compare(claim, (item,), language_of(claim, judge.nearness), judge.gazetteer).features


def _logistic(
    values: NDArray[np.float64], wanted: NDArray[np.float64], weights: NDArray[np.float64]
) -> list[float]:
    rows_ = np.c_[values, np.ones(len(values))]
    found = np.zeros(rows_.shape[1])
    ridge = np.eye(len(found)) * _L2
    ridge[-1, -1] = 1e-6
    for _ in range(100):
        share = 1 / (1 + np.exp(-rows_ @ found))
        slope = rows_.T @ (weights * (share - wanted)) + ridge @ found
        curve = (rows_ * (weights * share * (1 - share))[:, None]).T @ rows_ + ridge
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    return [float(x) for x in found]


def _softmax(values: NDArray[np.float64], wanted: NDArray[np.float64]) -> list[list[float]]:
    rows_ = np.c_[values, np.ones(len(values))]
    found = np.zeros((rows_.shape[1], wanted.shape[1]))
    mean, spread = np.zeros_like(found), np.zeros_like(found)
    for step in range(1, _STEPS):
        sums = rows_ @ found
        share = np.exp(sums - sums.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        slope = (rows_.T @ (share - wanted) + _L2_OTHERS * found) / len(rows_)
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        found -= 0.03 * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return [[float(x) for x in row] for row in found.T]
