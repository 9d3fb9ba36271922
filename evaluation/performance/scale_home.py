"""A home with so many passages in it, filled by a process of its own: seconds by stage, memory, disk."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from evaluation.datasets.kept_vectors import KeptVectors
from evaluation.datasets.material import ROOT
from evaluation.harness.process_cost import most_held
from retrieval.embeddings.embedder import open_embedder
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.embeddings.embedder import Embedder

_AT_ONCE = 400  # files taken in between two notes
_SAMPLE = 256  # passages whose embedding is timed
_PARTS = ("catalogue.db", "words", "chroma")


@dataclass(frozen=True, slots=True, kw_only=True)
class FillCost:
    """What it took to fill a home."""

    passages: int
    files: int
    seconds: dict[str, float]  # by stage, by the clock; "processor" is that of all but embedding
    rate: float  # passages embedded in a second, of a sample, in the same process
    effort: float  # processor seconds that a passage of the sample took
    memory: float  # MB at most
    disk: dict[str, float]  # MB by part

    @property
    def embedding(self) -> float:
        """The seconds that embedding takes at the rate of the sample."""
        return self.passages / self.rate

    @property
    def share(self) -> float:
        """The share of everything but embedding in the processor's time."""
        elsewhere = self.seconds["processor"]
        return elsewhere / (elsewhere + self.passages * self.effort)


def filled(home: Path, files: Sequence[Path], *, passages: int, vectors: Path) -> FillCost:
    """Fill a home with whole files until it has so many passages, or go on where that was broken off.

    Where vectors had to be made it is filled twice: only without that work is it seen what all other takes.
    """
    note = home / "filled.json"
    while not note.exists():
        home.mkdir(parents=True, exist_ok=True)
        listed = home / "files.json"
        listed.write_text(json.dumps([str(path) for path in files]), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "evaluation.performance.scale_home",
            str(home),
            str(passages),
            str(vectors),
        ]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - this very interpreter
    return FillCost(**json.loads(note.read_text(encoding="utf-8")))


def embedder_of(home: Path, vectors: Path) -> KeptVectors:
    """Return the program's own model, with vectors that are kept in a file."""
    model = open_embedder(home=vectors.parent)
    assert model is not None, f"there is an embedded model for {home}"
    return KeptVectors(model, vectors)


def fill(home: Path, files: Sequence[Path], *, passages: int, vectors: Path) -> FillCost | None:
    """Fill a home in this process, some files at a time; what took how long is noted after each.

    Returns None where vectors had to be made on the way.
    """
    embedder = embedder_of(home, vectors)
    note, embedded = home / "seconds.json", home / "embedded"
    seconds: dict[str, float] = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    with Library.open(home, embedder=embedder, write=True) as library:
        chosen = _enough(library, files, passages)
        for at in range(0, len(chosen), _AT_ONCE):
            began = process_time()
            spent = library.ingest(chosen[at : at + _AT_ONCE]).seconds | {"processor": process_time() - began}
            seconds = {stage: seconds.get(stage, 0.0) + more for stage, more in spent.items()}
            note.write_text(json.dumps(seconds), encoding="utf-8")
            if embedder.made:
                embedded.touch()
        count = sum(known.passages for known in library.sources())
        texts = [p.text for d in library.documents()[:40] for p in library.passages(d.id)][:_SAMPLE]
    if embedded.exists():
        return None
    memory = most_held()
    rate, effort = _rate(vectors.parent, texts)
    return FillCost(
        passages=count,
        files=len(chosen),
        seconds=seconds,
        rate=rate,
        effort=effort,
        memory=memory,
        disk={part: _size(home / part) for part in _PARTS},
    )


def _enough(library: Library, files: Sequence[Path], passages: int) -> list[Path]:
    """Return the first files that have so many passages together."""
    from evaluation.datasets.scale_texts import counted  # noqa: PLC0415 - cuts all files, once

    total, chosen = 0, []
    for path, count in counted(files, library.home.parent / "counts.json"):
        if total >= passages:
            break
        chosen.append(path)
        total += count
    return chosen


def _rate(home: Path, texts: Sequence[str]) -> tuple[float, float]:
    model: Embedder | None = open_embedder(home=home)
    assert model is not None, "it was there a moment ago"
    model.passages(texts[:16])
    began, worked = perf_counter(), process_time()
    model.passages(texts)
    return len(texts) / (perf_counter() - began), (process_time() - worked) / len(texts)


def _size(path: Path) -> float:
    found = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*")
    return sum(one.stat().st_size for one in found if one.is_file()) / 1e6


def main(arguments: Sequence[str]) -> None:
    """Fill a home as ``filled`` asks for, and note what it took."""
    home, passages, vectors = Path(arguments[0]), int(arguments[1]), Path(arguments[2])
    files = [Path(one) for one in json.loads((home / "files.json").read_text(encoding="utf-8"))]
    made = fill(home, files, passages=passages, vectors=vectors)
    if made is None:
        shutil.rmtree(home)
        return
    (home / "filled.json").write_text(json.dumps(asdict(made)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
