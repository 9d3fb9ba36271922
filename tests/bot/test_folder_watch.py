"""A watched folder: new and changed files are reported once, when they are written to no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.operations.folder_watch import FolderChanges, FolderWatch

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_reported_once_when_it_is_complete(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("旧稿", encoding="utf-8")
    watch = FolderWatch([tmp_path])
    watch.settle()
    assert not watch.look()
    new = tmp_path / "new.txt"
    new.write_text("新", encoding="utf-8")
    assert not watch.look()  # it may still be written
    new.write_text("新稿写完了", encoding="utf-8")
    assert not watch.look()
    assert watch.look() == FolderChanges(changed=(new,))
    assert not watch.look()


def test_what_went_away_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("稿", encoding="utf-8")
    watch = FolderWatch([tmp_path])
    watch.settle()
    path.unlink()
    assert watch.look() == FolderChanges(gone=True)
    assert not watch.look()
