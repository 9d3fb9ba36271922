"""One writer at a time: a lock of the operating system, which ends with the process that holds it."""

from __future__ import annotations

import json
import os
import platform
import sys
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

import filelock

from retrieval.values.errors import CatalogueBroken, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType


class WriterLock:
    """The lock of a home; who holds it stands in a file beside it, for the person who is told to wait."""

    def __init__(self, home: Path) -> None:
        self._lock = filelock.FileLock(home / "lock", thread_local=False)
        self._holder = home / "lock.json"
        self._work = home / "working"

    def __enter__(self) -> WriterLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock at once, or raise ``IndexLocked`` with who has it."""
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise IndexLocked(self._sentence()) from error
        except OSError as error:
            raise CatalogueBroken(
                f"{self._lock.lock_file} 无法写入（{error.strerror}）。"
                "请检查权限和空间，或用 CHENGWEN_HOME 换一个位置。"
            ) from error
        with suppress(OSError):
            self._holder.write_text(json.dumps(_self()), encoding="utf-8")

        with suppress(OSError):
            self._work.unlink(missing_ok=True)  # of a writer that was killed

    @contextmanager
    def working(self) -> Iterator[None]:
        """Tell readers that one change follows the other from here on."""
        with suppress(OSError):
            self._work.touch()
        try:
            yield
        finally:
            with suppress(OSError):
                self._work.unlink(missing_ok=True)

    @property
    def busy(self) -> bool:
        """Whether a writer, of whatever process, is in the midst of many changes."""
        return self._work.exists()

    def release(self) -> None:
        """Let go of the lock."""
        with suppress(OSError):
            self._holder.unlink(missing_ok=True)
        self._lock.release()

    @property
    def held(self) -> bool:
        """Whether it is held here."""
        return self._lock.is_locked

    def _sentence(self) -> str:
        try:
            who = json.loads(self._holder.read_text(encoding="utf-8"))
            told = f"进程 {who['pid']}（{who['host']}，自 {who['since']}，命令：{who['command']}）"
        except (OSError, ValueError, KeyError, TypeError):
            told = "另一个进程"
        return f"{told}正在写入资料库。同一时间只能有一个写入者：请等它结束，或先停掉它，再试一次。"


def _self() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": platform.node(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": " ".join(sys.argv)[:200],
    }
