"""What can be told of a by-law's candidate as an answer to a question, as numbers of about one size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.question.unit_classes import fits
from answering.rules.aspects import ASPECTS
from answering.rules.conditions import meets
from answering.rules.rule_candidates import TRAITS
from retrieval.provisions import references
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from answering.question.intent import ExpectedAnswer
    from answering.rules.rule_candidates import CandidateText, RuleCandidate, RuleCandidates
    from answering.rules.rule_question import RuleQuestion
    from retrieval.values.documents import Document, Hit

MATCH = (
    "pairs", "pairs_all", "chars", "chars_all", "act_pairs", "act_chars", "near_pairs", "near_chars", "sanction_pairs",
    "precise", "before_pairs", "before_chars", "before_near", "before_sanction", "bare_pairs", "bare_chars", "bare_near",
    "bare_sanction", "named", "bounds", "unit", "again", "term", "sibling", "dense", "dense_best", "words", "score", "title",
    "title_before", "province",
)  # fmt: skip
_FULL = 10.0  # weight of words from which a question stands by itself
_AGAIN = re.compile(r"第[二三23]次|[两二三23][次回]|再[次犯被来]|又[被犯]|屡|\brepeat|\bsecond time")
_PAIRS, _CHARS = MATCH.index("pairs_all"), MATCH.index("chars_all")
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
    vectors = any(h.dense is not None for b in bylaws for h in b.hits.values())
    dense = [n for b in bylaws for h in b.hits.values() if (n := _nearness(h, vectors=vectors)) is not None]
    words = [h.words for b in bylaws for h in b.hits.values() if h.words is not None]
    scale = _Scale(
        mean=float(np.mean(dense)) if dense else 0.0,
        spread=float(np.std(dense)) or 1.0 if dense else 1.0,
        top=max(words, default=1.0) or 1.0,
        vectors=vectors,
    )
    found = []
    for held in bylaws:
        query = _Query(question, held)
        titles = (_share(held.title, question.grams), _share(held.title, question.grams_before))
        province = float(held.document.place not in question.places and bool(question.places))
        matches = [
            query.match(c, text) for c, text in zip(held.candidates.all, held.candidates.texts, strict=True)
        ]
        siblings = _siblings(held.candidates, matches)
        for n, (candidate, text) in enumerate(zip(held.candidates.all, held.candidates.texts, strict=True)):
            near = _searched(candidate, held, scale)
            match = [*matches[n], siblings[n], *near, *titles, province]
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
    vectors: bool


@dataclass(frozen=True, slots=True)
class _Weights:
    """Some words with their weights in one by-law: pairs of characters, and single ones."""

    pairs: dict[str, float]
    chars: dict[str, float]

    @classmethod
    def of(cls, grams: frozenset[str], rarity: Mapping[str, float]) -> _Weights:
        held = {g: rarity[g] for g in grams if g in rarity}
        return cls(
            {g: w for g, w in held.items() if len(g) > 1}, {g: w for g, w in held.items() if len(g) == 1}
        )

    def share(self, own: frozenset[str], *, chars: bool = False) -> float:
        """Return the weight of what ``own`` holds, as a share of all that the by-law knows."""
        weights = self.chars if chars else self.pairs
        return _ratio(_held(weights, own), sum(weights.values()))


class _Query:
    """A question's words, and those of the turns before it, with their weights in one by-law."""

    def __init__(self, question: RuleQuestion, held: HeldByLaw) -> None:
        rarity = held.candidates.rarity
        self._rarity = rarity
        self._words, self._want = question.words, question.want
        self._again = _AGAIN.search(question.words) is not None
        self._terms = {t for one in held.candidates.texts for t in one.terms if t in question.words}
        self._own = _Weights.of(question.grams, rarity)
        self._before = _Weights.of(question.grams_before, rarity)
        unknown = [g for g in question.grams if g not in rarity]
        pairs = sum(len(g) > 1 for g in unknown)
        rarest = held.candidates.rarest
        self._all = (
            sum(self._own.pairs.values()) + rarest * pairs,
            sum(self._own.chars.values()) + rarest * (len(unknown) - pairs),
        )
        self._bare = 1.0 / (1.0 + sum(self._own.pairs.values()) / _FULL) if question.before else 0.0
        self._named = frozenset(r.article for r in references(question.before, article=0, paragraph=0))

    def match(self, candidate: RuleCandidate, text: CandidateText) -> list[float]:
        """Return the features of ``MATCH`` that compare words."""
        own, before = self._own, self._before
        pairs, chars = _held(own.pairs, text.own), _held(own.chars, text.own)
        mass = sum(self._rarity.get(g, 0.0) for g in text.own if len(g) > 1)
        earlier = [
            before.share(text.own),
            before.share(text.own, chars=True),
            before.share(text.near),
            before.share(text.sanction),
        ]
        return [
            own.share(text.own),
            _ratio(pairs, self._all[0]),
            own.share(text.own, chars=True),
            _ratio(chars, self._all[1]),
            own.share(text.act),
            own.share(text.act, chars=True),
            own.share(text.near),
            own.share(text.near, chars=True),
            own.share(text.sanction),
            _ratio(pairs, mass),
            *earlier,
            *(self._bare * one for one in earlier),
            self._bare * float(bool(self._named & _articles(candidate))),
            meets(self._words, text.words),
            _unit_fits(text, self._want),
            float(self._again) * (1.0 if text.repeated else -1.0),
            self._term_fits(text.terms),
        ]

    def _term_fits(self, terms: Sequence[str]) -> float:
        """Return 1 where a candidate defines a term that is asked by name, −1 where it defines others only."""
        if not terms or not self._terms:
            return 0.0
        return 1.0 if any(term in self._terms for term in terms) else -1.0


def _unit_fits(text: CandidateText, want: ExpectedAnswer) -> float:
    """Return 1 where a candidate has a figure in a unit that is asked for, −1 where it has none, 0 where none is."""
    if want.kind != "figure" or not want.units:
        return 0.0
    return 1.0 if any(fits(figure, want) for figure in text.figures) else -1.0


def _siblings(candidates: RuleCandidates, matches: Sequence[Sequence[float]]) -> list[float]:
    """Return how far each item is behind the item of its list that shares most with a question, at most 0."""
    shared = [row[_PAIRS] + row[_CHARS] for row in matches]
    best: dict[int, float] = {}
    for candidate, value in zip(candidates.all, shared, strict=True):
        if candidate.provision.item is not None:
            at = candidate.provision.paragraph.start
            best[at] = max(best.get(at, 0.0), value)
    return [
        0.0 if candidate.provision.item is None else value - best[candidate.provision.paragraph.start]
        for candidate, value in zip(candidates.all, shared, strict=True)
    ]


def _articles(candidate: RuleCandidate) -> frozenset[int]:
    source = candidate.consequence.source.article.numeral if candidate.consequence else 0
    return frozenset((candidate.provision.article.numeral, source))


def _held(weights: Mapping[str, float], own: frozenset[str]) -> float:
    return sum(weight for gram, weight in weights.items() if gram in own)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _share(grams: frozenset[str], asked: frozenset[str]) -> float:
    return len(grams & asked) / len(grams) if grams else 0.0


def _nearness(hit: Hit, *, vectors: bool) -> float | None:
    """Return the cosine of a passage; where no passage has a vector, its score by words in place of it."""
    return hit.dense if vectors else hit.words


def _searched(candidate: RuleCandidate, held: HeldByLaw, scale: _Scale) -> list[float]:
    """Return what the search gave the passages of a candidate: of the one it leads with, and the best."""
    clauses = candidate.clauses
    hits = [h for (low, high), h in held.hits.items() if any(low <= c.start < high for c in clauses)]
    lead = candidate.provision.start
    first = next((h for (low, high), h in held.hits.items() if low <= lead < high), None)
    near = [n for h in hits if (n := _nearness(h, vectors=scale.vectors)) is not None]
    dense = [(n - scale.mean) / scale.spread for n in near]
    own = _nearness(first, vectors=scale.vectors) if first is not None else None
    return [
        0.0 if own is None else (own - scale.mean) / scale.spread,
        max(dense, default=0.0),
        max((h.words or 0.0 for h in hits), default=0.0) / scale.top,
        max((h.score for h in hits), default=-1.0) / 3.0,
    ]
