"""Generations of an index, and the mark that says which one serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.index.sync.generations import GenerationMark, Generations
from retrieval.values.errors import CatalogueBroken

if TYPE_CHECKING:
    from pathlib import Path


def _mark(folder: str, version: int = 1) -> GenerationMark:
    return GenerationMark(folder=folder, stamp="engine/1", catalogue="c", version=version)


def test_a_switch_is_seen_and_the_old_goes(tmp_path: Path) -> None:
    """The mark names the new generation, and a sweep leaves only that."""
    generations = Generations(tmp_path / "words")
    assert generations.mark() is None
    assert generations.written() == 0
    first = generations.fresh()
    generations.switch(_mark(first))
    before = generations.written()
    second = generations.fresh()
    assert second != first
    generations.switch(_mark(second, 2))
    assert generations.mark() == _mark(second, 2)
    assert generations.written() != before
    generations.sweep()
    assert [path.name for path in generations.root.iterdir() if path.is_dir()] == [second]
    assert generations.place(second) == tmp_path / "words" / second


@pytest.mark.parametrize("text", ["", "{", "[]", '{"folder": "1"}', "null"])
def test_a_mark_that_can_not_be_read_is_none(tmp_path: Path, text: str) -> None:
    """Half a mark, or another file in its place, is no mark."""
    (tmp_path / "current.json").write_text(text)
    assert Generations(tmp_path).mark() is None


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    """A file in the way is a sentence."""
    (tmp_path / "words").write_text("in the way")
    generations = Generations(tmp_path / "words")
    with pytest.raises(CatalogueBroken, match="权限"):
        generations.fresh()
    with pytest.raises(CatalogueBroken, match="权限"):
        generations.switch(_mark("000001"))
