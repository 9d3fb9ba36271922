"""Hypotheses and pools: what is asked, of whom, and that a place asked of shuts no text out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from answering.evidence.context import known_of
from answering.evidence.passage_pools import pooled
from answering.evidence.passage_score import NAMES, WEIGHTS
from answering.evidence.pooled_passage import PlaceRelation
from answering.question.hypotheses import hypotheses
from answering.question.message_classifier import load
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


@pytest.mark.parametrize(
    ("text", "kind", "state"),
    [
        ("岳阳今年打算建几座污水处理厂", QuestionKind.FACT, "planned"),
        ("岳阳去年建了几座污水处理厂", QuestionKind.FACT, "done"),
        ("岳阳的水资源结构怎么调整", QuestionKind.HOW, None),
        ("在岳阳的湖边烧烤罚多少", QuestionKind.RULE, "required"),
        ("岳阳去年的目标最后完成了没有", QuestionKind.PROMISE, "done"),
        ("岳阳去年栽了五万棵树，是真的吗", QuestionKind.CLAIM, "done"),
    ],
)
def test_kind_and_state_are_read_on_questions_nobody_trained_on(
    held: Library, text: str, kind: QuestionKind, state: str | None
) -> None:
    """The likeliest reading of questions on a place and on things that the training set lacks."""
    found = _first(held, text)
    assert found.kind is kind
    assert state in (None, found.state)


def test_relative_years_count_from_the_newest_report_of_the_place(held: Library) -> None:
    """去年 is the year before the report of the place asked of, not before today."""
    assert _first(held, "嘉兴去年新建了多少步道").years == (2023,)
    assert _first(held, "嘉兴今年要新建多少步道").years == (2024,)


def test_a_five_year_plan_is_its_years(held: Library) -> None:
    """十四五 is 2021 to 2025."""
    assert _first(held, "十四五期间嘉兴建了多少步道").years == (2021, 2022, 2023, 2024, 2025)


def test_a_range_of_years_is_each_of_them(held: Library) -> None:
    """From one year to another asks of those between as well; a length of time is no range."""
    assert _first(held, "嘉兴19年到21年的步道").years == (2019, 2020, 2021)
    assert len(_first(held, "嘉兴2018到2022年修的步道").years) == 5
    assert _first(held, "嘉兴的步道能用10-20年吗").years in ((), (2020,))


def test_a_message_after_another_keeps_to_the_text_that_is_spoken_of(held: Library) -> None:
    """A reading names the documents that it, or the question whose topic it takes, names."""
    report = next(d.id for d in held.documents() if d.title.startswith("2024年嘉兴"))
    assert _first(held, "嘉兴2024年的报告里步道怎么说").documents == (report,)
    assert _first(held, "那充电桩呢", "嘉兴2024年的报告里步道怎么说").documents == (report,)


def test_a_follow_up_puts_its_place_for_the_one_before(held: Library) -> None:
    """那…呢 keeps the topic; the text that is searched with does not name the former place."""
    found = _first(held, "那嘉兴呢", "江苏新增了多少充电桩")
    assert found.places == ("嘉兴市",)
    assert "充电桩" in found.text
    assert "江苏" not in found.text


def test_a_new_topic_without_a_place_drops_the_old_place(held: Library) -> None:
    """A question on something else is not searched in the place that was spoken of before."""
    found = _first(held, "私自占用人行道摆摊怎么处罚", "江苏的公路有多长")
    assert found.places == ()


def test_a_correction_is_read_without_what_it_takes_back(held: Library) -> None:
    """不是 A，是 B asks of B alone."""
    assert _first(held, "不是江苏，我问的是嘉兴", "新增了多少充电桩").places == ("嘉兴市",)


def test_a_year_that_is_taken_back_is_not_asked_of(held: Library) -> None:
    """我说的是 A 年，不是 B 年 asks of year A alone."""
    assert _first(held, "我说的是2021年，不是2022年", "嘉兴新建了多少公里步道").years == (2021,)


def test_an_ordinal_takes_up_the_item_of_the_last_answer(held: Library) -> None:
    """第二个 is searched with the words of the second item shown."""
    history = (
        Turn(role="user", content="嘉兴沿运河做了哪几件事"),
        Turn(role="assistant", content="1. 新建步道；2. 新增公共充电桩；3. 修缮码头"),
    )
    assert "新增公共充电桩" in hypotheses("第二个具体怎么做的", history, known_of(held))[0].text


def test_the_weights_that_ship_are_those_of_the_features(held: Library) -> None:
    """Each feature of a passage has a weight, each head of a message its classes."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert set(kept["weights"]) == set(NAMES)
    assert kept["provenance"]
    heads = load().heads
    assert set(heads["kind"].classes) == set(QuestionKind)
    assert {"done", "planned", "standing", "required"} <= set(heads["state"].classes)


def test_the_province_around_a_place_is_searched_too(held: Library) -> None:
    """A city that has its own texts is also sought in those of its province."""
    found = pooled(_first(held, "无锡新增了多少充电桩"), held)
    assert (found[0].hit.document.place, found[0].place) == ("江苏省", "无锡市")


def test_what_is_asked_instead_is_read_without_what_it_is_not(held: Library) -> None:
    """不是问 A，是问 B is searched for B."""
    found = hypotheses(
        "我不是问充电桩，是问步道，修了多少",
        (Turn(role="user", content="嘉兴新增了多少充电桩"),),
        known_of(held),
    )
    assert all("不是问" not in one.text for one in found)


@pytest.mark.parametrize("text", ["渔业", "嘉兴 夜市", "绿化覆盖率"])
def test_bare_words_are_a_question(held: Library, text: str) -> None:
    """A topic typed without any asking word is looked up."""
    assert _first(held, text).kind is not QuestionKind.NONE


def test_thanks_after_an_answer_ask_nothing(held: Library) -> None:
    """Courtesies that no pattern lists get no answer from the texts."""
    found = _first(held, "好的好的，我明白啦，多谢您", "嘉兴新增了多少充电桩")
    assert (found.kind, found.reason) == (QuestionKind.NONE, "thanks")


def test_what_names_one_text_by_its_year_is_searched_in_no_other(tmp_path: Path) -> None:
    """A report of the next year tells of that year, too, and would win by its words."""
    for year in (2031, 2032):
        head = f'---\nplace: 云岭省\ndate: "{year}-01-15"\ngenre: report\n---\n\n'
        body = f"{head}# {year}年云岭省政府工作报告\n\n渔港的做法是先易后难。\n"
        (tmp_path / f"{year}.md").write_text(body, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path])
        named = pooled(_first(library, "2031年云岭省的报告里，渔港是怎么做的"), library)
        asked = pooled(_first(library, "2031年云岭省渔港是怎么做的"), library)
    assert {one.hit.document.year for one in named} == {2031}
    assert {one.hit.document.year for one in asked} == {2031, 2032}
