"""The figures of a text as rows: what each measures, when, and whether it was reached."""

from __future__ import annotations

import pytest

from retrieval.facts.figures import figures_of
from retrieval.facts.models import FigureKind, FigureRow
from retrieval.facts.policy_actions import measures_of
from retrieval.facts.sentence_reading import readings
from retrieval.values.documents import Document, Genre, Passage


def read(text: str, *headings: str, year: int = 2026) -> list[FigureRow]:
    document = Document(
        id="d" * 10, source="s", text=text, title="t", genre=Genre.REPORT, year=year, place="清河市"
    )
    passage = Passage(
        id="d-1", document=document.id, ordinal=0, start=0, end=len(text), text=text, heading=headings
    )
    rows = [row for sentence in readings(document, [passage]) for row in figures_of(sentence)]
    assert all(text[row.start : row.end] in text[row.clause[0] : row.clause[1]] for row in rows)
    return rows


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("改造背街小巷35条、老旧小区74个。", ["改造背街小巷", "改造老旧小区"]),
        ("全省生产总值增长5.5%。", ["生产总值增长"]),
        (
            "农村和城镇居民人均可支配收入分别增长6.2%、3.7%。",
            ["农村居民人均可支配收入增长", "城镇居民人均可支配收入增长"],
        ),
        ("城乡居民人均收入分别达到3万元、2万元。", ["城镇居民人均收入", "农村居民人均收入"]),
        ("全年科技投入7232亿元、增长5.6%。", ["科技投入", "科技投入增长"]),
        ("新增74辆无人售票公交车。", ["新增无人售票公交车"]),
        ("15所高职院校21个专业群入选名单。", ["高职院校", "专业群入选名单"]),
        ("贫困户301户611人全部脱贫。", ["贫困户", "贫困户全部脱贫"]),
        ("新农合参合率再创新高，达到98.5%。", ["新农合参合率"]),
        ("茶叶产值首次跃上40亿元新台阶、增长3%。", ["茶叶产值", "茶叶产值增长"]),
        ("茶园面积连续6年居全市第一、占全市三成以上。", ["茶园面积", "茶园面积占全市"]),
        ("茶企总数52家、是五年前的2倍。", ["茶企总数", "茶企总数"]),
        ("城乡收入比从2.50:1缩小至2.27:1。", ["城乡收入比", "城乡收入比"]),
        ("连续3年实现增收。", ["实现增收"]),
        ("排查“七边”问题179万处。", ["七边问题179万处", "排查“七边”问题"]),
    ],
)
def test_a_figure_bears_the_name_of_what_it_measures(text: str, metrics: list[str]) -> None:
    assert [row.metric for row in read(text)] == metrics


@pytest.mark.parametrize(
    ("text", "heading", "kind"),
    [
        ("新增停车位2.8万余个。", "一、去年工作回顾", FigureKind.DONE),
        ("新增停车位3万个以上。", "二、2026年重点工作", FigureKind.TARGET),
        ("到2030年，城镇化率达到78%左右。", "", FigureKind.TARGET),
        ("刑事案件下降11.2%。", "一、去年工作回顾", FigureKind.COMPARISON),
        ("森林覆盖率53.07%。", "", FigureKind.STATE),
        ("深入开展“八大提升行动”。", "", FigureKind.NAME),
        ("启动平台经济三年行动。", "", FigureKind.NAME),
        ("完善12345热线。", "", FigureKind.NAME),
    ],
)
def test_a_figure_tells_whether_it_was_reached(text: str, heading: str, kind: FigureKind) -> None:
    assert [row.kind for row in read(text, *([heading] if heading else []))] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "2024年是关键之年。",
        "五年来成绩显著。",
        "市人大三次会议通过。",
        "PM2.5浓度下降。",
        "第三产业发展。",
        "每两个月测评。",
        "全文见 https://www.qinghe.example.cn/a/2025/3/6/t_88_1234.html?q=%E5%98%89%E5%85%B4%205&id=88个 。",
        "点击%E6%B8%85%E6%B2%B3%E5%B8%82%2025查看。",
        "联系电话0599-8123456转12，手机13900001234，邮箱qh2025@126.com。",
        "登录qinghe.gov.cn/zt_2025/98%查询。",
        "索引号：003482118M/2025-00045。",
    ],
)
def test_times_orders_and_codes_are_no_figures(text: str) -> None:
    assert read(text) == []


def test_the_period_holds_on_within_its_sentence_and_gives_the_year() -> None:
    rows = read("2018年以来，拆除违建600处；划泊位50个。去年建成公园3个。")
    assert [(row.period, row.year) for row in rows] == [
        ("2018年以来", 2018),
        ("2018年以来", 2018),
        ("去年", 2025),
    ]


def test_measures_are_clauses_that_say_what_is_done() -> None:
    text = "建成公园3个，森林覆盖率53%，开通“创城热线”。"
    document = Document(id="d" * 10, source="s", text=text, title="t", genre=Genre.SPEECH, place="清河市")
    passage = Passage(id="d-1", document=document.id, ordinal=0, start=0, end=len(text), text=text)
    rows = [row for sentence in readings(document, [passage]) for row in measures_of(sentence)]
    assert [(row.action, row.object) for row in rows] == [("建成", "公园3个"), ("开通", "“创城热线”")]
    assert [text[row.start : row.end] for row in rows] == ["建成公园3个，", "开通“创城热线”。"]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("逾期不改正的，处三百元以上三千元以下罚款。", ["罚款"]),
        ("擅自占用绿地的，可以并处一万元罚款。", ["罚款"]),
        ("逾期不缴的，并处每只二百元以下滞纳金。", ["滞纳金"]),
        ("植树造林投入持续增加，由3亿元增加到5亿元。", ["植树造林投入", "植树造林投入"]),
    ],
)
def test_what_names_nothing_is_no_thing(text: str, metrics: list[str]) -> None:
    assert list(dict.fromkeys(row.metric for row in read(text))) == list(dict.fromkeys(metrics))


def test_what_stands_beside_an_address_is_counted() -> None:
    """An address ends where the text goes on, and digits alike that are counted are a figure."""
    found = read("据 http://qh.example.cn/art_1_22.html，市长热线12345接件3.2万件，投资13900001234元。")
    assert [(row.value, row.unit) for row in found if row.kind is not FigureKind.NAME] == [
        (32000, "件"),
        (13900001234, "元"),
    ]


def test_an_area_that_bears_a_places_name_is_not_the_province() -> None:
    text = "兰州新区产值达到60亿元，兰州市产值增长5%，全省产值增长4%。新增兰州新区企业60家。"
    document = Document(
        id="d" * 10, source="s", text=text, title="t", genre=Genre.REPORT, year=2026, place="甘肃省"
    )
    passage = Passage(
        id="d-1", document=document.id, ordinal=0, start=0, end=len(text), text=text, heading=()
    )
    rows = [row for sentence in readings(document, [passage]) for row in figures_of(sentence)]
    assert [row.scope for row in rows] == ["兰州新区", "兰州市", "", ""]
