"""A second look at the candidates ranked first: how near in meaning each is to the question, by vectors.

Words decide which candidates come near; of those, the vectors of sentences and of their pieces tell apart what says the
same in other words. How much they count where each aspect is asked is learned from rankings that did not learn on the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from answering.rules.aspects import ASPECTS
from answering.rules.likeness.late_interaction import READ, asked_pieces, closest, piece_matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.rules.likeness.late_interaction import MeaningSource
    from answering.rules.rule_candidates import RuleCandidate
    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion

LOOKED_AT = 10  # candidates that are looked at again
_PIECES = ("own", "told", "headed", "telling", "even", "firm", "most", "closest", "back")
_GAPS = 4  # of these, how far each is behind the best, too
SECOND = (
    "score",
    "own",
    "best",
    "own_gap",
    "best_gap",
    *(f"pieces_{name}" for name in _PIECES),
    *(f"pieces_{name}_gap" for name in _PIECES[:_GAPS]),
    *(f"{aspect}*own" for aspect in (*ASPECTS, "yes_no")),
)
_SPREAD = 0.02  # a usual difference of two cosines of sentences
_APART = 0.05  # likewise of their pieces
_FIRM = 0.5  # cosine from which a piece stands for another


def second_rows(
    question: RuleQuestion, ranked: Sequence[Scored], scores: Sequence[float], source: MeaningSource
) -> NDArray[np.float32] | None:
    """Return (``LOOKED_AT`` at most, features of ``SECOND``) of the first candidates; None without vectors."""
    some = ranked[:LOOKED_AT]
    read = [_clauses(one) for one in some]
    texts = list(dict.fromkeys(text for own in read for text in own))
    found = source.nearness(question.search, texts)
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
            *_pieces(question, some, source).T,
            np.outer(centred, asked),
        ]
    ).astype(np.float32)


def _pieces(question: RuleQuestion, some: Sequence[Scored], source: MeaningSource) -> NDArray[np.float32]:
    """Return (candidates, features) of what each has like the pieces of the question; zeros where none are told apart."""
    asked = asked_pieces(question, source)
    if asked is None:
        return np.zeros((len(some), len(_PIECES) + _GAPS), np.float32)
    matches = piece_matches(asked, some, source)
    headed = np.stack([one.headed for one in matches])
    telling = asked.weights * headed.std(axis=0)
    telling = telling / (telling.sum() or 1.0)
    most = (headed >= headed.max(axis=0)).astype(np.float32)
    told = np.array(
        [
            [
                asked.share(one.own),
                asked.share(one.told),
                asked.share(one.headed),
                float(one.headed @ telling),
                one.headed.mean(),
                asked.share((one.headed > _FIRM).astype(np.float32)),
                asked.share(held),
                closest(one),
                one.back.mean(),
            ]
            for one, held in zip(matches, most, strict=True)
        ],
        np.float32,
    )
    told = (told - told.mean(axis=0)) / _APART
    return np.hstack([told, (told - told.max(axis=0))[:, :_GAPS]])


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
    return [words[:READ] for words in _words(one.candidate, text)]


def _words(candidate: RuleCandidate, text: str) -> list[str]:
    words = [candidate.provision.of(text)]
    if candidate.consequence is not None:
        words.append(candidate.consequence.sanction.of(text))
    return words
