"""Learns the networks of meaning, and the odds of each example by one that has not seen its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from answering.judge.meaning import TokenSide
from answering.judge.meaning.entailment import laid_side_by_side, texts_of
from answering.judge.meaning.token_alignment import Projection
from evaluation.verification.meaning.network_fit import FitPlan, LabelledPairs, fit_network
from retrieval.embeddings.text_tokens import TextTokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from answering.judge import ClaimEvidence
    from answering.judge.meaning import MeaningNetwork
    from retrieval.embeddings.text_tokens import TokenEmbedder

    Tokens = dict[str, TextTokens]

FOLDS = 4
_AXES, _SAMPLED = 96, 80_000  # axes of a piece's vector that are kept; pieces that they are found from
_SHIPPED = 2  # networks that ship: their odds are averaged
_AT_ONCE = 2_000  # texts embedded in one call
_MOST = 6.0  # odds beyond this say no more


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningExample:
    """A claim with its evidence, whether that bears it out, and how much it counts; 0 to be told only."""

    claim: str
    evidence: Sequence[ClaimEvidence]
    true: bool
    weight: float
    group: str = ""

    @property
    def fold(self) -> int:
        """The part that it is in: what is of one group, or tells of one place in one year, is in the same."""
        first = self.evidence[0]
        return crc32((self.group or f"{first.place}{first.year}").encode()) % FOLDS


def learn_meaning(
    found: Sequence[MeaningExample], embedder: TokenEmbedder, plan: FitPlan, *, folds_ship: bool = False
) -> tuple[list[float], list[MeaningNetwork]]:
    """Return the odds of each example, −6…6, by a network that has not seen its place, and the networks.

    Where ``folds_ship`` these are the networks of the folds, each without a part of the examples.
    """
    tokens = _embedded({text for one in found for text in texts_of(one.claim, one.evidence)}, embedder)
    projection = _projection(tokens)
    sides = [_laid(one, tokens, projection) for one in found]
    pairs = LabelledPairs(
        sides=sides,
        wanted=np.array([one.true for one in found], np.float32),
        weights=np.array([one.weight for one in found], np.float32),
    )
    folds, counted = np.array([one.fold for one in found]), pairs.weights > 0
    odds, parts = [0.0] * len(found), []
    for fold in range(FOLDS):
        network = fit_network(pairs, np.flatnonzero((folds != fold) & counted), projection, plan, seed=fold)
        parts.append(network)
        for row in np.flatnonzero(folds == fold):
            odds[row] = max(-_MOST, min(_MOST, network.odds(*sides[row])))
    if folds_ship:
        return odds, parts
    every = np.flatnonzero(counted)
    return odds, [fit_network(pairs, every, projection, plan, seed=FOLDS + n) for n in range(_SHIPPED)]


def save(networks: Sequence[MeaningNetwork], provenance: str, path: Path) -> None:
    """Write networks that share one projection, in 16 bits."""
    first = networks[0]
    names = [name for name in first.__slots__ if name not in ("mean", "axes")]
    held: dict[str, Any] = {name: np.stack([getattr(one, name) for one in networks]) for name in names}
    held |= {"mean": first.mean, "axes": first.axes}
    small = {name: values.astype(np.float16) for name, values in held.items()}
    np.savez_compressed(path, allow_pickle=False, provenance=np.array(provenance), **small)


def _embedded(texts: Iterable[str], embedder: TokenEmbedder) -> Tokens:
    order = sorted(texts, key=lambda text: (len(text), text))
    found: Tokens = {}
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        for text, tokens in zip(some, embedder.tokens(some), strict=True):
            found[text] = TextTokens(tokens.words, tokens.vectors.astype(np.float16))
    return found


def _projection(tokens: Tokens) -> Projection:
    """Return the mean of all pieces and their main axes, each scaled by the fourth root of its variance."""
    names = sorted(tokens)
    np.random.default_rng(1).shuffle(names)
    some: list[NDArray[np.float32]] = []
    while names and sum(map(len, some)) < _SAMPLED:
        some.append(tokens[names.pop()].vectors.astype(np.float32))
    vectors = np.concatenate(some)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    mean = vectors.mean(axis=0)
    sizes, axes = np.linalg.eigh(np.cov((vectors - mean).T))
    kept = np.argsort(-sizes)[:_AXES]
    return Projection(mean, (axes[:, kept] / sizes[kept] ** 0.25).astype(np.float32))


def _laid(one: MeaningExample, tokens: Tokens, projection: Projection) -> tuple[TokenSide, TokenSide]:
    def known(texts: Sequence[str]) -> list[TextTokens]:
        return [TextTokens(t.words, t.vectors.astype(np.float32)) for t in (tokens[text] for text in texts)]

    beside = laid_side_by_side(one.claim, one.evidence, known, projection)
    assert beside is not None  # every text has pieces
    return _halved(beside[0]), _halved(beside[1])


def _halved(side: TokenSide) -> TokenSide:
    """Return a side in 16 bits: all of them are held at once."""
    parts: list[Any] = [part.astype(np.float16) for part in side]
    return TokenSide(*parts)
