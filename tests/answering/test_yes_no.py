"""Yes or no: the verdict comes first, from state, polarity, extent and modality, and a target is no yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.composition.yes_no import names_figures, proposition
from answering.values.answer import Outcome
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT = """---
place: 南通市
title: 2032年南通市政府工作报告
date: "2032-02-10"
genre: report
---

# 2032年南通市政府工作报告

## 一、2031年工作回顾

沧澜隧道建成通车，滨江图书馆正式开馆。全年未发生重大火灾。部分企业享受了房租减免。南通市实现粮食丰收，江海大道改造完工。

## 二、2032年工作安排

开工建设狼山体育馆，谋划青螺码头二期。推广“江风码头市集”，发展夜间经济。
"""

BYLAW = """# 扬州市公园管理条例

2030年5月1日 扬州市人民代表大会常务委员会通过

第一条 为了加强公园管理，制定本条例。

第二条 本市行政区域内的公园适用本条例。

第三条 市园林部门是公园管理的主管部门。

第四条 禁止在公园内露天烧烤。

第五条 市民可以携带宠物猫进入公园。

第六条 本条例自2030年6月1日起施行。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("yes-no")
    texts = folder / "texts"
    texts.mkdir()
    (texts / "report.md").write_text(REPORT, encoding="utf-8")
    (texts / "扬州市公园管理条例(2030-05-01).md").write_text(BYLAW, encoding="utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([texts])
        yield Answerer(library)


@pytest.mark.parametrize(
    ("question", "verdict", "first"),
    [
        ("南通的沧澜隧道建成了没", "true", "是的"),
        ("南通今年的狼山体育馆建成了吗", "false", "还没有"),
        ("南通的企业是不是都享受了房租减免", "partly", "不完全是"),
        ("南通有没有提到推广江风码头市集、发展夜间经济", "true", "提到了"),
        ("南通今年还讲“推广江风码头市集”吗", "true", "提到了"),  # quoted from memory
    ],
)
def test_the_verdict_comes_first_and_rests_on_the_sentence(
    question: str, verdict: str, first: str, answerer: Answerer
) -> None:
    answer = answerer.answer_now(question)
    assert answer.verdict == verdict
    assert answer.statements[0].text.startswith(first)
    assert answer.statements[0].citations
    assert answer.statements[-1].text in answer.citations[0].quote


@pytest.mark.parametrize("question", ["南通的书店开馆了吗", "南通的地铁建成通车了吗"])
def test_a_sentence_on_a_part_of_what_is_asked_is_no_yes(question: str, answerer: Answerer) -> None:
    """That a library has opened tells nothing of a bookshop, and a tunnel in use nothing of a metro."""
    answer = answerer.answer_now(question)
    assert answer.verdict == "unknown"
    assert not answer.outcome.is_answer


def test_what_no_text_says_is_unknown_and_no_yes(answerer: Answerer) -> None:
    answer = answerer.answer_now("南通的报告里有没有说要造潜水艇")
    assert answer.verdict == "unknown"
    assert answer.outcome is Outcome.NOT_IN_CORPUS


@pytest.mark.parametrize(
    ("question", "verdict", "first"),
    [
        ("扬州可以在公园里露天烧烤吗", "false", "不可以"),
        ("扬州的公园里能不能露天烧烤", "false", "不可以"),
        ("扬州可以带宠物猫进公园吗", "true", "可以"),
    ],
)
def test_a_permission_opens_with_yes_or_no(
    question: str, verdict: str, first: str, answerer: Answerer
) -> None:
    answer = answerer.answer_now(question)
    assert answer.verdict == verdict
    assert answer.statements[0].text == first


@pytest.mark.parametrize(
    ("question", "put"),
    [
        ("高铁建成了没有?", "高铁建成"),
        ("听说码头全免费了,真的假的?", "码头全免费了"),
        ("港口有没有通航", "港口通航"),
        ("能不能养鸡", "养鸡"),
    ],
)
def test_the_words_that_ask_are_taken_out(question: str, put: str) -> None:
    assert proposition(question).strip(",") == put


def test_figures_are_left_to_the_judge() -> None:
    assert names_figures("增速超过5%了吗")
    assert not names_figures("隧道通车了吗")


def test_how_many_gets_no_yes(answerer: Answerer) -> None:
    """A number asked for is told or refused, and never confirmed."""
    answer = answerer.answer_now("南通的滨江图书馆去年开了几座")
    assert not answer.statements or not answer.statements[0].text.startswith("是的")
