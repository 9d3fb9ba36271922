"""How a transaction on the catalogue begins: a server that is coming back is waited for."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from retrieval.database.outage_log import Wait
from retrieval.database.outages import is_away
from retrieval.database.retry import tries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


@contextmanager
def transaction(engine: Engine, place: str, *, writing: bool = False) -> Iterator[Connection]:
    """Give a connection within a transaction on what is at a place; raises SQLAlchemyError.

    Only its beginning is tried again: what breaks off later is for whoever asked to ask again.
    """
    connection, stack = _begun(engine, place, writing=writing)
    with stack:
        yield connection


def _begun(engine: Engine, place: str, *, writing: bool) -> tuple[Connection, ExitStack]:
    wait = Wait(place)
    for last in tries():
        try:
            begun = _once(engine, writing=writing)
        except SQLAlchemyError as error:
            if last or not is_away(error):
                raise
            wait.failed()
        else:
            wait.over()
            return begun
    raise AssertionError("the last try returns or raises")


def _once(engine: Engine, *, writing: bool) -> tuple[Connection, ExitStack]:
    with ExitStack() as stack:
        connection = stack.enter_context(engine.connect())
        if writing:
            connection = connection.execution_options(writing=True)
        stack.enter_context(connection.begin())
        return connection, stack.pop_all()
