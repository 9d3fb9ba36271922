"""Files that are damaged or gone while nobody looked."""

from __future__ import annotations

import random
import shutil
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evaluation.faults.fault_home import FaultHome, FaultOutcome


def _chance(what: Path) -> random.Random:
    """Return what chooses the damage: the same each time, also where several are done at once."""
    return random.Random(what.name)  # noqa: S311 - no secret


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def _flip(folder: Path) -> None:
    """Turn one bit in the largest file of a folder, and in some others."""
    files, chance = _files(folder), _chance(folder)
    for path in sorted(
        {max(files, key=lambda one: one.stat().st_size), *chance.sample(files, min(4, len(files)))}
    ):
        data = bytearray(path.read_bytes())
        for _ in range(max(1, len(data) // 4096)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)


def _cut(folder: Path) -> None:
    for path in _files(folder):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _drop_some(folder: Path) -> None:
    for path in _files(folder)[::2]:
        path.unlink()


def _noise(path: Path) -> None:
    path.write_bytes(_chance(path).randbytes(5000))


def _no_logs(home: Path) -> None:
    shutil.rmtree(home / "logs")
    (home / "logs").touch()


_WAYS: dict[str, Callable[[Path], object]] = {
    "bits turned": _flip,
    "files cut in half": _cut,
    "half of the files gone": _drop_some,
    "folder gone": shutil.rmtree,
}
_ROOMS = {
    "words": "word index",
    "chroma": "Chroma folder",
    "models": "model cache",
}
_SINGLE: dict[str, Callable[[Path], object]] = {
    "catalogue: a WAL of noise": lambda home: _noise(home / "catalogue.db-wal"),
    "catalogue: a shared-memory file of noise": lambda home: _noise(home / "catalogue.db-shm"),
    "lock: a file of noise": lambda home: _noise(home / "lock.json"),
    "store: gone": lambda home: (home / "store.db").unlink(missing_ok=True),
    "answers kept: noise": lambda home: _noise(home / "cache.db"),
    "log: a file in the place of its folder": _no_logs,
}


def faults() -> dict[str, Callable[[FaultHome], Iterator[FaultOutcome]]]:
    """Return what can be done to a stand."""
    made: dict[str, Callable[[Path], object]] = {
        f"{what}: {way}": partial(_in_room, room, harm)
        for room, what in _ROOMS.items()
        for way, harm in _WAYS.items()
    }
    return {name: _fault(name, harm) for name, harm in (made | _SINGLE).items()}


def _in_room(room: str, harm: Callable[[Path], object], home: Path) -> None:
    harm(home / room)


def _fault(name: str, harm: Callable[[Path], object]) -> Callable[[FaultHome], Iterator[FaultOutcome]]:
    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        known = stand.sources()
        harm(stand.home)
        yield stand.row(name, known)

    return run
