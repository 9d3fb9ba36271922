"""What kind of number each is, where its words begin and end, and how they bound it."""

from __future__ import annotations

import pytest

from retrieval.quantities import Figure, Sort, figures, years
from retrieval.quantities.units import fits, in_chinese, is_count, orders, spellings, unit_class, unit_kind


def told(figure: Figure) -> str:
    """Write a figure as "words=value unit bound sort"; what is usual, exact and a quantity, is left out."""
    value = f"{figure.value:f}" + ("" if figure.high is None else f"~{figure.high:f}")
    bound = "" if figure.bound.value == "exact" else f" {figure.bound.value}"
    sort = "" if figure.sort is Sort.QUANTITY else f" {figure.sort.value}"
    return f"{figure.text}={value}{figure.unit}{bound}{sort}"


def read(text: str) -> list[str]:
    return [told(one) for one in figures(text, every=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("游客近千万人次", ["近千万人次=10000000人次 approx_less"]),
        ("游客超千万人次的古镇，近百年来", []),
        ("餐位上百余个", ["上百余个=100个 approx"]),
        ("好几万人", ["好几万人=10000人 approx_more"]),
        ("数千名", ["数千名=1000名 approx_more"]),
        ("几十名", ["几十名=10名 approx_more"]),
        ("约数百人", ["约数百人=100人 approx_more"]),
        ("上25个台阶", ["25个=25个"]),
        ("20来个", ["20来个=20个 approx"]),
        ("10多万个", ["10多万个=100000个 approx_more"]),
        ("15+项", ["15+项=15项 at_least"]),
        ("一百多", ["一百多=100 approx_more"]),
        ("5 or so", ["5 or so=5 approx"]),
        ("5 or more", ["5 or more=5 at_least"]),
        ("5 or less", ["5 or less=5 at_most"]),
        ("5个及以上", ["5个及以上=5个 at_least"]),
        ("5个以下", ["5个以下=5个 at_most"]),
        ("5个上下", ["5个上下=5个 approx"]),
        ("五个左右手", ["五个=5个"]),
        ("少于5个", ["少于5个=5个 at_most"]),
        ("不得低于5个", ["不得低于5个=5个 at_least"]),
        ("最多5个", ["最多5个=5个 at_most"]),
        ("逾5万", ["逾5万=50000 at_least"]),
        ("超过 5个", ["超过 5个=5个 at_least"]),
        ("附近5个", ["5个=5个"]),
        ("多余5个", ["5个=5个"]),
        ("至少3至5个", ["至少3至5个=3~5个 at_least"]),
        ("no more than 5 parks", ["no more than 5=5 at_most"]),
        ("more than five parks", ["more than five=5 at_least"]),
        ("不少于5个以上", ["不少于5个以上=5个 at_least"]),  # the first of two bounds holds
        ("近3个、近4个", ["近3个=3个 approx_less", "近4个=4个 approx_less"]),
    ],
)
def test_words_around_a_number_bound_it(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("近10年", ["10年=10年"]),
        ("近11年", ["近11年=11年 approx_less"]),
        ("近三个月", ["三个月=3个月"]),
        ("近3个", ["近3个=3个 approx_less"]),
        ("不足3年", ["不足3年=3年 approx_less"]),
    ],
)
def test_a_short_time_that_lies_near_is_a_span_and_not_nearly_as_long(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3万到5万人", ["3万到5万人=30000~50000人"]),
        ("3到5万人", ["3到5万人=30000~50000人"]),
        ("5到5个", ["5到5个=5~5个"]),
        ("三五十个", ["三五十个=30~50个 approx"]),
        ("七八千亩", ["七八千亩=7000~8000亩 approx"]),
        ("十七八岁", ["十七八岁=17~18岁 approx"]),
        ("三成至四成", ["三成至四成=30~40%"]),
        ("三四成", ["三四成=30~40% approx"]),
        ("3个至5个", ["3个至5个=3~5个"]),
        ("1.5—2.5公里", ["1.5—2.5公里=1.5~2.5公里"]),
    ],
)
def test_two_ends_make_a_range(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5万到3万人", ["5万=50000", "3万人=30000人"]),
        ("3个—5处", ["3个=3个", "5处=5处"]),
        ("3%-5", ["3%=3%", "-5=-5"]),
        ("3-5.2", ["3=3", "5.2=5.2"]),
        ("3亿—5万元", ["3亿=300000000", "5万元=50000元"]),
        ("3余个到5余个", ["3余个=3个 approx_more", "5余个=5个 approx_more"]),
        ("一个半小时至两个半小时", ["一个半小时=1.5个小时", "两个半小时=2.5个小时"]),
        ("三至5个", ["5个=5个"]),
        ("二四个", []),
        ("三六个", []),
    ],
)
def test_what_differs_in_unit_order_or_bound_is_no_range(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一个多月", ["一个多月=1个月 approx_more"]),
        ("两个多小时", ["两个多小时=2个小时 approx_more"]),
        ("三年多功能", ["三年=3年"]),
        ("一倍多", ["一倍多=1倍 approx_more"]),
        ("一个半小时", ["一个半小时=1.5个小时"]),
        ("两个半月", ["两个半月=2.5个月"]),
        ("10余年半价", ["10余年=10年 approx_more"]),
        ("五天半", ["五天半=5.5天"]),
        ("五户半", ["五户=5户"]),
        ("三成五", ["三成五=35%"]),
        ("三成五个", ["三成=30%", "五个=5个"]),
        ("5万年", ["5万年=50000年"]),
        ("2021年多次", ["2021年=2021年 date"]),
        ("490万18周岁以上自然人", ["490万=4900000人", "18周岁以上=18周岁 at_least"]),
        ("2.5 thousand tons", ["2.5 thousand tons=2500吨"]),
        ("-3.5℃", ["-3.5℃=-3.5℃"]),
        ("千分之三", ["千分之三=3‰"]),
        ("百分之一百二十以上", ["百分之一百二十以上=120% at_least"]),
        ("四分之三", ["四分之三=75%"]),
        ("万分之五", ["万分之五=0.05%"]),
        ("零分之五个", ["五个=5个"]),
        ("0分之5个", ["5个=5个"]),
        ("1000年多次", ["1000年=1000年 date"]),
        ("twenty-five schools", ["twenty-five=25"]),
    ],
)
def test_a_unit_takes_in_what_belongs_to_it(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("八大行动", ["八大=8大 name"]),
        ("八大学", []),
        ("6G网", ["6G=6g name"]),
        ("三G", []),
        ("1.2.3版", ["1.2.3=1.2.3 name"]),
        ("8+x模式", ["8+x=8+x name"]),
        ("G20峰会", ["G20=20g name"]),
        ("G20万", ["20万=200000"]),
        ("PM2.5浓度", ["PM2.5=2.5pm name"]),
        ("B3c区", ["B3c=3bc name"]),
        ("“12345”热线", ["12345=12345 name"]),
        ("“三个代表”", ["三个=3个 name"]),
        ("贯彻“三个代表”", ["三个=3个 name"]),
        ("“两山”理论", ["两山=2山 name"]),
        ("“九富”", ["九富=9富 name"]),
        ("九富", []),
        ("“千名”", []),
        ("拨打110", ["110=110 name"]),
        ("拨打：110", ["110=110 name"]),
        ("拨打12", ["12=12"]),
        ("拨打123456", ["123456=123456 name"]),
        ("拨打1234567", ["1234567=1234567"]),
        ("拨打三百", ["三百=300"]),
        ("市长热线12345", ["12345=12345 name"]),
        ("110人", ["110人=110人"]),
    ],
)
def test_names_are_told_from_what_is_counted(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第3", ["3=3 ordinal"]),
        ("二轮", ["二轮=2轮 ordinal"]),
        ("两轮", ["两轮=2轮"]),
        ("12轮", ["12轮=12轮"]),
        ("三季度", ["三季度=3季度 ordinal"]),
        ("两季度", ["两季度=2季度"]),
        ("3号线", ["3号=3号 ordinal"]),
        ("1.总则", ["1=1 ordinal"]),
        ("3、细则", ["3=3 ordinal"]),
        ("约3、细则", ["约3=3 approx"]),
        ("一个", ["一个=1个 article"]),
        ("one park", ["one=1 article"]),
        ("一公里", ["一公里=1公里"]),
    ],
)
def test_a_place_in_an_order_and_a_mere_article_are_told_from_counts(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12月", ["12月=12月 date"]),
        ("10多日", ["10多日=10日 approx_more"]),
        ("1.5日", ["1.5日=1.5日"]),
        ("13月", ["13月=13月"]),
        ("31日", ["31日=31日 date"]),
        ("32日", ["32日=32日"]),
        ("24时", ["24时=24时 date"]),
        ("25时", ["25时=25时"]),
        ("24点钟", ["24点钟=24点钟 date"]),
        ("25点钟", ["25点钟=25点钟"]),
        ("24点", ["24点=24点 date"]),
        ("25点", ["25点=25点"]),
        ("十日内", ["十日=10日"]),
        ("办理时间不得超过十五日", ["不得超过十五日=15日 at_most"]),
        ("4月不超过15日", ["4月=4月 date", "不超过15日=15日 at_most"]),
        ("公告满十五日", ["十五日=15日"]),
        ("5月十日内", ["5月=5月 date", "十日=10日 date"]),
        ("90年代", ["90年代=90年代 date"]),
        ("1000年", ["1000年=1000年 date"]),
        ("2100年", ["2100年=2100年 date"]),
        ("2101年", ["2101年=2101年"]),
        ("2021年度", ["2021年度=2021年度 date"]),
        ("2021人", ["2021人=2021人"]),
        ("in 2021", ["2021=2021年 date"]),
        ("and 2021", ["2021=2021"]),
        ("2021.06.03", ["2021.06.03=2021年 date"]),
        ("五年", ["五年=5年"]),
    ],
)
def test_dates_are_told_from_spans_of_time(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_a_wide_comma_and_a_line_end_part_two_numbers() -> None:
    assert read("a1，234个") == ["a1=1a name", "234个=234个"]
    assert read("，234个") == ["234个=234个"]
    assert read("1\n234个") == ["1=1", "234个=234个"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1995至2025年", tuple(range(1995, 2026))),
        ("1994至2025年", (1994, 2025)),  # so long a span is told by its ends
        ("2025至2023年", (2025, 2023)),
        ("2024到2024年", (2024,)),
        ("自19年起", (2019,)),
        ("历时19年", ()),
        ("过去 12年度", ()),
    ],
)
def test_a_span_of_years_names_those_inside(text: str, expected: tuple[int, ...]) -> None:
    assert years(text) == expected


def test_units_that_mean_the_same_are_one() -> None:
    assert in_chinese("tons") == "吨"
    assert in_chinese("吨") == "吨"
    assert unit_class("名") == unit_class("位") == "人"
    assert unit_class("吨") == "吨"
    assert {"名", "位", "人"} <= spellings("位")
    assert spellings("吨") == frozenset(("吨",)) | {
        word for word in spellings("吨") if unit_class(word) == "吨"
    }
    assert "米" not in spellings("位")
    assert spellings("无此单位") == frozenset(("无此单位",))


@pytest.mark.parametrize(
    ("unit", "counts", "kind"),
    [
        ("元", False, "money"),
        ("元/人", False, "money"),
        ("%", False, "share"),
        ("公里", False, "length"),
        ("亩", False, "area"),
        ("个月", False, "time"),
        ("人", True, "people"),
        ("人次/年", True, "people"),
        ("座", True, "count"),
        ("户", True, "count"),
    ],
)
def test_what_is_counted_is_told_from_what_is_measured(unit: str, counts: bool, kind: str) -> None:
    assert (is_count(unit), unit_kind(unit)) == (counts, kind)


def test_a_measure_word_may_be_the_beginning_of_another_word() -> None:
    assert fits("人", "")
    assert not fits("人", "民")
    assert fits("人", "的")
    assert fits(None, "民")
    assert orders("号")
    assert not orders("人")
