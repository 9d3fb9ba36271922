"""Texts on other things: the command that tells whether they spoil an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from evaluation.quality.unrelated import answered, spoilt
from retrieval import Library

if TYPE_CHECKING:
    from pathlib import Path

ASKED = [
    {"id": "a", "question": "2023年云岭县茶叶产量多少", "history": []},
    {"id": "b", "question": "云岭县新建了几公里公路", "history": []},
]
REPORT = "# 2024年云岭县政府工作报告\n\n## 一、2023年工作回顾\n\n茶叶产量达到4万吨。新建公路120公里。\n"


def _judge(question: dict, record: dict) -> dict:
    return {"right": record["right"]}


def test_what_was_right_and_is_not_is_spoilt() -> None:
    before = {"a": {"right": True}, "b": {"right": False}}
    after = {"a": {"right": False}, "b": {"right": True}}
    assert spoilt(ASKED, before, after, _judge) == (["a"], ["a"])
    assert spoilt(ASKED, after, before, _judge) == (["b"], ["b"])
    assert spoilt(ASKED, before, before, _judge) == (["a"], [])


def test_a_home_is_asked_through_the_program(tmp_path: Path) -> None:
    """Proves that a text on another matter changes neither answer, and that texts are counted."""
    file = tmp_path / "云岭县.md"
    file.write_text(REPORT, "utf-8")
    other = tmp_path / "食谱.md"
    other.write_text("# 家常食谱\n\n红烧肉要炖一小时，先放糖色再下肉。\n", "utf-8")
    found = []
    for name, files in (("small", [file]), ("large", [file, other])):
        with Library.open(tmp_path / name, embedder=None, write=True) as library:
            library.ingest(files)
        found.append(answered(tmp_path / name, ASKED))
    assert [count for count, _ in found] == [1, 2]
    assert set(found[0][1]) == {"a", "b"}
    assert json.dumps(found[0][1]["a"]["answer"]) == json.dumps(found[1][1]["a"]["answer"])
