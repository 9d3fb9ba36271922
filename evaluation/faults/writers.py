"""Others who write at the same time: into the home, or into the files that are read."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.faults.fault_home import complete, ended, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evaluation.faults.fault_home import FaultHome, FaultOutcome

_LINE = "清河市第一批旧桥已经加固，经办单位按月公布进度，群众评议为满意。\n"
_LARGE = 1_500  # lines of a file that is a while in reading; passages of the same words are embedded once


def _two_writers(stand: FaultHome) -> Iterator[FaultOutcome]:
    folder, known = texts(stand.home.parent, 60), stand.sources()
    first = stand.begin("ingest", str(folder))
    _taken(stand)
    second = stand.say("ingest", str(folder))
    done = ended(first)
    row = stand.row("two writers", known, seen=second)
    yield replace(row, mended=row.mended and done.code == 0 and complete(stand, folder))


def _taken(stand: FaultHome) -> None:
    """Wait until a writer is at work."""
    for _ in range(300):
        if (stand.home / "lock.json").exists():
            return
        time.sleep(0.1)


@contextmanager
def _busy(change: Callable[[], object]) -> Iterator[None]:
    """Let somebody change something over and over meanwhile."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.01):
            change()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def _grow(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("又添了一行，还没有写完。\n")


def _cut(path: Path) -> None:
    with path.open("r+", encoding="utf-8") as file:
        file.truncate(path.stat().st_size // 2)
    path.write_text(_LINE * _LARGE, encoding="utf-8")


def _swap(path: Path) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(_LINE * _LARGE + "又一稿。\n", encoding="utf-8")
    beside.replace(path)


def _flicker(path: Path) -> None:
    path.unlink(missing_ok=True)
    time.sleep(0.003)
    path.write_text(_LINE * _LARGE, encoding="utf-8")


def _changing(what: str, change: Callable[[Path], object]) -> Callable[[FaultHome], Iterator[FaultOutcome]]:
    """Read a large file that somebody is at, then once more when nobody is."""

    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        folder, known = stand.home.parent / "busy", stand.sources()
        folder.mkdir()
        path = folder / "busy.txt"
        path.write_text(_LINE * _LARGE, encoding="utf-8")
        with _busy(lambda: change(path)):
            seen = stand.say("ingest", str(path))
        after = stand.say("ingest", str(path))
        row = stand.row(f"a file that {what} while it is read", known, seen=seen)
        yield replace(row, mended=row.mended and after.code == 0 and complete(stand, folder))

    return run


def _vanishing(stand: FaultHome) -> Iterator[FaultOutcome]:
    """Take away half of a folder that is being read."""
    folder, known = texts(stand.home.parent), stand.sources()
    process = stand.begin("ingest", str(folder))
    _taken(stand)
    for path in sorted(folder.iterdir())[1::2]:
        path.unlink()
    seen = ended(process)
    after = stand.say("ingest", str(folder))
    row = stand.row("half of a folder's files vanish while it is read", known, seen=seen)
    yield replace(row, mended=row.mended and after.code == 0 and complete(stand, folder))


FAULTS: dict[str, Callable[[FaultHome], Iterator[FaultOutcome]]] = {
    "two writers": _two_writers,
    "growing file": _changing("grows", _grow),
    "cut file": _changing("is cut short and written anew", _cut),
    "swapped file": _changing("is put in another's place", _swap),
    "flickering file": _changing("is deleted and comes back", _flicker),
    "vanishing files": _vanishing,
}
