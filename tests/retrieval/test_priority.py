"""Long work pauses while somebody asks, in whatever process, and goes on by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from time import monotonic, time
from typing import TYPE_CHECKING

from retrieval.library import Library
from retrieval.runtime import yield_to_searches as priority
from retrieval.runtime.yield_to_searches import QueryActivity

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def paused(home: Path) -> float:
    began = monotonic()
    QueryActivity(home).pause()
    return monotonic() - began


def test_work_waits_for_a_question_of_another_process(home: Path) -> None:
    asking = (
        "import sys, pathlib; from retrieval.runtime.yield_to_searches import QueryActivity;"
        "QueryActivity(pathlib.Path(sys.argv[1])).note()"
    )
    subprocess.run([sys.executable, "-c", asking, str(home)], check=True)
    os.utime(home / "asked")  # the other process took its time to end
    assert paused(home) >= priority._QUIET / 2


def test_work_goes_on_where_nobody_ever_asked(home: Path) -> None:
    QueryActivity(home).pause()
    assert not (home / "asked").exists()


def test_a_crowd_that_never_ends_holds_work_up_for_a_while_only(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(priority, "_QUIET", 600)  # as if they asked on and on
    monkeypatch.setattr(priority, "_LONGEST", 0.3)
    QueryActivity(home).note()
    assert paused(home) >= 0.29  # and it came back


def test_a_clock_that_was_put_back_holds_nothing_up(home: Path) -> None:
    QueryActivity(home).note()
    os.utime(home / "asked", (time() + 3600, time() + 3600))
    assert not QueryActivity(home)._lately()


def test_a_home_where_nothing_can_be_written_is_asked_all_the_same(home: Path) -> None:
    (home / "asked").mkdir()
    os.utime(home / "asked", (1, 1))
    QueryActivity(home / "nowhere").note()
    QueryActivity(home / "nowhere").pause()


def test_a_search_notes_that_somebody_asks(home: Path) -> None:
    with Library.open(home, embedder=None, write=True) as library:
        library.find("停车")
    assert QueryActivity(home)._lately() or (home / "asked").exists()
