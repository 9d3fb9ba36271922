"""One child process that reads untrusted files, and the errors that say why it gave no answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.loaders.formats.dispatch import LONGEST
from retrieval.loaders.sandbox.protocol import ProtocolError, receive, send

if TYPE_CHECKING:
    from retrieval.loaders.sandbox.limits import ReaderLimits

_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TMPDIR", "TEMP")  # none of them holds a secret


class ReaderProcessError(Exception):
    """The process has ended without an answer."""


class ReaderTimeoutError(ReaderProcessError):
    """The file took longer than it may."""


class ReaderProcessGoneError(ReaderProcessError):
    """The process had ended before it saw the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderReply:
    """What the process replies on a file: the head of its message, and the bytes of the text or picture."""

    head: dict[str, Any]
    body: bytes


class ReaderProcess:
    """A child process that reads one file at a time."""

    def __init__(self, limits: ReaderLimits) -> None:
        self._limits = limits
        self._late = threading.Event()
        self.used = 0  # files it has been given
        self._process = subprocess.Popen(  # noqa: S603 - our own module, nothing from outside in the command
            [
                sys.executable,
                "-P",
                "-m",
                "retrieval.loaders.sandbox.worker",
                str(limits.memory),
                *limits.extras,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            start_new_session=True,  # Ctrl-C is for the parent to act on
        )

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def ask(self, data: bytes, name: str, media: str | None, page: int | None = None) -> ReaderReply:
        """Have one file read, or the picture of one of its pages made.

        Raises a ReaderProcessError; after that, and after a MemoryError, close it.
        """
        self.used += 1
        clock = threading.Timer(self._limits.patience(len(data)), self._stop_late)
        clock.daemon = True
        clock.start()
        try:
            return self._exchange(data, {"name": name, "media": media, "page": page})
        except (ProtocolError, OSError, ValueError) as error:
            raise self._reason() from error
        finally:
            clock.cancel()

    def _exchange(self, data: bytes, head: dict[str, Any]) -> ReaderReply:
        pipes = self._process.stdin, self._process.stdout
        assert pipes[0] is not None, "a pipe was asked for"
        assert pipes[1] is not None, "a pipe was asked for"
        seconds = self._limits.processor(len(data))
        send(pipes[0], {**head, "seconds": seconds}, data)
        told, body = receive(pipes[1], most=4 * LONGEST)
        return ReaderReply(head=told, body=body)

    def _stop_late(self) -> None:
        self._late.set()
        self._process.kill()

    def _reason(self) -> ReaderProcessError:
        self._process.kill()
        code = self._process.wait()
        if self._late.is_set() or code == -getattr(signal, "SIGXCPU", 0):
            return ReaderTimeoutError("too slow")
        return ReaderProcessGoneError("idle") if code == 0 else ReaderProcessError(f"ended with {code}")

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _surroundings() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    known = os.pathsep.join(path for path in sys.path if path and os.path.isabs(path))  # noqa: PTH117 - a string
    return {**kept, "PYTHONPATH": known, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
