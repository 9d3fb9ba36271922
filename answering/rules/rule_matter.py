"""Whether a by-law is on the matter that a question asks about, or only on something said in like words.

What every question says ("罚多少", "要不要") tells nothing; how much each run of characters tells is learned from how many
by-laws it is asked of. What is left is looked for in the candidate, in its article and in the whole by-law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrieval.text.normalize import bigrams, fold, is_english

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion
    from answering.rules.rule_second_look import SentenceNearness

MATTER = (
    "told_pairs", "told_chars", "article_pairs", "bylaw_pairs", "bylaw_chars", "lacked", "own_near", "title_near",
    "near_over_title",
)  # fmt: skip
_USUAL = (0.86, 0.84)  # cosines of a question and its provision, and its by-law's title
_SPREAD = 0.03
_UNKNOWN = (1.0, 1.5, -0.5)  # where there are no vectors: between what answers and what does not
_MANY = 10.0  # weight of lacking words that counts as one
_READ = 160  # characters of a clause that its vector is made of


def matter_features(question: RuleQuestion, best: Scored, near: SentenceNearness) -> NDArray[np.float32]:
    """Return the features of ``MATTER`` of the best candidate: shares (0…1) of what is asked, then centred cosines."""
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
            *_nearness(question, best, near),
        ],
        np.float32,
    )


def _share(weights: Mapping[str, float], held: frozenset[str] | set[str]) -> float:
    whole = sum(weights.values())
    return sum(w for g, w in weights.items() if g in held) / whole if whole else 1.0


def _nearness(question: RuleQuestion, best: Scored, near: SentenceNearness) -> tuple[float, float, float]:
    """Return how near the candidate and its by-law's title are; what is usual where there are no vectors.

    Cosines across languages are on another scale and count as none.
    """
    candidate, text = best.candidate, best.held.candidates.bylaw.text
    words = [best.held.document.title, candidate.provision.of(text)[:_READ]]
    if candidate.consequence is not None:
        words.append(candidate.consequence.sanction.of(text)[:_READ])
    found = None if is_english(question.text) else near(question.search, words)
    if found is None:
        return _UNKNOWN
    own, title = (max(found[1:]) - _USUAL[0]) / _SPREAD, (found[0] - _USUAL[1]) / _SPREAD
    return own, title, own - title
