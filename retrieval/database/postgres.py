"""How a PostgreSQL server is reached, and noticed when it hangs. Seam: psycopg."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sqlalchemy import URL

    Waiting = Generator[Any, Any, Any]

PATIENCE = 30  # seconds of silence after which a server is asked whether it lives, unless set otherwise
NAMED = "answer_timeout"  # a number of seconds for it in the query of the URL
HUNG = "timeout: no answer for {seconds:.0f} s, and no new connection either"
# A server must take a connection in five seconds; one that is gone without a word is noticed in about twenty.
REACHING: dict[str, Any] = {
    "application_name": "chengwen",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
# Who hangs in the midst of a transaction keeps others from their work for so long, not for ever.
_MANNERS = "SET idle_in_transaction_session_timeout = '10min'"


class Patient(psycopg.Connection[Any]):
    """A connection that tells a server that is busy from one that hangs."""

    patience: float = PATIENCE
    lives: Callable[[], bool] = staticmethod(lambda: True)

    def wait(self, gen: Any, *args: Any, **named: Any) -> Any:
        """Wait as any connection does, and no longer where nobody is there."""
        return super().wait(self._watched(gen), *args, **named)

    def _watched(self, gen: Waiting) -> Waiting:
        # psycopg sends on what the socket is ready for; several times a second that it is ready for nothing.
        ready, heard = None, monotonic()
        while True:
            try:
                wanted = gen.send(ready)
            except StopIteration as done:
                return done.value
            ready = yield wanted
            if ready:
                heard = monotonic()
            elif monotonic() - heard > self.patience:
                self._ask()
                heard = monotonic()

    def _ask(self) -> None:
        if not self.lives():
            self.close()
            raise psycopg.OperationalError(HUNG.format(seconds=self.patience))


def parted(url: URL) -> tuple[URL, float]:
    """Return the address that the driver understands, and the patience. Raises ValueError for a wrong one."""
    told = url.normalized_query.get(NAMED, (str(PATIENCE),))
    return url.difference_update_query([NAMED]).set(drivername="postgresql+psycopg"), float(told[0])


def connecting(patience: float) -> Callable[..., Patient]:
    """Return what makes the connections of an engine, for its event ``do_connect``."""

    def connect(_dialect: object, _record: object, args: tuple[Any, ...], named: dict[str, Any]) -> Patient:
        def lives() -> bool:
            try:
                psycopg.connect(*args, **named).close()
            except psycopg.Error:
                return False
            return True

        made = Patient.connect(*args, **named)
        made.patience, made.lives = patience, lives
        if _is_pooled(made):
            made.prepare_threshold = None
        else:
            made.execute(_MANNERS)
        made.commit()
        return made

    return connect


def _is_pooled(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether a pooler stands before the server: it gives numbers of its own to connections.

    It may lend another of the server's connections for each transaction. Nothing can then be left in one: no
    prepared statement, no setting, no lock; see ``catalogue_engines`` and ``catalogue_alone``.
    """
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    return row is not None and row[0] != connection.info.backend_pid
