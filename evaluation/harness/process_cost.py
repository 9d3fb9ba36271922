"""An embedder that keeps the time, so that the share of embedding in an answer is known."""

from __future__ import annotations

import re
import resource
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.embeddings.embedder import Embedder


class TimedEmbedder:
    """Hands everything to another embedder and adds up how long its questions took."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.seconds = 0.0
        self.queries = 0

    @property
    def name(self) -> str:
        """Return the other's name: its vectors are the same."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """Return how many numbers a vector has."""
        return self._embedder.dimension

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts, untimed."""
        return self._embedder.passages(texts)

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        began = perf_counter()
        vector = self._embedder.query(text)
        self.seconds += perf_counter() - began
        self.queries += 1
        return vector


_STATUS = Path("/proc/self/status")


def most_held() -> float:
    """Return it in MB; on Linux without that of the process that began this one, which getrusage counts."""
    if _STATUS.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))):
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
