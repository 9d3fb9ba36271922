"""Runs the embedded model's graph; the only module that knows onnxruntime."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

# Builds for Linux report their use to their maker over the network; read when the library is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

from retrieval.embeddings.e5.graph import MASK, VECTORS, WORDS
from retrieval.values.errors import EmbeddingError, EmbeddingUnavailable

if TYPE_CHECKING:
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
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except FAILURES as error:
            version = onnxruntime.__version__
            raise EmbeddingUnavailable(
                f"onnxruntime {version} 载不进内置向量模型，请升级它；在此之前只按字词检索。"
            ) from error

    def vectors(self, words: NDArray[np.float32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        """Turn (texts, pieces, width) words, as far as the mask is 1, into (texts, width) vectors."""
        try:
            outputs = self._session.run([VECTORS], {WORDS: words, MASK: mask})
        except FAILURES as error:
            raise EmbeddingError("内置向量模型计算出错，可能内存不足，请少给些文本。") from error
        return np.asarray(outputs[0], np.float32)
