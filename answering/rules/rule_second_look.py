"""A second look at the candidates ranked first: how near in meaning each is to the question, by sentence vectors.

Words decide which candidates come near; of those, the vectors tell apart what says the same in other words. How much
they count where each aspect is asked is learned from rankings that did not learn on the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from answering.rules.aspects import ASPECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.rules.rule_candidates import RuleCandidate
    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion

LOOKED_AT = 10  # candidates that are looked at again
SECOND = (
    "score",
    "own",
    "best",
    "own_gap",
    "best_gap",
    *(f"{aspect}*own" for aspect in (*ASPECTS, "yes_no")),
)
_READ = 160  # characters of a clause that its vector is made of
_SPREAD = 0.02  # a usual difference of two cosines


class SentenceNearness(Protocol):
    """Gives the cosines of a question and some sentences."""

    def __call__(self, question: str, texts: Sequence[str]) -> Sequence[float] | None:
        """Return a cosine for each text; None where there are no vectors."""


def second_rows(
    question: RuleQuestion, ranked: Sequence[Scored], scores: Sequence[float], near: SentenceNearness
) -> NDArray[np.float32] | None:
    """Return (``LOOKED_AT`` at most, features of ``SECOND``) of the first candidates; None without vectors."""
    some = ranked[:LOOKED_AT]
    read = [_clauses(one) for one in some]
    texts = list(dict.fromkeys(text for own in read for text in own))
    found = near(question.search, texts)
    if found is None:
        return None
    cosine = dict(zip(texts, found, strict=True))
    own = np.array([cosine[texts[0]] for texts in read], np.float32)
    best = np.array([max(cosine[text] for text in texts) for texts in read], np.float32)
    centred = (own - own.mean()) / _SPREAD
    asked = np.concatenate([question.aspects, [question.yes_no]])
    return np.column_stack(
        [
            np.asarray(scores[: len(some)], np.float32) - scores[0],
            centred,
            (best - best.mean()) / _SPREAD,
            (own - own.max()) / _SPREAD,
            (best - best.max()) / _SPREAD,
            np.outer(centred, asked),
        ]
    ).astype(np.float32)


def reordered(
    ranked: Sequence[Scored], scores: Sequence[float], second: NDArray[np.float32]
) -> tuple[list[Scored], list[float]]:
    """Return the candidates, best first, the first in the order of their ``second`` scores.

    Scores keep their scale: the best has the first score of the best before.
    """
    top = float(second.max())
    kept = [float(s) - top + scores[0] for s in second]
    rest = [min(score, scores[0]) for score in scores[len(second) :]]
    all_scores = np.array([*kept, *rest])
    order = np.argsort(-all_scores, kind="stable")
    return [ranked[n] for n in order], [float(all_scores[n]) for n in order]


def _clauses(one: Scored) -> list[str]:
    """Return the words of a candidate's own provision, then of what follows it."""
    text = one.held.candidates.bylaw.text
    return [words[:_READ] for words in _words(one.candidate, text)]


def _words(candidate: RuleCandidate, text: str) -> list[str]:
    words = [candidate.provision.of(text)]
    if candidate.consequence is not None:
        words.append(candidate.consequence.sanction.of(text))
    return words
