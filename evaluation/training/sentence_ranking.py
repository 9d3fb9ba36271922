"""Fits which sentence comes first, at the first and at the second look; reports by documents held out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.second_look import LOOKED_AT, PLAIN, SECOND, reordered, second_rows
from answering.scoring.sentence_features import NAMES
from evaluation.training.learners.listwise import LinearFit, fit_listwise, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from answering.scoring.ranker import ScoredCandidate
    from evaluation.training.learners.listwise import Array
    from evaluation.training.sentence_examples import SentenceExample

WORTH: Mapping[str, float] = {"reports": 1.0, "policies": 0.2, "passages": 0.1}  # what a question counts
_PENALTY = 0.01
_AGAIN, _CROSSED = 0.05, 0.03  # penalties of the second look
_FOLDS = 4
_CHANGED = 0.01  # share of questions whose first sentence a second look may change where none is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The first candidates of one question as the second look sees them."""

    example: SentenceExample
    order: tuple[ScoredCandidate, ...]  # all of them, by the first score
    rows: Array  # (at most ``LOOKED_AT``, features)
    labels: Array  # of all, in that order

    @property
    def lead(self) -> float:
        """How far the first candidate is before the second by the first score."""
        return self.order[0].score - self.order[1].score if len(self.order) > 1 else 1e9


def fit_ranking(given: Sequence[SentenceExample]) -> LinearFit:
    """Return the weights of the first look, over all questions with evidence among their candidates."""
    lists = [(one.rows, one.labels) for one in given if len(one.rows)]
    worth = [WORTH[one.question.origin] for one in given if len(one.rows)]
    return fit_listwise(lists, penalty=_PENALTY, worth=worth)


def looked(one: SentenceExample, first: LinearFit) -> Look:
    """Return a question's first candidates, by weights of the first look, for the second."""
    scores = first.of(one.rows)
    order = np.argsort(-scores, kind="stable")
    ranked = [one.ranking.first[n].with_score(float(scores[n])) for n in order]
    rows = second_rows(one.ranking.reading, ranked[:LOOKED_AT], one.ranking.context.library)
    return Look(example=one, order=tuple(ranked), rows=rows, labels=one.labels[order])


def fit_again(given: Sequence[Look]) -> LinearFit:
    """Return the weights of the second look."""
    return fit_listwise(
        [(one.rows, one.labels[: len(one.rows)]) for one in given],
        penalty=_AGAIN,
        worth=[WORTH[one.example.question.origin] for one in given],
        crossed=(len(PLAIN), _CROSSED),
    )


def settled(given: Sequence[Look], second: LinearFit) -> float:
    """Return the lead at the first look from which a second one changes next to nothing."""
    kept = sorted(given, key=lambda one: -one.lead)
    changed = np.cumsum([int(np.argmax(second.of(one.rows))) != 0 for one in kept])
    fine = [one.lead for n, one in enumerate(kept) if changed[n] <= _CHANGED * (n + 1)]
    return max(0.5, fine[-1]) if fine else kept[0].lead


def best_of(one: Look, second: LinearFit, enough: float) -> list[ScoredCandidate]:
    """Return the candidates of a question in the order in which an answer meets them."""
    return list(one.order) if one.lead >= enough else reordered(one.order, second.of(one.rows))


def held_out(given: Sequence[Look]) -> dict[str, tuple[int, float, float]]:
    """Return, by origin, how many questions there are and how often the first sentence holds evidence.

    Both looks are told, and questions of one sentence by themselves; weights did not learn on the document.
    """
    usable = [one for one in given if one.labels.any()]
    fold = {name: n % _FOLDS for n, name in enumerate(sorted({one.example.document for one in usable}))}
    told: dict[str, list[tuple[bool, bool]]] = {}
    for part in range(_FOLDS):
        others = [one for one in usable if fold[one.example.document] != part]
        first, second = fit_ranking([one.example for one in others]), fit_again(others)
        for one in (one for one in usable if fold[one.example.document] == part):
            at = int(np.argmax(first.of(one.example.rows)))
            again = int(np.argmax(second.of(one.rows)))
            right = (bool(one.example.labels[at]), bool(one.labels[again]))
            origin = one.example.question.origin
            for name in (origin, *([f"{origin}, one sentence"] if one.example.single else [])):
                told.setdefault(name, []).append(right)
    return {name: (len(x), *map(float, np.mean(x, axis=0))) for name, x in sorted(told.items())}  # type: ignore[misc]


def write_ranking(path: Path, fitted: LinearFit, provenance: str) -> None:
    """Write the weights of the features as ``answering.scoring.ranker`` reads them."""
    told = {"provenance": provenance, "features": table(fitted, NAMES)}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_second_look(path: Path, fitted: LinearFit, enough: float, provenance: str) -> None:
    """Write the weights as ``answering.scoring.second_look`` reads them."""
    told = {"provenance": provenance, "settled": round(enough, 3), "features": table(fitted, SECOND)}
    lines = json.dumps(told, ensure_ascii=False, indent=None, separators=(",", ":"))
    path.write_text(lines.replace("],", "],\n") + "\n", "utf-8")
