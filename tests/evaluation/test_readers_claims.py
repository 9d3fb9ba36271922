"""Claims made of the register, true and with one slot changed, as the answerer judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering import Answerer
from evaluation.verification.changed_claims import drawn
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from pathlib import Path

REPORT = """青禾县政府工作报告

——2025年1月15日在青禾县第七届人民代表大会第三次会议上

一、2024年工作回顾

粮食产量达到32.5万吨，改造农村危房1460户，建成标准化厂房21万平方米。居民人均可支配收入增长5.3%。

二、2025年工作安排

新建农村公路85公里，城镇新增就业5200人。
"""


def test_no_claim_with_one_slot_changed_is_told_to_be_true(tmp_path: Path) -> None:
    """Each slot of the figures of a report is changed in turn."""
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest_source(
            Source(key="r", digest="r", media="text/plain", encoding="utf-8", text=REPORT, metadata={}),
            options={"place": "青禾县", "date": "2025-01-15", "genre": "report"},
        )
        claims = drawn(library, many=200)
        verdicts = [(one, Answerer(library).answer_now(one.text).verdict) for one in claims]
    assert {one.kind for one in claims} >= {"", "figure", "unit", "year", "state", "bound"}
    assert [one.text for one, verdict in verdicts if one.kind and verdict == "true"] == []
    true = [verdict for one, verdict in verdicts if not one.kind]
    assert true.count("true") >= 0.8 * len(true)
