"""Programs that are ended, disks that are full, folders that may not be written, clocks that are wrong."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.faults.stand import Stand, ended, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evaluation.faults.stand import Row, Said

_CHANCE = random.Random(19490101)  # noqa: S311 - no secret
_RIGHTS = "-dac_override,-dac_read_search"
_BARE = ("setpriv", "--bounding-set", _RIGHTS, "--inh-caps", _RIGHTS)  # root who may not read everything
KILLS = 4  # of each kind, at other moments


def _broken_off(stand: Stand, how: int, *command: str) -> Said:
    """Start a command and end it within the time that it takes."""
    process = stand.begin(*command)
    time.sleep(_CHANCE.uniform(0.8, 6.0))
    process.send_signal(how)
    return ended(process)


def _ends(name: str, how: int, *command: str) -> Callable[[Stand], Iterator[Row]]:
    def run(stand: Stand) -> Iterator[Row]:
        folder = texts(stand.home.parent)
        known, seen = stand.sources(), None
        for _ in range(KILLS):
            seen = _broken_off(stand, how, *(one.replace("TEXTS", str(folder)) for one in command))
        row = stand.row(f"{name}, {KILLS} times", known, seen=seen)
        after = stand.say("ingest", str(folder))
        complete = len([one for one in stand.sources() if one.startswith(str(folder))]) == len(
            list(folder.iterdir())
        )
        yield replace(row, mended=row.mended and after.code == 0 and complete)

    return run


def _removal(stand: Stand) -> Iterator[Row]:
    """Break off deletions: each is done or not done, in catalogue and indexes alike."""
    folder = texts(stand.home.parent, 5)
    known = stand.sources()
    stand.say("ingest", str(folder))
    seen = None
    for path in sorted(folder.iterdir())[:KILLS]:
        seen = _broken_off(stand, signal.SIGKILL, "corpus", "remove", "--yes", str(path))
    left = [path for path in folder.iterdir() if str(path) in stand.sources()]
    gone = [stand.say("corpus", "remove", "--yes", str(path)).code for path in left]
    row = stand.row(f"kill -9 while a source is removed, {KILLS} times", known, seen=seen)
    yield replace(row, mended=row.mended and not any(gone) and stand.sources() == known)


def _two_writers(stand: Stand) -> Iterator[Row]:
    folder, known = texts(stand.home.parent, 60), stand.sources()
    first = stand.begin("ingest", str(folder))
    lock = stand.home / "lock.json"
    for _ in range(300):
        if lock.exists():
            break
        time.sleep(0.1)
    second = stand.say("ingest", str(folder))
    done = ended(first)
    row = stand.row("two writers", known, seen=second)
    yield replace(row, mended=row.mended and done.code == 0)


def _changing(stand: Stand) -> Iterator[Row]:
    path, known, stop = stand.home.parent / "busy.txt", stand.sources(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with path.open("a", encoding="utf-8") as file:
                file.write("又添了一行，还没有写完。\n")

    writer = threading.Thread(target=write)
    writer.start()
    seen = stand.say("ingest", str(path))
    stop.set()
    writer.join()
    after = stand.say("ingest", str(path))
    row = stand.row("a file that changes while it is read", known, seen=seen)
    yield replace(row, mended=row.mended and after.code == 0)


def _clock(jump: str) -> Callable[[Stand], Iterator[Row]]:
    def run(stand: Stand) -> Iterator[Row]:
        if not shutil.which("faketime"):
            return
        folder, known = texts(stand.home.parent, 5), stand.sources()
        other = replace(stand, before=("faketime", "-f", jump))
        seen = other.say("ingest", str(folder))
        row = stand.row(f"the clock jumps by {jump[:-1]} years during an ingest, and back", known, seen=seen)
        yield replace(row, mended=row.mended and seen.code == 0)

    return run


@contextmanager
def _small_disk(folder: Path, size: int) -> Iterator[None]:
    """Mount a small disk at a folder. Raises PermissionError where none may be mounted."""
    folder.mkdir()
    if os.geteuid() != 0 or not _mounted(f"size={size}", "-t", "tmpfs", "tmpfs", str(folder)):
        raise PermissionError("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=False, capture_output=True)  # noqa: S603, S607


def _mounted(options: str, *how: str) -> bool:
    command = ("mount", "-o", options, *how)
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def _full(stand: Stand) -> Iterator[Row]:
    used = sum(path.stat().st_size for path in stand.home.rglob("*") if path.is_file())
    folder, known = texts(stand.home.parent, 60), stand.sources()
    try:
        with _small_disk(stand.home.parent / "disk", used + 1_200_000):
            small = Stand(stand.home.parent / "disk" / "home")
            shutil.copytree(stand.home, small.home)
            seen = small.say("ingest", str(folder))
            asked = small.say("ask", "吉林市新增了多少停车位？")
            _mounted("remount,size=200m", str(small.home.parent))
            row = small.row("the disk is full during an ingest, later not", known, seen=seen)
            after = small.say("ingest", str(folder))
            yield replace(row, mended=row.mended and asked.code == 0 and after.code == 0)
    except PermissionError:
        return


def _closed(name: str, mode: int) -> Callable[[Stand], Iterator[Row]]:
    """Take the rights away from the home's own user, and give them back; root lays down his own for it."""

    def run(stand: Stand) -> Iterator[Row]:
        if os.geteuid() == 0 and not shutil.which("setpriv"):
            return
        folder, known = texts(stand.home.parent, 3), stand.sources()
        for path in (*stand.home.rglob("*"), stand.home):
            path.chmod(mode | 0o111 if path.is_dir() and mode else mode)
        seen = replace(stand, before=_BARE if os.geteuid() == 0 else ()).say("ingest", str(folder))
        stand.home.chmod(0o700)
        for path in sorted(stand.home.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        yield stand.row(name, known, seen=seen)

    return run


FAULTS: dict[str, Callable[[Stand], Iterator[Row]]] = {
    "kill ingest": _ends("kill -9 during an ingest", signal.SIGKILL, "ingest", "TEXTS"),
    "end ingest": _ends("SIGTERM during an ingest", signal.SIGTERM, "ingest", "TEXTS"),
    "kill rebuild": _ends("kill -9 during a rebuild", signal.SIGKILL, "ingest", "--rebuild"),
    "kill removal": _removal,
    "two writers": _two_writers,
    "changing file": _changing,
    "clock back": _clock("-10y"),
    "clock on": _clock("+10y"),
    "full disk": _full,
    "read only": _closed("a folder that may only be read", 0o444),
    "no permission": _closed("a folder without permission", 0),
}
