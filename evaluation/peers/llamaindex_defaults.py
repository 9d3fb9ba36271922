"""LlamaIndex as it comes: SentenceSplitter → VectorStoreIndex → its retriever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from pydantic import PrivateAttr

from evaluation.harness.retrievers import RetrievedPassage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from llama_index.core.indices.base import BaseIndex

    from evaluation.datasets.material import SourceText
    from retrieval.embeddings.embedder import Embedder

NAME = "LlamaIndex"
SIZE = 1024  # tokens of a chunk, as it has it without being told
_TOKENS = 2  # that a Chinese character takes at most


class LlamaIndexEmbedding(BaseEmbedding):  # type: ignore[misc, unused-ignore]  # untyped where the extra is absent
    """Any embedder of ours as one of LlamaIndex's."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, **given: Any) -> None:
        super().__init__(model_name=embedder.name, **given)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._embedder.query(query).tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.passages(texts).tolist()
        return vectors


class LlamaIndexDefaults:
    """Chunks of 1,024 tokens that overlap by 200, compared in memory, nearest first."""

    name = NAME

    def __init__(self, index: BaseIndex[Any]) -> None:
        self._index = index

    @classmethod
    def build(
        cls, texts: Sequence[SourceText], *, embedder: Embedder, folder: Path, least: int = 0
    ) -> LlamaIndexDefaults:
        """Split, embed and keep the texts in ``folder``; those of up to ``least`` characters stay whole."""
        index = VectorStoreIndex.from_documents(
            [Document(text=text.text, doc_id=text.name) for text in texts],
            transformations=[SentenceSplitter(chunk_size=max(SIZE, _TOKENS * least))],
            embed_model=LlamaIndexEmbedding(embedder),
        )
        index.storage_context.persist(persist_dir=str(folder))
        return cls(index)

    @classmethod
    def open(cls, *, embedder: Embedder, folder: Path) -> LlamaIndexDefaults:
        """Open what was built before."""
        stored = StorageContext.from_defaults(persist_dir=str(folder))
        return cls(load_index_from_storage(stored, embed_model=LlamaIndexEmbedding(embedder)))

    def find(self, question: str, *, k: int) -> list[RetrievedPassage]:
        """Return the nearest ``k`` chunks; none for an empty question, on which its retriever stumbles."""
        if not question:
            return []
        nodes = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [RetrievedPassage(name=str(one.node.ref_doc_id), text=one.node.get_content()) for one in nodes]
