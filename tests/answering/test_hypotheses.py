"""Hypotheses and pools: what is asked, of whom, and that a place asked of shuts no text out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering.evidence.context import known_of
from answering.evidence.passage_pools import PlaceRelation, pooled
from answering.question.hypotheses import hypotheses
from answering.values.answer import Turn
from answering.values.hypothesis import QuestionKind
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.hypothesis import Hypothesis

TEXTS = {
    "嘉兴市政府工作报告": """---
place: 嘉兴市
title: 2024年嘉兴市政府工作报告
date: "2024"
genre: report
---

# 2024年嘉兴市政府工作报告

## 一、2023年工作回顾

运河沿线新建步道31公里，新增公共充电桩2600个。

## 二、2024年主要任务

运河沿线再建步道18公里，新增公共充电桩3000个。
""",
    "江苏省政府工作报告": """---
place: 江苏省
title: 2024年江苏省政府工作报告
date: "2024"
genre: report
---

# 2024年江苏省政府工作报告

## 一、2023年工作回顾

全省公路总里程达到16万公里。徐州港建成智能码头4座，无锡新增充电桩1.2万个。
""",
    "夜间照明指南": """---
title: 夜间照明指南
---

# 夜间照明指南

南通的街道照明改造以人行道为先，路灯间距不超过三十米。
""",
}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Three invented texts: of a city, of a province, of no place."""
    folder: Path = tmp_path_factory.mktemp("texts")
    for name, text in TEXTS.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path_factory.mktemp("home"), embedder=None, write=True) as library:
        library.ingest([folder])
        yield library


def _first(library: Library, text: str, *before: str) -> Hypothesis:
    history = tuple(Turn(role="user", content=one) for one in before)
    return hypotheses(text, history, known_of(library))[0]


def test_weights_of_the_readings_of_a_message_sum_to_one(held: Library) -> None:
    """Readings compete with weights, and the likeliest stands first."""
    found = hypotheses("那充电桩呢", (Turn(role="user", content="嘉兴新建了多少公里步道"),), known_of(held))
    assert sum(one.weight for one in found) == pytest.approx(1.0)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)


def test_a_greeting_asks_nothing_of_the_library(held: Library) -> None:
    """What is no question has a reason, which a message explains."""
    found = _first(held, "你好")
    assert (found.kind, found.reason) == (QuestionKind.NONE, "greeting")


def test_a_place_asked_of_is_named_though_no_text_is_its_own(held: Library) -> None:
    """A reading names the places asked of, held or not."""
    assert _first(held, "徐州港建了几座码头").places == ("徐州市",)


def test_a_text_on_the_wider_place_answers_for_a_place_that_has_none(held: Library) -> None:
    """The passage that names the place is found in the report of its province, and says how it stands."""
    found = pooled(_first(held, "徐州港建了几座智能码头"), held)
    assert found[0].relation is PlaceRelation.NAMED
    assert found[0].hit.document.place == "江苏省"
    assert found[0].place == "徐州市"


def test_a_text_of_no_place_is_not_shut_out(held: Library) -> None:
    """Naming a place leaves texts of unknown place in the running."""
    found = pooled(_first(held, "嘉兴的路灯间距不超过多少米"), held)
    assert "夜间照明指南" in {one.hit.document.title for one in found}


def test_own_texts_are_searched_to_their_own_depth(held: Library) -> None:
    """A place's own passages are among those found, however well another place's text fits."""
    found = pooled(_first(held, "嘉兴新增了多少充电桩"), held)
    assert PlaceRelation.OWN in {one.relation for one in found}
