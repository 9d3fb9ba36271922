"""A block of vectors as files in a folder of its own: written whole beside, mapped into memory when read."""

from __future__ import annotations

import json
import os
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.index.vectors.binary_sketch import Sketch
from retrieval.index.vectors.segment import Block
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_OWN, _SKETCH = ("ids", "vectors"), ("axis", "bits", "scales")
_PARTS = (*_OWN, *_SKETCH)
_SUMS = "sums.json"
_PIECE = 1 << 22  # bytes summed at once


def write(folder: Path, block: Block) -> None:
    """Write a block into a new folder, with the sums by which damage is noticed. Raises OSError."""
    folder.mkdir(parents=True)
    for name in _PARTS:
        with (folder / f"{name}.npy").open("wb") as file:
            np.save(file, getattr(block if name in _OWN else block.sketch, name), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
    with (folder / _SUMS).open("w", encoding="utf-8") as file:
        json.dump({name: _sum(folder / f"{name}.npy") for name in _PARTS}, file)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Block:
    """Map a block; raise ``IndexBroken`` where a file is missing or not what was written."""
    try:
        sums = json.loads((folder / _SUMS).read_text(encoding="utf-8"))
        for name in _PARTS:
            if _sum(folder / f"{name}.npy") != sums[name]:
                raise IndexBroken(f"向量表 {folder} 的 {name} 已损坏。它会由资料目录库自动重建。")
        parts = {name: _mapped(folder / f"{name}.npy") for name in _PARTS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexBroken(f"向量表 {folder} 读不了（{error}）。它会由资料目录库自动重建。") from error
    return Block(
        **{name: parts[name] for name in _OWN}, sketch=Sketch(**{name: parts[name] for name in _SKETCH})
    )


def _mapped(path: Path) -> NDArray[Any]:
    # An empty file can't be mapped, and what is small is read.
    small = path.stat().st_size <= _PIECE
    mapped: NDArray[Any] = np.load(path, mmap_mode=None if small else "r", allow_pickle=False)
    return mapped.view(np.ndarray)  # slices of a memmap object take longer to make than to read


def _sum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            total = zlib.crc32(piece, total)
    return total
