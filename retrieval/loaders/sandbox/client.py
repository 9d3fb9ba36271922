"""Strangers' files are read by other processes, which can be lost; here is what a person is told then."""

from __future__ import annotations

import atexit
import logging
import os
import threading

from retrieval.loaders.formats.extracted import Reading
from retrieval.loaders.formats.media_type import SUFFIXES
from retrieval.loaders.sandbox.limits import Limits
from retrieval.loaders.sandbox.worker_process import Cell, CellError, CellGoneError, CellTimeoutError
from retrieval.values import errors
from retrieval.values.errors import BrokenFile, ReadError, TooLargeFile

_MANY = 200  # files after which a process is replaced: what libraries leak stays small
_TOLD = 2000  # characters of a sentence
_KINDS = frozenset(SUFFIXES.values())
log = logging.getLogger(__name__)


class Confined:
    """Reads files in child processes, as many as threads ask at once; a lost one costs its file alone."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self._limits = limits
        self._idle: list[Cell] = []
        self._lock = threading.Lock()

    def contents(self, data: bytes, name: str, *, media: str | None = None) -> tuple[str, Reading]:
        """Return the media type of some bytes and what they say. Raises a ReadError."""
        cell = self._take()
        try:
            answer = cell.ask(data, name, media)
        except CellGoneError:
            cell.close()
            if cell.used > 1:  # it ended for want of work just as some came
                return self.contents(data, name, media=media)
            raise _lost(name) from None
        except CellError as error:
            cell.close()
            log.warning("%s: %s", name, error)
            raise (_slow(name) if isinstance(error, CellTimeoutError) else _lost(name)) from None
        except BaseException:
            cell.close()  # its answer would be taken for that of the next file
            raise
        self._give_back(cell)
        return _understood(answer.told, answer.text, name)

    def _take(self) -> Cell:
        with self._lock:
            while self._idle:
                cell = self._idle.pop()
                if cell.alive:
                    return cell
                cell.close()
        return Cell(self._limits)

    def _give_back(self, cell: Cell) -> None:
        if cell.used >= _MANY:
            cell.close()
            return
        with self._lock:
            self._idle.append(cell)

    def close(self) -> None:
        """End every process that waits for work."""
        with self._lock:
            idle, self._idle = self._idle, []
        for cell in idle:
            cell.close()

    def abandon(self) -> None:
        """Forget the processes, in a copy of this process: they are its parent's."""
        self._idle, self._lock = [], threading.Lock()


def _understood(told: dict[str, object], text: bytes, name: str) -> tuple[str, Reading]:
    """Believe of the answer only what can be one: the process that gave it has seen a stranger's file."""
    if "error" in told:
        raise _refusal(told, name)
    media, encoding, metadata = told.get("media"), told.get("encoding"), told.get("metadata")
    if media not in _KINDS or not isinstance(encoding, str | None) or not isinstance(metadata, dict):
        raise _lost(name)
    try:
        body = text.decode()
    except UnicodeDecodeError:
        raise _lost(name) from None
    facts = {str(key): str(value) for key, value in metadata.items()}
    return str(media), Reading(text=body, encoding=encoding, metadata=facts)


def _refusal(told: dict[str, object], name: str) -> ReadError:
    error = str(told["error"])
    kind = getattr(errors, error, None)
    if isinstance(kind, type) and issubclass(kind, ReadError):
        return kind(str(told.get("told"))[:_TOLD])
    if error == "MemoryError":
        return TooLargeFile(
            f"“{name}”展开后要占用的内存太多，没有读完。请拆成几个小文件，或另存为 .txt 再读入。"
        )
    log.warning("%s: %s\n%s", name, error, told.get("trace", ""))
    return _lost(name)


def _slow(name: str) -> ReadError:
    return TooLargeFile(
        f"“{name}”读得太久，已经停下：可能太大，或内部结构有问题。请拆成几个小文件，或另存为 .txt 再读入。"
    )


def _lost(name: str) -> ReadError:
    return BrokenFile(f"“{name}”的内部结构有问题，读它的时候出了错。请重新保存，或另存为 .txt 再读入。")


shared = Confined()
# A page takes some five seconds of the processor, and a scan has some ten pages a megabyte.
scans = Confined(Limits(seconds=120.0, seconds_per_mb=60.0, memory=2 << 30, extras=("ocr",)))
for one in (shared, scans):
    atexit.register(one.close)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=one.abandon)
