"""Each piece of a claim beside the pieces of its evidence that mean most like it, and the other way round.

Decomposable attention (Parikh et al. 2016, section 3.1) on vectors of an encoder that is not trained further:
the weights of the attention are a softmax over cosines, after the mean of all pieces is taken off.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrieval.text.sentences import HAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from retrieval.embeddings.text_tokens import TextTokens

    Floats = NDArray[np.float32]

_WARMTH = 0.06  # of the softmax over cosines
_LIKE = 0.35  # cosine from which a piece of the claim stands for one of the evidence
_AROUND = 6  # pieces of the evidence to each side of such a one that are compared the other way round
_FAR, _OFTEN, _LONG = 20, 4, 60  # distances, counts and lengths are told as shares of these
_KINDS = tuple(map(re.compile, ("[0-9]", f"[{HAN}]", "^[a-zA-Z]+$", r"^\W*$")))


class TokenSide(NamedTuple):
    """The pieces of one text, n of them, compared with the other text."""

    own: Floats  # (n, axes) vectors
    aligned: Floats  # (n, axes) of what the other text has for each
    marks: Floats  # (n, marks) how near and how placed what is aligned is


class Projection(NamedTuple):
    """Brings a piece's vector to its main axes."""

    mean: Floats  # (width,) of all pieces, brought to length one before
    axes: Floats  # (width, axes)


def sides(
    claim: TextTokens, evidence: Sequence[tuple[TextTokens, int]], projection: Projection
) -> tuple[TokenSide, TokenSide]:
    """Return the claim's pieces beside the evidence's, and the evidence's near them beside the claim's.

    Each item of the evidence comes with the characters at its head that only say of what it tells: the claim
    may lean on them, and need not repeat them.
    """
    words = tuple(word for tokens, _ in evidence for word in tokens.words)
    theirs = np.concatenate([tokens.vectors for tokens, _ in evidence])
    headed = np.concatenate([_headed(tokens.words, head) for tokens, head in evidence])
    mine, theirs = _centred(claim.vectors, projection), _centred(theirs, projection)
    cosines = _unit(mine) @ _unit(theirs).T
    same = np.array([[one == other for other in words] for one in claim.words])
    own, other = mine @ projection.axes, theirs @ projection.axes
    kinds = np.array([_kinds(word) for word in claim.words], np.float32)
    their_kinds = np.array([_kinds(word) for word in words], np.float32)
    first = TokenSide(own, *_beside(cosines, same, other, kinds, their_kinds))
    sure = cosines.argmax(axis=1)[cosines.max(axis=1) > _LIKE]
    apart = np.full(len(words), _FAR)
    if len(sure):
        apart = np.abs(np.arange(len(words))[:, None] - sure).min(axis=1)
    aligned, marks = _beside(cosines.T, same.T, own, their_kinds, kinds)
    marks = np.column_stack((marks, np.minimum(apart, _AROUND + 2) / (_AROUND + 2))).astype(np.float32)
    kept = (apart <= _AROUND) & ~headed
    kept[-1] |= not kept.any()
    return first, TokenSide(other[kept], aligned[kept], marks[kept])


def _centred(vectors: Floats, projection: Projection) -> Floats:
    return _unit(vectors) - projection.mean


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def _headed(words: Sequence[str], head: int) -> NDArray[np.bool_]:
    """Mark the pieces within the first characters of a text, spaces not counted."""
    return np.cumsum([len(word) for word in words]) <= head


@lru_cache(maxsize=65_536)
def _kinds(word: str) -> tuple[float, ...]:
    """Tell whether a piece has a digit, a Chinese character, is Latin, is punctuation."""
    return tuple(float(kind.search(word) is not None) for kind in _KINDS)


def _beside(
    cosines: Floats, same: NDArray[np.bool_], other: Floats, kinds: Floats, other_kinds: Floats
) -> tuple[Floats, Floats]:
    """Return what the other text has for each row's piece, and the marks of the pair."""
    many = len(cosines)
    nearest, best = cosines.argmax(axis=1), cosines.max(axis=1)
    weights = np.exp((cosines - best[:, None]) / _WARMTH)
    weights /= weights.sum(axis=1, keepdims=True)
    found = same[np.arange(many), nearest]
    steps = np.diff(nearest)
    rest = cosines.copy()
    rest[np.arange(many), nearest] = -1.0
    columns = (
        best,
        np.r_[best[:1], best[:-1]],
        np.r_[best[1:], best[-1:]],
        same.any(axis=1),
        found,
        np.r_[0, steps == 1],
        np.r_[steps == 1, 0],
        -(weights * np.log(weights + 1e-9)).sum(axis=1) / 3,
        kinds,
        other_kinds[nearest, 0],
        np.arange(many) / max(1, many - 1),
        np.minimum(np.abs(np.r_[0, steps]), _FAR) / _FAR,
        _displaced(nearest, found),
        np.minimum(best - rest.max(axis=1), 1.0),
        np.minimum(same.sum(axis=1), _OFTEN) / _OFTEN,
        np.full(many, min(many, _LONG) / _LONG),
    )
    return weights @ other, np.column_stack(columns).astype(np.float32)


def _displaced(nearest: NDArray[np.intp], found: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Tell how far each piece's counterpart is from those of the three nearest pieces found unchanged."""
    at = np.arange(len(nearest))
    firm = np.flatnonzero(found) if found.any() else at
    if len(firm) < 2:
        return np.zeros(len(nearest))
    apart = np.abs(firm[None, :] - at[:, None])
    apart[apart == 0] = len(nearest) + 1
    near = firm[np.argsort(apart, axis=1, kind="stable")[:, :3]]
    displaced = np.abs(nearest[near] - nearest[:, None]).min(axis=1)
    return np.asarray(np.minimum(displaced, _FAR) / _FAR, np.float64)
