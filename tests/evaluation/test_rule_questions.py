"""Our questions on by-laws: each names provisions that are there, and each is one that a person would ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evaluation.training import rule_examples
from retrieval import Library

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = """# 宜宾市湖岸管理条例

2021年3月1日 宜宾市人民代表大会常务委员会通过

第一条 在湖岸禁止下列行为：

（一）丢弃残渣；

（二）擅自搭建棚屋。

第二条 丢弃残渣的，处五十元罚款；搭建棚屋的，处一千元罚款。

第三条 本条例自2021年6月1日起施行。
"""


def _records(folder: Path, lines: str) -> list[dict[str, object]]:
    (folder / "宜宾市湖岸管理条例.md").write_text(_TEXT, "utf-8")
    (folder / "own.tsv").write_text(lines, "utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([folder / "宜宾市湖岸管理条例.md"])
        records = rule_examples.own_records(library, folder / "own.tsv")
        return [*records, *rule_examples.unplaced(records, library.gazetteer)]


def test_a_question_of_ours_gets_the_provisions_it_names(tmp_path: Path) -> None:
    """Proves that an act, its own fine of two, and all items of a list answer, also without the place."""
    asked = (
        "宜宾市湖岸\tpenalty\t-\t1~棚屋+2~棚屋\t宜宾湖边搭棚子罚多少",
        "宜宾市湖岸\tlist\t-\t1~下列行为\t湖岸不许干啥",
    )
    lines = "".join(f"{line}\n" for line in asked)
    fine, listed, bare = _records(tmp_path, lines)
    quotes = [gold["quote"] for gold in fine["gold"]]  # type: ignore[attr-defined]
    assert "搭建棚屋的，处一千元罚款" in quotes[1]
    assert "五十元" not in quotes[1]
    assert len(listed["gold"]) == 3  # type: ignore[arg-type]
    assert bare["question"] == "湖边搭棚子罚多少"


def test_a_provision_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Proves that a question can't be learned on with an article that lacks the words."""
    with pytest.raises(ValueError, match="article 2"):
        _records(tmp_path, "宜宾市湖岸\tpenalty\t-\t2~游船\t宜宾湖上开船罚多少\n")
