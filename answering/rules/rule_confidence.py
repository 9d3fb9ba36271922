"""How sure the best candidate is an answer: features of the ranking, and one learned weight each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from answering.rules.aspects import ASPECTS
from answering.rules.likeness.rule_matter import MATTER, matter_features
from answering.rules.rule_candidates import TRAITS
from answering.rules.rule_features import MATCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.rules.likeness.late_interaction import MeaningSource
    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion

_OWN = (
    "pairs",
    "pairs_all",
    "chars",
    "chars_all",
    "act_pairs",
    "bounds",
    "unit",
    "sibling",
    "before_chars",
    "dense_best",
    "title",
    "title_before",
    "province",
)
_FITS = (
    ("penalty", "consequence"), ("penalty", "fined"), ("deadline", "period"), ("figure", "number"),
    ("responsible", "authority"), ("definition", "defines"), ("list", "list"), ("in_force", "in_force"),
)  # fmt: skip
CONFIDENCE = (
    "score", "margin", "share", "unfined", "unpunished", "to_bylaw", "placed", "carried", "nearest", "yes_no",
    *_OWN,
    *(f"{aspect}" for aspect in ASPECTS),
    *(f"{aspect}&{trait}" for aspect, trait in _FITS),
    *(f"{aspect}-{trait}" for aspect, trait in _FITS),
    *MATTER,
)  # fmt: skip
_USUAL = 0.86  # cosine of a question and the passage that answers it; where there are no vectors
_SAME = 0.5  # share of two titles' words in common from which by-laws are on the same matter
_CONSEQUENCE, _FINED = TRAITS.index("consequence"), TRAITS.index("fined")


def confidence_features(
    question: RuleQuestion, ranked: Sequence[Scored], scores: Sequence[float], source: MeaningSource
) -> NDArray[np.float32]:
    """Return the features of ``CONFIDENCE`` of a ranking, best first; ``scores`` are the candidates' own."""
    best = ranked[0]
    grown = np.exp(np.asarray(scores) - scores[0])
    same = np.array([is_no_rival(s, best) for s in ranked])
    other = next((v for v, alike in zip(scores, same, strict=True) if not alike), scores[0] - 5.0)
    match = {name: float(best.features[n]) for n, name in enumerate(MATCH)}
    traits = dict(zip(TRAITS, best.features[len(MATCH) : len(MATCH) + len(TRAITS)], strict=True))
    asked = dict(zip(ASPECTS, question.aspects, strict=True))
    dense = [h.dense for h in best.held.hits.values() if h.dense is not None]
    return np.array(
        [
            scores[0] / 5.0,
            min(scores[0] - other, 5.0),
            float(grown[same].sum() / grown.sum()),
            asked["penalty"] * _gap(ranked, scores, _FINED),
            asked["penalty"] * _gap(ranked, scores, _CONSEQUENCE),
            question.to_bylaw,
            float(question.placed),
            float(bool(question.before)),
            (max(dense, default=_USUAL) - 0.8) * 10.0,
            question.yes_no,
            *(match[name] for name in _OWN),
            *(float(p) for p in question.aspects),
            *(asked[a] * float(traits[t]) for a, t in _FITS),
            *(asked[a] * (1.0 - float(traits[t])) for a, t in _FITS),
            *matter_features(question, ranked, source),
        ],
        np.float32,
    )


def is_no_rival(one: Scored, best: Scored) -> bool:
    """Tell whether a candidate is of the best one's article, or of another place's by-law on the same matter."""
    if one.held is best.held:
        return one.candidate.provision.article.numeral == best.candidate.provision.article.numeral
    mine, other = best.held.title, one.held.title
    alike = len(mine & other) > _SAME * len(mine | other)
    return alike and one.held.document.place != best.held.document.place


def _gap(ranked: Sequence[Scored], scores: Sequence[float], trait: int) -> float:
    """Return how far the best candidate is before the best one with a trait, at most 5."""
    at = len(MATCH) + trait
    with_it = next((v for s, v in zip(ranked, scores, strict=True) if s.features[at]), scores[0] - 5.0)
    return min(scores[0] - with_it, 5.0)
