"""A writer that is killed at any moment loses nothing it has acknowledged, and nobody has to mend it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crash_writer import text
from shelf import HashedWords

from retrieval.library import Library
from retrieval.values.errors import IndexLocked

HERE = Path(__file__).parent
MANY = 10_000  # more than any run gets done


def _spawn(home: Path, first: int) -> subprocess.Popen[str]:
    path = os.pathsep.join(
        [str(HERE), str(HERE.parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    return subprocess.Popen(
        [sys.executable, str(HERE / "crash_writer.py"), str(home), str(first), str(MANY)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def _killed(home: Path, first: int, done: int, seconds: float = 0.0) -> list[int]:
    """Kill a writer so long after it has acknowledged so many texts; return what it acknowledged in all."""
    writer = _spawn(home, first)
    assert writer.stdout is not None
    lines = [writer.stdout.readline() for _ in range(1 + done)]
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    lines += writer.stdout.read().splitlines()
    writer.wait()
    writer.stdout.close()
    return [int(line) for line in lines[1:]]


def _check(library: Library, acknowledged: list[int]) -> None:
    """Each acknowledged text is found by both legs, whole; whatever is known is indexed, and nothing else."""
    known = {known.key: known for known in library.sources()}
    for number in acknowledged:
        assert f"text-{number}" in known
        best = library.find(text(number)[:8], k=1)[0]
        assert best.document.source == f"text-{number}"
        assert best.words is not None
        assert best.dense is not None
        assert best.document.text == text(number)
    passages = sum(one.passages for one in known.values())
    found = library.find("第项任务已经完成", k=passages + 100)
    assert all(hit.document.source in known for hit in found)


def _no_orphan(home: Path) -> None:
    """Nothing in the catalogue hangs in the air."""
    with sqlite3.connect(home / "catalogue.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        packed = "SELECT sum(passages), count(*) FROM document_vectors"
        known = "SELECT count(*), count(DISTINCT document) FROM passages"
        assert connection.execute(packed).fetchone() == connection.execute(known).fetchone()
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("write", [True, False], ids=["writer", "reader"])
def test_nothing_acknowledged_is_lost(home: Path, write: bool) -> None:
    """After a kill, whoever opens next finds every acknowledged text, and a writer can go on."""
    acknowledged = _killed(home, 0, 8, 0.1)
    with Library.open(home, embedder=HashedWords(), write=write) as library:
        _check(library, acknowledged)
    _no_orphan(home)


@pytest.mark.slow
def test_kills_one_after_the_other_lose_nothing(home: Path) -> None:
    """Writers are killed at random moments; each goes on where the one before was ended."""
    chance = random.Random(20210603)
    acknowledged: list[int] = []
    for done in (0, 1, 3, 0, 2, 4):
        first = max(acknowledged, default=-1) + 1
        acknowledged += _killed(home, first, done, chance.uniform(0.0, 0.4))
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        _check(library, acknowledged)
    _no_orphan(home)
    assert len(acknowledged) >= 10


def test_a_killed_writer_holds_no_lock(home: Path) -> None:
    """The lock ends with the process, however it ends."""
    _killed(home, 0, 0)
    with Library.open(home, embedder=HashedWords(), write=True):
        pass


def test_a_living_writer_is_named(home: Path) -> None:
    """A second writer is told the process that holds the lock and the command it runs."""
    writer = _spawn(home, 0)
    assert writer.stdout is not None
    try:
        writer.stdout.readline()
        with pytest.raises(IndexLocked, match=rf"{writer.pid}.*crash_writer"):
            Library.open(home, embedder=HashedWords(), write=True)
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
