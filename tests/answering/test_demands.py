"""A sentence that speaks of the thing is no answer where it lacks what the question demands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT = """---
place: 云岭省
title: 2031年云岭省政府工作报告
date: "2031-01-15"
genre: report
---

# 2031年云岭省政府工作报告

## 一、过去五年工作回顾

五年来，累计接待游客4.6亿人次，累计新建渔港29座。

## 二、2030年工作回顾

全年采摘茶叶82万吨。新建绿色茶园50座。氨氮年均浓度0.7毫克/升。清水大桥建成通车。

## 三、2031年工作安排

更换老旧渔船300艘，发放渔民补贴6亿元。每名护林员补助1500元。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    root: Path = tmp_path_factory.mktemp("demands")
    (root / "report.md").write_text(REPORT, encoding="utf-8")
    with Library.open(root / "home", embedder=None, write=True) as library:
        library.ingest([root / "report.md"])
        yield Answerer(library)


@pytest.mark.parametrize(
    "question",
    [
        "云岭省今年计划采摘多少吨茶叶",  # told as done
        "云岭省2030年接待了多少人次游客",  # five years together
        "云岭省更换一艘老旧渔船，每户渔民补贴多少元",  # a sum for all
        "云岭省新建的绿色茶园分别叫什么名字",  # a number, no names
        "云岭省清水大桥收费站有多少个",  # the bridge without what is asked of it
    ],
)
def test_what_lacks_the_thing_demanded_is_no_answer(answerer: Answerer, question: str) -> None:
    assert not answerer.answer_now(question).outcome.is_answer


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("云岭省去年采摘茶叶多少吨", "82万吨"),
        ("云岭省五年来累计接待游客多少人次", "4.6亿人次"),
        ("云岭省去年氨氮浓度多少", "0.7毫克"),  # the mean of one year is no sum of several
        ("云岭省每名护林员补助多少元", "1500元"),
        ("云岭省今年计划更换老旧渔船多少艘", "300艘"),
    ],
)
def test_what_meets_the_demand_answers(answerer: Answerer, question: str, told: str) -> None:
    assert told in "\n".join(one.text for one in answerer.answer_now(question).statements)


def test_what_is_asked_by_which_few_need_not_be_called_so_in_the_text(tmp_path: Path) -> None:
    """由哪几类人员组成 asks for names; only what is counted by 多少 or 几 has to be spoken of."""
    words = "以渔民为主，建立“三队巡查”“两级登记”的渔港管护制度。"
    (tmp_path / "report.md").write_text(REPORT.replace("全年采摘茶叶82万吨。", words), encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "report.md"])
        answer = Answerer(library).answer_now("云岭省渔港管护那套制度由哪几类人员组成")
    assert answer.outcome.is_answer
    assert "两级登记" in answer.text
