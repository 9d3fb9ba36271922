"""Whether a by-law is on the matter that a question asks about, or only on something said in like words.

What every question says ("罚多少", "要不要") tells nothing; how much each run of characters tells is learned from how many
by-laws it is asked of. What is left is looked for in the candidate, in its article and in the whole by-law: its words,
and pieces that mean the same, also in what the by-law says it is about (its title and first articles).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from answering.rules.likeness.late_interaction import (
    READ,
    asked_pieces,
    centred,
    piece_matches,
    pieces_of,
)
from retrieval.text.normalize import bigrams, fold, is_english

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from answering.rules.likeness.late_interaction import MeaningSource
    from answering.rules.rule_features import HeldByLaw, Scored
    from answering.rules.rule_question import RuleQuestion

MATTER = (
    "told_pairs", "told_chars", "article_pairs", "bylaw_pairs", "bylaw_chars", "lacked", "own_near", "title_near",
    "near_over_title", "pieces_held", "pieces_lost", "pieces_somewhere", "pieces_elsewhere", "pieces_weakest", "pieces_about",
    "about_pieces",
)  # fmt: skip
_USUAL = (0.86, 0.84)  # cosines of a question and its provision, and its by-law's title
_SPREAD = 0.03
_UNKNOWN = (1.0, 1.5, -0.5)  # where there are no vectors: between what answers and what does not
_MANY = 10.0  # weight of lacking words that counts as one
_LOOKED_AT = 10  # candidates whose pieces are looked at
_HALF, _TENTH = 0.5, 0.1  # a usual cosine of a piece and what is like it, and a usual difference
_LOST = 0.35  # cosine below which a provision has nothing like a piece
_HEAVY = 0.5  # of the heaviest piece's weight, from which a piece is one of those that matter most
_ABOUT = 2  # first articles, which say what a by-law is about


def matter_features(
    question: RuleQuestion, ranked: Sequence[Scored], source: MeaningSource
) -> NDArray[np.float32]:
    """Return the features of ``MATTER`` of the best candidate: shares (0…1) of what is asked, then centred cosines."""
    best = ranked[0]
    candidates = best.held.candidates
    text = candidates.text_of(best.candidate)
    title = frozenset(bigrams(fold(best.held.document.title)))
    own = text.own | text.act | text.sanction | title
    pairs = {g: w for g, w in question.content.items() if len(g) > 1}
    chars = {g: w for g, w in question.content.items() if len(g) == 1}
    bylaw = candidates.rarity.keys() | title
    lacked = sum(w for g, w in pairs.items() if g not in bylaw)
    return np.array(
        [
            _share(pairs, own),
            _share(chars, own),
            _share(pairs, own | text.near),
            _share(pairs, bylaw),
            _share(chars, bylaw),
            lacked / _MANY,
            *_nearness(question, best, source),
            *_pieces(question, ranked[:_LOOKED_AT], source),
        ],
        np.float32,
    )


def _share(weights: Mapping[str, float], held: frozenset[str] | set[str]) -> float:
    whole = sum(weights.values())
    return sum(w for g, w in weights.items() if g in held) / whole if whole else 1.0


def _pieces(question: RuleQuestion, some: Sequence[Scored], source: MeaningSource) -> list[float]:
    """Return how what is asked is held piece by piece; nothing of it where no embedder tells pieces apart."""
    asked = None if is_english(question.text) else asked_pieces(question, source)
    if asked is None or not asked.weights.any():
        return [0.0] * 7
    matches = piece_matches(asked, some, source)
    best = matches[0].headed
    somewhere = np.stack([one.headed for one in matches]).max(axis=0)
    about = pieces_of([_about(some[0].held)], source) or []
    cosines = asked.vectors @ centred(about[0].vectors).T
    heavy = asked.weights >= _HEAVY * asked.weights.max()
    return [
        (asked.share(best) - _HALF) / _TENTH,
        asked.share((best < _LOST).astype(np.float32)),
        (asked.share(somewhere) - _HALF) / _TENTH,
        asked.share(somewhere - best) / _TENTH,
        (float(best[heavy].min()) - _HALF) / _TENTH,
        (asked.share(cosines.max(axis=1)) - _HALF) / _TENTH,
        (float(cosines.max(axis=0).mean()) - _HALF) / _TENTH,
    ]


def _about(held: HeldByLaw) -> str:
    """Return what a by-law says it is about."""
    bylaw = held.candidates.bylaw
    first = [article.of(bylaw.text) for article in bylaw.articles[:_ABOUT]]
    return "。".join((held.document.title, *first))[: 2 * READ]


def _nearness(question: RuleQuestion, best: Scored, source: MeaningSource) -> tuple[float, float, float]:
    """Return how near the candidate and its by-law's title are; what is usual where there are no vectors.

    Cosines across languages are on another scale and count as none.
    """
    candidate, text = best.candidate, best.held.candidates.bylaw.text
    words = [best.held.document.title, candidate.provision.of(text)[:READ]]
    if candidate.consequence is not None:
        words.append(candidate.consequence.sanction.of(text)[:READ])
    found = None if is_english(question.text) else source.nearness(question.search, words)
    if found is None:
        return _UNKNOWN
    own, title = (max(found[1:]) - _USUAL[0]) / _SPREAD, (found[0] - _USUAL[1]) / _SPREAD
    return own, title, own - title
