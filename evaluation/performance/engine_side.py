"""One side of ``engine``: a process of its own that takes slices in as they are named."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from evaluation.datasets.slices import TextSlice, read_slice
from evaluation.harness.process_cost import most_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Take = Callable[[TextSlice], int]

_WARMING = ("先醒来。",)


def ours(home: Path, begun: TextSlice) -> Iterator[Take]:
    """Give what takes a slice into a library: read, parsed, registered, embedded, in all its indexes.

    What a run that was broken off took in of the slice at hand goes first, or it would cost nothing.
    """
    from retrieval.embeddings.embedder import open_embedder  # noqa: PLC0415 - the other side needs none of it
    from retrieval.library import Library  # noqa: PLC0415

    embedder = open_embedder(home=home)
    assert embedder is not None, "the engine on the other side runs the same weights"
    embedder.passages(_WARMING)
    with Library.open(home, embedder=embedder, write=True) as library:
        for name in begun.files:
            library.remove(name)
        yield lambda one: sum(
            report.passages for report in library.ingest([Path(name) for name in one.files]).files
        )


def theirs(home: Path, begun: TextSlice) -> Iterator[Take]:  # noqa: ARG001 - it embeds all again
    """Give what takes a slice's passages into LangChain's store."""
    from evaluation.peers.langchain_engine import LangChainOnEngine  # noqa: PLC0415 - an extra

    store = LangChainOnEngine(home)
    store.embeddings.embed_documents(list(_WARMING))
    yield lambda one: store.add(one.passages)


SIDES = {"ours": ours, "theirs": theirs}


def main(arguments: Sequence[str]) -> None:
    """Take in each slice that a line names, and answer with a line of JSON."""
    side, home = SIDES[arguments[0]], Path(arguments[1])
    home.mkdir(parents=True, exist_ok=True)
    for take in side(home, read_slice(Path(arguments[2]))):
        print("ready", flush=True)
        for line in sys.stdin:
            one = read_slice(Path(line.strip()))
            began, worked = perf_counter(), process_time()
            passages = take(one)
            told = {
                "passages": passages,
                "seconds": perf_counter() - began,
                "work": process_time() - worked,
                "memory": most_held(),
            }
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
