"""The vectors of a library as a table to compare with: blocks on disk, the newest said last.

A change adds a block and names what it puts out of force in those before it. Small blocks are merged, so that
there are never many. ``blocks.json`` lists them and is replaced in one step: whoever is killed leaves the
table as it was, and readers go on with the blocks that they have mapped.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from retrieval.index.sync.engine_errors import guarded
from retrieval.index.vectors import segment_file as block_file
from retrieval.index.vectors.segment import Block, merged
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.values.entry import Entry

    Vectors = Callable[[Sequence[Entry]], NDArray[np.float32]]

VERSION = 3  # raised with each change of the files
_BATCH = 1_024  # entries whose vectors are made at once
_BLOCK = 65_536  # rows of a block when it is written
_LARGEST = 262_144  # rows above which a block is not merged any more
_NEAR = 2e-3  # how far a kept vector may be from the one that was put
_LIST = "blocks.json"


def stamp_of(model: str) -> str:
    """Return what tells a table of this model and format from others."""
    return f"matrix/{VERSION}/{model}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block with the rows of it that are in force."""

    block: Block
    live: NDArray[np.bool_]


class Matrix:
    """The table of one generation; many may read while one writes."""

    def __init__(self, folder: Path, vectors: Vectors) -> None:
        self._folder = folder
        self._vectors = vectors  # of entries, L2-normalised rows
        self._told = ""  # the list of blocks as it was read last
        self._names: tuple[str, ...] = ()
        self.parts: tuple[Part, ...] = ()

    @classmethod
    def create(cls, folder: Path, *, vectors: Vectors) -> Matrix:
        """Make an empty table in an empty folder."""
        table = cls(folder, vectors)
        with guarded("向量表"):
            table._list([], [])
        return table

    @classmethod
    def open(cls, folder: Path, *, vectors: Vectors) -> Matrix:
        """Open the table in a folder; raise ``IndexBroken`` if it is damaged."""
        table = cls(folder, vectors)
        table.reload()
        return table

    def close(self) -> None:
        """Let go of the files."""
        self.parts, self._names, self._told = (), (), ""

    def reload(self) -> None:
        """See what another process has written since. Raises ``IndexBroken``."""
        while True:
            text = self._listed()
            if text == self._told:
                return
            try:
                self._take(text)
            except IndexBroken:
                if text == self._listed():  # else a writer has merged a block away meanwhile
                    raise

    def _listed(self) -> str:
        try:
            return (self._folder / _LIST).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise IndexBroken(f"向量表 {self._folder} 读不了。它会由资料目录库自动重建。") from error

    def _take(self, text: str) -> None:
        try:
            told = json.loads(text)
            names, gone = tuple(told["blocks"]), {name: set(ids) for name, ids in told["gone"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexBroken(f"向量表 {self._folder} 读不了。它会由资料目录库自动重建。") from error
        held = {name: part.block for name, part in zip(self._names, self.parts, strict=True)}
        blocks = [held.get(name) or block_file.read(self._folder / name) for name in names]
        self.parts = _in_force(blocks, [gone.get(name, set()) for name in names])
        self._names, self._told = names, text

    def count(self) -> int:
        """Return how many passages it holds."""
        return sum(int(part.live.sum()) for part in self.parts)

    def get(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors held of these passages."""
        names = np.array([name.encode() for name in ids], dtype=np.bytes_)
        found: dict[str, NDArray[np.float32]] = {}
        for part in self.parts:
            rows = part.block.places_of(names)
            for name, row in zip(ids, rows.tolist(), strict=True):
                if row >= 0 and part.live[row]:
                    found[name] = part.block.vector(row)
        return found

    def apply(self, entries: Iterable[Entry], dropped: Sequence[str]) -> None:
        """Put entries in place of what was held under their ids, and drop others; it may be done twice."""
        with guarded("向量表"):
            gone = list(dropped)
            rest = iter(entries)
            while some := list(islice(rest, _BLOCK)):
                self._add(self._made(some), gone)
                gone = []
            if gone:
                self._add(None, gone)

    def _made(self, entries: Sequence[Entry]) -> Block:
        rows = [self._vectors(entries[at : at + _BATCH]) for at in range(0, len(entries), _BATCH)]
        return Block.of([entry.id for entry in entries], np.concatenate(rows))

    def _add(self, block: Block | None, gone: Sequence[str]) -> None:
        parts, names = list(self.parts), list(self._names)
        dead = np.array(sorted(name.encode() for name in gone), dtype=np.bytes_)
        parts = [Part(block=p.block, live=_without(p, dead)) for p in parts]
        if block is not None:
            parts = [Part(block=p.block, live=_without(p, block.ids)) for p in parts]
            while parts and _belong(parts[-1], block):
                last = parts.pop()
                names.pop()
                block = merged(last.block, block, keep=last.live)
            names.append(self._write(block))
            parts.append(Part(block=block, live=np.ones(len(block), np.bool_)))
        self._list(names, parts)
        self._sweep()
        self.reload()

    def _write(self, block: Block) -> str:
        used = [int(path.name[1:]) for path in self._folder.glob("b[0-9]*")]
        folder = self._folder / f"b{max(used, default=0) + 1:06d}"
        block_file.write(folder, block)
        return folder.name

    def _list(self, names: Sequence[str], parts: Sequence[Part]) -> None:
        gone = {
            name: [one.decode() for one in part.block.ids[~part.live]]
            for name, part in zip(names, parts, strict=True)
        }
        beside = self._folder / f"{_LIST}.new"
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"blocks": list(names), "gone": gone}, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / _LIST)

    def _sweep(self) -> None:
        """Delete the blocks that are not listed: merged ones, and what a killed writer has left."""
        listed = set(json.loads((self._folder / _LIST).read_text(encoding="utf-8"))["blocks"])
        for path in self._folder.glob("b[0-9]*"):
            if path.name not in listed:
                shutil.rmtree(path, ignore_errors=True)

    def check(self, some: Sequence[Entry]) -> None:
        """Raise ``IndexBroken`` if it does not hold these entries."""
        there = self.get([entry.id for entry in some])
        for entry, vector in zip(some, self._vectors(some) if some else (), strict=True):
            if entry.id not in there or not np.allclose(there[entry.id], vector, atol=_NEAR):
                raise IndexBroken(f"向量表没有存住段落 {entry.id}。它会由资料目录库自动重建。")


def looks_whole(folder: Path) -> bool:
    """Tell, without opening it, whether a folder has a table in it."""
    return (folder / _LIST).is_file()


def _belong(last: Part, block: Block) -> bool:
    return len(last.block) < 2 * len(block) and len(last.block) + len(block) <= _LARGEST


def _without(part: Part, ids: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    """Return which rows of a part stay in force when other rows take the place of these ids."""
    live = part.live.copy()
    rows = part.block.places_of(ids) if len(ids) else np.empty(0, np.intp)
    live[rows[rows >= 0]] = False
    return live


def _in_force(blocks: Sequence[Block], gone: Sequence[set[str]]) -> tuple[Part, ...]:
    parts = []
    for block, dead in zip(blocks, gone, strict=True):
        whole = Part(block=block, live=np.ones(len(block), np.bool_))
        ids = np.array([name.encode() for name in dead], dtype=np.bytes_)
        parts.append(Part(block=block, live=_without(whole, ids)))
    return tuple(parts)
