"""One query, one ranking: two legs, hard filters, fusion of their scores, a quota for each place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from retrieval.text.tense import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from retrieval.values.documents import Filter

POOL = 50  # candidates that each leg may bring, if no more hits are asked for
DENSE = 0.5  # weight of the vectors' score against that of the words
TENSE = 0.5  # what it counts, in standard deviations, that a passage tells of what is asked: done or planned


class KeywordRetriever(Protocol):
    """Passages by the words they share with a text."""

    def find(self, text: str, *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the passages that share most with a text, with their BM25, best first."""
        ...

    def scores(self, text: str, ids: Collection[str]) -> dict[str, float]:
        """Return the BM25 of each of these passages that shares a word with a text."""
        ...

    def frequency(self, words: Iterable[str]) -> dict[str, float]:
        """Return the share of passages that hold each word."""
        ...


class VectorRetriever(Protocol):
    """Passages by the nearness of their vectors."""

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine, best first."""
        ...

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrievers:
    """What a search stands on; either may be missing, before the first text or without an embedder."""

    words: KeywordRetriever | None
    nearest: VectorRetriever | None = None
    tenses: Callable[[Collection[str]], Mapping[str, int]] | None = None  # see retrieval.text.tense


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPassage:
    """A passage's scores for a query."""

    passage: str
    score: float
    dense: float | None
    words: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as both legs take it; without ``vector`` it goes by words alone."""

    text: str
    vector: NDArray[np.float32] | None = None


@dataclass(slots=True, kw_only=True)
class Candidates:
    """What the legs have found, with the scores that they gave; the other leg's are still to be asked for."""

    words: dict[str, float] = field(default_factory=dict)  # BM25
    near: dict[str, float] = field(default_factory=dict)  # cosines

    @property
    def names(self) -> list[str]:
        """The passages, those with shared words first."""
        return list(dict.fromkeys((*self.words, *self.near)))

    def add(self, more: Candidates) -> None:
        """Take in what was found elsewhere."""
        self.words |= more.words
        self.near |= more.near


def search(
    legs: Retrievers,
    query: Query,
    *,
    k: int,
    limits: Filter,
    per_place: int | None = None,
) -> list[RankedPassage]:
    """Return the best ``k`` passages inside the limits, best first, with at most ``per_place`` of each place.

    The places of a quota are those of the limits; each is searched for itself, and none crowds out another.
    """
    pool = max(POOL, k)
    if per_place is None or not limits.places:
        return fuse(legs, query, _candidates(legs, query, limits, pool))[:k]
    candidates = Candidates()
    home: dict[str, str] = {}
    for place in limits.places:
        found = _candidates(legs, query, replace(limits, places=(place,)), pool)
        home |= dict.fromkeys(found.names, place)
        candidates.add(found)
    quota = dict.fromkeys(limits.places, per_place)
    chosen = []
    for ranked in fuse(legs, query, candidates):
        if quota[home[ranked.passage]] > 0:
            quota[home[ranked.passage]] -= 1
            chosen.append(ranked)
    return _rounds(chosen, home)[:k]


def _candidates(legs: Retrievers, query: Query, limits: Filter, pool: int) -> Candidates:
    found = Candidates()
    if legs.words:
        found.words = legs.words.find(query.text, limit=pool, limits=limits)
    if query.vector is not None and legs.nearest is not None:
        found.near = legs.nearest.find(query.vector, limit=pool, limits=limits)
    return found


def _rounds(ranked: Sequence[RankedPassage], home: Mapping[str, str]) -> list[RankedPassage]:
    """Order by score, but so that each place has its first before any has its second."""
    turn: dict[str, int] = {}
    rounds = []
    for one in ranked:
        place = home[one.passage]
        turn[place] = turn.get(place, -1) + 1
        rounds.append((turn[place], one))
    return [one for _, one in sorted(rounds, key=lambda pair: (pair[0], -pair[1].score))]


def fuse(legs: Retrievers, query: Query, candidates: Candidates) -> list[RankedPassage]:
    """Rank candidates by the weighted sum of both legs' z-scores over all candidates, and by their tense."""
    names = candidates.names
    if not names:
        return []
    words, near = dict(candidates.words), dict(candidates.near)
    if legs.words and (lacking := [name for name in names if name not in words]):
        words |= legs.words.scores(query.text, lacking)
    if (
        query.vector is not None
        and legs.nearest
        and (lacking := [name for name in names if name not in near])
    ):
        near |= legs.nearest.scores(query.vector, lacking)
    score = _standard([words.get(name, 0.0) for name in names])
    if near:
        floor = min(near.values())
        score = (1 - DENSE) * score + DENSE * _standard([near.get(name, floor) for name in names])
    lean = asked(query.text)
    if lean and legs.tenses is not None:
        tenses = legs.tenses(names)
        score += TENSE * lean * np.array([tenses.get(name, 0) for name in names])
    order = sorted(range(len(names)), key=lambda n: (-score[n], names[n]))
    return [
        RankedPassage(
            passage=names[n], score=float(score[n]), dense=near.get(names[n]), words=words.get(names[n])
        )
        for n in order
    ]


def _standard(values: Sequence[float]) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    spread = array.std()
    return (array - array.mean()) / spread if spread > 0 else np.zeros_like(array)
