"""Whether a database server that failed may be there in a moment, or somebody has to do something.

A connection that was refused comes without a number of its error, and with words in the server's language.
So what is known to need somebody is named here; anything else is a server that comes up, goes down, is full.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

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


# What needs somebody; but for the first two, a server that speaks English says so.
_FOR_GOOD = (
    "pg_hba.conf",
    "SASL authentication",
    "password authentication failed",
    "no password supplied",
    "does not exist",
    "permission denied",
    "not permitted to log in",
    "not currently accepting connections",  # of a database: by its owner's will
)

_COMES_BACK = (
    "57P",
    "08",
    "53300",
    "25P03",
)  # going down or coming up, no connection, full, idle for too long


def is_away(error: BaseException) -> bool:
    """Tell whether what SQLAlchemy raised may go well in a moment; always False for a file."""
    if isinstance(error, PoolTimeout):  # all connections of a pool are held by who waits for the server
        return True
    if not isinstance(error, DBAPIError) or "psycopg" not in type(error.orig).__module__:
        return False
    number = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or isinstance(number, str):
        return error.connection_invalidated or str(number).startswith(_COMES_BACK)
    return isinstance(error, OperationalError) and not any(one in str(error.orig) for one in _FOR_GOOD)
