"""Renewing in the background, seldom enough to leave the time to those who ask."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING

from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE, _LONGEST = 2.0, 10.0  # seconds between two, at least and at most
_SHARE = 20  # in between, so many times what the last one took
log = logging.getLogger(__name__)


class BackgroundRefresh:
    """Does one thing again when somebody wishes it, in a thread, one at a time."""

    def __init__(self, renew: Callable[[], None]) -> None:
        self._renew = renew
        self._thread: threading.Thread | None = None
        self._due = 0.0
        self._starting = threading.Lock()
        self._closed = False

    def wish(self) -> None:
        """Ask for it to be done soon; it is not waited for."""
        with self._starting:
            at_work = self._thread is not None and self._thread.is_alive()
            if not at_work and not self._closed and monotonic() >= self._due:
                self._thread = threading.Thread(target=self._run, name="renewal", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Begin no more, and wait for what is being done."""
        with self._starting:
            self._closed = True
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        began = monotonic()
        try:
            self._renew()
        except RetrievalError as error:
            log.info("%s", error)  # what served before serves on
        self._due = monotonic() + min(_LONGEST, max(_PAUSE, _SHARE * (monotonic() - began)))
