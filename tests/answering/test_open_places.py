"""A question that leaves the place open, and follow-ups that point into the list that was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.question.referred_item import asks_rest, ordinal_of
from answering.values.answer import Outcome, Turn
from retrieval import Library
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer

TEXT = """---
place: {place}
title: 2024年{place}政府工作报告
date: "2024-01-20"
genre: report
---

# 2024年{place}政府工作报告

## 一、2023年工作回顾

全年新建村史馆{built}座。{only}

## 二、2024年重点任务

今年办好四件事：一是疏浚护城河，护城河清淤六公里。二是重修古戏台，古戏台加装木廊。三是开通夜间公交。四是扩建养蜂场。
"""
ONLY = {"黄冈市": "全年放飞信鸽九千羽。", "咸宁市": "全年酿桂花酒三百吨。", "荆门市": "全年晒盐两万吨。"}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Three invented reports that all tell of museums, and each of one thing that no other tells of."""
    folder: Path = tmp_path_factory.mktemp("texts")
    for built, (place, only) in enumerate(ONLY.items(), 3):
        text = TEXT.format(place=place, built=built, only=only)
        (folder / f"{place}.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path_factory.mktemp("home"), embedder=None, write=True) as library:
        library.ingest([folder])
        yield library


def _said(answer: Answer) -> str:
    return "\n".join(f"{one.lead}：{one.text}" for one in answer.statements)


def test_where_the_place_is_open_each_answers_and_is_offered(held: Library) -> None:
    """Three places tell of it alike: none is taken at a guess, all are shown and cited."""
    answer = Answerer(held).answer_now("去年新建了多少座村史馆")
    assert answer.outcome is Outcome.ANSWERED
    assert all(place in _said(answer) for place in ONLY)
    assert all(f"{n}座" in _said(answer) for n in (3, 4, 5))
    assert all(one.citations for one in answer.statements)


def test_what_one_text_alone_tells_is_answered_from_it(held: Library) -> None:
    """No choice is offered where there is none, nor where the question says of whom it asks."""
    assert "荆门" not in _said(Answerer(held).answer_now("全年放飞信鸽多少羽"))
    placed = _said(Answerer(held).answer_now("咸宁去年新建了多少座村史馆"))
    assert "4座" in placed
    assert "黄冈" not in placed


def test_a_place_named_next_takes_up_the_open_question(held: Library) -> None:
    """The offer is taken by naming a place."""
    history = (
        Turn(role="user", content="去年新建了多少座村史馆"),
        Turn(role="assistant", content="你问的是哪里？"),
    )
    assert "5座" in _said(Answerer(held).answer_now("荆门的", history))


def test_the_rest_of_a_list_leaves_out_what_was_shown(held: Library) -> None:
    """后面两件 gives those members that the last answer did not."""
    history = (
        Turn(role="user", content="黄冈今年办好哪四件事"),
        Turn(role="assistant", content="一是疏浚护城河；二是重修古戏台"),
    )
    said = _said(Answerer(held).answer_now("后面两件呢", history))
    assert "夜间公交" in said
    assert "养蜂场" in said
    assert "护城河" not in said


def test_who_asks_for_the_rest_twice_gets_nothing_twice(held: Library) -> None:
    """What the answers since the question have shown is left out, and the end is told."""
    history = [
        Turn(role="user", content="黄冈今年办好哪四件事"),
        Turn(role="assistant", content="一是疏浚护城河；二是重修古戏台"),
    ]
    answerer = Answerer(held)
    rest = _said(answerer.answer_now("还有呢？", history))
    assert ("护城河" in rest, "养蜂场" in rest) == (False, True)
    history += [Turn(role="user", content="还有呢？"), Turn(role="assistant", content=rest)]
    last = answerer.answer_now("还有吗", history)
    assert (last.reason, last.citations) == ("nothing_more", ())


def test_a_member_that_is_pointed_to_is_told_without_those_beside_it(held: Library) -> None:
    """第二件具体怎么做 tells of that member, although all are in one paragraph."""
    history = (
        Turn(role="user", content="黄冈今年办好哪四件事"),
        Turn(role="assistant", content="1. 疏浚护城河；2. 重修古戏台；3. 开通夜间公交；4. 扩建养蜂场"),
    )
    said = _said(Answerer(held).answer_now("第二件具体怎么做", history))
    assert "木廊" in said
    assert "养蜂场" not in said


@pytest.mark.parametrize(
    ("text", "at", "rest"),
    [
        ("第三条展开说说", 3, False),
        ("最后一件呢", -1, False),
        ("剩下的几条呢", None, True),
        ("后面还修路吗", None, False),
        ("还有呢？", None, True),
        ("还有吗", None, True),
        ("接着说", None, True),
        ("What else?", None, True),
        ("还有公园吗", None, False),
        ("还有多少没完成", None, False),
    ],
)
def test_what_points_into_a_list_is_told_apart(text: str, at: int | None, rest: bool) -> None:
    """A number points to one member, 剩下 to all others; a word that only sounds like it points to none."""
    assert (ordinal_of(fold(text)), asks_rest(fold(text))) == (at, rest)
