"""Invented work reports of one county over three years, to be read into a library of a test's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrieval import Library
from retrieval.embeddings.embedder import open_embedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Y2031 = """---
place: 德清县
title: 2031年德清县政府工作报告
date: "2031-02-10"
genre: report
---

# 2031年德清县政府工作报告

## 一、2030年工作回顾

全年地区生产总值完成310亿元，同比增长6.1%。新建村级活动中心12个。

## 二、2031年工作安排

2031年全县经济社会发展的预期目标是：地区生产总值达到340亿元，同比增长8%；城镇新增就业6200人；城镇登记失业率控制在3%以内；居民消费价格涨幅3%左右；地产茶叶产量达到5.2万吨。

改造老旧小区18个，新建口袋公园9个，新建农村公路46公里。确保北湖图书馆年内投入使用，完成南门大桥建设。出台民宿管理暂行办法。三件大事要办好。到2035年，森林覆盖率达到60%。
"""

Y2032 = """---
place: 德清县
title: 2032年德清县政府工作报告
date: "2032-02-11"
genre: report
---

# 2032年德清县政府工作报告

## 一、2031年工作回顾

全年地区生产总值完成333亿元，同比增长7.4%。城镇新增就业6480人，城镇登记失业率为2.8%，居民消费价格上涨0.4%。地产茶叶产量达到5.2万吨。

全年改造老旧小区21个。五年来，累计新建口袋公园57个。北湖图书馆项目主体完工，南门大桥建成通车。民宿管理暂行办法印发实施。

## 二、2032年工作安排

2032年的预期目标是：地区生产总值增长7%；城镇新增就业6500人。改造老旧小区20个。
"""

CORRECTION = """---
place: 德清县
title: 2033年德清县政府工作报告
date: "2033-02-09"
genre: report
---

# 2033年德清县政府工作报告

## 一、工作回顾

2031年城镇新增就业6390人。2032年地区生产总值增长7.3%，城镇新增就业6511人，改造老旧小区20个。

## 二、2033年工作安排

地区生产总值增长6.5%。
"""


def filled(home: Path, *texts: str) -> Library:
    """Return a library of these texts, taken in one after the other."""
    library = Library.open(home, embedder=None, write=True)
    for number, text in enumerate(texts):
        path = home.parent / f"report-{number}-{abs(hash(text)) % 1000}.md"
        path.write_text(text, encoding="utf-8")
        library.ingest([path])
    return library


@contextmanager
def with_report(folder: Path, text: str) -> Iterator[Library]:
    """Open a library, with vectors where they are to be had, that holds one report of 石川市."""
    texts, home = folder / "texts", folder / "home"
    texts.mkdir()
    (texts / "2024年石川市政府工作报告.md").write_text(text, "utf-8")
    with Library.open(home, embedder=open_embedder(home=home), write=True) as held:
        held.ingest([texts])
        yield held
