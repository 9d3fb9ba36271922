"""A collection of a Chroma server, with what ``VectorIndex`` asks of one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from retrieval.index.chroma.collection import GRAPH, checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.index.chroma.http_client import ChromaServer

_PAGE = 100  # collections listed at once


class ServedCollection:
    """One collection, known by its id: another of the same name is not mistaken for it."""

    def __init__(self, server: ChromaServer, told: dict[str, Any]) -> None:
        self._server = server
        self._path = f"/collections/{told['id']}"
        self.metadata: dict[str, Any] = told.get("metadata") or {}
        self.configuration_json: dict[str, Any] = told.get("configuration_json") or {}

    @classmethod
    def create(cls, server: ChromaServer, name: str, metadata: dict[str, str | int]) -> ServedCollection:
        """Make an empty collection."""
        body = {"name": name, "metadata": metadata, "configuration": {"hnsw": GRAPH}, "get_or_create": False}
        return cls(server, server.ask("POST", "/collections", body))

    @classmethod
    def open(cls, server: ChromaServer, name: str, model: str) -> ServedCollection:
        """Return a collection. Raises ``IndexGone``, and ``IndexBroken`` if it isn't what it should be."""
        found = cls(server, server.ask("GET", f"/collections/{quote(name)}"))
        checked(found, model, name)
        return found

    def note(self, **facts: str | int) -> None:
        """Note facts on the collection beside those that stand there."""
        self.metadata |= facts
        self._server.ask("PUT", self._path, {"new_metadata": self.metadata})

    def count(self) -> int:
        """Return how many rows there are."""
        return int(self._server.ask("GET", f"{self._path}/count"))

    def delete(self, *, ids: Sequence[str]) -> None:
        """Drop rows, those that are there."""
        self._server.ask("POST", f"{self._path}/delete", {"ids": list(ids)})

    def upsert(self, *, ids: Sequence[str], embeddings: NDArray[np.float32]) -> None:
        """Put rows in place of what was held under their ids."""
        packed = [base64.b64encode(row.tobytes()).decode() for row in embeddings.astype("<f4")]
        body = {"ids": list(ids), "embeddings": packed}
        self._server.ask("POST", f"{self._path}/upsert", body)

    def get(self, *, ids: Sequence[str], include: Sequence[str]) -> dict[str, Any]:
        """Return rows by their ids, those that are there."""
        found: dict[str, Any] = self._server.ask(
            "POST", f"{self._path}/get", {"ids": list(ids), "include": list(include)}
        )
        return found

    def query(
        self,
        *,
        query_embeddings: Sequence[NDArray[np.float32]],
        n_results: int,
        include: Sequence[str],
    ) -> dict[str, Any]:
        """Return the nearest rows to each vector."""
        asked = {
            "query_embeddings": [vector.tolist() for vector in query_embeddings],
            "n_results": n_results,
            "include": list(include),
        }
        found: dict[str, Any] = self._server.ask("POST", f"{self._path}/query", asked)
        return found


def names(server: ChromaServer, beginning: str) -> list[str]:
    """Return the names of all collections that begin so."""
    found: list[str] = []
    while page := server.ask("GET", f"/collections?limit={_PAGE}&offset={len(found)}"):
        found += [str(one["name"]) for one in page]
        if len(page) < _PAGE:
            break
    return [name for name in found if name.startswith(beginning)]


def drop(server: ChromaServer, name: str) -> None:
    """Delete a collection with all it holds."""
    server.ask("DELETE", f"/collections/{quote(name)}")
