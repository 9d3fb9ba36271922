"""Haystack's usual pipelines: splitter → embedder → writer, and an in-memory store asked by vector."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

# Each run of a pipeline is reported to its maker over the network; read when the library is loaded.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
from haystack import Document, Pipeline, component
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore

from evaluation.harness.retrievers import RetrievedPassage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evaluation.datasets.material import SourceText
    from retrieval.embeddings.embedder import Embedder

NAME = "Haystack"
SIZE = 400  # characters, for its default of 200 words: it tells words by spaces, of which Chinese has none
SEPARATORS = ["\n\n", "。", "\n", " "]  # its own, but for an English sentence splitter that is downloaded
_FILE = "store.json"


@component
class DocumentVectors:
    """Any embedder of ours as what embeds documents."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        component.set_output_types(self, documents=list[Document])

    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """Return the documents with their vectors."""
        vectors = self._embedder.passages([one.content or "" for one in documents])
        made = zip(documents, vectors.tolist(), strict=True)
        return {"documents": [replace(one, embedding=vector) for one, vector in made]}


@component
class QueryVector:
    """Any embedder of ours as what embeds questions."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        component.set_output_types(self, embedding=list[float])

    def run(self, text: str) -> dict[str, list[float]]:
        """Return the vector of a question."""
        return {"embedding": self._embedder.query(text).tolist()}


class HaystackPipelines:
    """Chunks in memory, compared one by one, nearest first."""

    name = NAME

    def __init__(self, store: InMemoryDocumentStore, embedder: Embedder) -> None:
        self._asking = Pipeline()
        self._asking.add_component("vector", QueryVector(embedder))
        self._asking.add_component("retriever", InMemoryEmbeddingRetriever(store, return_embedding=False))
        self._asking.connect("vector.embedding", "retriever.query_embedding")

    @classmethod
    def build(
        cls, texts: Sequence[SourceText], *, embedder: Embedder, folder: Path, least: int = 0
    ) -> HaystackPipelines:
        """Split, embed and keep the texts in ``folder``; those of up to ``least`` characters stay whole."""
        store = InMemoryDocumentStore(shared=False)
        splitter = RecursiveDocumentSplitter(
            split_length=max(SIZE, least), split_unit="char", separators=SEPARATORS
        )
        filling = Pipeline()
        filling.add_component("splitter", splitter)
        filling.add_component("vectors", DocumentVectors(embedder))
        filling.add_component("writer", DocumentWriter(store))
        filling.connect("splitter.documents", "vectors.documents")
        filling.connect("vectors.documents", "writer.documents")
        whole = [Document(content=text.text, meta={"source": text.name}) for text in texts]
        filling.run({"splitter": {"documents": whole}})
        store.save_to_disk(str(folder / _FILE))
        return cls(store, embedder)

    @classmethod
    def open(cls, *, embedder: Embedder, folder: Path) -> HaystackPipelines:
        """Open what was built before."""
        return cls(InMemoryDocumentStore.load_from_disk(str(folder / _FILE)), embedder)

    def find(self, question: str, *, k: int) -> list[RetrievedPassage]:
        """Return the nearest ``k`` chunks."""
        asked: dict[str, Any] = {"vector": {"text": question}, "retriever": {"top_k": k}}
        found: list[Document] = self._asking.run(asked)["retriever"]["documents"]
        return [RetrievedPassage(name=str(one.meta["source"]), text=one.content or "") for one in found]
