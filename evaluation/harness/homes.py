"""Homes that are filled once and kept: under a folder of the caller's, or one that goes away afterwards."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING

from evaluation.datasets.material import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_NOTE = "made-by-evaluation.json"


class ForeignFolderError(Exception):
    """A folder holds what no evaluation has put there, and is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledHome:
    """A folder that holds what was built, and how long that took."""

    folder: Path
    stamp: str
    seconds: float


class HomeStore:
    """Builds what is not there yet or was made of something else, and reuses the rest."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stand(self, name: str, stamp: str, build: Callable[[Path], None]) -> FilledHome:
        """Return the folder ``name``, built by ``build`` unless it was built under the same stamp before.

        Raises ForeignFolderError rather than remove a folder that was not made here.
        """
        folder = self.root / name
        kept = _read(folder)
        if kept and kept.stamp == stamp:
            return kept
        _clear(folder, ours=kept is not None)
        _write(FilledHome(folder=folder, stamp="unfinished", seconds=0.0))
        began = perf_counter()
        build(folder)
        made = FilledHome(folder=folder, stamp=stamp, seconds=perf_counter() - began)
        _write(made)
        return made


def stamp_of(*parts: object, files: Iterable[Path] = ()) -> str:
    """Return a digest of values and of the contents of files."""
    digest = sha256(repr(parts).encode())
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def code_of(package: str) -> list[Path]:
    """Return the files that decide what a package makes: its modules and its data."""
    found = (ROOT / package).rglob("*")
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


def _read(folder: Path) -> FilledHome | None:
    note = folder / _NOTE
    if not note.is_file():
        return None
    told = json.loads(note.read_text(encoding="utf-8"))
    return FilledHome(folder=folder, stamp=told["stamp"], seconds=told["seconds"])


def _write(stand: FilledHome) -> None:
    told = {name: value for name, value in asdict(stand).items() if name != "folder"}
    (stand.folder / _NOTE).write_text(json.dumps(told), encoding="utf-8")


def _clear(folder: Path, *, ours: bool) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not ours:
            raise ForeignFolderError(
                f"{folder} was not made by an evaluation; name another folder with --home"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
