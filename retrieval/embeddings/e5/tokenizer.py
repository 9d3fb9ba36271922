"""A text as the embedded model's pieces: the most probable segmentation (a unigram language model, Viterbi).

Written here because the ``tokenizers`` package takes 0.8 s to load these 250,000 pieces, which every
``chengwen ask`` would pay; a test holds the two equal. Pieces are unpacked when a text first shows the two
characters they begin with.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.embeddings.e5.weights import Pieces

_SPACE = "▁"
_LONGEST = 8192  # characters looked at: 512 pieces of 16 characters, the longest there are
_UNKNOWN_PENALTY = 10.0
_PAIR = 21  # bits of a code point

_Entry = tuple[int, float]  # id, score


class Vocabulary:
    """Turns texts into ids, safely for any string."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._text = pieces.blob.decode()
        self._starts = _character_offsets(pieces)
        self._order, self._keys = self._by_first_two()
        self._groups: dict[str, tuple[tuple[int, ...], dict[str, _Entry]]] = {}
        self._unknown_score = float(pieces.scores.min()) - _UNKNOWN_PENALTY

    def _by_first_two(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        points = np.frombuffer(self._text.encode("utf-32-le") + bytes(4), "<u4").astype(np.int64)
        starts, lengths = self._starts[:-1], np.diff(self._starts)
        keys = (points[starts] << _PAIR) | np.where(lengths > 1, points[starts + 1], 0)
        keys[self._pieces.scores >= 0] = -1  # marks such as </s>: whoever types one means its characters
        order = np.argsort(keys, kind="stable")
        return order, keys[order]

    def ids(self, text: str, *, most: int) -> list[int]:
        """Return the ids of a text between its two marks, cut to ``most`` in all."""
        body = self._segment(_SPACE + self._normal(text).replace(" ", _SPACE))
        return [self._pieces.start, *body[: most - 2], self._pieces.end]

    def piece(self, number: int) -> str:
        """Return the characters of a piece; the mark of a word's beginning is left out."""
        return self._text[self._starts[number] : self._starts[number + 1]].lstrip(_SPACE)

    def _normal(self, text: str) -> str:
        replaced = text[:_LONGEST].translate(self._pieces.replacements)
        return " ".join(unicodedata.normalize("NFC", replaced).split())[:_LONGEST]

    def _segment(self, text: str) -> list[int]:
        unknown, penalty = self._pieces.unknown, self._unknown_score
        best = [0.0] + [-np.inf] * len(text)
        step = [(0, unknown)] * (len(text) + 1)  # where the piece that ends here begins, and its id
        for start in range(len(text)):
            score = best[start]
            if score + penalty > best[start + 1]:
                best[start + 1], step[start + 1] = score + penalty, (start, unknown)
            lengths, group = self._group(text[start : start + 2])
            for length in lengths:
                end = start + length
                if end > len(text):
                    break
                entry = group.get(text[start:end])
                if entry and score + entry[1] > best[end]:
                    best[end], step[end] = score + entry[1], (start, entry[0])
        return _walk_back(step, unknown)

    def _group(self, first: str) -> tuple[tuple[int, ...], dict[str, _Entry]]:
        found = self._groups.get(first)
        if found is None:
            found = self._groups[first] = self._unpack(first)
        return found

    def _unpack(self, first: str) -> tuple[tuple[int, ...], dict[str, _Entry]]:
        key = ord(first[0]) << _PAIR
        keys = (key, key | ord(first[1])) if len(first) > 1 else (key,)
        group: dict[str, _Entry] = {}
        for wanted in keys:
            low, high = np.searchsorted(self._keys, (wanted, wanted + 1))
            for piece in self._order[low:high].tolist():
                text = self._text[self._starts[piece] : self._starts[piece + 1]]
                group[text] = (piece, float(self._pieces.scores[piece]))
        return tuple(sorted({len(text) for text in group})), group


def _character_offsets(pieces: Pieces) -> NDArray[np.int64]:
    """Turn the pieces' offsets in bytes into offsets in characters."""
    leads = (np.frombuffer(pieces.blob, np.uint8) & 0xC0) != 0x80
    counted = np.zeros(len(leads) + 1, np.int64)
    np.cumsum(leads, out=counted[1:])
    return counted[pieces.offsets]


def _walk_back(step: list[tuple[int, int]], unknown: int) -> list[int]:
    """Follow the best steps from the end; a run of unknown characters is one unknown piece."""
    ids: list[int] = []
    at = len(step) - 1
    while at > 0:
        at, piece = step[at]
        if not (piece == unknown and ids and ids[-1] == unknown):
            ids.append(piece)
    return ids[::-1]
