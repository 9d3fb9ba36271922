"""The bytes of a file as they stood at one moment: a plain file of bounded size that nobody was writing."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING

from retrieval.values.errors import ReadError, TooLargeFile, UnsupportedFile

if TYPE_CHECKING:
    from pathlib import Path

_TRIES = 4  # while another program writes it
_PAUSE = 0.05  # seconds, doubled each time
# A pipe put in the place of a file would be waited for without end.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def bytes_of(place: Path, name: str, *, limit: int) -> bytes:
    """Return the bytes of a file of at most ``limit``. Raises a ReadError, or the system's OSError."""
    _check(place.stat(), name, limit)
    for attempt in range(_TRIES):
        data = _at_once(place, name, limit)
        if data is not None:
            return data
        time.sleep(_PAUSE * 2**attempt)
    raise ReadError(f"“{name}”正被另一个程序改写，没有读入。请等它写完后再试。")


def too_large(size: int, name: str, limit: int) -> TooLargeFile:
    """Return the refusal of a file of so many bytes."""
    return TooLargeFile(
        f"“{name}”有 {size / 2**20:.0f} MB，超过上限 {limit / 2**20:.0f} MB。请拆成几个小文件再读入。"
    )


def _at_once(place: Path, name: str, limit: int) -> bytes | None:
    """Return the bytes, or None where the file changed meanwhile."""
    with open(os.open(place, _FLAGS), "rb", closefd=True) as file:  # noqa: PTH123 - pathlib has no flags
        before = os.fstat(file.fileno())
        _check(before, name, limit)
        data = file.read(limit + 1)
        after = os.fstat(file.fileno())
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data if same and len(data) == after.st_size else None


def _check(about: os.stat_result, name: str, limit: int) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise UnsupportedFile(
            f"“{name}”是文件夹，不是文件。请给出其中的文件，或用 chengwen ingest 读入文件夹。"
        )
    if not stat.S_ISREG(about.st_mode):
        raise UnsupportedFile(f"“{name}”不是普通文件，读不出文字。请给出一个文件。")
    if about.st_size > limit:
        raise too_large(about.st_size, name, limit)
