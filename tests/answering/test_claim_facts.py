"""Claims told loosely are held against the typed facts of a sentence, which compete for what is claimed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.claims.assertions import assertions
from answering.claims.spoken_figures import dated
from retrieval import Library
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.quantities.values import Bound
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT = """云岭省政府工作报告

——2025年1月15日在云岭省第十四届人民代表大会第三次会议上

各位代表：现在，我代表省人民政府作工作报告。

一、2024年工作回顾

地区生产总值增长5.2%、低于全国0.4个百分点，居全国第八位。常住人口由上年511万人增加到515万人。
机场旅客吞吐量突破千万人次。茶叶总产量38.6万吨、占全国21.7%。偷盗、诈骗案件分别下降9%、4.5%。
牛羊存栏分别增长7.1%、2.4%。接待游客1.26亿人次、游客花费980亿元，分别增长11%、13.5%。
从2020年到2024年，绿化率从31.5%提高到44.8%。新建住房5400多栋。学生体质达标率为83%、提高1.7个百分点。
城乡居民人均消费支出分别为31000元、20600元，分别增长6.1%、7.7%。水库年均蓄水量为12亿立方米、下降5.3%。
500米内有站点的小区占92%。关停3座造纸厂。铁路里程新增800公里、突破9000公里。

二、2025年目标任务

地区生产总值增长5.5%左右，粮食产量330亿斤以上。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """An answerer over one report."""
    home: Path = tmp_path_factory.mktemp("claim_facts")
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest_source(
            Source(key="r", digest="r", media="text/plain", encoding="utf-8", text=REPORT, metadata={}),
            options={"place": "云岭省", "date": "2025-01-15", "genre": "report"},
        )
        yield Answerer(library)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("听说云岭省去年新建住房五千多栋，真的假的", "true"),
        ("云岭省人口去年多了四万来人，对吗", "true"),
        ("云岭省人口去年多了八万人，对吗", "false"),
        ("云岭省茶叶产量占全国两成多，对不对", "true"),
        ("云岭省茶叶总产量38.6万斤，没错吧", "false"),
        ("云岭省去年地区生产总值居全国第三，对吗", "false"),
        ("云岭省去年机场旅客吞吐量破了一千万，对不对", "true"),
        ("云岭省去年偷盗案件降了4.5%，诈骗案件降了9%，对吗", "false"),
        ("云岭省去年牛和羊存栏都增长了7%以上，是吧", "partly"),
        ("云岭省2020年绿化率就有44.8%了吧，对吗", "false"),
        ("云岭省绿化率从44.8%降到了31.5%，对吗", "false"),
        ("云岭省去年地区生产总值增长5.5%，对吗", "false"),
        ("云岭省今年粮食产量目标是330亿斤以下，对吗", "false"),
        ("云岭省去年离婚率降了一成，对吗", "unknown"),
        ("云岭省去年建成造纸厂3座，对吗", "false"),
        ("云岭省去年铁路里程新增9000公里，对吗", "false"),
        ("云岭省去年学生体质达标率比上年提高了1.7个百分点，对吗", "true"),
        ("云岭省去年城镇居民人均消费支出31000元、增长7.7%，对吗", "partly"),
        ("云岭省去年水库年均蓄水量上升了5.3%，对吗", "false"),
        ("云岭省去年500米内有站点的小区占79%，对吗", "false"),
        ("云岭省去年建成了3座滑雪场，对吗", "unknown"),
    ],
)
def test_loose_words_and_lures(answerer: Answerer, claim: str, verdict: str) -> None:
    """Rounded and bounded values hold; another thing's, place in a list, end or state's value does not."""
    assert answerer.answer_now(claim).verdict == verdict


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("人均能活到快79岁", "79", Bound.LESS),
        ("吞吐量破了两千万", "20000000", Bound.ABOVE),
        ("产值九十个亿出头", "9000000000", Bound.MORE),
        ("价格只涨了零点三", "0.3", Bound.EXACT),
        ("进口涨了一半还多", "50", Bound.ABOVE),
        ("存款涨了五个点", "5", Bound.EXACT),
    ],
)
def test_spoken_figures_are_read(text: str, value: str, bound: Bound) -> None:
    """What readers say is read with what it leaves open."""
    (one,) = assertions(text)
    assert (one.value, one.bound) == (Decimal(value), bound)


def test_a_claim_is_read_into_its_slots() -> None:
    """Start and end are one assertion, a gap goes with its clause before, and 都 is of each thing."""
    (span,) = assertions("企业从235万户掉到了174万户")
    assert (span.origin, span.direction) == (Decimal(2350000), Direction.DOWN)
    (gap,) = assertions("经济没跑赢全国，差了零点三")
    assert (gap.role, gap.direction, gap.value) == (RoleKind.GAP, Direction.DOWN, Decimal("0.3"))
    assert len(assertions("牛和羊出栏都多了5%以上")) == 2
    assert dated("06年和去年", 2026) == "2006年和2025年"
