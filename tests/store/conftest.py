"""Each test of the store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store import Store
from bot.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def at(request: pytest.FixtureRequest, home: Path) -> Path | str:
    """Return where an empty store may be made."""
    if request.param == "sqlite":
        return home / "store.db"
    return str(request.getfixturevalue("database_url"))


@pytest.fixture
def store(at: Path | str) -> Iterator[Store]:
    """Return an empty store."""
    opened = Store.open(at)
    yield opened
    opened.close()


@pytest.fixture
def database(at: Path | str) -> Iterator[Database]:
    """Return a database with empty tables."""
    opened = Database.open(at)
    yield opened
    opened.close()
