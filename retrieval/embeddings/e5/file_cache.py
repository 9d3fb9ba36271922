"""A file that can be made again, kept beside the digest of its content: whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_log = logging.getLogger(__name__)
_DIGEST = hashlib.sha256().digest_size
_STALE = 3600.0  # seconds after which an unfinished file has no writer any more


def cached(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what the file holds; make it and write it first when it is missing or damaged.

    A disk that takes no file is told in the log, and the content serves from memory.
    """
    content = _read(path)
    if content is None:
        content = make()
        try:
            _write(path, content)
        except OSError as error:
            reason = error.strerror or error
            _log.warning("模型缓存写不进 %s（%s），这次改用内存；请检查磁盘空间和权限。", path, reason)
    return content


def _read(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, content = data[:_DIGEST], data[_DIGEST:]
    if hashlib.sha256(content).digest() == digest:
        return content
    _log.warning("模型缓存 %s 已损坏，现重新生成。", path)
    return None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear(path)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        with unfinished.open("xb") as file:
            file.write(hashlib.sha256(content).digest())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _clear(path: Path) -> None:
    """Drop what writers that were killed have left."""
    for left in path.parent.glob(f"{path.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()
