"""Questions on what a document tells of itself are answered with its own words, of the right document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering.pipeline import Answerer
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTICE = """嘉兴市人民政府办公室关于印发《嘉兴市河道保洁管理办法》的通知
嘉政办发〔2031〕16号
各区人民政府，市级各部门：
《嘉兴市河道保洁管理办法》已经市政府同意，现印发给你们。
嘉兴市人民政府办公室
2031年4月2日
第一章　总则
第一条　为加强河道保洁，制定本办法。
第二条　市水务局是河道保洁的主管部门。
第二章　保洁
第三条　主要河道每日至少保洁一次。
第四条　保洁经费由市、区按四六比例分担。
第三章　附则
第五条　本办法自2031年6月1日起施行。
"""
OTHER = """嘉兴市人民政府关于做好森林防火工作的通知
嘉政发〔2031〕3号
各区人民政府：
请做好森林防火各项工作，全市巡护员达到1200人。
嘉兴市人民政府
2031年2月20日
"""
MINUTES = """舟山市海上搜救专题会议纪要
2031年5月7日，副市长吴某主持召开海上搜救专题会议。
一、更新救生艇。由市海事局牵头，8月底前购置救生艇14艘。
二、开展联合演练。市应急管理局牵头，每季度演练一次。
出席：吴某、郑某某。
请假：何某。
"""
INTERVIEW = """台州市停车难在线访谈
主持人：今天请来市城管局局长林某、市交通局副局长马某。
网友“晚风”：夜里没处停车怎么办？
林某：我们在三条街开放夜间泊位410个。
网友“青石”：停车收费会涨吗？
马某：不会。前30分钟仍然免费。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    home = tmp_path_factory.mktemp("particulars")
    texts = {"a.txt": NOTICE, "b.txt": OTHER, "c.txt": MINUTES, "d.txt": INTERVIEW}
    paths = [home / name for name in texts]
    for path in paths:
        path.write_text(texts[path.name], encoding="utf-8")
    with Library.open(home / "home", embedder=None, write=True) as library:
        library.ingest(paths)
        yield Answerer(library)


@pytest.mark.parametrize(
    ("question", "said", "not_said"),
    [
        ("嘉兴河道保洁管理办法的发文字号是多少？", "嘉政办发〔2031〕16号", "嘉政发"),
        ("嘉兴森林防火的通知是几号文？", "嘉政发〔2031〕3号", "嘉政办发"),
        ("嘉兴森林防火工作的通知是哪天印发的？", "2031年2月20日", "4月2日"),
        ("嘉兴河道保洁管理办法什么时候施行？", "2031年6月1日", "4月2日"),
        ("嘉兴河道保洁管理办法有几章？", "三章", "五"),
        ("舟山海上搜救会议谁缺席？", "何某", "郑某某"),
        ("舟山海上搜救会议哪些人参加？", "郑某某", "何某"),
        ("舟山更新救生艇由哪个单位负责？", "市海事局", "应急"),
        ("台州访谈里谁答复了停车收费的问题？", "马某", "林某"),
        ("台州访谈里林某说夜里停车怎么办？", "410个", "30分钟"),
    ],
)
async def test_the_document_answers(answerer: Answerer, question: str, said: str, not_said: str) -> None:
    answer = await answerer.answer(question)
    words = "\n".join(f"{one.lead} {one.text}" for one in answer.statements)
    assert answer.outcome.is_answer
    assert said in words
    assert not_said not in words


@pytest.mark.parametrize(
    "question",
    ["徐州河道保洁管理办法有几章？", "徐州森林防火的通知是几号文？", "徐州河道保洁管理办法什么时候施行？"],
)
async def test_a_document_of_another_place_does_not_answer(answerer: Answerer, question: str) -> None:
    answer = await answerer.answer(question)
    assert not answer.outcome.is_answer


async def test_every_answer_is_the_documents_own(answerer: Answerer) -> None:
    answer = await answerer.answer("嘉兴森林防火的通知是几号文？")
    assert [(one.quote, one.title) for one in answer.citations] == [
        ("嘉政发〔2031〕3号", "嘉兴市人民政府关于做好森林防火工作的通知")
    ]


async def test_what_no_document_tells_is_not_made_up(answerer: Answerer) -> None:
    """The interview has no number of its own."""
    answer = await answerer.answer("台州停车难访谈的发文字号是多少？")
    assert not any("号" in one.text for one in answer.statements if answer.outcome.is_answer)


TABLE = """# 丽水市2031年电站改造情况

发布时间：2031年2月11日

| 电站 | 责任单位 | 机组（台） | 2030年发电量（万千瓦时） | 2031年发电量（万千瓦时） | 完工时间 |
|---|---|---|---|---|---|
| 上坪1号电站 | 市水利局 | 4 | 812 | 905 | 6月底 |
| 下坪2号电站 | 市能源局 | 2 | 344 | 377 | 9月底 |
| 合计 | | 6 | 1156 | 1282 | |
"""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("丽水下坪2号电站有机组多少台？", "机组2台"),
        ("丽水上坪1号电站2030年发电量多少？", "812"),
        ("丽水2031年发电量合计多少万千瓦时？", "1282"),
        ("丽水上坪1号电站什么时候完工？", "6月底"),
    ],
)
async def test_a_cell_is_answered_by_its_row_and_column(tmp_path: Path, question: str, said: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(TABLE, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([path])
        answer = await Answerer(library).answer(question)
    (statement,) = answer.statements
    assert said in statement.text
    assert statement.text in answer.citations[0].quote
