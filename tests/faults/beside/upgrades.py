"""The store of the first program, whose bringing up is broken off again and again."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from old_store import OLD, USAGE

from bot.server.signals import TERMINATED
from bot.store.database import HEAD
from evaluation.faults.kills import KILLS
from evaluation.faults.upgrades import inside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evaluation.faults.fault_home import FaultHome, FaultOutcome

MANY = 20_000  # answers and updates of years
GROWN = f"""
WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
  INSERT INTO inbox SELECT 7, i, '{{"a": 1}}', 1, 1.5, NULL FROM n;
WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
  INSERT INTO answers SELECT 'x' || i, 3, 7, i,
    '{{"question": "问", "outcome": "answered", "language": "en", "statements": [{{"text": "x"}}]}}',
    '说', 2.5 FROM n;
"""


def _held(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as file:
        updates = file.execute("SELECT count(*) FROM inbox WHERE finished IS NULL").fetchone()[0]
        return int(updates), int(file.execute("SELECT count(*) FROM answers").fetchone()[0])


def _step(path: Path) -> str | None:
    """Return the step that a store stands at; None before the first."""
    with closing(sqlite3.connect(path)) as file:
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        return str(file.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _store(how: signal.Signals, name: str) -> Callable[[FaultHome], FaultOutcome]:
    def run(stand: FaultHome) -> FaultOutcome:
        path, known = stand.home / "store.db", stand.sources()
        for left in stand.home.glob("store.db*"):
            left.unlink()
        with closing(sqlite3.connect(path)) as file:
            file.executescript(OLD + USAGE + GROWN)
        before, broken, steps = _held(path), [], set()
        for _ in range(KILLS):
            broken.append(inside(stand, how, path, "doctor"))
            steps.add(_step(path))
        stand.say("doctor")
        inner = sum(one.code < 0 or one.code == TERMINATED for one in broken)
        row = stand.row(f"{name} while an older store is brought up, {inner} times", known, seen=broken[-1])
        lost = sum(a - b for a, b in zip(before, _held(path), strict=True))
        done = _step(path) == HEAD and steps <= {None, HEAD}
        return replace(row, lost=row.lost + lost, mended=row.mended and done)

    return run


UPGRADES = {
    "kill store upgrade": _store(signal.SIGKILL, "kill -9"),
    "end store upgrade": _store(signal.SIGTERM, "SIGTERM"),
}
