"""A new library gets the texts that ship, however many processes start at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.assembly.first_fill import FirstFill
from retrieval.library import Library

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

SHIPPED = 4


def _opening(home: Path, database: str):
    def opened(*, write: bool = False) -> AbstractContextManager[Library]:
        return Library.open(home, embedder=None, write=write, database=database)

    return opened


def _untold(*_: object) -> None:
    pass


def test_two_machines_that_start_at_once_fill_one_catalogue(tmp_path, database_url):
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir()
    fillings = [FirstFill(home, _opening(home, database_url)) for home in homes]
    failed = []

    def start(filling: FirstFill) -> None:
        try:
            if filling.is_due:
                filling.fill(_untold)
        except Exception as error:  # noqa: BLE001 - whatever it is, it has to reach the test
            failed.append(error)

    threads = [threading.Thread(target=start, args=[one]) for one in fillings]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert not any(one.is_due for one in fillings)
    for home in homes:
        with _opening(home, database_url)() as library:
            assert len(library.sources()) == SHIPPED


def test_a_start_that_was_broken_off_is_finished_by_the_next(tmp_path, database_url):
    (tmp_path / "shipping").touch()
    filling = FirstFill(tmp_path, _opening(tmp_path, database_url))
    assert filling.is_due
    filling.fill(_untold)
    assert not filling.is_due
    with _opening(tmp_path, database_url)() as library:
        assert len(library.sources()) == SHIPPED
