"""Fit what ranks a by-law's candidates, and from which confidence the best one is an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from answering.rules.rule_candidates import TRAITS
from answering.rules.rule_features import MATCH, NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.training.rule_examples import RuleExample

Vector = np.ndarray[Any, np.dtype[np.float32]]
_PLAIN = len(MATCH) + len(TRAITS)  # features that are no product of aspect and trait
_MATCHING = slice(0, len(MATCH) - 1)  # more in common never counts against a candidate
_AFTER = 0.5  # how much a made-up follow-up counts beside a real question
_STEPS, _RATE = 200, 0.05


def fit_ranking(
    examples: Sequence[RuleExample], *, match: float = 3.0, trait: float = 30.0, crossed: float = 0.3
) -> Vector:
    """Return a weight for each feature: a listwise logistic model over the candidates of each question.

    ``match``, ``trait`` and ``crossed`` shrink what compares words, what a candidate is by itself, and what
    it is where an aspect is asked for.
    """
    asked = [e for e in examples if len(e.gains) and e.gains.max() > 0]
    rows = np.concatenate([np.stack([s.features for s in e.found]) for e in asked])
    right = np.concatenate([e.gains >= e.gains.max() - 1e-6 for e in asked]).astype(np.float32)
    starts = np.cumsum([0, *(len(e.gains) for e in asked)])
    group = np.repeat(np.arange(len(asked)), np.diff(starts))
    spread = rows.std(axis=0)
    spread[spread < 1e-6] = 1.0
    spread[_PLAIN:] = 1.0
    rows = rows / spread
    shrink = np.full(len(NAMES), crossed, np.float32)
    shrink[: len(MATCH)] = match
    shrink[len(MATCH) : _PLAIN] = trait
    count = np.array([_AFTER if e.name.endswith("-after") else 1.0 for e in asked], np.float32)[group]
    weights = np.zeros(len(NAMES), np.float32)
    momentum, speed = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        scores = rows @ weights
        grown = np.exp(scores - np.maximum.reduceat(scores, starts[:-1])[group])
        told = grown / np.add.reduceat(grown, starts[:-1])[group]
        kept = told * right
        wanted = kept / np.add.reduceat(kept, starts[:-1])[group]
        slope = (rows.T @ (count * (told - wanted)) + shrink * weights) / len(asked)
        momentum = 0.9 * momentum + 0.1 * slope
        speed = 0.99 * speed + 0.01 * slope**2
        weights = weights - _RATE * (momentum / (1 - 0.9**step)) / (np.sqrt(speed / (1 - 0.99**step)) + 1e-8)
        weights[_MATCHING] = np.maximum(weights[_MATCHING], 0.0)
    return np.asarray(weights / spread, np.float32)


def fit_confidence(rows: Vector, right: Vector, counts: Vector, *, shrink: float = 1.0) -> Vector:
    """Return the weights of a logistic model, the bias last; ``rows`` have no column for it.

    ``counts`` is how much each row counts.
    """
    full = np.column_stack([rows, np.ones(len(rows), np.float32)])
    weights = np.zeros(full.shape[1], np.float64)
    pull = np.full(full.shape[1], shrink)
    pull[-1] = 0.0
    for _ in range(60):
        told = 1.0 / (1.0 + np.exp(-full @ weights))
        slope = full.T @ (counts * (told - right)) + pull * weights
        bend = (full * (counts * told * (1.0 - told))[:, None]).T @ full + np.diag(pull + 1e-6)
        weights -= np.linalg.solve(bend, slope)
    return np.asarray(weights, np.float32)
