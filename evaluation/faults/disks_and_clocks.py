"""Disks that are full, folders that may not be written, clocks that are wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.faults.fault_home import QUESTION, FaultHome, MissingPrerequisiteError, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evaluation.faults.fault_home import FaultOutcome

_RIGHTS = "-dac_override,-dac_read_search"
_BARE = ("setpriv", "--bounding-set", _RIGHTS, "--inh-caps", _RIGHTS)  # root who may not read everything


def _clock(jump: str) -> Callable[[FaultHome], Iterator[FaultOutcome]]:
    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        if not shutil.which("faketime"):
            raise MissingPrerequisiteError("faketime is not installed")
        folder, known = texts(stand.home.parent, 5), stand.sources()
        other = replace(stand, before=("faketime", "-f", jump))
        seen = other.say("ingest", str(folder))
        row = stand.row(f"the clock jumps by {jump[:-1]} years during an ingest, and back", known, seen=seen)
        yield replace(row, mended=row.mended and seen.code == 0)

    return run


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """Mount a small disk at a folder. Raises MissingError where none may be mounted."""
    folder.mkdir()
    if os.geteuid() != 0 or not mounted(f"size={size}", "-t", "tmpfs", "tmpfs", str(folder)):
        raise MissingPrerequisiteError("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=False, capture_output=True)  # noqa: S603, S607


def mounted(options: str, *how: str) -> bool:
    """Mount something with these options; tell whether that went well."""
    command = ("mount", "-o", options, *how)
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def _full(stand: FaultHome) -> Iterator[FaultOutcome]:
    folder, known = texts(stand.home.parent, 60), stand.sources()
    with small_disk(stand.home.parent / "disk", used(stand.home) + 1_200_000):
        small = FaultHome(stand.home.parent / "disk" / "home")
        shutil.copytree(stand.home, small.home)
        seen = small.say("ingest", str(folder))
        asked = small.say("ask", QUESTION)
        mounted("remount,size=200m", str(small.home.parent))
        row = small.row("the disk is full during an ingest, later not", known, seen=seen)
        after = small.say("ingest", str(folder))
        yield replace(row, mended=row.mended and asked.code == 0 and after.code == 0)


def used(folder: Path) -> int:
    """Return how many bytes the files of a folder take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _closed(name: str, mode: int) -> Callable[[FaultHome], Iterator[FaultOutcome]]:
    """Take the rights away from the home's own user, and give them back; root lays down his own for it."""

    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        if os.geteuid() == 0 and not shutil.which("setpriv"):
            raise MissingPrerequisiteError("setpriv is not installed")
        folder, known = texts(stand.home.parent, 3), stand.sources()
        for path in (*stand.home.rglob("*"), stand.home):
            path.chmod(mode | 0o111 if path.is_dir() and mode else mode)
        seen = replace(stand, before=_BARE if os.geteuid() == 0 else ()).say("ingest", str(folder))
        stand.home.chmod(0o700)
        for path in sorted(stand.home.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        yield stand.row(name, known, seen=seen)

    return run


FAULTS: dict[str, Callable[[FaultHome], Iterator[FaultOutcome]]] = {
    "clock back": _clock("-10y"),
    "clock on": _clock("+10y"),
    "full disk": _full,
    "read only": _closed("a folder that may only be read", 0o444),
    "no permission": _closed("a folder without permission", 0),
}
