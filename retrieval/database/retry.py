"""How often something is tried again that may go well in a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.0)  # seconds between tries: a server that restarts is soon back
LONGEST = 20.0  # seconds of trying again: a try at a server that hangs takes some of its own


def tries(pauses: tuple[float, ...] = PAUSES, longest: float = LONGEST) -> Iterator[bool]:
    """Give a turn for each try, True for the last; it waits between two of them."""
    failed = None
    for pause in pauses:
        yield False
        failed = failed or time.monotonic()
        if time.monotonic() - failed > longest:
            break
        time.sleep(pause)
    yield True
