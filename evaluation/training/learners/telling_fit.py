"""``python -m evaluation.training.learners.telling_fit REPORTS SPEECHES``: fit whether a sentence tells it.

REPORTS holds the training texts, SPEECHES the shipped corpus. ``answer_fit`` is run before: what the networks
add to its decision is fitted last, documents held out, and is printed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.planning.sentence_telling import SHARE, WEIGHTS, TellingShare
from evaluation.datasets.material import SharedMaterial
from evaluation.datasets.near_misses import (
    registered_questions,
    shared_questions,
    speech_questions,
    written_questions,
)
from evaluation.datasets.training_questions import report_questions
from evaluation.training.learners.telling_examples import TellingExamples, policies, short_texts
from evaluation.verification.meaning.meaning_training import learn_meaning, save
from evaluation.verification.meaning.network_fit import FitPlan
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder
from retrieval.embeddings.text_tokens import token_embedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.training.learners.telling_examples import ShownAnswer

_PLAN = FitPlan(units=48, hidden=32, dropout=0.35)
_SHARES = (0.3, 0.5, 0.7)  # weights of the networks that are tried
_KEPT = 0.99  # share of the right answers that the decision alone lets through which must stay


def main(arguments: Sequence[str]) -> int:
    """Fit, report with documents held out, and write networks and share."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    reports, speeches = map(Path, arguments)
    material = SharedMaterial()
    given = TellingExamples(evidence={one.text: one for one in report_questions(material)})
    given.sentences.extend(short_texts(material))
    given.sentences.extend(policies(material))
    with Library.open(speeches, embedder=open_embedder(home=speeches)) as library:
        given.gather(library, speech_questions())
    with Library.open(reports, embedder=open_embedder(home=reports)) as library:
        made = registered_questions(library)
        given.gather(library, [*shared_questions(material), *written_questions(), *made])
        embedder = token_embedder(library.text_embedder)
        assert embedder is not None  # as the homes were made with the one that ships
        odds, networks = learn_meaning(given.sentences, embedder, _PLAN, folds_ship=True)
    share = fit_share(given.shown, odds)
    kinds = Counter(one.true for one in given.sentences if one.weight)
    words = (
        "python -m evaluation.training.learners.telling_fit, on sentences that tell what is asked: "
        f"{kinds[True]}, and that do not: {kinds[False]}"
    )
    save(networks, words, WEIGHTS)
    told = {"provenance": words, "weight": share.weight, "middle": round(share.middle, 3)}
    SHARE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def fit_share(shown: Sequence[ShownAnswer], odds: Sequence[float]) -> TellingShare:
    """Return what the networks add, from log-odds (−6…6) of documents held out.

    Each weight tried gets the middle that keeps ``_KEPT`` of the right answers which the decision alone lets
    through; the weight that lets the fewest wrong ones through is taken.
    """
    alone, true = np.array([one.odds for one in shown]), np.array([one.right for one in shown])
    told = np.array([max(odds[n] for n in one.examples) for one in shown])
    least = int(np.ceil(_KEPT * np.sum(true & (alone >= 0))))
    tried = []
    for weight in _SHARES:
        both = alone + weight * told
        middle = float(np.sort(both[true])[-least])
        wrong = int(np.sum(~true & (both >= middle)))
        tried.append((wrong, weight, middle))
        print(f"weight {weight}: {least} right, {wrong} wrong ({np.sum(~true & (alone >= 0))} without)")
    _, weight, middle = min(tried)
    return TellingShare(weight=weight, middle=middle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
