"""``python -m evaluation.training.answer_scores HOME``: fits what ranks, abstains and chooses lists.

HOME holds the training documents. Prints how often the first sentence holds evidence, documents held out.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.ranker import ScoredCandidate
from evaluation.datasets.material import SharedMaterial
from evaluation.training.answer_extent import (
    fit_lists,
    list_examples,
    member_examples,
    write_lists,
    write_members,
)
from evaluation.training.learners.listwise import LinearFit, fit_odds
from evaluation.training.sentence_examples import SentenceExample, examples
from evaluation.training.sentence_ranking import (
    fit_abstention,
    fit_ranking,
    held_out,
    write_abstention,
    write_ranking,
)
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder

if TYPE_CHECKING:
    from collections.abc import Sequence

SETS = ("train-facts", "train-talks", "train-rules")
DATA = Path(__file__).parents[2] / "answering" / "data"
_MEMBER = 2.5  # what a sentence that belongs counts against one that does not: they are few
_PENALTY = 0.03


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home = Path(arguments[0])
    folder = SharedMaterial().folder / "eval" / "bench"
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        _fit(list(examples(library, [folder / f"{name}.jsonl" for name in SETS])))
    return 0


def _fit(given: list[SentenceExample]) -> None:
    provenance = f"Fitted on {len(given)} questions of {', '.join(SETS)}: work reports and city regulations."
    every, single = held_out(given)
    print(f"first sentence holds evidence, documents held out: {every:.3f}; single evidence: {single:.3f}")
    score = fit_ranking(given)
    write_ranking(DATA / "ranking_weights.json", score, provenance)
    write_abstention(DATA / "abstention_weights.json", fit_abstention(given, score), provenance)
    sorted_again = [_ranked(one, score) for one in given if len(one.rows)]
    write_lists(DATA / "list_weights.json", *fit_lists(list_examples(sorted_again)), provenance)
    rows, labels = member_examples([one for one in sorted_again if one.several])
    worth = np.where(labels > 0, _MEMBER, 1.0)
    write_members(DATA / "member_weights.json", fit_odds(rows, labels, worth, penalty=_PENALTY), provenance)


def _ranked(one: SentenceExample, score: LinearFit) -> SentenceExample:
    """Return a question with its candidates in the order of a new score."""
    told = score.of(one.rows)
    order = np.argsort(-told)
    old = one.ranking.best
    best = [ScoredCandidate(candidate=old[n].candidate, score=float(told[n]), row=old[n].row) for n in order]
    one.ranking.__dict__["best"] = best
    return replace(one, rows=one.rows[order], labels=one.labels[order])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
