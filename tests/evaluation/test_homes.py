"""Homes are built once, rebuilt when what they were made of changes, and never taken from anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evaluation.harness.homes import ForeignFolderError, HomeStore, code_of, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def writes(text: str, log: list[str]) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        log.append(text)
        (folder / "content").write_text(text, encoding="utf-8")

    return build


def test_what_was_built_under_the_same_stamp_is_reused(tmp_path: Path) -> None:
    log: list[str] = []
    first = HomeStore(tmp_path).stand("a", "1", writes("x", log))
    second = HomeStore(tmp_path).stand("a", "1", writes("y", log))
    assert log == ["x"]
    assert second == first
    assert (second.folder / "content").read_text(encoding="utf-8") == "x"


def test_another_stamp_builds_anew_in_an_empty_folder(tmp_path: Path) -> None:
    log: list[str] = []
    HomeStore(tmp_path).stand("a", "1", lambda folder: (folder / "left").mkdir())
    made = HomeStore(tmp_path).stand("a", "2", writes("y", log))
    assert log == ["y"]
    assert not (made.folder / "left").exists()


def test_a_build_that_failed_is_built_again(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").touch()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        HomeStore(tmp_path).stand("a", "1", fails)
    made = HomeStore(tmp_path).stand("a", "1", writes("x", []))
    assert not (made.folder / "half").exists()


def test_a_folder_of_someone_else_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "a" / "letter"
    kept.parent.mkdir()
    kept.write_text("dear", encoding="utf-8")
    with pytest.raises(ForeignFolderError, match="--home"):
        HomeStore(tmp_path).stand("a", "1", writes("x", []))
    assert kept.read_text(encoding="utf-8") == "dear"


def test_a_stamp_changes_with_values_names_and_contents(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("x", encoding="utf-8")
    two.write_text("x", encoding="utf-8")
    stamps = {stamp_of("m", files=[one]), stamp_of("n", files=[one]), stamp_of("m", files=[two])}
    one.write_text("y", encoding="utf-8")
    stamps.add(stamp_of("m", files=[one]))
    assert len(stamps) == 4


def test_the_code_of_a_package_is_its_modules_and_data() -> None:
    names = {path.name for path in code_of("evaluation")}
    assert {"homes.py", "run.py"} <= names
    assert not any(name.endswith(".pyc") for name in names)
