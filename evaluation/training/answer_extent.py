"""Fits which list answers, and which sentences belong beside the best one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.list_choice import LIST_FEATURES, found_lists
from answering.scoring.membership import MEMBER_FEATURES, member_row
from evaluation.datasets.material import squeezed
from evaluation.training.learners.listwise import LinearFit, fit_listwise, fit_odds, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from answering.candidates.list_structures import ListItem
    from evaluation.training.learners.listwise import Array
    from evaluation.training.sentence_examples import SentenceExample
    from retrieval.values.documents import Document

_PENALTY = 0.03
_SHOWN = 130  # characters of a member that may be shown
_FEW = 0.2  # penalty of the odds of a list: there are few questions for one
_HELD = 0.5  # share of the evidence that a list must hold to answer
_LOOKED_AT = 24  # sentences, the best first, that may belong to an answer


def list_examples(given: Sequence[SentenceExample]) -> list[tuple[Array, Array]]:
    """Return the lists of each question for several things, and how well each fits its evidence (0…1)."""
    made = []
    for one in given:
        found = found_lists(one.ranking) if one.question.several and len(one.rows) else []
        if found:
            texts = ["|".join(_shown(whole, item) for item in x.items) for x, whole, _ in found]
            lengths = [len(x.items) for x, _, _ in found]
            fit = [_fit(one.question.quotes, text, n) for text, n in zip(texts, lengths, strict=True)]
            made.append((np.array([row for _, _, row in found]), np.array(fit)))
    return made


def _fit(quotes: Sequence[str], text: str, items: int) -> float:
    """Return 1 for a list that holds the evidence and little else, less for a longer one."""
    if len(quotes) < 2 or np.mean([quote in text for quote in quotes]) < _HELD:
        return 0.0
    return min(1.0, (len(quotes) + 2) / items)


def _shown(document: Document, item: ListItem) -> str:
    """Return what may be shown of a member, without white space."""
    return squeezed(document.text[item.start : min(item.end, item.start + _SHOWN)])


def fit_lists(made: Sequence[tuple[Array, Array]]) -> tuple[LinearFit, LinearFit]:
    """Return the weights that choose a list, and those that tell whether the chosen one answers."""
    chooser = fit_listwise(made, penalty=_PENALTY)
    best = [(rows[at], labels[at]) for rows, labels in made for at in [int(np.argmax(chooser.of(rows)))]]
    rows, labels = np.array([r for r, _ in best]), np.array([float(y > 0) for _, y in best])
    return chooser, fit_odds(rows, labels, np.ones(len(rows)), penalty=_FEW)


def member_examples(given: Sequence[SentenceExample]) -> tuple[Array, Array]:
    """Return rows and labels of the sentences that may join a right best one."""
    rows, labels = [], []
    for one in given:
        best = one.ranking.best
        if len(one.question.quotes) < 2 or not best or not one.labels[0]:
            continue
        for rank in range(1, min(_LOOKED_AT, len(best))):
            rows.append(member_row(best[rank], best[0], rank, several=one.question.several))
            labels.append(one.labels[rank])
    return np.array(rows), np.array(labels)


def write_lists(path: Path, chooser: LinearFit, odds: LinearFit, provenance: str) -> None:
    """Write the weights as ``answering.scoring.list_choice`` reads them."""
    told = {
        "provenance": provenance,
        "bias": round(odds.bias, 4),
        "features": table(chooser, LIST_FEATURES),
        "odds": table(odds, LIST_FEATURES),
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_members(path: Path, fitted: LinearFit, provenance: str) -> None:
    """Write the weights as ``answering.scoring.membership`` reads them."""
    told = {
        "provenance": provenance,
        "bias": round(fitted.bias, 4),
        "features": table(fitted, MEMBER_FEATURES),
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
