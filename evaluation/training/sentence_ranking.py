"""Fits which sentence comes first, and whether the first one answers; reports by documents held out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.abstention import SIGNALS, signals
from answering.scoring.ranker import ScoredCandidate
from answering.scoring.sentence_features import NAMES
from evaluation.training.learners.listwise import LinearFit, fit_listwise, fit_odds, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evaluation.training.learners.listwise import Array
    from evaluation.training.sentence_examples import SentenceExample

_PENALTY = 0.01
_FOLDS = 4
_DOUBTFUL = 0.1  # what a question counts whose best sentence is another than the evidence: it may answer too
_BEREFT = 0.2  # what a question counts once its evidence is taken away; few questions have none in truth


def fit_ranking(given: Sequence[SentenceExample]) -> LinearFit:
    """Return the weights of the features, over all questions with evidence among their candidates."""
    return fit_listwise([(one.rows, one.labels) for one in given if len(one.rows)], penalty=_PENALTY)


def held_out(given: Sequence[SentenceExample]) -> tuple[float, float]:
    """Return the share of questions whose first sentence holds evidence, with their documents held out.

    The second figure is of questions with one sentence of evidence.
    """
    usable = [one for one in given if len(one.rows) and one.labels.any()]
    fold = {name: n % _FOLDS for n, name in enumerate(sorted({one.document for one in usable}))}
    right, single = [], []
    for part in range(_FOLDS):
        fitted = fit_ranking([one for one in usable if fold[one.document] != part])
        for one in (one for one in usable if fold[one.document] == part):
            hit = bool(one.labels[np.argmax(fitted.of(one.rows))])
            right.append(hit)
            if one.single:
                single.append(hit)
    return float(np.mean(right)), float(np.mean(single))


def abstention_rows(given: Sequence[SentenceExample], score: LinearFit) -> tuple[Array, Array, Array]:
    """Return signals, labels and worth: of questions as they are, and once more without their evidence."""
    rows, labels, worth = [], [], []
    for one in (one for one in given if len(one.rows)):
        ranking = _rescored(one, score)
        if one.answerable and one.labels.any():
            right = bool(one.labels[ranking[0][0]])
            rows.append(_signals(one, [x for _, x in ranking]))
            labels.append(float(right))
            worth.append(1.0 if right else _DOUBTFUL)
        passages = {x.candidate.line.passage.id for n, x in ranking if one.labels[n]}
        without = [x for _, x in ranking if x.candidate.line.passage.id not in passages]
        if without and (not one.answerable or passages):
            rows.append(_signals(one, without))
            labels.append(0.0)
            worth.append(_BEREFT if one.answerable else 1.0)
    return np.array(rows), np.array(labels), np.array(worth)


def fit_abstention(given: Sequence[SentenceExample], score: LinearFit) -> LinearFit:
    """Return the weights of the signals; log-odds above 0 stand for an answer."""
    rows, labels, worth = abstention_rows(given, score)
    return fit_odds(rows, labels, worth, penalty=_PENALTY)


def _rescored(one: SentenceExample, score: LinearFit) -> list[tuple[int, ScoredCandidate]]:
    told = score.of(one.rows)
    made = [
        ScoredCandidate(candidate=x.candidate, score=float(s), row=x.row)
        for x, s in zip(one.ranking.best, told, strict=True)
    ]
    return sorted(enumerate(made), key=lambda pair: -pair[1].score)


def _signals(one: SentenceExample, ranking: Sequence[ScoredCandidate]) -> list[float]:
    asked = one.ranking.reading.want.kind == "figure"
    return signals(ranking, figure_asked=asked, unseen=one.ranking.reading.unseen)


def write_ranking(path: Path, fitted: LinearFit, provenance: str) -> None:
    """Write the weights of the features as ``answering.scoring.ranker`` reads them."""
    told = {"provenance": provenance, "features": table(fitted, NAMES)}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_abstention(path: Path, fitted: LinearFit, provenance: str) -> None:
    """Write the weights of the signals as ``answering.scoring.abstention`` reads them."""
    told = {"provenance": provenance, "bias": round(fitted.bias, 4), "signals": table(fitted, SIGNALS)}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
