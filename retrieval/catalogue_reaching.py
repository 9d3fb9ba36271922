"""How a transaction on the catalogue begins: a server that is coming back is waited for."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from retrieval import catalogue_faults as faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.0)  # seconds between tries: a server that restarts is soon back


@contextmanager
def transaction(engine: Engine, *, writing: bool = False) -> Iterator[Connection]:
    """Give a connection within a transaction; raises SQLAlchemyError.

    Only its beginning is tried again: what breaks off later is for whoever asked to ask again.
    """
    connection, stack = _begun(engine, writing=writing)
    with stack:
        yield connection


def _begun(engine: Engine, *, writing: bool) -> tuple[Connection, ExitStack]:
    for pause in PAUSES:
        try:
            return _once(engine, writing=writing)
        except DBAPIError as error:
            if not faults.is_away(error):
                raise
            time.sleep(pause)
    return _once(engine, writing=writing)


def _once(engine: Engine, *, writing: bool) -> tuple[Connection, ExitStack]:
    with ExitStack() as stack:
        connection = stack.enter_context(engine.connect())
        if writing:
            connection = connection.execution_options(writing=True)
        stack.enter_context(connection.begin())
        return connection, stack.pop_all()
