"""The page of targets and results: counts by state, both quotations as links into their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reader_stand import Stand

from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORTS = {
    2031: "## 一、2030年工作回顾\n\n新建村级活动中心12个。\n\n## 二、2031年工作安排\n\n"
    "2031年的预期目标是：地区生产总值达到340亿元；地产茶叶产量达到5.2万吨。新建农村公路46公里。\n",
    2032: "## 一、2031年工作回顾\n\n地区生产总值完成333亿元，地产茶叶产量达到5.4万吨。\n",
}


@pytest.fixture
def county(home: Path) -> Iterator[Stand]:
    with Library.open(home, embedder=None, write=True) as library:
        for year, body in REPORTS.items():
            title = f"{year}年德清县政府工作报告"
            head = f'---\nplace: 德清县\ntitle: {title}\ndate: "{year}-02-10"\ngenre: report\n---\n\n'
            path = home.parent / f"{year}.md"
            path.write_text(f"{head}# {title}\n\n{body}", encoding="utf-8")
            library.ingest([path])
        yield Stand(library)


async def test_each_pair_has_its_two_quotations_and_the_states_are_counted(county: Stand) -> None:
    async with county.client() as client:
        page = (await client.get("/t?place=德清县&year=2031&lang=zh-Hans")).text
    assert "没有做到1条" in page
    assert "超过目标1条" in page
    assert "没有写到结果1条" in page
    assert page.count("#cited") == 5
    assert "<svg" in page
    assert "98%" in page


async def test_an_unknown_place_has_no_pairs(county: Stand) -> None:
    async with county.client() as client:
        answer = await client.get("/t?place=月球&lang=zh-Hans")
    assert answer.status_code == 200
    assert "没有符合条件的" in answer.text
