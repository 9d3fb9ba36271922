"""Folders in a home that are there for a while; what a killed program left goes when the next one asks."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import filelock

from retrieval.values.errors import CatalogueBroken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = "passing-{}"
_PATIENCE = 10.0  # seconds, of whoever just looks whether a folder is anybody's


@contextmanager
def passing(home: Path) -> Iterator[Path]:
    """Give an empty folder that is gone afterwards. Raises ``CatalogueBroken`` where none can be made."""
    folder = home / _NAME.format(secrets.token_hex(6))
    lock = _lock(folder)  # ends with the process, however it ends
    try:
        home.mkdir(parents=True, exist_ok=True)
        _clear(home)
        lock.acquire(timeout=_PATIENCE)
        folder.mkdir(mode=0o700)
    except OSError as error:
        lock.release()
        raise CatalogueBroken(
            f"{home} 无法写入（{error.strerror}）。请检查权限和空间，或用 CHENGWEN_HOME 换一个位置。"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _forget(folder)
        lock.release()


def _clear(home: Path) -> None:
    """Remove what is nobody's any more."""
    for folder in {path.with_suffix("") for path in home.glob(_NAME.format("*"))}:
        try:
            with _lock(folder).acquire(timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
                _forget(folder)
        except (filelock.Timeout, OSError):
            continue  # somebody is at it, or it may not be touched


def _lock(folder: Path) -> filelock.FileLock:
    return filelock.FileLock(folder.with_suffix(".lock"), thread_local=False)


def _forget(folder: Path) -> None:
    folder.with_suffix(".lock").unlink(missing_ok=True)
