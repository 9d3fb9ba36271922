"""What this program writes is for the person who runs it alone: files 0600, folders 0700."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def private() -> Iterator[None]:
    """Let no file made inside be read by other people of this machine."""
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def close_home(home: Path) -> None:
    """Close a home to others that was left open to them; one that is not ours stays as it is."""
    with suppress(OSError):
        mode = home.stat().st_mode
        if mode & _OTHERS:
            home.chmod(stat.S_IMODE(mode) & ~_OTHERS)
