"""The open data of a library in files: SQLite, Parquet where pyarrow is installed, a page on the columns."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from bot.errors import InputError
from bot.presentation.open_data import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.presentation.open_data import DataTable
    from retrieval.library import Library

DATABASE, SCHEMA = "chengwen.sqlite", "SCHEMA.md"
_MANY = 5_000  # rows written at once


def export(library: Library, folder: Path) -> dict[str, int]:
    """Write all tables into a folder, made on demand; returns the rows of each. Raises InputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        counts = _write(library, folder)
        (folder / SCHEMA).write_text(schema(counts), encoding="utf-8")
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"写不了“{folder}”（{why}）。请换一个能写的文件夹。") from error
    return counts


def has_parquet() -> bool:
    """Tell whether Parquet can be written here."""
    return find_spec("pyarrow") is not None


def schema(counts: dict[str, int]) -> str:
    """Return the page that says what each table and column holds."""
    lines = [
        "# 城问 open data\n",
        f"`{DATABASE}` holds all tables (Datasette, DuckDB, any SQLite tool); `*.parquet`, where present,",
        "hold one each (DuckDB, pandas, polars). Offsets count characters of `documents.text` from 0.\n",
        "```sql",
        "-- targets that were missed, with both sides in the texts' own words",
        "SELECT place, year, metric, target_quote, result_quote FROM promises WHERE state = 'short';",
        "```\n",
    ]
    for one in TABLES:
        lines += [
            f"## {one.name}\n",
            f"{one.meaning}; {counts[one.name]} rows.\n",
            "| column | type | meaning |",
        ]
        lines += ["|---|---|---|", *(f"| {c.name} | {c.type} | {c.meaning} |" for c in one.columns), ""]
    return "\n".join(lines)


def _write(library: Library, folder: Path) -> dict[str, int]:
    path = folder / DATABASE
    path.unlink(missing_ok=True)
    counts = {}
    with closing(sqlite3.connect(path)) as database:
        for one in TABLES:
            rows = list(_rows(one, library))
            _into_sqlite(database, one, rows)
            if has_parquet():
                _into_parquet(folder / f"{one.name}.parquet", one, rows)
            counts[one.name] = len(rows)
        database.commit()
    return counts


def _rows(one: DataTable, library: Library) -> Iterator[tuple[Any, ...]]:
    names = [column.name for column in one.columns]
    return (tuple(row[name] for name in names) for row in one.rows(library))


def _into_sqlite(database: sqlite3.Connection, one: DataTable, rows: list[tuple[Any, ...]]) -> None:
    told = ", ".join(f'"{column.name}" {column.type}' for column in one.columns)
    marks = ", ".join("?" * len(one.columns))
    database.execute(f'CREATE TABLE "{one.name}" ({told})')
    for at in range(0, len(rows), _MANY):
        database.executemany(f'INSERT INTO "{one.name}" VALUES ({marks})', rows[at : at + _MANY])  # noqa: S608


def _into_parquet(path: Path, one: DataTable, rows: list[tuple[Any, ...]]) -> None:
    import pyarrow as arrow  # noqa: PLC0415 - an optional part, and heavy
    from pyarrow import parquet  # noqa: PLC0415

    types = {"TEXT": arrow.string(), "INTEGER": arrow.int64(), "REAL": arrow.float64()}
    fields = [
        arrow.field(column.name, types[column.type], metadata={"meaning": column.meaning})
        for column in one.columns
    ]
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in one.columns]
    cast = [
        [_cast(cell, column.type) for cell in cells]
        for column, cells in zip(one.columns, columns, strict=True)
    ]
    parquet.write_table(arrow.table(cast, schema=arrow.schema(fields)), path)


def _cast(cell: object, kind: str) -> object:
    return float(cell) if kind == "REAL" and isinstance(cell, int) else cell
