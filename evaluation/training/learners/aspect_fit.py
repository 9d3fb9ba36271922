"""Fit the model that tells what a question asks of a by-law."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.rules.aspects import ASPECTS, runs
from retrieval.text.normalize import bigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LEAST = 2  # questions that a run must stand in
_STEPS, _RATE = 120, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectExample:
    """A masked question with what it asks; None where that is not known."""

    words: str
    aspect: str | None
    yes_no: bool | None
    to_bylaw: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectWeights:
    """The fitted model: the runs, and a row of weights for each and for the bias."""

    vocabulary: tuple[str, ...]
    weights: NDArray[np.float32]


def fit_common(questions: Sequence[tuple[str, AspectExample]]) -> dict[str, float]:
    """Return how much (0…1) each run of one or two characters says that questions to several by-laws share.

    ``questions`` come with the by-law each is on, "" for none. A run of one by-law's questions says all (1,
    left out); one that each by-law is asked with says nothing (0).
    """
    asked: dict[str, set[str]] = {}
    for group, question in questions:
        for gram in bigrams(question.words) if group else ():
            asked.setdefault(gram, set()).add(group)
    whole = np.log(max(len({group for group, _ in questions if group}), 2))
    return {g: 1.0 - float(np.log(len(by)) / whole) for g, by in sorted(asked.items()) if len(by) > 1}


def fit_aspects(questions: Sequence[AspectExample], *, decay: float = 0.02) -> AspectWeights:
    """Return the weights that tell the questions' aspects best, shrunk by ``decay``."""
    counted = Counter(r for q in questions for r in set(runs(q.words)))
    vocabulary = tuple(sorted(r for r, n in counted.items() if n >= _LEAST))
    place = {run: n for n, run in enumerate(vocabulary)}
    rows = np.zeros((len(questions), len(vocabulary) + 1), np.float32)
    for at, question in enumerate(questions):
        held = [place[r] for r in set(runs(question.words)) if r in place]
        rows[at, held] = 1.0 / np.sqrt(max(len(held), 1))
        rows[at, -1] = 1.0
    classes = np.zeros((len(questions), len(ASPECTS)), np.float32)
    for at, question in enumerate(questions):
        if question.aspect is not None:
            classes[at, ASPECTS.index(question.aspect)] = 1.0
    flags = np.array([[float(bool(q.yes_no)), float(q.to_bylaw)] for q in questions], np.float32)
    counted_in = np.array([[float(q.yes_no is not None), 1.0] for q in questions], np.float32)
    weights = np.zeros((rows.shape[1], len(ASPECTS) + 2), np.float32)
    momentum, speed = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        scores = rows @ weights
        told = np.exp(scores[:, :-2] - scores[:, :-2].max(axis=1, keepdims=True))
        told /= told.sum(axis=1, keepdims=True)
        wrong = told * classes.sum(axis=1, keepdims=True) - classes
        odds = (1.0 / (1.0 + np.exp(-scores[:, -2:])) - flags) * counted_in
        slope = rows.T @ np.column_stack([wrong, odds]) / len(questions)
        slope[:-1] += decay / len(questions) * weights[:-1]
        momentum = 0.9 * momentum + 0.1 * slope
        speed = 0.99 * speed + 0.01 * slope**2
        weights -= _RATE * (momentum / (1 - 0.9**step)) / (np.sqrt(speed / (1 - 0.99**step)) + 1e-6)
    return AspectWeights(vocabulary=vocabulary, weights=weights)
