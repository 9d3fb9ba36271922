"""Which other stacks are installed, and what they have built of a set of texts."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evaluation.datasets.material import SourceText
    from evaluation.harness.retrievers import RetrievedPassage
    from retrieval.embeddings.embedder import Embedder

NEEDED = ("langchain_chroma", "langchain_text_splitters", "llama_index.core", "haystack")
MISSING = "the other stacks are not installed: pip install -r requirements-extras.lock (make eval does it)"


class PeerStack(Protocol):
    """Another stack: it builds from texts, or opens what it built, and then finds."""

    @property
    def name(self) -> str:
        """Return which stack it is."""
        ...

    @classmethod
    def build(cls, texts: Sequence[SourceText], *, embedder: Embedder, folder: Path, least: int = 0) -> Self:
        """Split, embed and keep the texts in ``folder``; those of up to ``least`` characters stay whole."""
        ...

    @classmethod
    def open(cls, *, embedder: Embedder, folder: Path) -> Self:
        """Open what was built before."""
        ...

    def find(self, question: str, *, k: int) -> Sequence[RetrievedPassage]:
        """Return the nearest ``k`` chunks."""
        ...


def installed() -> bool:
    """Tell whether the optional extra stands in this environment."""
    try:
        return all(find_spec(name) is not None for name in NEEDED)
    except ModuleNotFoundError:  # of the package around a missing module
        return False


def peers() -> tuple[type[PeerStack], ...]:
    """Return the other stacks, or none where they are not installed."""
    if not installed():
        return ()
    # They take seconds to import and are optional.
    from evaluation.peers.haystack_pipelines import HaystackPipelines  # noqa: PLC0415
    from evaluation.peers.langchain_recipe import LangChainRecipe  # noqa: PLC0415
    from evaluation.peers.llamaindex_defaults import LlamaIndexDefaults  # noqa: PLC0415

    return LangChainRecipe, LlamaIndexDefaults, HaystackPipelines
