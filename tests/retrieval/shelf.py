"""What tests of the library stand on: an embedder made of shared characters, and small invented texts."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from retrieval.text.normalize import bigrams
from retrieval.values.documents import IndexEntry, Source, document_id, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class HashedWords:
    """An embedder that adds up one fixed vector for each character and pair: shared words, near vectors."""

    def __init__(self, name: str = "hashed", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        total = np.zeros(self.dimension)
        for word in bigrams(text):
            seed = int.from_bytes(sha256(f"{self.name} {word}".encode()).digest()[:8])
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        return (total / (np.linalg.norm(total) or 1.0)).astype(np.float32)


def source(key: str, text: str, **metadata: str) -> Source:
    """Return a source as if it had been read."""
    return Source(
        key=key, text=text, digest=sha256(text.encode()).hexdigest(), media="text/plain", metadata=metadata
    )


def write(folder: Path, name: str, place: str, *lines: str, year: int = 2021) -> Path:
    """Write a text with front matter."""
    path = folder / name
    head = f"---\nplace: {place}\ntitle: {place}的经验\ndate: {year}-06-03\n---\n"
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def entry(name: str, text: str, **facts: object) -> IndexEntry:
    """Return an entry of the indexes."""
    values: dict[str, object] = {"document": document_id(name), "genre": "other", "place": None, "year": None}
    return IndexEntry(id=name, text=text, key=key_of(text), **(values | facts))  # type: ignore[arg-type]
