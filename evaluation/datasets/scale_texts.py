"""Real official texts in great number: 150,000 passages, put together again to documents."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING

import zstandard

from evaluation.datasets.material import MissingMaterialError
from retrieval.loaders.load import read
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from evaluation.datasets.material import SharedMaterial


def scale_files(shared: SharedMaterial, folder: Path) -> list[Path]:
    """Return the documents as files under ``folder``, written on demand, in an order that mixes all kinds."""
    done = folder / "complete"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for number, (title, passages) in enumerate(_documents(shared)):
            text = "\n\n".join([title, *passages])
            (folder / f"{number:05d}.txt").write_text(text, encoding="utf-8")
        done.touch()
    return sorted(folder.glob("*.txt"))


def passages_of(shared: SharedMaterial, names: Collection[str]) -> dict[str, str]:
    """Return the texts of some of the passages, by their names."""
    return {row["id"]: row["text"] for row in _rows(shared.scale()) if row["id"] in names}


def _documents(shared: SharedMaterial) -> list[tuple[str, list[str]]]:
    parts: dict[tuple[str, str], list[tuple[str, int, str]]] = {}
    for row in _rows(shared.path("data", "scale", "official-passages-150k.jsonl.zst")):
        document, _, number = row["id"].partition("#")
        passage = (document, int(number or 0), row["text"])
        parts.setdefault((row["src"], row["title"]), []).append(passage)
    mixed = sorted(parts, key=lambda key: sha256("/".join(key).encode()).digest())
    return [(key[1], [text for *_, text in sorted(parts[key])]) for key in mixed]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as stream:
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)
    except zstandard.ZstdError as error:
        raise MissingMaterialError(f"{path.name} can't be unpacked: {error}") from error


def counted(files: Sequence[Path], note: Path) -> list[tuple[Path, int]]:
    """Return the files with the passages of each; kept in ``note`` for the next time."""
    if not note.exists():
        gazetteer = Gazetteer()
        told = [sum(len(cut(one)) for one in parse(read(path), gazetteer=gazetteer)) for path in files]
        note.write_text(json.dumps(told), encoding="utf-8")
    return list(zip(files, json.loads(note.read_text(encoding="utf-8")), strict=True))
