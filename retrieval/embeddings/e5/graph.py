"""The embedded model as an ONNX graph: word vectors in, sentence vectors out.

A BERT encoder with its 4-bit matrices kept as MatMulNBits (block 32, int8 arithmetic). Words are looked up
outside, in the mapped weights: most of the 250,000 are never met, and so are neither copied nor loaded.
``embedded_bytes`` has the same network in eight bits, which many texts go through twice as fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrieval.embeddings.e5.onnx_writer import FLOAT, INT32, Graph
from retrieval.embeddings.e5.weights import BLOCK

if TYPE_CHECKING:
    from retrieval.embeddings.e5.weights import Weights

WORDS, MASK, VECTORS = "words", "mask", "vectors"
# The layer whose pieces are compared one with another: of twelve, the ninth tells words of like meaning apart
# best (Zhang et al. 2020, BERTScore, table 8); the last ones draw all pieces of a text together.
_COMPARED = 9
PIECES = "compared"
LAYOUT = 2  # grows when the bytes below change
_INT8 = 4  # MatMulNBits' accuracy level that multiplies in int8


class Parts:
    """Adds the encoder's parts to one graph, from one file of weights."""

    def __init__(self, graph: Graph, weights: Weights) -> None:
        self.graph = graph
        self.weights = weights

    def embed(self) -> str:
        """Add positions to the words, and normalise."""
        graph, weights = self.graph, self.weights
        places = (
            weights.plain("emb.pos").reshape(-1, weights.width) + weights.plain("emb.type")[: weights.width]
        )
        graph.constant("places", places)
        graph.constant("nought", np.zeros(1, np.int64))
        graph.node("Shape", [WORDS], "length", start=1, end=2)
        graph.node("Slice", ["places", "nought", "length", "nought"], "placed")
        return self._normalise("emb.ln", graph.node("Add", [WORDS, "placed"], "summed"))

    def layer(self, at: str, value: str) -> str:
        """Add one layer: attention, then the inner network, each added to what came in."""
        width, inner = self.weights.width, self.weights.inner
        entering = self.ready(f"{at}.in", value, width)
        heads = [self.matrix(f"{at}.{part}", entering, width) for part in "qkv"]
        attended = self.graph.contrib(
            "MultiHeadAttention", [*heads, "", MASK], f"{at}.attended", num_heads=self.weights.heads
        )
        attended = self.ready(f"{at}.at", attended, width)
        value = self._add_and_normalise(f"{at}.aln", value, self.matrix(f"{at}.ao", attended, width))
        within = self.matrix(f"{at}.fi", self.ready(f"{at}.mid", value, width), width)
        opened = self.graph.contrib("Gelu", [within], f"{at}.opened")
        opened = self.ready(f"{at}.out", opened, inner)
        return self._add_and_normalise(f"{at}.oln", value, self.matrix(f"{at}.fo", opened, inner))

    def pool(self, value: str) -> None:
        """Add the sum over a text's own pieces, brought to length one as their mean would be."""
        graph = self.graph
        graph.constant("one", np.ones(1, np.int64))
        graph.node("Cast", [MASK], "weights", to=FLOAT)
        graph.node("Unsqueeze", ["weights", "one"], "row")
        graph.node("MatMul", ["row", value], "sums")
        graph.node("Squeeze", ["sums", "one"], "sum")
        graph.node("LpNormalization", ["sum"], VECTORS, axis=-1, p=2)

    def ready(self, at: str, value: str, width: int) -> str:  # noqa: ARG002 - other matrices need them
        """Make a value ready to be multiplied; 4-bit matrices take it as it is."""
        return value

    def plain(self, name: str) -> str:
        """Add a tensor of the weights that is kept as it is."""
        return self.graph.constant(name, self.weights.plain(name))

    def matrix(self, at: str, value: str, inputs: int) -> str:
        """Multiply what was made ready with a matrix, and add its bias."""
        packed, scales = self.weights.packed(f"{at}.w", inputs)
        self.graph.constant(f"{at}.w", packed)
        self.graph.constant(f"{at}.s", scales)
        sizes = {"K": inputs, "N": len(packed), "bits": 4, "block_size": BLOCK, "accuracy_level": _INT8}
        operands = [value, f"{at}.w", f"{at}.s", "", "", self.plain(f"{at}.b")]
        return self.graph.contrib("MatMulNBits", operands, at, **sizes)

    def _add_and_normalise(self, at: str, value: str, change: str) -> str:
        summed = self.graph.node("Add", [value, change], f"{at}.summed")
        return self._normalise(at, summed)

    def _normalise(self, at: str, value: str) -> str:
        inputs = [value, self.plain(f"{at}.w"), self.plain(f"{at}.b")]
        return self.graph.node("LayerNormalization", inputs, at, axis=-1, epsilon=self.weights.epsilon)


def encoder(weights: Weights, kind: type[Parts] = Parts) -> bytes:
    """Return the model file: words (texts, pieces, width) and their 0/1 mask → vectors (texts, width).

    It also gives ``PIECES`` (texts, pieces, width), each piece as the ninth layer has it.
    """
    graph = Graph("embedding")
    parts = kind(graph, weights)
    graph.input(WORDS, FLOAT, ["texts", "pieces", weights.width])
    graph.input(MASK, INT32, ["texts", "pieces"])
    value = parts.embed()
    for layer in range(weights.layers):
        value = parts.layer(f"l{layer}", value)
        if layer == min(_COMPARED, weights.layers) - 1:
            graph.node("Identity", [value], PIECES)
    parts.pool(value)
    graph.output(VECTORS, FLOAT, ["texts", weights.width])
    graph.output(PIECES, FLOAT, ["texts", "pieces", weights.width])
    return graph.model()
