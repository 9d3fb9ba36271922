"""One collection of passages' vectors in Chroma, embedded in a folder or on a server. Seam: chromadb.

Chroma is imported when a folder is opened: that takes most of a second, which a command that searches nothing
is spared.
"""

from __future__ import annotations

import re
import warnings
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from retrieval.index.sync.engine_errors import guarded
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.values.documents import IndexEntry

    EntryVectors = Callable[[Sequence[IndexEntry]], NDArray[np.float32]]

T = TypeVar("T")
VERSION = 2  # raised with each change of what is kept in a collection
SPACE = "cosine"
DATABASE = "chroma.sqlite3"  # beside it, a folder for the graph
# Measured: docs/decisions/0049. Chroma's own numbers (100, 16, 100) miss more of the nearest.
BUILT, NEIGHBOURS, SEARCHED = 200, 32, 400
GRAPH = {"space": SPACE, "ef_construction": BUILT, "max_neighbors": NEIGHBOURS, "ef_search": SEARCHED}
_LEAST = 2  # the smallest threshold that Chroma takes
_SAVED = 20_000  # rows after which Chroma writes its graph out while it is filled
_BATCH = 500  # Chroma takes 5,461 rows at most; in between a question is let by
_NEAR = 1e-4  # how far a fetched vector may be from the one that was put


def stamp_of(model: str) -> str:
    """Return what tells an index of this model and format from others."""
    return f"chroma/{VERSION}/{SPACE}/{BUILT}-{NEIGHBOURS}-{SEARCHED}/{model}"


class VectorIndex:
    """The vectors of the passages of one generation, in one Chroma collection."""

    def __init__(
        self, client: Any, collection: Any, vectors: EntryVectors, *, folder: Path | None = None
    ) -> None:
        self._client = client  # None where others own it
        self._folder = folder  # None on a server
        self._collection = collection
        self._vectors = vectors  # of entries, L2-normalised rows
        self._last: Sequence[IndexEntry] = ()  # that was put

    @classmethod
    def create(cls, folder: Path, *, model: str, vectors: EntryVectors) -> VectorIndex:
        """Make an empty index in an empty folder."""
        with guarded("向量索引"):
            client = _client(folder)
            collection = client.create_collection(
                _name(model),
                embedding_function=None,
                configuration={"hnsw": {**GRAPH, "sync_threshold": _SAVED}},
                metadata=facts_of(model),
            )
            return cls(client, collection, vectors, folder=folder)

    @classmethod
    def open(cls, folder: Path, *, model: str, vectors: EntryVectors) -> VectorIndex:
        """Open the index in a folder; raise ``IndexBroken`` if it is damaged or not what it should be."""
        if not looks_whole(folder):
            raise IndexBroken(f"向量索引 {folder} 已损坏。它会由资料目录库自动重建。")
        with guarded("向量索引"):
            client = _client(folder)
            collection = client.get_collection(_name(model), embedding_function=None)
            checked(collection, model, folder)
            return cls(client, collection, vectors, folder=folder)

    def close(self) -> None:
        """Let go of the files."""
        if self._client is not None:
            self._client.close()

    def count(self) -> int:
        """Return how many passages it holds."""
        with guarded("向量索引"):
            return int(self._collection.count())

    def apply(self, entries: Iterable[IndexEntry], dropped: Sequence[str]) -> None:
        """Put entries in place of what was held under their ids, and drop others; it may be done twice."""
        with guarded("向量索引"):
            for some in _batches(dropped):
                self._collection.delete(ids=list(some))
            for batch in _batches(entries):
                self._put(batch)
                self._last = batch[-1:]

    def _put(self, batch: Sequence[IndexEntry]) -> None:
        ids = [entry.id for entry in batch]
        self._collection.upsert(ids=ids, embeddings=self._vectors(batch))

    def save(self) -> None:
        """Have the graph written out: rows that Chroma has only logged are put in again at each opening.

        It writes after as many rows as its threshold says, which counts from the next opening on.
        """
        if self._folder is None or not self._last:
            return
        with guarded("向量索引"):
            self._write_after(_LEAST)
            self._client.close()
            self._client = _client(self._folder)
            self._collection = self._client.get_collection(self._collection.name, embedding_function=None)
            self._put(self._last)
            self._write_after(_SAVED)

    def _write_after(self, rows: int) -> None:
        with warnings.catch_warnings():  # of a collection without an embedding function it says "legacy"
            warnings.simplefilter("ignore", DeprecationWarning)
            self._collection.modify(configuration={"hnsw": {"sync_threshold": rows}})

    def warm(self) -> None:
        """Have the graph read into memory, which the first question does otherwise."""
        with guarded("向量索引"):
            held = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            if len(held):
                self._collection.query(query_embeddings=[held[0]], n_results=1, include=[])

    def check(self, some: Sequence[IndexEntry]) -> None:
        """Raise ``IndexBroken`` if it does not hold these entries.

        The count stays right when vectors are lost: only fetching them proves that they are there.
        """
        if not some:  # after the last document was removed
            return
        names = [entry.id for entry in some]
        there = self.get(names)
        for name, vector in zip(names, self._vectors(some), strict=True):
            if name not in there or not np.allclose(there[name], vector, atol=_NEAR):
                raise IndexBroken(f"向量索引没有存住段落 {name}。它会由资料目录库自动重建。")

    def get(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors held of these passages."""
        if not ids:
            return {}
        with guarded("向量索引"):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
            return dict(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))

    def find(self, vector: NDArray[np.float32], *, limit: int) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first."""
        with guarded("向量索引"):
            found = self._collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
            return {name: 1.0 - far for name, far in zip(found["ids"][0], found["distances"][0], strict=True)}


def facts_of(model: str) -> dict[str, str | int]:
    """Return what is noted on a collection of a model."""
    return {"model": model, "version": VERSION}


def checked(collection: Any, model: str, place: object) -> None:
    """Raise ``IndexBroken`` if a collection is of another model, measure or graph.

    Chroma keeps what a collection was made with, whatever it is asked for later.
    """
    told = collection.configuration_json.get("hnsw") or {}
    found = {name: told.get(name) for name in GRAPH} | {"model": (collection.metadata or {}).get("model")}
    if found != {**GRAPH, "model": model}:
        raise IndexBroken(f"向量索引 {place} 的模型、度量或参数不符：{found}。它会自动重建。")


def looks_whole(folder: Path) -> bool:
    """Tell, without opening it, whether a folder has a Chroma database in it that was not cut short."""
    path = folder / DATABASE
    try:
        with path.open("rb") as file:
            head = file.read(100)
        size = path.stat().st_size
    except OSError:
        return False
    # The file format of SQLite: page size at 16 (where 1 stands for 65,536), number of pages at 28.
    page = int.from_bytes(head[16:18]) or 0
    return head[:16] == b"SQLite format 3\0" and size >= int.from_bytes(head[28:32]) * (
        65536 if page == 1 else page
    )


def _client(folder: Path) -> Any:
    import chromadb  # noqa: PLC0415 - most of a second, which who searches nothing is spared
    from chromadb.config import Settings  # noqa: PLC0415

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _name(model: str) -> str:
    slug = re.sub(r"[^a-zA-Z0-9]+", "-", model).strip("-")[:80]
    return f"passages-{slug}-v{VERSION}"


def _batches(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while batch := list(islice(rest, _BATCH)):
        yield batch
