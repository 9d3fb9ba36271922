"""An embedder that keeps what it makes in a file, so that a measurement can be broken off and repeated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.embeddings.embedder import Embedder

_MADE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"


class KeptVectors:
    """Another embedder's vectors, each made once; questions are made ready before the clock runs."""

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self._embedder = embedder
        self._path = path
        self._questions: dict[str, NDArray[np.float32]] = {}
        self.made = 0  # passages that were not in the file
        with closing(sqlite3.connect(path)) as file:
            file.execute(_MADE)

    @property
    def name(self) -> str:
        """Return the other's name: its vectors are the same."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """Return how many numbers a vector has."""
        return self._embedder.dimension

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts, those from the file that are there."""
        keys = [sha256(f"{self.name}\0{text}".encode()).digest()[:16] for text in texts]
        with closing(sqlite3.connect(self._path, timeout=60)) as file:
            found = {key: row for key in keys if (row := _kept(file, key)) is not None}
            lacking = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
            if lacking:
                made = self._embedder.passages(list(lacking.values())).astype(np.float16)
                self.made += len(lacking)
                found |= dict(zip(lacking, made, strict=True))
                file.executemany(
                    "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                    [(key, found[key].tobytes()) for key in lacking],
                )
                file.commit()
        return np.stack([found[key] for key in keys]).astype(np.float32)

    def expect(self, questions: Sequence[str]) -> None:
        """Make questions ready, so that to ask them takes no time."""
        for text in questions:
            self._questions.setdefault(text, self._embedder.query(text))

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        ready = self._questions.get(text)
        return self._embedder.query(text) if ready is None else ready


def _kept(file: sqlite3.Connection, key: bytes) -> NDArray[np.float16] | None:
    row = file.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
    return None if row is None else np.frombuffer(row[0], dtype=np.float16)
