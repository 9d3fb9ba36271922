"""What sentences of reports say, fact by fact: thing, figure, kind, role, direction, state, year and rank."""

from __future__ import annotations

import pytest
from test_figures import read

from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.facts.figures import figures_of
from retrieval.facts.models import FigureKind, FigureRow, MeasureRow
from retrieval.facts.policy_actions import measures_of
from retrieval.facts.sentence_reading import readings
from retrieval.values.documents import Document, Genre, Passage

ARROWS = {Direction.UP: "up", Direction.DOWN: "down"}


def told(row: FigureRow, text: str) -> str:
    """Write a fact as "thing=figure" and what is unusual: a level reached in the text's year is not."""
    said = [f"{row.metric}={text[row.start : row.end]}"]
    said += [row.kind.value] if row.kind is not FigureKind.DONE else []
    said += [row.role.value or "named"] if row.role is not RoleKind.LEVEL else []
    said += [ARROWS[row.direction]] if row.direction is not Direction.NONE else []
    said += [row.state.value] if row.state is not FactState.DONE else []
    said += [str(row.year)] if row.year != 2026 else []
    said += [f"from {row.start_value}"] if row.start_value is not None else []
    said += [f"rank {row.rank}"] if row.rank else []
    said += [name for name, is_so in (("stock", row.stock), ("part", row.part)) if is_so]
    return " ".join(said)


DONE = [
    (
        "去年粮食产量由410万吨增至436万吨，居全省第二位。",
        ["粮食产量=410万吨 start up 2025", "粮食产量=436万吨 end up 2025 from 4100000 rank 2"],
    ),
    (
        "停车位从去年的3000个增加到5200个，增加2200个。",
        ["停车位=3000个 start up 2025", "停车位=5200个 end up 2025 from 3000", "停车位增加=2200个 change up"],
    ),
    ("PM2.5平均浓度降至28微克/立方米。", ["PM2.5平均浓度=28微克/立方米 end down"]),
    ("城乡居民收入比缩小到1.86。", ["城乡居民收入比=1.86 end down"]),
    ("审批事项精简42项。", ["审批事项精简=42项 change down"]),
    ("成本降低2.3亿元。", ["成本降低=2.3亿元 comparison change down"]),
    (
        "投资下降3.4%，降幅收窄2个百分点。",
        ["投资下降=3.4% comparison change down", "降幅收窄=2个百分点 comparison change down"],
    ),
    (
        "全社会用电量增长6.6%，其中工业用电量增长7.1%。",
        ["全社会用电量增长=6.6% comparison change up", "工业用电量增长=7.1% comparison change up part"],
    ),
    ("规上工业增加值增速快于全国1.7个百分点。", ["规上工业增加值增速快于全国=1.7个百分点 gap up"]),
    ("出生率低于全省平均1.2个百分点。", ["出生率低于全省平均=1.2个百分点 state gap down standing"]),
    (
        "居民收入增长7.2%，高于全省平均0.6个百分点。",
        ["居民收入增长=7.2% comparison change up", "居民收入高于全省平均=0.6个百分点 comparison gap up"],
    ),
    ("消费对经济增长的贡献率达58%。", ["消费对经济增长的贡献率=58% state share standing"]),
    ("公办园在园幼儿占比达到61.5%。", ["公办园在园幼儿占比=61.5% state share standing"]),
    ("全市常住人口突破900万人，占全省的15.2%。", ["常住人口=突破900万人", "常住人口占全省=15.2% share"]),
    (
        "空气优良天数比例达到92.1%，同比提高1.3个百分点。",
        [
            "空气优良天数比例=92.1% state standing stock",
            "空气优良天数比例提高=1.3个百分点 comparison change up",
        ],
    ),
    ("办结率98.7%。", ["办结率=98.7%"]),
    (
        "高新技术企业总数达到1280家，净增160家。",
        ["高新技术企业总数=1280家 state standing stock", "净增=160家 added up"],
    ),
    (
        "累计建成充电桩1.5万个，其中今年新增4200个。",
        ["建成充电桩=1.5万个 stock", "新增=4200个 added up part"],
    ),
    ("公交线路比五年前增加18条。", ["公交线路比五年前增加=18条 change up"]),
    ("现有中小学校412所。", ["现有中小学校=412所 stock"]),
    ("60岁以上老年人享受免费乘车。", ["老年人享受免费乘车=60岁以上 state standing"]),
    (
        "地方财政收入完成88亿元、增长4.2%。",
        ["地方财政收入=88亿元", "地方财政收入增长=4.2% comparison change up"],
    ),
    (
        "建成公路18公里、桥梁5座，惠及群众7万余人。",
        ["建成公路=18公里", "建成桥梁=5座", "惠及群众=7万余人"],
    ),
    ("完成投资23亿元，对41个老旧小区进行改造。", ["完成投资=23亿元", "老旧小区进行改造=41个"]),
    ("投资12亿元改造16个小区。", ["小区投资=12亿元", "改造小区=16个"]),
    ("投入2.4亿元用于校舍维修。", ["校舍维修投入=2.4亿元"]),
    ("打通断头路9条，其中主城区6条。", ["打通断头路=9条", "主城区=6条 part"]),
    ("累计培训农民、职工等3万人次。", ["培训农民、职工等=3万人次"]),
    ("发现并整改隐患3.1万处。", ["发现并整改隐患=3.1万处"]),
    ("15所高职院校21个专业群入选。", ["高职院校=15所", "专业群入选=21个"]),
    ("完成“双百”工程86个。", ["完成“双百”工程=86个"]),
    (
        "农村居民人均可支配收入2.1万元，增长6.8%。",
        ["农村居民人均可支配收入=2.1万元", "农村居民人均可支配收入增长=6.8% comparison change up"],
    ),
]
DONE += [
    ("实施“新增5万个车位”工程。", ["新增5万个车位=5万个车位 added up"]),
    ("12%的企业享受优惠。", ["企业享受优惠=12%"]),
    ("修路5公里由市级出资。", ["修路=5公里"]),
    ("3家企业新建5条生产线。", ["企业=3家", "新建生产线=5条 added up"]),
    ("全长18公里的环城路。", ["环城路=18公里"]),
    ("建成公园3座绿地和广场5个。", ["建成绿地和广场=3座", "绿地和广场=5个"]),
    (
        "优良率91%，高于全省1.2个百分点。",
        ["优良率=91% state standing", "优良率高于全省=1.2个百分点 comparison gap up"],
    ),
    ("新建3座桥、2座隧道。", ["新建桥=3座 added up", "新建隧道=2座 added up"]),
    ("居民满意度明显提升，达到96.2%。", ["居民满意度=96.2% state standing stock"]),
    ("老旧小区改造再提速，达到12个。", ["老旧小区改造=12个 stock"]),
    ("增长6.2%。", ["增长=6.2% comparison change up"]),
    ("投资2亿元的水厂投用。", ["水厂投用投资=2亿元"]),
    ("投资2亿元，桥5座。", ["投资=2亿元", "桥=5座"]),
    ("建成3所学校和2个公园。", ["建成学校=3所", "建成公园=2个"]),
    ("全年接待游客3万人次、同比增长5%。", ["接待游客=3万人次", "接待游客增长=5% comparison change up"]),
    ("平均每户增收3000元。", ["平均每户增收=3000元 change up"]),
    ("累计建设、改造农村公路300公里。", ["建设、改造农村公路=300公里"]),
    (
        "全市共有公交车1200辆，其中新能源车900辆，占75%。",
        ["共有公交车=1200辆 stock", "新能源车=900辆 part", "新能源车占=75% state share standing"],
    ),
    ("开展了12次执法检查，查处案件35起。", ["开展执法检查=12次", "查处案件=35起"]),
    ("比2020年增加320家。", ["比2020年增加=320家 comparison change up"]),
    ("“菜篮子”基地24个。", ["“菜篮子”基地=24个"]),
    ("启动“万人助企”活动，服务企业3200家。", ["服务企业=3200家"]),
    (
        "人均公园绿地面积14.2平方米、比上年增加0.3平方米。",
        ["人均公园绿地面积=14.2平方米", "人均公园绿地面积比上年增加=0.3平方米 comparison change up"],
    ),
    ("粮食亩产提高50公斤。", ["粮食亩产提高=50公斤 change up"]),
    ("退役军人安置率达100%。", ["退役军人安置率=100% state standing stock"]),
    ("引进项目120个，其中亿元以上项目40个。", ["引进项目=120个", "亿元以上项目=40个 part"]),
    ("桥5座。", ["桥=5座"]),
    ("（一）修路12公里。", ["修路=12公里"]),
    (
        "全市各县区认真贯彻落实党的二十大精神推动城市更新改造老旧小区74个。",
        ["二十大精神推动城市更新改造老旧小区=74个"],
    ),
    ("培训农民3万人次，其中妇女1万人次。", ["培训农民=3万人次", "妇女=1万人次 part"]),
    (
        "8万名来自全国各地从事先进制造业研发设计生产销售的青年人才落户。",
        ["来自全国各地从事先进制造业研发设计=8万名"],
    ),
]
NAMES = [
    ("入选世界500强企业3家。", ["入选世界500强企业3家=500 name named", "入选世界500强企业=3家"]),
    ("落实中央八项规定精神。", ["落实中央八项规定精神=八项 name named"]),
    ("建成五星级酒店4家。", ["建成五星级酒店4家=五星级 name named", "建成五星级酒店=4家"]),
    (
        "12345热线办结18万件，满意率97%。",
        ["12345热线办结18万件=12345 name named", "12345热线办结=18万件", "满意率=97% state standing"],
    ),
]
DEALT_OUT = [
    (
        "投资、消费分别增长6%、8%、9%。",  # one figure too many
        [
            "投资增长=6% comparison change up",
            "消费增长=8% comparison change up",
            "消费增长=9% comparison change up",
        ],
    ),
    (
        "粮食、油料、蔬菜产量分别增长1%、2%、3%。",
        [
            "粮食产量增长=1% comparison change up",
            "油料产量增长=2% comparison change up",
            "蔬菜产量增长=3% comparison change up",
        ],
    ),
    (
        "粮食总产量、肉类产量同比分别增长2%、4%。",
        ["粮食总产量增长=2% comparison change up", "肉类产量增长=4% comparison change up"],
    ),
    ("产值分别增长5%、6%。", ["产值增长=5% comparison change up", "产值增长=6% comparison change up"]),
    (
        "城乡居民收入分别增长5%、7%。",
        ["城镇居民收入增长=5% comparison change up", "农村居民收入增长=7% comparison change up"],
    ),
    (
        "投资、消费分别增长6%、8%，均居全国首位。",
        ["投资增长=6% comparison change up rank 1", "消费增长=8% comparison change up rank 1"],
    ),
    (
        "一产增长3%、三产增长6%，分别列全省第4位、第9位。",
        ["一产增长=3% comparison change up rank 4", "三产增长=6% comparison change up rank 9"],
    ),
]
PLANNED = [
    ("力争到2027年建成充电桩1.2万个。", ["建成充电桩=1.2万个 target planned 2027"]),
    ("今年计划新建口袋公园20个。", ["计划新建口袋公园=20个 target added up planned"]),
    ("明年建成地铁18公里。", ["建成地铁=18公里 planned"]),
    ("将新建学校12所。", ["新建学校=12所 target added up planned"]),
    ("到十五五末，城镇化率达到70%。", ["城镇化率=70% target planned 2030 stock"]),
    ("超额完成年度目标任务，新增就业5.2万人。", ["新增就业=5.2万人 added up"]),
]
TIMES = [
    ("“十四五”期间，累计完成投资1900亿元。", ["完成投资=1900亿元 2025 stock"]),
    ("2022年至2024年，改造危房7300户。", ["改造危房=7300户 2024"]),
    (
        "2019年以来，新增城市绿地800公顷；今年完成120公顷。",
        ["新增城市绿地=800公顷 added up 2019", "完成=120公顷"],
    ),
    ("连续12年增产。", ["增产=12年"]),
    ("平均用时2小时。", []),
]


@pytest.mark.parametrize(("text", "facts"), [*DONE, *NAMES, *DEALT_OUT, *PLANNED, *TIMES])
def test_a_sentence_says_these_facts(text: str, facts: list[str]) -> None:
    assert [told(row, text) for row in read(text)] == facts


@pytest.mark.parametrize(
    ("text", "heading", "facts"),
    [
        ("新建幼儿园14所。", "三、今后五年工作打算", ["新建幼儿园=14所 target added up planned"]),
        ("已经新建幼儿园14所。", "三、今后五年工作打算", ["新建幼儿园=14所 added up"]),
        ("新建幼儿园14所。", "一、五年来工作成就", ["新建幼儿园=14所 added up"]),
        ("登记失业率控制在4%以内。", "二、2026年重点工作", ["登记失业率=4%以内 target planned"]),
        (
            "城镇新增就业5万人以上，城镇调查失业率5.5%左右。",
            "二、2026年主要预期目标",
            ["城镇新增就业=5万人以上 target added up planned", "城镇调查失业率=5.5%左右 target planned"],
        ),
        (
            "处二百元以上五百元以下罚款。",
            "第四章 法律责任",
            ["罚款=二百元以上 required", "罚款=五百元以下 required"],
        ),
    ],
)
def test_the_headings_above_say_whether_it_was_done(text: str, heading: str, facts: list[str]) -> None:
    assert [told(row, text) for row in read(text, heading)] == facts


MEASURES = [
    ("建成公园3座。", [("建成", "公园3座")]),
    ("我市重点推进污水管网改造，确保水清岸绿。", [("推进", "污水管网改造")]),
    ("滨河大桥正式通车。", [("通车", "滨河大桥")]),
    ("为建成公园3座。", []),
    ("作为建成区。", []),
    ("建公园。", []),
    ("森林覆盖率53%。", []),
    ("发展水平提高。", []),
]


def measures(text: str, *headings: str, genre: Genre = Genre.REPORT) -> list[MeasureRow]:
    document = Document(id="d" * 10, source="s", text=text, title="t", genre=genre, year=2026, place="清河市")
    passage = Passage(
        id="d-1", document=document.id, ordinal=0, start=0, end=len(text), text=text, heading=headings
    )
    return [row for sentence in readings(document, [passage]) for row in measures_of(sentence)]


@pytest.mark.parametrize(("text", "expected"), MEASURES)
def test_a_clause_says_what_is_done_to_what(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(row.action, row.object) for row in measures(text)] == expected


def test_a_measure_stands_at_its_clause_with_its_figures_its_time_and_whether_it_is_a_plan() -> None:
    text = "去年建成公园3座，新建Ａ级厕所8处。"
    first, second = measures(text)
    assert [text[row.start : row.end] for row in (first, second)] == [
        "去年建成公园3座，",
        "新建Ａ级厕所8处。",
    ]
    assert [row.figures for row in (first, second)] == [("3座",), ("8处",)]
    assert [row.kind for row in (first, second)] == [FigureKind.DONE] * 2
    assert [(row.period, row.year) for row in (first, second)] == [("去年", 2025), (None, 2026)]
    assert second.object == "Ａ级厕所8处"  # as it is printed
    assert second.sentence == (0, len(text))
    (planned,) = measures("今年力争建成步道12公里。")
    assert (planned.kind, planned.year) == (FigureKind.TARGET, 2026)
    assert [row.object for row in measures("Ａ座大桥正式通车。")] == ["Ａ座大桥"]
    assert len(measures("建设" + "很" * 60 + "长的步道。")[0].object) == 40


def test_a_heading_says_nothing_of_its_own() -> None:
    text = "建成公园3座\n新建厕所8处。"
    assert [row.object for row in measures(text)] == ["公园3座", "厕所8处"]
    assert [row.object for row in measures(text, "一、建成公园3座")] == ["厕所8处"]
    assert [row.metric for row in read("t\n建成公园3座。")] == ["建成公园"]  # the title


def test_what_stands_under_the_year_of_a_report_is_planned() -> None:
    text = "新建学校12所。"
    assert [row.kind for row in read(text, "2026年")] == [FigureKind.TARGET]
    assert [row.kind for row in read(text, "2025年")] == [FigureKind.DONE]
    assert [row.kind for row in read(text, "2026年", year=2027)] == [FigureKind.DONE]


def test_a_rule_and_a_preface_hold_no_measures() -> None:
    assert measures("建成公园3座。", genre=Genre.REGULATION) == []
    assert measures("建成公园3座。", genre=Genre.PREFACE) == []


def test_a_title_that_names_an_earlier_year_tells_of_that_year() -> None:
    text = "新建学校12所。"
    document = Document(
        id="d" * 10, source="s", text=text, title="2024年工作总结", genre=Genre.REPORT, year=2026
    )
    passage = Passage(id="d-1", document=document.id, ordinal=0, start=0, end=len(text), text=text)
    rows = [row for sentence in readings(document, [passage]) for row in figures_of(sentence)]
    assert [(row.year, row.place) for row in rows] == [(2024, "全国")]


def test_what_a_report_without_headings_tells_before_its_plans_is_of_the_year_before() -> None:
    done, plan = "新建学校12所。" + "各项工作都有进展。" * 40, "做好今年工作，新建学校14所。"
    text = done + plan
    document = Document(
        id="d" * 10,
        source="s",
        text=text,
        title="政府工作报告",
        genre=Genre.REPORT,
        year=2026,
        place="清河市",
    )
    passages = [
        Passage(id=f"d-{n}", document=document.id, ordinal=n, start=start, end=start + len(words), text=words)
        for n, (start, words) in enumerate([(0, done), (len(done), plan)])
    ]
    rows = [row for sentence in readings(document, passages) for row in figures_of(sentence)]
    assert [(int(row.value), row.year, row.state) for row in rows] == [
        (12, 2025, FactState.DONE),
        (14, 2026, FactState.PLANNED),
    ]


def test_a_figure_is_shown_with_as_much_before_it_as_says_what_it_is_of() -> None:
    short = "用电量增长6%，居全省第3位，占一半。"
    assert [short[slice(*row.clause)] for row in read(short)] == ["用电量增长6%，"]
    text = "全市规模以上工业增加值保持了较快的增长势头并且结构更优，增长6%。"
    assert [text[slice(*row.clause)] for row in read(text)] == [text]
    assert [slice(*row.sentence) for row in read(text)] == [slice(0, len(text))]
