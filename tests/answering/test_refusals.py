"""Refusals: "nothing on X" only where nothing names X; the nearest sentence whole, with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.planning.refusals import is_named
from answering.values.answer import Outcome
from bot.messages import messages
from bot.presentation.rendering import blocks
from retrieval import Library, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer

TEXTS = {
    "江苏省": "江苏省政府工作报告\n\n一、2024年工作回顾\n\n连云港新建成海上风电场两座。",
    "安徽省": "安徽省政府工作报告\n\n一、2024年工作回顾\n\n新建乡村卫生室一百二十间。",
    "福建省": "福建省政府工作报告\n\n一、2024年工作回顾\n\n茶叶产值一百亿元。",
    "江西省": "江西省政府工作报告\n\n一、2024年工作回顾\n\n脐橙出口一万吨。",
    "湖南省": "湖南省政府工作报告\n\n一、2024年工作回顾\n\n杂交水稻推广一千万亩。",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Five invented reports of provinces."""
    with Library.open(tmp_path_factory.mktemp("home"), embedder=None, write=True) as held:
        held.ingest_sources(
            [
                Source(key=place, digest=place, media="text/plain", encoding="utf-8", text=text, metadata={})
                for place, text in TEXTS.items()
            ],
            options={"date": "2025-01-15"},
        )
        yield held


def _shown(answer: Answer) -> str:
    return "\n".join(block.text for block in blocks(answer, messages(answer.language)))


def test_a_place_that_a_text_names_is_named(library: Library) -> None:
    """A city is known from the report of its province; one that no text names is not."""
    assert is_named("连云港市", library)
    assert not is_named("兰州市", library)


def test_a_place_without_texts_that_a_text_names_is_not_refused_unread(library: Library) -> None:
    """It is not said that there is nothing on a city of which another place's report tells."""
    assert Answerer(library).answer_now("连云港新建成几座海上风电场").reason != "other_place"


def test_what_is_held_is_told_in_one_short_line(library: Library) -> None:
    """The number of places and the years, not all names."""
    shown = _shown(Answerer(library).answer_now("兰州去年种了多少树"))
    assert "5个地方" in shown
    assert "2025年" in shown
    assert "福建" not in shown


def test_the_nearest_sentence_is_whole_and_carries_its_source(library: Library) -> None:
    """A refusal that offers a sentence cites it, and does not cut it."""
    answer = Answerer(library).answer_now("安徽新建乡村卫生室花了多少亿元")
    assert answer.outcome is Outcome.NOT_IN_CORPUS
    offered = answer.statements[0]
    assert offered.citations == (1,)
    assert offered.text == answer.citations[0].quote
    assert "[1]" in _shown(answer)


def test_a_year_that_a_text_names_is_not_denied(tmp_path: Path) -> None:
    """It is not said that there is nothing of 2021 where a letter of 2024 tells of that year."""
    text = "湖区来信\n\n2021年湖边种下芦苇三百亩。今年水清了。"
    source = Source(key="信", digest="信", media="text/plain", encoding="utf-8", text=text, metadata={})
    with Library.open(tmp_path, embedder=None, write=True) as held:
        held.ingest_sources([source], options={"date": "2024-05-01"})
        told = Answerer(held).answer_now("2021年湖边的游客有多少人")
        unknown = Answerer(held).answer_now("2017年湖边的游客有多少人")
    assert told.reason != "other_year"
    assert unknown.reason == "other_year"
