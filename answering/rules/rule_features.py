"""What can be told of a by-law's candidate as an answer to a question, as numbers of about one size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.rules.aspects import ASPECTS
from answering.rules.rule_candidates import TRAITS
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from answering.rules.rule_candidates import RuleCandidate, RuleCandidates
    from answering.rules.rule_question import RuleQuestion
    from retrieval.values.documents import Document, Hit

MATCH = (
    "pairs", "pairs_all", "chars", "chars_all", "near_pairs", "near_chars", "before_pairs", "before_chars", "before_near",
    "precise", "dense", "dense_best", "words", "score", "title", "title_before", "province",
)  # fmt: skip
NAMES = (*MATCH, *TRAITS, *(f"{a}*{t}" for a in (*ASPECTS, "yes_no") for t in TRAITS))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldByLaw:
    """A by-law that may answer, with what a search gave its passages."""

    document: Document
    candidates: RuleCandidates
    hits: Mapping[tuple[int, int], Hit]  # by the offsets of the passage
    title: frozenset[str]  # pairs of characters of its title, without place and kind of text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A candidate with its by-law and its features."""

    held: HeldByLaw
    candidate: RuleCandidate
    features: NDArray[np.float32]


def features(question: RuleQuestion, bylaws: Sequence[HeldByLaw]) -> list[Scored]:
    """Return the candidates of all by-laws with their features, in the order of ``NAMES``."""
    asked = np.concatenate([question.aspects, [question.yes_no]])
    dense = [h.dense for b in bylaws for h in b.hits.values() if h.dense is not None]
    words = [h.words for b in bylaws for h in b.hits.values() if h.words is not None]
    scale = _Scale(
        mean=float(np.mean(dense)) if dense else 0.0,
        spread=float(np.std(dense)) or 1.0 if dense else 1.0,
        top=max(words, default=1.0) or 1.0,
    )
    found = []
    for held in bylaws:
        query = _Query.of(question, held.candidates)
        titles = (_share(held.title, question.grams), _share(held.title, question.grams_before))
        province = float(held.document.place not in question.places and bool(question.places))
        for candidate, text in zip(held.candidates.all, held.candidates.texts, strict=True):
            match = [*query.match(text.own, text.near), *_searched(candidate, held, scale), *titles, province]
            traits = np.asarray(text.traits, np.float32)
            row = np.concatenate([match, traits, np.outer(asked, traits).ravel()])
            found.append(Scored(held=held, candidate=candidate, features=row.astype(np.float32)))
    return found


def title_pairs(document: Document) -> frozenset[str]:
    """Return the pairs of characters of a by-law's title, without its place."""
    title = fold(document.title).replace(fold(document.place or ""), "")
    for kind in ("条例", "若干规定", "规定", "办法", "管理", "实施细则", "细则", "促进", "保护"):
        title = title.replace(kind, "|")
    return frozenset(g for g in bigrams(title) if len(g) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    mean: float
    spread: float
    top: float


@dataclass(frozen=True, slots=True)
class _Query:
    """A question's words with their weights in one by-law; words of one and of two characters apart."""

    pairs: dict[str, float]
    chars: dict[str, float]
    before_pairs: dict[str, float]
    before_chars: dict[str, float]
    known: tuple[float, float]  # weight of what the by-law holds of the pairs, and of the characters
    whole: tuple[float, float]

    @classmethod
    def of(cls, question: RuleQuestion, candidates: RuleCandidates) -> _Query:
        weigh = candidates.rarity

        def weights(grams: frozenset[str], size: int) -> dict[str, float]:
            return {g: weigh[g] for g in grams if g in weigh and (len(g) > 1) == (size > 1)}

        pairs, chars = weights(question.grams, 2), weights(question.grams, 1)
        missing = [sum((len(g) > 1) == two and g not in weigh for g in question.grams) for two in (True, False)]
        known = (sum(pairs.values()), sum(chars.values()))
        return cls(
            pairs,
            chars,
            weights(question.grams_before, 2),
            weights(question.grams_before, 1),
            known,
            (known[0] + missing[0] * candidates.rarest, known[1] + missing[1] * candidates.rarest),
        )

    def match(self, own: frozenset[str], near: frozenset[str]) -> list[float]:
        """Return the features of ``MATCH`` that compare words."""
        pairs, chars = _held(self.pairs, own), _held(self.chars, own)
        size = sum(len(g) > 1 for g in own) or 1
        return [
            _ratio(pairs, self.known[0]),
            _ratio(pairs, self.whole[0]),
            _ratio(chars, self.known[1]),
            _ratio(chars, self.whole[1]),
            _ratio(_held(self.pairs, near), self.known[0]),
            _ratio(_held(self.chars, near), self.known[1]),
            _ratio(_held(self.before_pairs, own), sum(self.before_pairs.values())),
            _ratio(_held(self.before_chars, own), sum(self.before_chars.values())),
            _ratio(_held(self.before_pairs, near), sum(self.before_pairs.values())),
            sum(g in own for g in self.pairs) / size**0.5,
        ]


def _held(weights: Mapping[str, float], own: frozenset[str]) -> float:
    return sum(weight for gram, weight in weights.items() if gram in own)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _share(grams: frozenset[str], asked: frozenset[str]) -> float:
    return len(grams & asked) / len(grams) if grams else 0.0


def _searched(candidate: RuleCandidate, held: HeldByLaw, scale: _Scale) -> list[float]:
    """Return what the search gave the passages of a candidate: of the one it leads with, and the best."""
    clauses = candidate.clauses
    hits = [h for (low, high), h in held.hits.items() if any(low <= c.start < high for c in clauses)]
    lead = candidate.provision.start
    first = next((h for (low, high), h in held.hits.items() if low <= lead < high), None)
    dense = [(h.dense - scale.mean) / scale.spread for h in hits if h.dense is not None]
    own = first.dense if first is not None else None
    return [
        0.0 if own is None else (own - scale.mean) / scale.spread,
        max(dense, default=0.0),
        max((h.words or 0.0 for h in hits), default=0.0) / scale.top,
        max((h.score for h in hits), default=-1.0) / 3.0,
    ]
