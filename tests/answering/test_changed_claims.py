"""Metamorphic: a true clause with one slot changed is never supported, and the clause itself always is."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from answering.judge import ClaimVerdict, load
from evaluation.verification.fact_mutations import ClaimPair, pairs
from retrieval import Library
from retrieval.values.documents import Source

JUDGE = load(None)
REPORT = """云溪市政府工作报告

——2025年1月12日在云溪市第九届人民代表大会第四次会议上

一、2024年工作回顾

地区生产总值增长5.7%，一般公共预算收入86.4亿元、增长3.9%，其中税收收入61.2亿元。
新建公路168公里，改造老旧小区46个，发放创业贷款12.5亿元，城镇新增就业3.4万人。
森林覆盖率从41.3%提高到44.8%，单位生产总值能耗下降2.6%，居民收入增速排全省第三位。

二、2025年工作安排

新增养老床位2600张以上，建设口袋公园35个，培育科技型企业420家左右。
"""
RULES = """云溪市停车管理条例

第一章 总则

第八条 停车场经营者应当在入口处公示收费标准，不得拒绝车辆进入。
第九条 市公安机关可以在道路两侧设置临时停车位，每年评估一次。

第二章 法律责任

第二十条 违反本条例第八条规定的，由市场监督管理部门责令改正，处一千元以上五千元以下罚款。
"""
# Of kinds told apart by words that no fact is made of, some are let through.
SURE = {
    "figure", "unit", "bound", "place", "year", "state", "direction", "from-to", "level-change", "metric",
    "part-whole", "modality", "negation", "rank",
}  # fmt: skip


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> list[ClaimPair]:
    """All clauses of two invented texts with their forms."""
    chance = Random(3)
    found: list[ClaimPair] = []
    with Library.open(tmp_path_factory.mktemp("texts"), embedder=None, write=True) as library:
        for key, text, genre in (("r", REPORT, "report"), ("l", RULES, "regulation")):
            library.ingest_source(
                Source(key=key, digest=key, media="text/plain", encoding="utf-8", text=text, metadata={}),
                options={"place": "云溪市", "date": "2025-01-12", "genre": genre},
            )
        for document in library.documents():
            found += pairs(document, library.passages(document.id), chance, ["云溪市", "长春市", "绍兴市"])
    return found


def _accepted(found: list[ClaimPair]) -> Counter[str]:
    return Counter(
        pair.kind for pair in found if JUDGE(pair.claim, pair.evidence).verdict is ClaimVerdict.SUPPORTED
    )


def test_no_changed_clause_is_supported(changed: list[ClaimPair]) -> None:
    """Every slot of which facts are made, on texts that nothing was learned from."""
    kinds = {pair.kind for pair in changed} & SURE
    assert len(kinds) > 10
    wrong = [
        (pair.kind, pair.claim)
        for pair in changed
        if pair.kind in SURE and JUDGE(pair.claim, pair.evidence).verdict is ClaimVerdict.SUPPORTED
    ]
    total = sum(pair.kind in SURE for pair in changed)
    assert len(wrong) <= total * 0.02, wrong


def test_the_clauses_themselves_are_supported(changed: list[ClaimPair]) -> None:
    true = [pair for pair in changed if not pair.kind]
    assert _accepted(true)[""] >= len(true) * 0.9
