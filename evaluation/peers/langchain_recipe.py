"""LangChain's plain recipe: RecursiveCharacterTextSplitter → Chroma → similarity_search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

from evaluation.harness.retrievers import RetrievedPassage
from retrieval.embeddings.langchain_adapter import LangChainEmbeddings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evaluation.datasets.material import SourceText
    from retrieval.embeddings.embedder import Embedder

NAME = "LangChain"
SIZE, OVERLAP = 1000, 200  # characters, as the recipe is usually shown
_BATCH = 2000  # chunks handed over at once; Chroma takes 5,461 at most


class LangChainRecipe:
    """Chunks in a Chroma collection on disk, nearest first."""

    name = NAME

    def __init__(self, store: Chroma) -> None:
        self._store = store

    @classmethod
    def build(
        cls, texts: Sequence[SourceText], *, embedder: Embedder, folder: Path, least: int = 0
    ) -> LangChainRecipe:
        """Split, embed and keep the texts in ``folder``; those of up to ``least`` characters stay whole."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=max(SIZE, least), chunk_overlap=OVERLAP)
        whole = [Document(page_content=text.text, metadata={"source": text.name}) for text in texts]
        chunks = splitter.split_documents(whole)
        store = Chroma(embedding_function=LangChainEmbeddings(embedder), persist_directory=str(folder))
        for start in range(0, len(chunks), _BATCH):
            store.add_documents(chunks[start : start + _BATCH])
        return cls(store)

    @classmethod
    def open(cls, *, embedder: Embedder, folder: Path) -> LangChainRecipe:
        """Open what was built before."""
        return cls(Chroma(embedding_function=LangChainEmbeddings(embedder), persist_directory=str(folder)))

    def find(self, question: str, *, k: int) -> list[RetrievedPassage]:
        """Return the nearest ``k`` chunks."""
        found = self._store.similarity_search(question, k=k)
        return [RetrievedPassage(name=str(one.metadata["source"]), text=one.page_content) for one in found]
