"""Fits whether the first sentence answers, on questions as they are and on what is left without their answer.

What a question is left with when its passage, or its whole document, is taken away is an honest case of texts
that do not answer: the nearest of other sentences, ranked again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.abstention import SIGNALS, signals
from answering.scoring.ranker import ranked
from answering.scoring.second_look import LOOKED_AT, reordered, second_rows
from evaluation.training.learners.listwise import LinearFit, fit_odds, table
from evaluation.training.sentence_ranking import WORTH, Look, best_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from answering.candidates.sentence_candidates import SentenceCandidate
    from answering.scoring.ranker import ScoredCandidate
    from evaluation.training.learners.listwise import Array

_PENALTY = 0.01
_FOLDS = 4
_DOUBTFUL = 0.15  # what a question counts whose best sentence is another than the evidence: it may answer too
_BEREFT = {"no passage": 0.2, "no document": 0.05}  # what a question counts without its passage, its document
_SILENT = 1.5  # what a question counts that no text answers: they are few
_WRONG, _BESIDE = 3.0, 0.3  # what an answer costs that is none, and one beside the evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The signals of one ranking, whether its first sentence answers (1 or 0), and what it counts."""

    document: str
    origin: str
    kind: str  # "asked", "doubtful", "silent", "no passage", "no document"
    row: tuple[float, ...]
    label: float
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """The weights of both looks, with the lead that settles."""

    first: LinearFit
    second: LinearFit
    settled: float

    def ranked(self, one: Look, keep: Callable[[SentenceCandidate], bool]) -> list[ScoredCandidate]:
        """Return the candidates of a question that are kept, ranked as if there were no others."""
        ranking = one.example.ranking
        found = ranked(ranking.reading, [x for x in ranking.candidates if keep(x)])
        if not found:
            return []
        scores = self.first.of(np.array([x.row for x in found]))
        order = np.argsort(-scores, kind="stable")
        found = [found[n].with_score(float(scores[n])) for n in order]
        if len(found) < 2 or found[0].score - found[1].score >= self.settled:
            return found
        rows = second_rows(ranking.reading, found[:LOOKED_AT], ranking.context.library)
        return reordered(found, self.second.of(rows))


def cases(given: Sequence[Look], looks: Looks) -> Iterator[Case]:
    """Yield each question as it is, without the passages of its evidence, and without their documents."""
    for one in given:
        example = one.example
        worth = WORTH[example.question.origin]
        best = best_of(one, looks.second, looks.settled)
        label = {x.candidate.line.key: y for x, y in zip(one.order, one.labels, strict=True)}
        right = bool(label[best[0].candidate.line.key])
        if not example.answerable:
            yield _case(one, "silent", best, 0.0, _SILENT)
            continue
        if one.labels.any():
            kind = "asked" if right else "doubtful"
            yield _case(one, kind, best, float(right), worth * (1.0 if right else _DOUBTFUL))
        evidence = [x.candidate for x, y in zip(one.order, one.labels, strict=True) if y]
        passages = {x.line.passage.id for x in evidence}
        left = looks.ranked(one, lambda x, gone=passages: x.line.passage.id not in gone)  # type: ignore[misc]
        if left and passages:
            yield _case(one, "no passage", left, 0.0, worth * _BEREFT["no passage"])
        files = set(example.question.files)
        left = looks.ranked(
            one,
            lambda x, gone=files: x.line.document.source.rpartition("/")[2] not in gone,  # type: ignore[misc]
        )
        if left:
            yield _case(one, "no document", left, 0.0, worth * _BEREFT["no document"])


def _case(one: Look, kind: str, best: Sequence[ScoredCandidate], label: float, worth: float) -> Case:
    ranking = one.example.ranking
    row = tuple(signals(ranking.reading, best, ranking.context.library))
    origin = one.example.question.origin
    return Case(document=one.example.document, origin=origin, kind=kind, row=row, label=label, worth=worth)


def fit_abstention(given: Sequence[Case]) -> LinearFit:
    """Return the weights of the signals; log-odds above 0 stand for an answer.

    The bias is set by ``threshold``, with documents held out.
    """
    fitted = _fit(given)
    return LinearFit(
        mean=fitted.mean,
        spread=fitted.spread,
        weights=fitted.weights,
        bias=fitted.bias - threshold(given, held_odds(given)),
    )


def threshold(given: Sequence[Case], odds: Array) -> float:
    """Return the odds from which answering is worth most, by the questions as people ask them.

    A right answer gains one; an answer where the texts have none costs ``_WRONG``, one that rests on another
    sentence than the evidence ``_BESIDE``.
    """
    gains = {"asked": 1.0, "doubtful": -_BESIDE, "silent": -_WRONG}
    real = [n for n, one in enumerate(given) if one.kind in gains and one.origin == "reports"]
    order = sorted(real, key=lambda n: -odds[n])
    total = np.cumsum([gains[given[n].kind] for n in order])
    best = int(np.argmax(total))
    after = odds[order[best + 1]] if best + 1 < len(order) else odds[order[best]] - 1
    return float((odds[order[best]] + after) / 2)


def held_odds(given: Sequence[Case]) -> Array:
    """Return the log-odds of each case by weights that did not learn on its document."""
    fold = {name: n % _FOLDS for n, name in enumerate(sorted({one.document for one in given}))}
    parts = np.array([fold[one.document] if one.document else n % _FOLDS for n, one in enumerate(given)])
    odds = np.zeros(len(given))
    rows = np.array([one.row for one in given])
    for part in range(_FOLDS):
        fitted = _fit([one for one, own in zip(given, parts, strict=True) if own != part])
        odds[parts == part] = fitted.of(rows[parts == part])
    return odds


def _fit(given: Sequence[Case]) -> LinearFit:
    rows, labels = np.array([one.row for one in given]), np.array([one.label for one in given])
    return fit_odds(rows, labels, np.array([one.worth for one in given]), penalty=_PENALTY)


def write_abstention(path: Path, fitted: LinearFit, provenance: str) -> None:
    """Write the weights of the signals as ``answering.scoring.abstention`` reads them."""
    told = {"provenance": provenance, "bias": round(fitted.bias, 4), "signals": table(fitted, SIGNALS)}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
