"""Texts as vectors: what an embedder is, and how one is chosen by name.

Three kinds of name: ``embedded`` (the model that comes with the program), ``openai:MODEL`` (any endpoint that
speaks OpenAI's protocol) and ``none`` (search by words alone).
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from retrieval.embeddings.e5.weights import Weights, find_weights
from retrieval.values.errors import EmbeddingError, EmbeddingUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

EMBEDDED, NONE, ENDPOINT = "embedded", "none", "openai:"
STORE = "chromadb"  # without it vectors could not be kept
_ENGINES = ("onnxruntime", "tokenizers")  # what runs the embedded model


class Embedder(Protocol):
    """Turns passages and questions into vectors that may be compared by their product."""

    @property
    def name(self) -> str:
        """Return which model it is; vectors of different names are not comparable."""
        ...

    @property
    def dimension(self) -> int:
        """Return how many numbers a vector has."""
        ...

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) vectors of length one, in the order of the texts."""
        ...

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the (dimension,) vector of a question."""
        ...


@runtime_checkable
class BatchEmbedder(Protocol):
    """An embedder that makes many batches at once, somewhere else."""

    def each(self, batches: Sequence[Sequence[str]]) -> Iterator[NDArray[np.float32]]:
        """Give the vectors of each batch in turn."""
        ...


@runtime_checkable
class QuickEmbedder(Protocol):
    """An embedder that makes the vectors of a few sentences while somebody waits for an answer."""

    def quickly(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) vectors of length one, in the order of the texts."""
        ...


def open_embedder(
    *,
    home: Path,
    spec: str = EMBEDDED,
    base_url: str | None = None,
    api_key: str | None = None,
    batch: int = 64,
    timeout: float = 30.0,
) -> Embedder | None:
    """Return the embedder of this name, or None where words alone must serve (``words_alone`` tells why).

    ``batch`` (texts a request) and ``timeout`` (seconds) are for endpoints. Raises EmbeddingError for a name
    of no kind.
    """
    if words_alone(spec):
        return None
    if spec == EMBEDDED:
        from retrieval.embeddings.e5.model import EmbeddedModel  # noqa: PLC0415 - onnxruntime: 0.1 s

        return EmbeddedModel(home)
    from retrieval.embeddings.openai_compatible import EndpointEmbedder  # noqa: PLC0415 - langchain: over 1 s

    model = spec.removeprefix(ENDPOINT)
    return EndpointEmbedder(model, base_url=base_url, api_key=api_key, batch=batch, timeout=timeout)


def words_alone(spec: str) -> str | None:
    """Return a sentence on why there are no vectors under this name, or None when there are."""
    if spec == NONE:
        return "设置为只按字词检索。"
    needed = (*_ENGINES, STORE) if spec == EMBEDDED else (STORE,)
    if spec == EMBEDDED:
        try:
            Weights(find_weights())
        except EmbeddingUnavailable as error:
            return str(error)
    elif not spec.removeprefix(ENDPOINT).strip() or not spec.startswith(ENDPOINT):
        raise EmbeddingError(f"不认识的向量模型“{spec}”：请写 {EMBEDDED}、{NONE} 或 {ENDPOINT}模型名。")
    absent = [name for name in needed if not _installed(name)]
    return (
        f"这台机器上没有 {'、'.join(absent)}（没有适用于此平台的安装包），只按字词检索。" if absent else None
    )


def _installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:
        return False
