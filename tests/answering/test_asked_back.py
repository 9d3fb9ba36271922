"""A bare topic that several places tell of is asked back, with places to choose; questions are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.planning.refusals import bare_topic
from answering.values.answer import Outcome, Turn
from retrieval import Library
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXTS = {
    "荆门市": "新建社区食堂14个，夜市管理更加规范。推进河道清淤30公里。",
    "黄冈市": "社区食堂覆盖所有街道，新增老年助餐点52处。",
}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("back")
    for place, told in TEXTS.items():
        head = f'---\nplace: {place}\ntitle: {place}政府工作报告\ndate: "2032-01-10"\ngenre: report\n---\n\n'
        (folder / f"{place}.md").write_text(
            f"{head}# {place}政府工作报告\n\n## 一、工作回顾\n\n{told}\n", "utf-8"
        )
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([folder])
        yield library


@pytest.mark.parametrize("question", ["社区食堂", "社区食堂怎么样？", "社区食堂呢"])
def test_a_bare_topic_is_asked_back_with_the_places_that_tell_of_it(held: Library, question: str) -> None:
    asked = Answerer(held).answer_now(question)
    assert (asked.outcome, asked.reason, asked.citations) == (Outcome.ASKED_BACK, "which_of", ())
    assert set(asked.places) == set(TEXTS)
    history = (Turn(role="user", content=question), Turn(role="assistant", content="你想问哪里？"))
    told = Answerer(held).answer_now("黄冈的", history)
    assert any("社区食堂" in one.text for one in told.statements)


@pytest.mark.parametrize(
    ("before", "topic", "is_back"),
    [
        ("你好", "社区食堂", True),
        ("河道清淤了多少公里", "社区食堂怎么样", True),
        ("黄冈新增了多少老年助餐点", "社区食堂", False),  # of the same place
        ("河道清淤了多少公里", "社区食堂呢", False),  # goes on
    ],
)
def test_after_a_question_a_topic_is_asked_back_unless_it_goes_on_from_that(
    held: Library, before: str, topic: str, is_back: bool
) -> None:
    history = (Turn(role="user", content=before), Turn(role="assistant", content="……"))
    assert (Answerer(held).answer_now(topic, history).reason == "which_of") is is_back


@pytest.mark.parametrize("question", ["河道清淤", "荆门社区食堂", "建了多少社区食堂", "社区食堂建了吗"])
def test_what_one_place_tells_of_and_whole_questions_are_not_asked_back(held: Library, question: str) -> None:
    assert Answerer(held).answer_now(question).reason != "which_of"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("养老", "养老"),
        ("教育的情况如何？", "教育"),
        ("今天吃什么", ""),
        ("谁是市长", ""),
        ("哈喽，吃了没", ""),
        ("新增停车位多少", ""),
        ("老旧小区改造资金筹措办法", ""),
    ],
)
def test_a_topic_is_told_from_questions_and_talk(text: str, topic: str) -> None:
    assert bare_topic(fold(text)) == topic
