"""Long work gives way to those who wait for an answer."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

_BEHIND = 10  # of 19: beside it a question gets nine tenths of a core


def give_way() -> None:
    """Make the thread that calls it less urgent than others; only Linux knows that of a thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)
