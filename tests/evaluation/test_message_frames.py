"""Frames of questions: what they are filled with, and what is learned from many fillings of one frame."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from answering.question.message_classifier import load
from answering.question.message_features import features, message
from answering.values.hypothesis import QuestionKind
from evaluation.datasets.material import ROOT
from evaluation.training.messages.message_frames import FRAMES, SHARES, Fillings, framed
from retrieval import Library
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    source: Path = tmp_path_factory.mktemp("texts") / "2026年丽水市政府工作报告.txt"
    source.write_text(
        "2026年丽水市政府工作报告\n\n一、去年工作回顾\n全市茶叶产值达到48亿元，新建村级篮球场62个。\n\n"
        "二、今年重点任务\n（一）办好山区水电站改造\n今年改造水电站35座。\n",
        encoding="utf-8",
    )
    with Library.open(tmp_path_factory.mktemp("home"), embedder=None, write=True) as opened:
        opened.ingest([source])
        yield opened


def test_frames_are_filled_with_the_words_of_the_texts(library: Library) -> None:
    fillings = Fillings(library, random.Random(4))
    topics = {fillings.filled("{topic}") for _ in range(4000)}
    assert "办好山区水电站改造" in topics
    measures = {fillings.filled("{measure}") for _ in range(50)}
    assert measures & {"茶叶产值", "全市茶叶产值", "产值"}
    assert {fillings.filled("(甲/乙|)丙") for _ in range(60)} == {"甲丙", "乙丙", "丙"}


def test_a_seed_gives_the_same_questions_of_every_kind_without_a_slot_left(library: Library) -> None:
    first, again = list(framed(library, seed=7, share=0.05)), list(framed(library, seed=7, share=0.05))
    assert [one.text for one in first] == [one.text for one in again]
    assert {one.kind for one in first} == set(SHARES) <= {kind.value for kind in QuestionKind}
    assert not any(mark in one.text for one in first for mark in "{}|(")


def test_every_frame_is_of_a_kind_that_is_drawn_from() -> None:
    lines = [x for x in FRAMES.read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    assert {line.split("\t")[0] for line in lines} == set(SHARES)
    assert all(line.count("\t") == 1 for line in lines)


@pytest.mark.parametrize("topic", ["竹荪", "雪橇犬", "盲盒", "榨菜产业", "冰雕节"])
@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        ("什么是{}", "definition"),
        ("丽水怎么发展{}", "how"),
        ("哪些省提到了{}", "which_places"),
        ("{}目标是哪一年", "fact"),
        ("总结一下丽水的报告里{}那部分讲了什么", "summary"),
        ("帮我写一篇关于{}的作文", "none"),
    ],
)
def test_a_topic_that_was_never_seen_does_not_decide_what_is_asked(topic: str, frame: str, kind: str) -> None:
    read = message(frame.format(topic), Gazetteer())
    shares = load().probabilities(features(read), "kind")
    assert max(shares, key=shares.__getitem__) == kind


def test_most_questions_that_are_only_reported_on_are_read_as_a_reader_would() -> None:
    kinds = ROOT / "evaluation" / "questions" / "message-kinds.tsv"
    told = [x.split("\t") for x in kinds.read_text(encoding="utf-8").splitlines() if x and x[0] != "#"]
    right = 0
    for wanted, text in told:
        shares = load().probabilities(features(message(text, Gazetteer())), "kind")
        right += max(shares, key=shares.__getitem__) in wanted.split("|")
    assert right / len(told) >= 0.9
