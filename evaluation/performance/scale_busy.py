"""A process that ingests files, and says so when it begins to embed; see ``evaluation.performance.scale``."""

from __future__ import annotations

import sys
from pathlib import Path

from retrieval.embeddings.embedder import open_embedder
from retrieval.library import Library


def _tell(stage: str, _done: int, _total: int) -> None:
    if stage == "read":
        print(stage, flush=True)


if __name__ == "__main__":
    home = Path(sys.argv[1])
    with Library.open(home, embedder=open_embedder(home=home), write=True) as library:
        while True:  # until it is told to end
            library.ingest([Path(one) for one in sys.argv[2:]], progress=_tell)
            for one in sys.argv[2:]:
                library.remove(one)
