"""SQLite files copied while others read and write them. Seam: sqlite3."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from retrieval.values.errors import CatalogueBroken

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 60.0  # seconds that others may hold the file


def copied(source: Path, target: Path) -> None:
    """Write one state of a file that is in use to a new file. Raises ``CatalogueBroken``."""
    try:
        with closing(_connected(source)) as file:
            file.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise CatalogueBroken(f"{source} 没能复制（{error}）。请检查磁盘空间和权限。") from error


def poured(source: Path, target: Path) -> None:
    """Put the content of a file in the place of another's, in one transaction; who reads that sees either.

    Raises ``CatalogueBroken``; the other file is then as it was.
    """
    try:
        with closing(_connected(source)) as new, closing(_connected(target)) as old:
            old.execute("PRAGMA journal_mode=WAL")
            new.backup(old)
    except sqlite3.Error as error:
        raise CatalogueBroken(f"{target} 没能写入（{error}）。请停掉正在写它的程序，再试一次。") from error


def mirrored(source: Path, target: Path) -> None:
    """Write one state of a file that others may have open to a new file, page by page.

    Raises ``CatalogueBroken``.
    """
    try:
        with closing(_connected(source)) as old, closing(_connected(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise CatalogueBroken(f"{source} 没能复制（{error}）。请检查磁盘空间和权限。") from error


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE)
