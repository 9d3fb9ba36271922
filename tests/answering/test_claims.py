"""A claim gets a verdict with the words that decide, never that of another figure, year or state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.claims.ruling import of_some_only
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT = """云岭省政府工作报告

——2025年1月15日在云岭省第十四届人民代表大会第三次会议上

各位代表：现在，我代表省人民政府作工作报告。

一、2024年工作回顾

地区生产总值增长5.2%，固定资产投资增长3.8%。粮食产量达到320亿斤。城镇、农村居民人均可支配收入分别增长4.6%、6.9%。城乡居民收入比从2.50:1缩小至2.27:1。

二、2025年目标任务

粮食产量330亿斤以上，城镇新增就业40万人。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """An answerer over one report."""
    home: Path = tmp_path_factory.mktemp("claims")
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest_source(
            Source(key="r", digest="r", media="text/plain", encoding="utf-8", text=REPORT, metadata={}),
            options={"place": "云岭省", "date": "2025-01-15", "genre": "report"},
        )
        yield Answerer(library)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("云岭省2024年粮食产量达到320亿斤，对吗？", "true"),
        ("云岭省2024年地区生产总值增长3.8%，对吗？", "false"),
        ("云岭省2024年农村居民人均可支配收入增长4.6%，属实吗？", "false"),
        ("云岭省2024年粮食产量达到390亿斤，是真的吗？", "false"),
        ("核实：云岭省2024年地区生产总值增长5.2%。", "true"),
        ("云岭省2024年城镇居民收入涨了6.9%，农村才4.6%，对吗？", "false"),
        ("云岭省2025年粮食产量的目标是290亿斤以上，对吗？", "false"),
        ("云岭省2025年粮食产量的目标是330亿斤以上，对吗？", "true"),
        ("请核对两点：1. 云岭省2024年粮食产量达到320亿斤；2. 地区生产总值增长5.2%。", "true"),
        ("云岭省2024年粮食产量达到320亿斤——这是2025年报告里说的吧？", "true"),
        ("云岭省2024年城乡居民收入比从2.27扩大到了2.50，属实吗？", "false"),
        ("云岭省2024年城乡居民收入比从2.50缩小到2.27，属实吗？", "true"),
        ("云岭省2024年粮食产量是多少？", None),
    ],
)
def test_a_claim_gets_its_verdict(answerer: Answerer, question: str, verdict: str | None) -> None:
    """A claim is judged by the figure of its own thing; a plain question gets no verdict."""
    assert answerer.answer_now(question).verdict == verdict


def test_a_false_claim_is_answered_with_the_right_value(answerer: Answerer) -> None:
    """The words that decide are quoted."""
    answer = answerer.answer_now("云岭省2024年粮食产量达到390亿斤，是真的吗？")
    assert "320亿斤" in "".join(statement.text for statement in answer.statements)


def test_of_several_points_each_is_told_by_its_number_and_none_twice(answerer: Answerer) -> None:
    """A quotation that another of the same verdict holds is not shown beside it."""
    mixed = answerer.answer_now("核实：云岭省2024年地区生产总值增长5.2%，固定资产投资增长9.9%。")
    assert mixed.verdict == "partly"
    assert [one.text[:5] for one in mixed.statements] == ["第一点属实", "第二点与原"]
    both = answerer.answer_now("核实：云岭省2024年地区生产总值增长5.2%，固定资产投资增长3.8%。")
    quotes = [one.text.partition("：")[2].strip("“”") for one in both.statements]
    assert not [(a, b) for a in quotes for b in quotes if a != b and a in b]
    alone = answerer.answer_now("云岭省2024年粮食产量达到320亿斤，对吗？")
    assert [one.text.startswith("属实") for one in alone.statements] == [True]


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("云岭省2024年接待了1400万名小学生，对吗？", "unknown"),
        ("云岭省2024年城镇居民人均可支配收入增长4.6个百分点，对吗？", "false"),
        ("云岭省的研发投入强度排全国第一，对吗？", "false"),
        ("云岭省的研发投入强度排西部第一，对吗？", "true"),
        ("云岭省2024年公路货运量完成15,600万吨，对吗？", "true"),
        ("云岭省2024年公路里程新增9000公里，对吗？", "false"),
    ],
)
def test_what_is_of_another_thing_circle_or_unit_proves_nothing(
    tmp_path: Path, question: str, verdict: str
) -> None:
    """Another number refutes where the thing is the same; a rank holds in its own circle only."""
    told = "接待游客1700万人次。研发投入强度2.6%、居西部第1位。公路货运量完成15600万吨。"
    told += "公路里程新增1300公里、突破9000公里。"
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        text = REPORT.replace("粮食产量达到320亿斤。", f"粮食产量达到320亿斤。{told}")
        library.ingest_source(
            Source(key="r", digest="r", media="text/plain", encoding="utf-8", text=text, metadata={}),
            options={"place": "云岭省", "date": "2025-01-15", "genre": "report"},
        )
        assert Answerer(library).answer_now(question).verdict == verdict


def test_what_was_done_since_an_earlier_year_refutes_a_claim_without_a_year(tmp_path: Path) -> None:
    """2022年以来 reaches to the report; a claim of one year is not held against it."""
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        text = REPORT.replace("粮食产量达到320亿斤。", "2022年以来，关停露天采石场130处。")
        library.ingest_source(
            Source(key="r", digest="r", media="text/plain", encoding="utf-8", text=text, metadata={}),
            options={"place": "云岭省", "date": "2025-01-15", "genre": "report"},
        )
        answerer = Answerer(library)
        assert answerer.answer_now("云岭省关停了900处露天采石场，对吧？").verdict == "false"
        assert answerer.answer_now("云岭省2023年关停了900处露天采石场，对吧？").verdict != "false"


@pytest.mark.parametrize(
    ("question", "refuted"),
    [
        ("清河市的图书馆是不是都通宵开放", True),
        ("清河市的敬老院都装了电梯，对吗", False),
    ],
)
def test_what_holds_for_a_share_does_not_hold_for_all(tmp_path: Path, question: str, refuted: bool) -> None:
    told = "新增图书馆12座，62.5%的图书馆实现24小时通宵开放。敬老院全部装上电梯。"
    text = f"清河市政府工作报告\n\n一、2025年工作回顾\n\n{told}"
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest_source(
            Source(key="a", digest="a", media="text/plain", encoding="utf-8", text=text, metadata={}),
            options={"place": "清河市", "date": "2026-01-10", "genre": "report"},
        )
        assert (Answerer(library).answer_now(question).verdict in ("false", "partly")) is refuted


@pytest.mark.parametrize(
    ("claim", "told", "of_some"),
    [
        ("社区都有食堂", "八成的社区有食堂", True),
        ("社区全部建了食堂", "大部分社区建了食堂", True),
        ("两个社区都有食堂", "八成的社区有食堂", False),
        ("八成社区都有食堂", "八成的社区有食堂", False),
        ("社区都有食堂", "社区食堂增长8.2%", False),
    ],
)
def test_a_share_is_told_from_all(claim: str, told: str, of_some: bool) -> None:
    assert of_some_only(claim, told) is of_some
