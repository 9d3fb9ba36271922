"""One stack of ``evaluation.performance.side`` in a process of its own: filled from nothing, then asked."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

from evaluation.datasets.given_vectors import given
from evaluation.datasets.material import SourceText, squeezed
from evaluation.datasets.slices import read_slice
from evaluation.harness.peer_stacks import peers
from evaluation.harness.process_cost import most_held
from evaluation.harness.retrievers import OURS
from evaluation.performance.scale_queries import chroma_recall
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evaluation.datasets.kept_vectors import KeptVectors
    from evaluation.datasets.slices import TextSlice
    from evaluation.harness.peer_stacks import PeerStack

    Find = Callable[[str], object]

DEPTH = 10
_WARMING = 10
_SAME = 1e-4  # between scores of equal texts, kept with more or fewer digits


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuTime:
    """Seconds by the clock, and of a core."""

    waited: float
    worked: float


def effort(work: Callable[[], object]) -> CpuTime:
    """Return what some work took."""
    began, worked = perf_counter(), process_time()
    work()
    return CpuTime(waited=perf_counter() - began, worked=process_time() - worked)


def ours(one: TextSlice, embedder: KeptVectors, folder: Path, questions: Sequence[str]) -> dict[str, object]:
    """Fill a library with the files of a slice and ask it."""

    def fill() -> None:
        with Library.open(folder, embedder=embedder, write=True) as library:
            library.ingest([Path(name) for name in one.files])

    filled = effort(fill)
    with Library.open(folder, embedder=embedder) as library:
        asked = _asked(lambda text: library.find(text, k=DEPTH), questions)
    memory = most_held()
    near = chroma_recall(folder, embedder, questions)
    return told(filled, asked, memory) | {"name": OURS, "recall": near}


def theirs(
    kind: type[PeerStack], one: TextSlice, embedder: KeptVectors, folder: Path, questions: Sequence[str]
) -> dict[str, object]:
    """Fill another stack with the passages of a slice and ask it."""
    texts = [SourceText(name=str(number), text=text) for number, text in enumerate(one.passages)]
    folder.mkdir(parents=True)
    longest = max(map(len, one.passages))
    filled = effort(lambda: kind.build(texts, embedder=embedder, folder=folder, least=longest))
    peer = kind.open(embedder=embedder, folder=folder)
    asked = _asked(lambda text: peer.find(text, k=DEPTH), questions)
    memory = most_held()
    near = recall(peer, one.passages, embedder, questions)
    return told(filled, asked, memory) | {"name": peer.name, "recall": near}


def recall(peer: PeerStack, texts: Sequence[str], embedder: KeptVectors, questions: Sequence[str]) -> float:
    """Return which share of the ten best scores, all texts compared, a stack's hits reach."""
    held = embedder.passages(texts)
    keys = [squeezed(text) for text in texts]
    reached = 0
    for question in questions:
        scores = held @ embedder.query(question)
        least = np.sort(scores)[-DEPTH] - _SAME
        by_text = dict(zip(keys, scores.tolist(), strict=True))
        found = peer.find(question, k=DEPTH)
        reached += sum(by_text.get(squeezed(one.text), -1.0) >= least for one in found)
    return reached / (DEPTH * len(questions))


def _asked(find: Find, questions: Sequence[str]) -> list[CpuTime]:
    efforts = [effort(partial(find, text)) for text in [*questions[-_WARMING:], *questions]]
    return efforts[_WARMING:]


def told(filled: CpuTime, asked: Sequence[CpuTime], memory: float) -> dict[str, object]:
    """Return the figures as JSON takes them."""
    return {
        "filled": [filled.waited, filled.worked],
        "waited": [one.waited for one in asked],
        "worked": [one.worked for one in asked],
        "memory": memory,
    }


def main(arguments: Sequence[str]) -> None:
    """Measure the stack of a name: slice, vectors, questions and an empty folder are named too."""
    name, slice_, vectors, asked, folder = arguments[0], *map(Path, arguments[1:])
    one, embedder = read_slice(slice_), given(vectors)
    questions = json.loads(asked.read_text(encoding="utf-8"))
    if name == OURS:
        print(json.dumps(ours(one, embedder, folder, questions)))
        return
    kind = next(kind for kind in peers() if kind.__name__ == name)
    print(json.dumps(theirs(kind, one, embedder, folder, questions)))


if __name__ == "__main__":
    main(sys.argv[1:])
