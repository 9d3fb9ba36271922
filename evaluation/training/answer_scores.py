"""``python -m evaluation.training.answer_scores REPORTS POLICIES PASSAGES``: fit what ranks, abstains, lists.

Each is a home: of the training reports and by-laws, and of the texts that ``datasets.training_homes`` takes.
Prints how often the first sentence holds evidence, documents held out, and how often silence is right.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evaluation.datasets.material import SharedMaterial
from evaluation.datasets.training_questions import passage_questions, policy_questions, report_questions
from evaluation.training.abstaining import (
    Case,
    Looks,
    cases,
    fit_abstention,
    held_odds,
    threshold,
    write_abstention,
)
from evaluation.training.answer_extent import (
    fit_lists,
    list_examples,
    member_examples,
    write_lists,
    write_members,
)
from evaluation.training.learners.listwise import fit_odds
from evaluation.training.sentence_examples import SentenceExample, examples
from evaluation.training.sentence_ranking import (
    Look,
    best_of,
    fit_again,
    fit_ranking,
    held_out,
    looked,
    settled,
    write_ranking,
    write_second_look,
)
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.scoring.ranker import ScoredCandidate

DATA = Path(__file__).parents[2] / "answering" / "data"
_ASKED = (report_questions, policy_questions, passage_questions)
_MEMBER = 2.5  # what a sentence that belongs counts against one that does not: they are few
_PENALTY = 0.03


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) != len(_ASKED):
        print(__doc__, file=sys.stderr)
        return 2
    material = SharedMaterial()
    with ExitStack() as opened:
        given: list[SentenceExample] = []
        for home, asked in zip(map(Path, arguments), _ASKED, strict=True):
            library = opened.enter_context(Library.open(home, embedder=open_embedder(home=home)))
            given += examples(library, asked(material))
        _fit(given)
    return 0


def _fit(given: list[SentenceExample]) -> None:
    counted = Counter(one.question.origin for one in given)
    provenance = (
        "python -m evaluation.training.answer_scores, on "
        + ", ".join(f"{count} questions on {origin}" for origin, count in counted.items())
        + " (train-facts, -talks, -rules, -claims; ncp; cmrc_dev and dureader_robust_dev)"
    )
    first = fit_ranking(given)
    looks = [looked(one, first) for one in given if len(one.rows)]
    for name, (count, once, twice) in held_out(looks).items():
        print(
            f"{name}: n {count}  first sentence right {once:.3f}, at the second look {twice:.3f}", flush=True
        )
    second = fit_again([one for one in looks if one.labels.any()])
    enough = settled(looks, second)
    share = np.mean([one.lead >= enough for one in looks])
    print(f"a lead of {enough:.2f} settles {share:.2f} of the questions")
    write_ranking(DATA / "ranking_weights.json", first, provenance)
    write_second_look(DATA / "second_look_weights.json", second, enough, provenance)
    told = list(cases(looks, Looks(first=first, second=second, settled=enough)))
    _report_silence(told)
    write_abstention(DATA / "abstention_weights.json", fit_abstention(told), provenance)
    _fit_extent(
        [
            _sorted(one, best_of(one, second, enough))
            for one in looks
            if one.example.question.origin == "reports"
        ]
    )


def _fit_extent(given: list[SentenceExample]) -> None:
    several = [one for one in given if one.question.several]
    provenance = (
        f"python -m evaluation.training.answer_scores, on {len(several)} questions for several things"
    )
    write_lists(DATA / "list_weights.json", *fit_lists(list_examples(given)), provenance)
    rows, labels = member_examples(several)
    worth = np.where(labels > 0, _MEMBER, 1.0)
    write_members(DATA / "member_weights.json", fit_odds(rows, labels, worth, penalty=_PENALTY), provenance)


def _report_silence(told: Sequence[Case]) -> None:
    """Print, with documents held out, how many cases of each kind are answered."""
    odds = held_odds(told)
    odds = odds - threshold(told, odds)
    for kind in dict.fromkeys(one.kind for one in told):
        mine = np.array([one.kind == kind for one in told])
        print(f"{kind}: n {mine.sum()}  answered {np.mean(odds[mine] >= 0):.3f}")


def _sorted(one: Look, best: Sequence[ScoredCandidate]) -> SentenceExample:
    """Return a question with its candidates in the order in which an answer meets them."""
    place = {x.candidate.line.key: n for n, x in enumerate(one.order)}
    order = [place[x.candidate.line.key] for x in best]
    one.example.ranking.__dict__["best"] = list(best)
    return replace(one.example, rows=np.array([x.row for x in best]), labels=one.labels[order])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
