"""Generations of a derived index: a new one is made in a folder beside the old and switched to in one step.

``current.json`` in the index's folder is the mark: which generation serves, what made it, which catalogue it
is derived from, and up to which version of it. It is replaced whole, so it is always the old or the new one.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from retrieval.values.errors import CatalogueBroken

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationMark:
    """Which generation serves and how far it has come."""

    folder: str
    stamp: str  # of what made it: engine, format, model
    catalogue: str  # identity of the catalogue it is derived from
    version: int  # up to which it has replayed


class Generations:
    """The folder of one derived index, with its generations and its mark."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._file = root / "current.json"

    def mark(self) -> GenerationMark | None:
        """Return the mark; None where there is none that can be read."""
        try:
            return GenerationMark(**json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def written(self) -> int:
        """Return a number that changes whenever the mark is written; 0 where there is none."""
        try:
            found = self._file.stat()
        except OSError:
            return 0
        return found.st_mtime_ns ^ found.st_ino

    def place(self, name: str) -> Path:
        """Return the folder of a generation."""
        return self.root / name

    def fresh(self) -> str:
        """Make an empty folder for a new generation, and return its name."""
        used = [int(path.name) for path in self.root.glob("[0-9]*") if path.name.isdigit()]
        folder = self.root / f"{max(used, default=0) + 1:06d}"
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise CatalogueBroken(
                f"索引目录 {folder} 无法建立：{error.strerror}。请检查权限和空间。"
            ) from error
        return folder.name

    def switch(self, mark: GenerationMark) -> None:
        """Write the mark, in one step."""
        beside = self._file.with_suffix(".new")
        try:
            with beside.open("w", encoding="utf-8") as file:
                json.dump(asdict(mark), file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._file)
        except OSError as error:
            raise CatalogueBroken(f"{self._file} 未能写入：{error.strerror}。请检查权限和空间。") from error

    def sweep(self) -> None:
        """Delete the generations that don't serve; what is still held open elsewhere goes next time."""
        mark = self.mark()
        for path in self.root.glob("[0-9]*"):
            if mark is None or path.name != mark.folder:
                shutil.rmtree(path, ignore_errors=True)
