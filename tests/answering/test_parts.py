"""A message is parted into its questions, and a question into what it asks of each place or thing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answering import Turn
from answering.question.decompose import questions, things_of
from answering.question.follow_up import readings
from answering.question.intent import Intent
from answering.question.parser import Known, read
from retrieval.places.gazetteer import Gazetteer

KNOWN = Known(gazetteer=Gazetteer(), places=("绍兴市", "宁波市", "温州市"))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("绍兴建了多少公园？", 1),
        ("绍兴建了多少公园？宁波呢，修了几条路？", 2),
        ("绍兴建了多少公园，办结率是多少", 2),
        ("背街小巷这项，绍兴跟宁波谁改得多，差多少", 1),
        ("我是记者，想核实一下，绍兴建了多少公园", 1),
        ("哪几个城市提到了停车位，是哪几个", 1),
        ("绍兴去年建了多少公园，今年的计划呢", 2),
        ("寧波裝了幾部電梯？綠化率是多少？", 2),
    ],
)
def test_a_message_is_parted_where_a_new_question_begins(text: str, count: int) -> None:
    assert len(questions(text)) == count


@pytest.mark.parametrize(
    ("text", "national"),
    [
        ("全国去年建了多少公园", True),
        ("全国排第几", False),
        ("占全国的比重是多少", False),
        ("比全国高多少", False),
    ],
)
def test_the_country_that_something_is_measured_by_is_not_asked_of(text: str, national: bool) -> None:
    assert read(text, known=KNOWN).national is national


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_parting_loses_no_character_that_is_not_blank(text: str) -> None:
    joined = "".join(questions(text))
    assert joined.replace(" ", "").split() == text.replace(" ", "").split() or text.split() == joined.split()


def test_each_place_owns_what_follows_it() -> None:
    parts = read("绍兴的古桥和宁波的公园各有多少", known=KNOWN).parts
    assert [p.place for p in parts] == ["绍兴市", "宁波市"]
    assert "古桥" in parts[0].content
    assert "公园" not in parts[0].content
    assert "公园" in parts[1].content


def test_places_named_together_share_what_follows() -> None:
    parts = read("绍兴和宁波各改造了多少老旧小区", known=KNOWN).parts
    assert all("老旧小区" in p.content for p in parts)


def test_two_things_of_one_place_are_told_apart() -> None:
    content = read("绍兴的古桥和公园一共有多少", known=KNOWN).content
    assert [label for label, _ in things_of(content)] == ["古桥", "公园"]


def test_what_is_added_up_is_no_second_thing() -> None:
    assert things_of(read("绍兴的古桥加起来有多少座", known=KNOWN).content) == ()
    assert len(things_of(read("绍兴的古桥加上公园有多少", known=KNOWN).content)) == 2


def test_two_years_of_one_place_are_told_apart() -> None:
    parts = read("绍兴2020年和2022年的生产总值各是多少", known=KNOWN).parts
    assert [p.year for p in parts] == [2020, 2022]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("哪个城市的公园最多", Intent.SUPERLATIVE),
        ("绍兴和宁波的公园相差多少个", Intent.DIFFERENCE),
        ("三个城市一共有多少公园", Intent.SUM),
        ("绍兴一共投了多少钱", Intent.LOOKUP),
        ("哪些城市提到了公园", Intent.WHICH),
        ("绍兴有哪些举措", Intent.LIST),
        ("绍兴发言分几个部分", Intent.OUTLINE),
        ("绍兴第二部分讲什么", Intent.SECTION),
        ("绍兴发言的题目", Intent.TITLE),
        ("这份材料收了哪几个城市", Intent.CORPUS),
        ("绍兴和宁波怎么看停车", Intent.COMPARE),
    ],
)
def test_the_work_asked_for_is_read(text: str, intent: Intent) -> None:
    assert read(text, known=KNOWN).intent is intent


def test_a_question_without_a_subject_takes_the_former_one() -> None:
    history = (Turn(role="user", content="绍兴改造了多少老旧小区？"), Turn(role="assistant", content="42个"))
    (only,) = readings("那宁波呢？", history, known=KNOWN)
    assert only.places == ("宁波市",)
    assert "老旧小区" in only.content


def test_a_question_with_its_own_subject_is_read_alone_first() -> None:
    history = (Turn(role="user", content="绍兴改造了多少老旧小区？"), Turn(role="assistant", content="42个"))
    first, second, *_ = readings("口袋公园建了多少", history, known=KNOWN)
    assert first.places == second.places == ("绍兴市",)
    assert "老旧小区" not in first.content
    assert "老旧小区" in second.content


def test_a_place_that_only_stands_for_this_one_is_asked_back() -> None:
    (only,) = readings("这个市建了多少公园", (), known=KNOWN)
    assert only.reason == "which_place"
