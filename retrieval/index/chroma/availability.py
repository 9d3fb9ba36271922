"""Whether an index can be asked: one that is away or broken is mended aside, and nobody waits for it."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from retrieval.runtime.background_refresh import BackgroundRefresh
from retrieval.values.errors import IndexAway, IndexBroken

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_FIRST, _AGAIN = 5.0, 60.0  # seconds until a server that answers is looked after, and between two looks
_TICK = 2.0  # seconds
log = logging.getLogger(__name__)


class IndexAvailability:
    """Asks as long as the server answers; ``look`` looks after it in a thread, and raises what is wrong.

    From the first question on it is looked after whether anybody asks or not: who asks after a quiet night
    is to find it mended.
    """

    def __init__(self, look: Callable[[], None], *, again: str) -> None:
        self._look = look
        self._again = again  # what the log says when it can be used again
        self._aside = BackgroundRefresh(self._looked)
        self._due = monotonic() + _FIRST
        self._telling = threading.Lock()
        self._watch: threading.Thread | None = None
        self._closing = threading.Event()
        self.away: str | None = None  # why it can't be asked just now

    def use(self, ask: Callable[[], T]) -> T:
        """Ask, or raise ``IndexAway``: at once where the server was away a moment ago."""
        self._keep_watch()
        self.wish()
        if self.away is not None:
            raise IndexAway(self.away)
        try:
            return ask()
        except (IndexAway, IndexBroken) as error:
            self._lose(error)
            raise IndexAway(str(error)) from error

    def wish(self) -> None:
        """Let the server be looked after soon, if it is time for that."""
        if self.away is not None or monotonic() >= self._due:
            self._aside.wish()

    def close(self) -> None:
        """Wait for a look that is being taken; nobody is told any more what comes of it."""
        self._closing.set()
        self._aside.close()

    def _keep_watch(self) -> None:
        with self._telling:
            if self._watch is None:
                self._watch = threading.Thread(target=self._watched, name="reach", daemon=True)
                self._watch.start()

    def _watched(self) -> None:
        while not self._closing.wait(_TICK):
            self.wish()

    def _looked(self) -> None:
        try:
            self._look()
        except (IndexAway, IndexBroken) as error:
            self._lose(error)
        else:
            self._regain()
        finally:
            self._due = monotonic() + _AGAIN

    def _lose(self, error: Exception) -> None:
        """Tell once that the server is away."""
        with self._telling:
            if self.away is None and not self._closing.is_set():
                log.warning("%s先只按词语检索。", error)
            self.away = str(error)

    def _regain(self) -> None:
        with self._telling:
            if self.away is not None:
                log.warning("%s", self._again)
            self.away = None
