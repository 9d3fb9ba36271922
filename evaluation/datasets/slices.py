"""Texts in slices of so many passages: as files for us, as the strings we index of them for other stacks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from retrieval.loaders.load import read
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut, prefixed
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSlice:
    """Some whole files, and their passages as they are indexed."""

    files: tuple[str, ...]
    passages: tuple[str, ...]

    @property
    def characters(self) -> float:
        """How many characters a passage has, on average."""
        return sum(map(len, self.passages)) / len(self.passages)


def sliced(files: Sequence[Path], *, passages: int, at_once: int) -> Iterator[TextSlice]:
    """Give slices of at least ``at_once`` passages until there are so many together."""
    gazetteer = Gazetteer()
    named: list[str] = []
    texts: list[str] = []
    total = 0
    for path in files:
        named.append(str(path))
        for document in parse(read(path), gazetteer=gazetteer):
            texts += [prefixed(passage, document) for passage in cut(document)]
        enough = total + len(texts) >= passages
        if len(texts) >= at_once or (enough and texts):
            total += len(texts)
            yield TextSlice(files=tuple(named), passages=tuple(texts))
            named, texts = [], []
        if enough:
            return


def kept(slices: Iterator[TextSlice], folder: Path) -> list[Path]:
    """Write slices as files under ``folder``, once, and return their paths."""
    done = folder / "complete"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(slices):
            (folder / f"{number:04d}.json").write_text(
                json.dumps(asdict(one), ensure_ascii=False), encoding="utf-8"
            )
        done.touch()
    return sorted(folder.glob("*.json"))


def read_slice(path: Path) -> TextSlice:
    """Return a slice that was written."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return TextSlice(files=tuple(told["files"]), passages=tuple(told["passages"]))
