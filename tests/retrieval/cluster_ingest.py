"""Ingests a folder on local Ray workers and prints the digests; may end one worker on the way."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

import psutil

from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.digests import digests_of
from retrieval.embeddings.embedder import open_embedder
from retrieval.ingest.ray_workers import joined
from retrieval.library import Library


def _end_one(told: list[int]) -> None:
    for process in psutil.Process().children(recursive=True):
        if "ray::" in " ".join(process.cmdline()) and not told:
            told.append(process.pid)
            os.kill(process.pid, signal.SIGKILL)


def main(home: Path, folder: Path, workers: int, lose: bool) -> None:
    lost: list[int] = []

    def progress(stage: str, done: int, _total: int) -> None:
        if lose and stage == "vectors" and done > 0 and not lost:
            threading.Thread(target=_end_one, args=(lost,)).start()

    with joined("local", workers=workers) as cluster:
        embedder = cluster.spread(open_embedder(home=home))
        assert embedder is not None
        embedder.passages(["先醒来"])
        with Library.open(home, embedder=embedder, write=True) as library:
            began = perf_counter()
            report = library.ingest([folder], workshop=cluster.prepare, progress=progress)
            seconds = perf_counter() - began
            found = [hit.passage.id for hit in library.find("新建了多少公园")]
    with closing(Catalogue.open(home / "catalogue.db")) as catalogue:
        told = asdict(digests_of(catalogue))
    passages = sum(one.passages for one in report.files)
    print(json.dumps({"digests": told, "found": found, "lost": lost, "rate": passages / seconds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "lose")
