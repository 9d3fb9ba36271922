"""A catalogue of the format before, whose bringing up is broken off again and again."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.faults.fault_home import QUESTION, ended, texts
from evaluation.faults.kills import KILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evaluation.faults.fault_home import CommandOutput, FaultHome, FaultOutcome

_CHANCE = random.Random(19781218)  # noqa: S311 - no secret
_REGISTER = ("figures", "measures", "metric_grams", "metrics")  # what format 2 did not have
_PAUSE = 0.002


def inside(stand: FaultHome, how: signal.Signals, path: Path, *command: str) -> CommandOutput:
    """Start a command, and end it while it holds a transaction that writes on an SQLite file."""
    process = stand.begin(*command)
    while process.poll() is None and not _held(path):
        time.sleep(_PAUSE)
    time.sleep(_CHANCE.uniform(0.0, 0.3))
    process.send_signal(how)
    return ended(process)


def _held(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            file.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    return False


def _lowered(path: Path) -> None:
    """Make a catalogue what the program before wrote: without a register."""
    with closing(sqlite3.connect(path)) as file:
        for table in _REGISTER:
            file.execute(f"DROP TABLE {table}")
        file.execute("DELETE FROM meta WHERE name = 'register'")
        file.execute("PRAGMA user_version=2")
        file.commit()


def _state(path: Path) -> tuple[int, int]:
    """Return the format, and how many figures there are."""
    with closing(sqlite3.connect(path)) as file:
        number = int(file.execute("PRAGMA user_version").fetchone()[0])
        has = file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'figures'").fetchone()[0]
        return number, int(file.execute("SELECT count(*) FROM figures").fetchone()[0]) if has else 0


def _catalogue(how: signal.Signals, name: str) -> Callable[[FaultHome], Iterator[FaultOutcome]]:
    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        path = stand.home / "catalogue.db"
        stand.say("ingest", str(texts(stand.home.parent)))
        known, before = stand.sources(), _state(path)
        _lowered(path)
        broken, halves = [], 0
        for _ in range(KILLS):
            broken.append(inside(stand, how, path, "ask", QUESTION))
            halves += _state(path) not in (before, (2, 0))
        inner = sum(one.code != 0 for one in broken)
        row = stand.row(f"{name} while an older catalogue is brought up, {inner} times", known)
        yield replace(row, mended=row.mended and not halves and _state(path) == before)

    return run


FAULTS: dict[str, Callable[[FaultHome], Iterator[FaultOutcome]]] = {
    "kill upgrade": _catalogue(signal.SIGKILL, "kill -9"),
    "end upgrade": _catalogue(signal.SIGTERM, "SIGTERM"),
}
