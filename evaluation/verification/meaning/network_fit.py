"""Fits the network of ``answering.judge.meaning`` in numpy: gradients by hand, Adam (Kingma & Ba 2015)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.judge.meaning import MeaningNetwork
from answering.judge.meaning.network import compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.judge.meaning import TokenSide
    from answering.judge.meaning.token_alignment import Projection

    Floats = NDArray[np.float32]
    Weights = dict[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitPlan:
    """How a network is fitted."""

    rounds: int = 8
    batch: int = 64
    rate: float = 2e-3
    decay: float = 1e-4
    dropout: float = 0.3  # share of the pooled values that a step leaves out
    units: int = 64
    hidden: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPairs:
    """Pairs laid side by side, whether each is borne out (0 or 1), and how much each counts."""

    sides: Sequence[tuple[TokenSide, TokenSide]]
    wanted: Floats  # (pairs,)
    weights: Floats  # (pairs,)


def fit_network(
    pairs: LabelledPairs, chosen: NDArray[np.intp], projection: Projection, plan: FitPlan, seed: int = 0
) -> MeaningNetwork:
    """Return a network fitted to the chosen pairs."""
    chance = np.random.default_rng(seed)
    weights = _begun(pairs.sides[0], plan, chance)
    means, squares = ({n: np.zeros_like(v) for n, v in weights.items()} for _ in range(2))
    steps = plan.rounds * (len(chosen) // plan.batch + 1)
    step = 0
    for _ in range(plan.rounds):
        order = chance.permutation(chosen)
        for start in range(0, len(order), plan.batch):
            step += 1
            slopes = _slopes(weights, pairs, order[start : start + plan.batch], plan, chance)
            rate = plan.rate * min(1.0, step / 100) * (0.52 + 0.5 * np.cos(np.pi * step / steps))
            for name, slope in slopes.items():
                means[name] = 0.9 * means[name] + 0.1 * slope
                squares[name] = 0.999 * squares[name] + 0.001 * slope**2
                size = np.sqrt(squares[name] / (1 - 0.999**step)) + 1e-8
                change = means[name] / (1 - 0.9**step) / size + plan.decay * weights[name]
                weights[name] = weights[name] - np.float32(rate) * change
    return MeaningNetwork(mean=projection.mean, axes=projection.axes, **weights)


def _begun(sides: tuple[TokenSide, TokenSide], plan: FitPlan, chance: np.random.Generator) -> Weights:
    def matrix(rows: int, columns: int) -> Floats:
        return np.asarray(chance.normal(size=(rows, columns)) * np.sqrt(2 / rows), np.float32)

    mine, theirs = (compared(side).shape[1] for side in sides)
    return {
        "claim": matrix(mine, plan.units),
        "claim_bias": np.zeros(plan.units, np.float32),
        "evidence": matrix(theirs, plan.units),
        "evidence_bias": np.zeros(plan.units, np.float32),
        "hidden": matrix(4 * plan.units, plan.hidden),
        "hidden_bias": np.zeros(plan.hidden, np.float32),
        "out": matrix(plan.hidden, 1) * np.float32(0.1),
        "out_bias": np.zeros(1, np.float32),
    }


@dataclass(frozen=True, slots=True)
class _Compared:
    """One side of a batch on its way forward."""

    given: Floats  # (pieces, inputs)
    lengths: NDArray[np.intp]  # pieces of each pair
    units: Floats  # (pieces, units)
    greatest: Floats  # (pairs, units)

    @classmethod
    def of(cls, sides: Sequence[TokenSide], matrix: Floats, bias: Floats) -> _Compared:
        """Compare the pieces of a batch."""
        given = np.concatenate([compared(side) for side in sides]).astype(np.float32)
        lengths = np.array([len(side.own) for side in sides])
        units = np.maximum(given @ matrix + bias, 0)
        starts = np.cumsum(lengths) - lengths
        return cls(given, lengths, units, np.maximum.reduceat(units, starts))

    def mean(self) -> Floats:
        """Return the mean of each unit over the pieces of a pair."""
        sums = np.add.reduceat(self.units, np.cumsum(self.lengths) - self.lengths)
        return (sums / self.lengths[:, None]).astype(np.float32)

    def slopes(self, of_mean: Floats, of_greatest: Floats) -> tuple[Floats, Floats]:
        """Return the slopes of matrix and bias from those of the pooled values."""
        pair = np.repeat(np.arange(len(self.lengths)), self.lengths)
        slope = (of_mean / self.lengths[:, None])[pair]
        slope = slope + of_greatest[pair] * (self.units == self.greatest[pair])
        slope = (slope * (self.units > 0)).astype(np.float32)
        return self.given.T @ slope, slope.sum(axis=0)


def _slopes(
    weights: Weights,
    pairs: LabelledPairs,
    rows: NDArray[np.intp],
    plan: FitPlan,
    chance: np.random.Generator,
) -> Weights:
    mine = _Compared.of([pairs.sides[n][0] for n in rows], weights["claim"], weights["claim_bias"])
    theirs = _Compared.of([pairs.sides[n][1] for n in rows], weights["evidence"], weights["evidence_bias"])
    pooled = np.concatenate((mine.mean(), mine.greatest, theirs.mean(), theirs.greatest), axis=1)
    kept = (chance.random(pooled.shape) > plan.dropout).astype(np.float32) / np.float32(1 - plan.dropout)
    pooled = pooled * kept
    hidden = np.maximum(pooled @ weights["hidden"] + weights["hidden_bias"], 0)
    odds = (hidden @ weights["out"] + weights["out_bias"])[:, 0]
    counted = pairs.weights[rows]
    share = counted / counted.sum()
    of_odds = (share * (1 / (1 + np.exp(-odds)) - pairs.wanted[rows])).astype(np.float32)[:, None]
    of_hidden = (of_odds @ weights["out"].T) * (hidden > 0)
    of_pooled = np.split((of_hidden @ weights["hidden"].T) * kept, 4, axis=1)
    claim, claim_bias = mine.slopes(of_pooled[0], of_pooled[1])
    evidence, evidence_bias = theirs.slopes(of_pooled[2], of_pooled[3])
    return {
        "claim": claim,
        "claim_bias": claim_bias,
        "evidence": evidence,
        "evidence_bias": evidence_bias,
        "hidden": pooled.T @ of_hidden,
        "hidden_bias": of_hidden.sum(axis=0),
        "out": hidden.T @ of_odds,
        "out_bias": of_odds.sum(axis=0),
    }
