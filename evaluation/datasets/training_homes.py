"""``python -m evaluation.datasets.training_homes policies|passages HOME [MOST]``: a home of texts to ask of.

MOST is how many texts of each set are taken, all by default; the questions on the others are left out then.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.datasets.material import SharedMaterial
from evaluation.datasets.training_questions import texts
from retrieval import Library, open_embedder

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Write the texts to files of their names, take them into the home, and say how many there are."""
    if len(arguments) not in (2, 3) or arguments[0] not in ("policies", "passages"):
        print(__doc__, file=sys.stderr)
        return 2
    home, most = Path(arguments[1]), int(arguments[2]) if len(arguments) == 3 else sys.maxsize
    home.mkdir(parents=True, exist_ok=True)
    taken: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for file, words in texts(SharedMaterial(), arguments[0]):
            kind = file.rpartition("-")[0]
            if taken[kind] < most:
                taken[kind] += 1
                (Path(folder) / file).write_text(words, "utf-8")
        with Library.open(home, embedder=open_embedder(home=home), write=True) as library:
            library.ingest([Path(folder)])
            print(f"{len(library.documents())} texts in {home}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
