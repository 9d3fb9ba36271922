"""A few of the faults of docs/reliability.md, made for real; ``make test-faults`` makes them all."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest
from beside.every import EVERY

from evaluation.faults.external_services import NAMES
from evaluation.faults.fault_home import FaultHome, FaultOutcome
from evaluation.faults.report import LONGEST, SavedRows, every, markdown, rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_damage_a_full_disk_and_a_killed_ingest_lose_nothing_and_need_no_hand() -> None:
    done = list(rows(["word index: half of the files gone", "Chroma folder: bits turned", "full disk"]))
    assert len(done) >= 2  # a disk may not be mountable here
    for row in done:
        assert row.mended, row
        assert row.lost == 0, row
        assert "Traceback" not in row.seen


def test_every_fault_is_known_by_its_name() -> None:
    """Those of what stands beside the program are named there and made here."""
    assert len(every()) > 60
    assert all(callable(fault) for fault in every().values())
    assert tuple(EVERY) == NAMES


def test_a_lost_source_is_counted(tmp_path: Path) -> None:
    """The row tells what is missing, so that the figure can fail."""
    stand = FaultHome(tmp_path / "home", env={"CHENGWEN_SHIPPED": "0", "EMBEDDINGS": "none"})
    stand.home.mkdir()
    assert stand.say("ask", "x").code in {0, 1}
    row = stand.row("lost", frozenset({"gone.txt"}))
    assert (row.lost, row.mended) == (1, False)


def test_what_was_said_is_shortened_and_names_no_folder() -> None:
    told = FaultOutcome(fault="f", seen="x|" * LONGEST, logged="", lost=0, mended=True)
    cell = markdown([told]).splitlines()[2].split(" | ")[1]
    assert len(cell) == LONGEST
    place = f"{tempfile.gettempdir()}/chengwen-faults-a_b1/read-only/home/lock 无法写入"
    told = FaultOutcome(fault="f", seen=place, logged="", lost=0, mended=True)
    assert "| …/home/lock 无法写入 |" in markdown([told])


def test_a_run_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    """What was made is not made again, and what has to be made yet is known."""
    made = FaultOutcome(fault="f", seen="见到的", logged="", lost=0, mended=True)
    SavedRows(tmp_path / "rows").put("word index: folder gone", [made])
    kept = SavedRows(tmp_path / "rows")
    assert list(rows(["word index: folder gone"], kept=kept)) == [made]
    assert kept.get("word index: bits turned") is None
    SavedRows(None).put("x", [made])  # a run that keeps nothing
