"""Blocks of running text, and questions on what a text tells of a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from answering.candidates.text_blocks import text_blocks
from answering.composition.topic import told_of_topic
from answering.evidence.context import QuestionContext, known_of
from answering.lexicon.thesaurus import load
from answering.planning.plan import readings_of
from answering.scoring.block_choice import BLOCK_FEATURES, FIRST_FEATURES, chosen_block
from answering.scoring.linear_score import read_odds, read_score
from answering.scoring.ranking import Ranking
from evaluation.training.learners.block_fit import QUESTIONS
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.embeddings.embedder import Embedder
    from retrieval.values.documents import Document

REPORT = """2026年清河市政府工作报告

一、2025年工作回顾

过去一年，我们主要做了以下工作。

产业发展稳步向前。新开工工业项目86个，建成投产52个。农产品加工企业增加到140家。一是城乡面貌焕然一新。改造老旧小区37个，新建口袋公园19处。二是生态底色更加鲜明。治理河道46公里，植树120万株，空气优良天数达到318天。三是百姓生活更有保障。建成幸福食堂28家，发放救助金6300万元。

二、2026年工作安排

扩大优质教育供给。新建学校9所，增加学位7200个。组建教育集团6个，选派教师下乡200名。完善养老服务体系。新建社区养老站15个，改造敬老院4所。培训护理员600人，为高龄老人上门巡诊。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    home: Path = tmp_path_factory.mktemp("home")
    with Library.open(home, embedder=embedder, write=True) as opened:
        opened.ingest_source(
            Source(key="a", digest="a", media="text/plain", encoding="utf-8", text=REPORT, metadata={}),
            options={"place": "清河市", "date": "2026-01-10"},
        )
        yield opened


@pytest.fixture(scope="module")
def report(library: Library) -> Document:
    found = library.document(library.documents()[0].id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("head", "last"),
    [
        ("二是生态底色更加鲜明。", "空气优良天数达到318天。"),
        ("完善养老服务体系。", "为高龄老人上门巡诊。"),
        ("扩大优质教育供给。", "选派教师下乡200名。"),
    ],
)
def test_a_head_opens_a_block_that_ends_before_the_next_one(report: Document, head: str, last: str) -> None:
    spans = [report.text[one.start : one.end] for one in text_blocks(report)]
    assert any(text.startswith(head) and text.endswith(last) for text in spans)


def test_blocks_lie_in_the_text_and_no_two_are_the_same(report: Document) -> None:
    blocks = text_blocks(report)
    assert len({(one.start, one.end) for one in blocks}) == len(blocks)
    assert all(0 <= one.start < one.head <= one.end <= len(report.text) for one in blocks)


def asked(library: Library, question: str) -> Ranking:
    frame, kinds = readings_of(question, (), known=known_of(library))[0]
    return Ranking(QuestionContext(frame, library, load(), kinds[0]))


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("清河市去年生态方面有哪些改善", "二是生态底色更加鲜明。"),
        ("清河市今年教育方面怎么安排", "扩大优质教育供给。"),
        ("介绍一下清河市今年的养老服务", "完善养老服务体系。"),
    ],
)
def test_a_topic_has_its_block_and_the_odds_are_against_one_that_nothing_speaks_of(
    library: Library, question: str, head: str
) -> None:
    chosen = chosen_block(asked(library, question))
    strange = chosen_block(asked(library, "清河市去年航运方面有哪些进展"))
    assert chosen is not None
    assert strange is not None
    assert chosen.document.text[chosen.block.start : chosen.block.end].startswith(head)
    assert strange.odds < 0


@pytest.mark.parametrize(
    "question", ["总结一下清河市的政府工作报告", "清河市今年新建几所学校", "清河市报告里写了什么"]
)
def test_what_asks_for_a_whole_text_or_for_one_figure_asks_for_no_block(
    library: Library, question: str
) -> None:
    ranking = asked(library, question)
    assert told_of_topic(ranking.context, ranking) is None


def test_without_vectors_no_block_is_chosen(tmp_path: Path) -> None:
    with Library.open(tmp_path / "home", embedder=None, write=True) as opened:
        opened.ingest_source(
            Source(key="a", digest="a", media="text/plain", encoding="utf-8", text=REPORT, metadata={}),
            options={"place": "清河市", "date": "2026-01-10"},
        )
        assert chosen_block(asked(opened, "清河市今年教育方面怎么安排")) is None


def test_the_weights_that_ship_fit_the_features() -> None:
    for score in (
        read_score("block_weights.json", FIRST_FEATURES, "first"),
        read_score("block_weights.json", BLOCK_FEATURES),
        read_odds("block_weights.json", BLOCK_FEATURES, "odds").score,
    ):
        assert np.isfinite(score.of(np.zeros((1, len(score.weights)))))[0]


def test_each_question_learned_from_names_a_document_and_its_block_or_none() -> None:
    rows = [line.split("\t") for line in QUESTIONS.read_text("utf-8").splitlines() if line[:1] != "#"]
    assert len(rows) > 100
    assert all(len(row) == 3 and (row[0] == "-") == (row[1] == "-") for row in rows)
    assert len({row[2] for row in rows}) == len(rows)
