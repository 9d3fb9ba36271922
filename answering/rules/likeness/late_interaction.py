"""Which pieces of a question a provision has something like, by the vectors that an embedder gives them in their sentence.

Late interaction (Khattab & Zaharia 2020, section 3.3): each piece of the question counts the greatest cosine that any
piece of the provision has with it. What a piece counts is what its characters tell of the matter (``RuleQuestion.content``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from answering.judge.meaning.network import learned_networks
from answering.judge.nearness import Nearness
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion
    from retrieval.embeddings.embedder import Embedder
    from retrieval.embeddings.text_tokens import TextTokens

    Floats = NDArray[np.float32]

READ = 160  # characters of a clause that its vectors are made of
_CLOSEST = 6  # pieces of a provision that are closest to the question


class MeaningSource(Protocol):
    """Tells how near texts are in meaning."""

    @property
    def text_embedder(self) -> Embedder | None:
        """What turns text into vectors; None where words alone serve."""

    def nearness(self, question: str, texts: Sequence[str]) -> Sequence[float] | None:
        """Return a cosine for each text; None where there are no vectors."""


@dataclass(frozen=True, slots=True)
class AskedPieces:
    """The pieces of a question, n of them."""

    vectors: Floats  # (n, width), centred and of length one
    weights: Floats  # (n,) what each counts; their sum is 1, or 0 where none counts

    def share(self, held: Floats) -> float:
        """Return the weighted mean of what is held of each piece."""
        return float(held @ self.weights)


@dataclass(frozen=True, slots=True)
class PieceMatch:
    """The pieces of a question, each with the greatest cosine that a clause has with it."""

    own: Floats  # (n,) of the provision
    told: Floats  # (n,) of the provision and what follows it
    headed: Floats  # (n,) of these and their lead-in
    back: Floats  # (m,) of each piece of the provision with the question's


def asked_pieces(question: RuleQuestion, source: MeaningSource) -> AskedPieces | None:
    """Return the pieces of a question; None where no embedder tells pieces apart."""
    found = pieces_of([question.words], source)
    if found is None or not found[0].words:
        return None
    weights = np.array([_told(word, question) for word in found[0].words], np.float32)
    return AskedPieces(centred(found[0].vectors), weights / (weights.sum() or 1.0))


def piece_matches(asked: AskedPieces, ranked: Sequence[Scored], source: MeaningSource) -> list[PieceMatch]:
    """Return for each candidate which pieces of the question it has something like."""
    read = [_clauses(one) for one in ranked]
    texts = list(dict.fromkeys(text for own in read for text in own if text))
    found = pieces_of(texts, source) or []
    cosines = {
        text: asked.vectors @ centred(one.vectors).T
        for text, one in zip(texts, found, strict=True)
        if one.words
    }
    nothing = np.full((len(asked.weights), 1), -1.0, np.float32)
    matches = []
    for own, sanction, head in read:
        mine = cosines.get(own, nothing)
        held = mine.max(axis=1)
        told = np.maximum(held, cosines.get(sanction, nothing).max(axis=1))
        headed = np.maximum(told, cosines.get(head, nothing).max(axis=1))
        matches.append(PieceMatch(held, told, headed, mine.max(axis=0)))
    return matches


def closest(match: PieceMatch) -> float:
    """Return the mean cosine of the pieces of a provision that are closest to the question."""
    return float(np.sort(match.back)[-_CLOSEST:].mean())


def pieces_of(texts: Sequence[str], source: MeaningSource) -> list[TextTokens] | None:
    """Return the pieces of each text; None where no embedder tells pieces apart."""
    embedder = source.text_embedder
    if embedder is None:
        return None
    return _kept(embedder).tokens(texts)  # type: ignore[arg-type]  # a protocol may not say so, but objects are hashable


def centred(vectors: Floats) -> Floats:
    """Return vectors of pieces without what all have in common, of length one."""
    return _unit(_unit(vectors) - learned_networks()[0].mean)


@lru_cache(maxsize=2)
def _kept(embedder: Embedder) -> Nearness:
    """Return what keeps the pieces of texts that are compared again and again."""
    return Nearness(embedder)


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def _told(word: str, question: RuleQuestion) -> float:
    """Return how much (0…1) a piece tells of the matter: the mean over its characters and their pairs."""
    told = [question.content.get(gram, 0.0) for gram in bigrams(fold(word)) if not gram.isascii()]
    return sum(told) / len(told) if told else 0.0


def _clauses(one: Scored) -> tuple[str, str, str]:
    """Return the words of a candidate's own provision, of what follows it, and of its lead-in."""
    text, candidate = one.held.candidates.bylaw.text, one.candidate
    sanction = candidate.consequence.sanction.of(text) if candidate.consequence is not None else ""
    head = candidate.provision.head.of(text) if candidate.provision.head is not None else ""
    return candidate.provision.of(text)[:READ], sanction[:READ], head[:READ]
