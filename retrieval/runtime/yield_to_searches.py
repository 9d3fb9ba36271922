"""Long work gives way to those who wait for an answer: it is less urgent, and pauses while somebody asks."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from time import monotonic, sleep, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_BEHIND = 10  # of 19: beside it a question gets nine tenths of a core
_QUIET = 0.1  # seconds that a question takes, or after which the next of a crowd is there
_LONGEST = 2.0  # seconds of pause at once: a bot that is asked all the time must not stop an ingest for good
_LOOK = 0.02


def give_way() -> None:
    """Make the thread that calls it less urgent than others; only Linux knows that of a thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)


class QueryActivity:
    """When somebody last asked in a home, for all processes of a machine: the time of an empty file.

    Being less urgent is not enough: what is under way runs on beside a question, and two cores are often
    the two halves of one.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / "asked"

    def note(self) -> None:
        """Note that somebody asks; where that can't be written, questions just go beside the work."""
        with suppress(OSError):
            try:
                os.utime(self._file)
            except FileNotFoundError:
                self._file.touch()

    def pause(self) -> None:
        """Wait until nobody has asked for a moment, but not for long."""
        until = monotonic() + _LONGEST
        while self._lately() and monotonic() < until:
            sleep(_LOOK)

    def paced(self, tell: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
        """Return what tells of each step of a work, and before the next one pauses."""

        def step(stage: str, done: int, total: int) -> None:
            self.pause()
            tell(stage, done, total)

        return step

    def _lately(self) -> bool:
        try:
            ago = time() - self._file.stat().st_mtime
        except OSError:
            return False
        return 0 <= ago < _QUIET  # a clock that was put back must not stop the work
