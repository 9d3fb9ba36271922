"""Waiting for a server that is coming back, of which the log tells afterwards, once for all who waited."""

from __future__ import annotations

import logging
import threading
import time

NOTABLE = 1.0  # seconds from which on a wait is told
APART = 10.0  # seconds between two lines on the same server: many wait at the same time

log = logging.getLogger(__name__)
_lock = threading.Lock()
_told: dict[str, float] = {}


class OutageLog:
    """One piece of work that needs a server, from its first try on."""

    def __init__(self, whom: str) -> None:
        self._whom = whom
        self._began = time.monotonic()
        self._failed = False

    def failed(self) -> None:
        """Note that a try failed, and that there will be another."""
        self._failed = True

    def over(self) -> None:
        """Note that the server is there; if it was long away, the log tells how long."""
        now = time.monotonic()
        if self._failed and now - self._began >= NOTABLE and _first(self._whom, now):
            log.warning("%s was away for %.0f s and is back", self._whom, now - self._began)


def _first(whom: str, now: float) -> bool:
    with _lock:
        if now - _told.get(whom, -APART) < APART:
            return False
        _told[whom] = now
        return True
