"""Connections of the HTTP server: who says nothing, or too slowly, gives way to others. Seam: uvicorn."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol
else:
    Protocol = AutoHTTPProtocol  # httptools where it is installed, h11 elsewhere: both have the same parts

HEAD = 10.0  # seconds until the head of a request has come, from the opening or the last answer on
WHOLE = 30.0  # seconds until the whole of a request has come
STALLED = 60.0  # seconds in which a client takes nothing of what is sent to it
MOST = 512  # connections at a time


def most_connections() -> int:
    """Return how many connections may be open: at most half of the files that the process may have open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(8, min(MOST, files // 2)) if files > 0 else MOST


class LimitedConnection(Protocol):
    """A connection that is closed when its client keeps it waiting.

    Above ``most_connections`` the one that has waited longest for its client gives way; where each has a
    request at work, the new one does.
    """

    head, whole, stalled = HEAD, WHOLE, STALLED

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count the seconds that the client takes."""
        super().connection_made(transport)
        self._since, self._unsent, self._moved = self.loop.time(), 0, self.loop.time()
        self._watch()
        if len(self.connections) > most_connections():
            waiting = [one for one in self.connections if isinstance(one, LimitedConnection) and one.is_idle]
            # The new one is among them, and is the last.
            min(waiting, key=lambda one: one.since, default=self).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count no more."""
        self._due.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Start counting again for the next request."""
        self._since = self.loop.time()
        super().on_response_complete()

    @property
    def since(self) -> float:
        """Since when the client is waited for, in seconds of the loop's clock."""
        return self._since

    @property
    def is_idle(self) -> bool:
        """Whether no request is at work: none has come, or not all of it."""
        return self._limit() is not None

    def _limit(self) -> float | None:
        """Return how long the client may take for what it has to send now; None where it is our turn."""
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            return self.head
        return self.whole if cycle.more_body else None

    def _watch(self) -> None:
        now, limit = self.loop.time(), self._limit()
        unsent = self.transport.get_write_buffer_size()
        if not unsent or unsent < self._unsent:
            self._moved = now
        self._unsent = unsent
        is_late = limit is not None and now - self._since >= limit
        if is_late or now - self._moved >= self.stalled:
            self.transport.abort()
            return
        self._due = self.loop.call_later(min(self.head, self.stalled) / 4, self._watch)
