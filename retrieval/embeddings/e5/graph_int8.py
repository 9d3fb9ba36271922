"""The embedded model for many texts at once: matrices of eight bits, and the values of each piece as well.

The 4-bit matrices take four fifths of the time of an ingest: they are unpacked anew for each text. Brought to
int8, with a scale a column, they are multiplied by instructions that processors have for it (VNNI, or dot
products on ARM). Each row of values, a piece of a text, has a scale of its own, so that a text's vector does
not hang on which others go through the network beside it. Questions keep the 4-bit graph: one short text goes
through that as fast.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embeddings.e5.graph import Parts

if TYPE_CHECKING:
    from retrieval.embeddings.e5.onnx_writer import Graph
    from retrieval.embeddings.e5.weights import Weights

_MOST = 127  # the largest weight and value; values are kept as bytes around 128
_LEAST = 1e-12  # no row of values is shorter: a scale must not be 0
_ARM = ("aarch64", "arm64")
_SUMS_EXACTLY = ("avx512_vnni", "avx_vnni")


def exact(cpuinfo: Path = Path("/proc/cpuinfo"), machine: str | None = None) -> bool:
    """Tell whether this processor sums products of bytes without a loss.

    Without VNNI an x86 adds pairs of them in sixteen bits, which such values overflow.
    """
    if (machine or platform.machine()).lower() in _ARM:
        return True
    try:
        told = cpuinfo.read_text(encoding="ascii", errors="ignore")
    except OSError:
        return False
    flags = next((line.split() for line in told.splitlines() if line.startswith("flags")), [])
    return any(name in flags for name in _SUMS_EXACTLY)


class ByteParts(Parts):
    """The encoder's parts with matrices and values of eight bits."""

    def __init__(self, graph: Graph, weights: Weights) -> None:
        super().__init__(graph, weights)
        self._scales: dict[str, str] = {}  # values made ready → scale of each of their rows
        graph.constant("most", np.array(1 / _MOST, np.float32))
        graph.constant("least", np.array(_LEAST, np.float32))
        graph.constant("middle", np.array(128, np.uint8))
        graph.constant("middles", np.array([128], np.uint8))
        graph.constant("unscaled", np.array(1, np.float32))
        graph.constant("last", np.array([-1], np.int64))
        for width in {weights.width, weights.inner}:
            graph.constant(f"rows{width}", np.array([-1, width], np.int64))

    def ready(self, at: str, value: str, width: int) -> str:
        """Bring each row to bytes by its largest value, positive or negative."""
        graph = self.graph
        high = graph.node("ReduceMax", [value, "last"], f"{at}.high", keepdims=1)
        low = graph.node("ReduceMin", [value, "last"], f"{at}.low", keepdims=1)
        far = graph.node("Max", [high, graph.node("Neg", [low], f"{at}.down"), "least"], f"{at}.far")
        scale = graph.node("Mul", [far, "most"], f"{at}.scale")
        rows = graph.node("Reshape", [value, f"rows{width}"], f"{at}.rows")
        scales = graph.node("Reshape", [scale, "last"], f"{at}.scales")
        count = graph.node("Shape", [scales], f"{at}.count")
        middles = graph.node("Expand", ["middles", count], f"{at}.middles")
        flat = graph.node("QuantizeLinear", [rows, scales, middles], f"{at}.flat", axis=0)
        made = graph.node("Reshape", [flat, graph.node("Shape", [value], f"{at}.shape")], f"{at}.bytes")
        self._scales[made] = scale
        return made

    def matrix(self, at: str, value: str, inputs: int) -> str:
        """Multiply bytes with bytes, and bring the sums back by the scales of column and row."""
        graph = self.graph
        weights = self.weights.matrix(f"{at}.w", inputs)
        scales = np.maximum(np.abs(weights).max(axis=1), _LEAST) / np.float32(_MOST)
        graph.constant(f"{at}.w", np.round(weights / scales[:, None]).astype(np.int8).T.copy())
        graph.constant(f"{at}.s", scales)
        operands = [value, f"{at}.w", "unscaled", f"{at}.s", "middle"]
        columns = graph.contrib("MatMulIntegerToFloat", operands, f"{at}.columns")
        product = graph.node("Mul", [columns, self._scales[value]], f"{at}.product")
        return graph.node("Add", [product, self.plain(f"{at}.b")], at)
