"""The learned score of a pair, and the choice of pairs so that each figure is in at most one."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from answering.ledger.pair_features import NAMES, Rarity, comparable, features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.ledger.indicators import Indicator

_VAGUE = 0.7  # probability that names need that say nothing by themselves: 中央财政安排, 重点项目投资
_DATA = Path(__file__).parents[1] / "data" / "promise_weights.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairWeights:
    """A logistic model over the features of a pair; see ``python -m evaluation promise-weights``."""

    bias: float
    weights: tuple[float, ...]
    threshold: float

    def probability(self, values: Sequence[float]) -> float:
        """Return how likely a pair is of one thing, 0…1."""
        told = self.bias + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, told))))


@cache
def shipped() -> PairWeights:
    """Return the weights that come with the program."""
    kept = json.loads(_DATA.read_text(encoding="utf-8"))
    return PairWeights(
        bias=kept["bias"],
        weights=tuple(kept["weights"][name] for name in NAMES),
        threshold=kept["threshold"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPair:
    """A target and a result with the probability that they are of one thing."""

    target: Indicator
    result: Indicator
    probability: float


def scored(
    targets: Sequence[Indicator],
    results: Sequence[Indicator],
    rarity: Rarity,
    model: PairWeights,
    *,
    level: bool = True,
) -> list[ScoredPair]:
    """Return the pairs that pass the threshold of a model, the likest first, in an order that is always the same.

    Without ``level`` it does not count how far apart the two values are.
    """
    found = []
    for target in targets:
        for result in results:
            if _near(target, result) and comparable(target, result):
                likely = model.probability(features(target, result, rarity, level=level))
                floor = max(model.threshold, _VAGUE) if target.vague or result.vague else model.threshold
                if likely >= floor:
                    found.append(ScoredPair(target=target, result=result, probability=likely))
    found.sort(key=_order)
    return found


def matched(pairs: Sequence[ScoredPair]) -> list[ScoredPair]:
    """Return the pairs that are left when each target and each result is taken once, the likest first."""
    targets: set[tuple[str, int]] = set()
    results: set[tuple[str, int]] = set()
    kept = []
    for pair in pairs:
        one, other = _key(pair.target), _key(pair.result)
        if one not in targets and other not in results:
            targets.add(one)
            results.add(other)
            kept.append(pair)
    return kept


def _near(target: Indicator, result: Indicator) -> bool:
    """Tell whether two figures share any two characters; most don't, and need no closer look."""
    return target.changes == result.changes and not target.letters.isdisjoint(result.letters)


def _key(one: Indicator) -> tuple[str, int]:
    return one.document.id, one.row.start


def _order(pair: ScoredPair) -> tuple[float, int, int]:
    return -round(pair.probability, 6), pair.target.row.start, pair.result.row.start
