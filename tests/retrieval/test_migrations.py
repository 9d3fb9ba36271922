"""Catalogues of older formats are brought up step by step."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine

from retrieval.catalog import migrations, tables
from retrieval.catalog.catalog import Catalogue

if TYPE_CHECKING:
    from pathlib import Path


def _schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as file:
        names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return [
            (name, ",".join(sorted(row[1] for row in file.execute(f"PRAGMA table_info({name})"))))
            for (name,) in names
        ]


def test_every_format_has_its_step() -> None:
    """From the oldest that can be brought up to that of today, none is left out."""
    assert list(migrations.STEPS) == list(range(tables.OLDEST + 1, tables.SCHEMA + 1))


def test_a_column_is_added_and_a_table_made_again(tmp_path: Path) -> None:
    """Rows stay where a column is added, and go where a table of the register is made again."""
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    old = Table("t", MetaData(), Column("id", Integer, primary_key=True))
    new = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("more", Text, index=True))
    with engine.begin() as connection:
        old.create(connection)
        connection.execute(old.insert(), {"id": 1})
        migrations.add_column(connection, new.c.more)
        assert connection.execute(new.select()).all() == [(1, None)]
        migrations.remake(connection, new)
        assert connection.execute(new.select()).all() == []
    engine.dispose()


def test_an_older_catalogue_gets_the_tables_of_today(tmp_path: Path) -> None:
    """A catalogue of the oldest format has the same tables afterwards as a new one."""
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    for path in (old, new):
        Catalogue.open(path).close()
    with closing(sqlite3.connect(old)) as file:
        for name in ("figures", "measures", "metric_grams", "metrics"):
            file.execute(f"DROP TABLE {name}")
        file.execute(f"PRAGMA user_version={tables.OLDEST}")
        file.commit()
    Catalogue.open(old).close()
    assert _schema(old) == _schema(new)
