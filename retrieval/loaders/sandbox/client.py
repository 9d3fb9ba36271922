"""Untrusted files are read by child processes; a lost one ends in a sentence for a person."""

from __future__ import annotations

import atexit
import logging
import os
import threading

from retrieval.loaders.formats.extracted import ExtractedText
from retrieval.loaders.formats.media_type import SUFFIXES
from retrieval.loaders.sandbox.limits import ReaderLimits
from retrieval.loaders.sandbox.worker_process import (
    ReaderProcess,
    ReaderProcessError,
    ReaderProcessGoneError,
    ReaderReply,
    ReaderTimeoutError,
)
from retrieval.values import errors
from retrieval.values.errors import BrokenFile, ReadError, TooLargeFile

_MANY = 200  # files after which a process is replaced: what libraries leak stays small
_LONGEST_MESSAGE = 2000  # characters of a sentence
_JPEG = b"\xff\xd8\xff"
_KINDS = frozenset(SUFFIXES.values())
log = logging.getLogger(__name__)


class SandboxedReader:
    """Reads files in child processes, as many as threads ask at once; a lost one costs its file alone."""

    def __init__(self, limits: ReaderLimits = ReaderLimits()) -> None:  # noqa: B008 - frozen
        self._limits = limits
        self._idle: list[ReaderProcess] = []
        self._lock = threading.Lock()

    def contents(self, data: bytes, name: str, *, media: str | None = None) -> tuple[str, ExtractedText]:
        """Return the media type of some bytes and what they say. Raises a ReadError."""
        answer = self._asked(data, name, media)
        return _validated(answer.head, answer.body, name)

    def page_picture(self, data: bytes, name: str, page: int, *, media: str | None = None) -> bytes:
        """Return the picture that a page is, as a JPEG. Raises a ReadError where it is none."""
        answer = self._asked(data, name, media, page)
        if "error" in answer.head:
            raise _refusal(answer.head, name)
        if not answer.body.startswith(_JPEG):
            raise _lost(name)
        return answer.body

    def _asked(self, data: bytes, name: str, media: str | None, page: int | None = None) -> ReaderReply:
        process = self._take()
        try:
            answer = process.ask(data, name, media, page)
        except ReaderProcessGoneError:
            process.close()
            if process.used > 1:  # it ended idle just as work came
                return self._asked(data, name, media, page)
            raise _lost(name) from None
        except ReaderProcessError as error:
            process.close()
            log.warning("%s: %s", name, error)
            raise (_slow(name) if isinstance(error, ReaderTimeoutError) else _lost(name)) from None
        except BaseException:
            process.close()  # its answer would be taken for that of the next file
            raise
        self._give_back(process)
        return answer

    def _take(self) -> ReaderProcess:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                process.close()
        return ReaderProcess(self._limits)

    def _give_back(self, process: ReaderProcess) -> None:
        if process.used >= _MANY:
            process.close()
            return
        with self._lock:
            self._idle.append(process)

    def close(self) -> None:
        """End every process that waits for work."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()

    def abandon(self) -> None:
        """Forget the processes, in a copy of this process: they are its parent's."""
        self._idle, self._lock = [], threading.Lock()


def _validated(head: dict[str, object], text: bytes, name: str) -> tuple[str, ExtractedText]:
    """Accept only a well-formed answer: the process that gave it has seen an untrusted file."""
    if "error" in head:
        raise _refusal(head, name)
    media, encoding, metadata = head.get("media"), head.get("encoding"), head.get("metadata")
    if media not in _KINDS or not isinstance(encoding, str | None) or not isinstance(metadata, dict):
        raise _lost(name)
    try:
        body = text.decode()
    except UnicodeDecodeError:
        raise _lost(name) from None
    facts = {str(key): str(value) for key, value in metadata.items()}
    return str(media), ExtractedText(text=body, encoding=encoding, metadata=facts)


def _refusal(head: dict[str, object], name: str) -> ReadError:
    error = str(head["error"])
    kind = getattr(errors, error, None)
    if isinstance(kind, type) and issubclass(kind, ReadError):
        return kind(str(head.get("message"))[:_LONGEST_MESSAGE])
    if error == "MemoryError":
        return TooLargeFile(
            f"“{name}”展开后要占用的内存太多，没有读完。请拆成几个小文件，或另存为 .txt 再读入。"
        )
    log.warning("%s: %s\n%s", name, error, head.get("trace", ""))
    return _lost(name)


def _slow(name: str) -> ReadError:
    return TooLargeFile(
        f"“{name}”读得太久，已经停下：可能太大，或内部结构有问题。请拆成几个小文件，或另存为 .txt 再读入。"
    )


def _lost(name: str) -> ReadError:
    return BrokenFile(f"“{name}”的内部结构有问题，读它的时候出了错。请重新保存，或另存为 .txt 再读入。")


shared = SandboxedReader()
# A page takes some five seconds of the processor, and a scan has some ten pages a megabyte.
scans = SandboxedReader(ReaderLimits(seconds=120.0, seconds_per_mb=60.0, memory=2 << 30, extras=("ocr",)))
pictures = SandboxedReader(ReaderLimits(memory=1 << 30, extras=("pictures",)))
for one in (shared, scans, pictures):
    atexit.register(one.close)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=one.abandon)
