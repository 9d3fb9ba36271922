"""Bring the catalogue of an older program up to the format of this one.

``STEPS`` lists, by the number of the format that a step leads to, what has to be done to a catalogue of
the format before; ``bring_up`` takes them in order, in one transaction that a kill leaves undone. To change
the tables: change them in ``tables`` or ``fact_tables``, raise ``tables.SCHEMA`` by one and add a step.
New tables and their indexes need no code (``create_all`` makes them before the steps), nor do the rows of
the register (they are read again from the texts after the last step): where a table of the register has
other columns, ``remake`` it. For a new column of another table call ``add_column``, and fill it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.schema import CreateTable, DropTable

from retrieval.catalog import fact_tables, queries, tables, vector_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Column, Connection, Table


def bring_up(connection: Connection, found: int) -> None:
    """Make the tables that are missing, and take the steps from a found format; 0 is an empty database."""
    tables.metadata.create_all(connection)
    if found:
        for number in range(found + 1, tables.SCHEMA + 1):
            STEPS[number](connection)


def add_column(connection: Connection, column: Column[object]) -> None:
    """Add a column that may be null to its table, unless it is there."""
    held = inspect(connection).get_columns(column.table.name)
    if any(one["name"] == column.name for one in held):
        return
    kind = column.type.compile(connection.dialect)
    connection.exec_driver_sql(f'ALTER TABLE {column.table.name} ADD COLUMN "{column.name}" {kind}')


def add_indexes(connection: Connection, table: Table) -> None:
    """Add the indexes that a table lacks."""
    for index in table.indexes:
        index.create(connection, checkfirst=True)


def remake(connection: Connection, table: Table) -> None:
    """Drop a table of the register with its rows, and create it with the columns of today."""
    connection.execute(DropTable(table, if_exists=True))
    connection.execute(CreateTable(table))
    add_indexes(connection, table)


def _register(_connection: Connection) -> None:
    """Format 3 adds the register, which needs its tables alone."""


def _vectors_by_document(connection: Connection) -> None:
    """Format 4 keeps the vectors of a document in one row, and on the document how it is cut.

    The rows by text stay for a program of before that may still be running; see ``retired``.
    """
    add_column(connection, tables.documents.c.cut)
    add_indexes(connection, tables.documents)
    vector_rows.pack_all(connection)
    queries.note(connection, "packed", datetime.now(UTC).isoformat(timespec="seconds"))


def _typed_figures(connection: Connection) -> None:
    """Format 5 keeps on each figure its role, direction, scope, rank and state; its rows are read again."""
    remake(connection, fact_tables.figures)


STEPS: dict[int, Callable[[Connection], None]] = {
    3: _register,
    4: _vectors_by_document,
    5: _typed_figures,
}
