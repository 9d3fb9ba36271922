"""Numbers, figures with unit and bound, and years."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.quantities import Bound, Figure, Sort, agrees, figures, parse_number, spell, spell_count, years
from retrieval.quantities.numerals import plain

if TYPE_CHECKING:
    from pathlib import Path

LIKELY = "0123456789.,，%+-—至一二两三十百千万亿零点半成余多近约超个名元年月日大第“”以上下之分 a\n"
ANY_TEXT = st.text(st.characters(), max_size=60) | st.text(LIKELY, max_size=40)


def only(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


def shown(text: str) -> list[str]:
    return [f"{f.value:f}{f.unit}" for f in figures(text)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**16 - 1))
def test_what_is_spelled_is_read_again(value: int) -> None:
    assert parse_number(spell(value)) == value


@settings(max_examples=100, deadline=None)
@given(st.decimals(0, 10**12, places=2), st.sampled_from(["", "万", "亿", "万亿"]))
def test_a_number_means_the_same_with_and_without_separators(value: Decimal, scale: str) -> None:
    size = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[scale]
    assert parse_number(f"{value:,f}{scale}") == parse_number(f"{value:f}{scale}") == value * size


@pytest.mark.parametrize(
    ("value", "words"), [(1100, "一千一百"), (1010, "一千零一十"), (10_001, "一万零一"), (11_000, "一万一千")]
)
def test_a_gap_is_spelled_where_there_is_one(value: int, words: str) -> None:
    assert spell(value) == words


@pytest.mark.parametrize(("value", "words"), [(2, "两"), (12, "十二"), (200, "二百"), (1, "一")])
def test_two_of_a_thing_are_said_as_people_count(value: int, words: str) -> None:
    assert spell_count(value) == words


@pytest.mark.parametrize(
    ("value", "shown"), [("5.770E+8", "577000000"), ("1E+24", "1" + "0" * 24), ("1E+25", "1E+25")]
)
def test_a_number_is_shown_without_an_exponent_up_to_25_digits(value: str, shown: str) -> None:
    assert str(plain(Decimal(value))) == shown


@pytest.mark.parametrize("value", [-1, 10**16])
def test_only_numbers_of_usual_size_are_spelled(value: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        spell(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"),
        ("１２万", "120000"),
        ("5.77億", "577000000"),
        ("一千二百", "1200"),
        ("一百零五", "105"),
        ("一百二", "120"),
        ("三万五", "35000"),
        ("两千", "2000"),
        ("一亿二千万", "120000000"),
        ("三点五", "3.5"),
        ("二〇二一", "2021"),
        ("十二", "12"),
        ("半", "0.5"),
        ("4.9 million", "4900000"),
        ("two thousand", "2000"),
        ("twelve", "12"),
        ("三万零五", "30005"),
        ("一百一十五", "115"),
        ("一" * 40, "1" * 40),
        ("-3.5", "-3.5"),
    ],
)
def test_numbers_are_read_as_written(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "万一", "十四五", "三五", "百", "1,23", "十几", "个", "点五", "abc"),
        # Of a broken order, of two guesses, too long, with a remainder as large as the part before it.
        *("一百二百", "三万百", "三万五六", "三万零零", "一两三", "一亿一万万", "一" * 41),
    ],
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("新增近5万个", "50000", "个", Bound.LESS),
        ("清理160余万处", "1600000", "处", Bound.MORE),
        ("1.5万余名干部", "15000", "名", Bound.MORE),
        ("投入4300余万元", "43000000", "元", Bound.MORE),
        ("60多项", "60", "项", Bound.MORE),
        ("5.77亿元", "577000000", "元", Bound.EXACT),
        ("一千二百人", "1200", "人", Bound.EXACT),
        ("百分之三点五", "3.5", "%", Bound.EXACT),
        ("九成以上", "90", "%", Bound.ABOVE),
        ("５３．０７％", "53.07", "%", Bound.EXACT),
        ("1.5个百分点", "1.5", "个百分点", Bound.EXACT),
        ("不少于20%", "20", "%", Bound.ABOVE),
        ("不超过5人", "5", "人", Bound.BELOW),
        ("5%以内", "5", "%", Bound.BELOW),
        ("大约3000人", "3000", "人", Bound.ABOUT),
        ("30万元/人左右", "300000", "元/人", Bound.ABOUT),
        ("超过了80%", "80", "%", Bound.ABOVE),
        ("每两个月", "2", "个月", Bound.EXACT),
        ("每半年", "0.5", "年", Bound.EXACT),
        ("一年半", "1.5", "年", Bound.EXACT),
        ("两年多", "2", "年", Bound.MORE),
        ("三个多月", "3", "个月", Bound.MORE),
        ("上百个", "100", "个", Bound.ABOUT),
        ("十几个", "10", "个", Bound.MORE),
        ("千余名", "1000", "名", Bound.MORE),
        ("近三年来", "3", "年", Bound.EXACT),
        ("近30年", "30", "年", Bound.LESS),
        ("节约5万度", "50000", "度", Bound.EXACT),
        ("下降-3.2%", "-3.2", "%", Bound.EXACT),
        ("130万千瓦时", "1300000", "千瓦时", Bound.EXACT),
        ("about 4.9 million residents", "4900000", "人", Bound.ABOUT),
        ("nearly 50,000", "50000", "", Bound.LESS),
        ("餘下160餘萬處", "1600000", "处", Bound.MORE),
    ],
)
def test_a_figure_has_its_value_unit_and_bound(text: str, value: str, unit: str, bound: Bound) -> None:
    figure = only(text)
    assert (figure.value, figure.unit, figure.bound) == (Decimal(value), unit, bound)
    assert figure.sort is Sort.QUANTITY


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("3至5个", "3", "5", "个"),
        ("5%—5.5%", "5", "5.5", "%"),
        ("10-15万元", "100000", "150000", "元"),
        ("三五个", "3", "5", "个"),
        ("七八十人", "70", "80", "人"),
        ("2023—2025年", "2023", "2025", "年"),
    ],
)
def test_a_range_has_two_ends(text: str, low: str, high: str, unit: str) -> None:
    figure = only(text)
    assert (figure.value, figure.high, figure.unit) == (Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize(
    "text",
    [
        "统一部署、万一、唯一、十分重要、一是、一起、一些、一步一步",
        "十四五规划和三农工作，一带一路",
        "党的二十大以来，五大连池的四面八方",
        "第一批、第3届、3号线、一个体系",
        "周一和星期三，上半年，千万不要",
        "四川和九江，零部件，三轮车，最后一公里，两位数，二次供水，届六次全会",
        "1. 总则\n2.细则",
    ],
)
def test_words_with_numerals_in_them_are_no_figures(text: str) -> None:
    assert figures(text) == ()


def test_ordinals_and_articles_are_given_when_asked_for() -> None:
    assert [f.sort for f in figures("第3届有一个", every=True)] == [Sort.ORDINAL, Sort.ARTICLE]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("八大提升行动", 8, "大"),
        ("“四个意识”", 4, "个"),
        ("“九富”路径", 9, "富"),
        ("12345便民服务热线", 12345, ""),
        ("5G网络", 5, "g"),
        ("PM2.5", Decimal("2.5"), "pm"),
        ("“8+4”体系", 8, "+4"),
    ],
)
def test_numbers_in_names_are_flagged(text: str, value: Decimal, unit: str) -> None:
    figure = only(text)
    assert (figure.sort, figure.value, figure.unit) == (Sort.NAME, value, unit)


def test_dates_are_flagged() -> None:
    found = figures("2018年6月3日以来，21世纪，in 2020, 2021-06-03")
    assert {f.sort for f in found} == {Sort.DATE}
    assert [int(f.value) for f in found] == [2018, 6, 3, 21, 2020, 2021]
    assert only("65年前").sort is Sort.QUANTITY


def test_a_list_is_not_taken_for_a_number_with_separators() -> None:
    assert shown("35，742个和1,234个") == ["35", "742个", "1234个"]
    assert shown("35\n742个") == ["35", "742个"]


def test_the_words_of_a_figure_are_verbatim_with_its_bounds() -> None:
    text = "新 增 超過６０００家、20%以上、8個左右"
    assert [f.text for f in figures(text)] == ["超過６０００家", "20%以上", "8個左右"]


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_figures_stand_in_the_text_in_order_and_apart(text: str) -> None:
    found = figures(text, every=True)
    assert all(text[f.start : f.end] == f.text != "" for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 10**12), st.sampled_from(["个", "元", "人", "公里"]))
def test_chinese_and_arabic_numerals_agree(value: int, unit: str) -> None:
    first, second, third = only(f"{value}{unit}"), only(f"{spell(value)}{unit}"), only(f"{value:,}{unit}")
    assert agrees(first, second)
    assert agrees(first, third)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12.0万个", "120,000个"),
        ("两成", "20%"),
        ("百分之五", "5％"),
        ("1.5万余名", "15000多人"),
        ("2434部", "2434"),
        ("超6000家", "6000家以上"),
        ("四個意識", "4个意识"),
        ("八大行动", "8项行动"),
        ("53.07 percent", "53.07%"),
    ],
)
def test_figures_that_say_the_same_agree(one: str, other: str) -> None:
    assert agrees(only(one), only(other))
    assert agrees(only(other), only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("160余万处", "160万处"),
        ("近5万个", "5万余个"),
        ("5%", "5个百分点"),
        ("53.07", "53.07%"),
        ("6亿元", "6亿"),
        ("35条", "36条"),
        ("35条", "35项"),
        ("3至5个", "3个"),
        ("5%以内", "5%以上"),
        ("815公里", "815米"),
        ("“8+4”", "“8+2”"),
    ],
)
def test_figures_that_differ_in_value_unit_or_bound_disagree(one: str, other: str) -> None:
    assert not agrees(only(one), only(other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年", (2021,)),
        ("二〇二一年的报告", (2021,)),
        ("18年到现在", (2018,)),
        ("從18年起", (2018,)),
        ("2023到2025年", (2023, 2024, 2025)),
        ("2026北京政府工作报告", (2026,)),
        ("since 2021 and 2023", (2021, 2023)),
        ("2021-06-03", (2021,)),
        ("今年和去年，近20年来，用了18年到达", ()),
        ("2000个、2434部、2000余处、2021.5亿元", ()),
        ("2020年、2020年", (2020,)),
    ],
)
def test_years_are_those_named(text: str, expected: tuple[int, ...]) -> None:
    assert years(text) == expected


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_years_of_any_text_are_four_digits(text: str) -> None:
    assert all(1800 <= year <= 2199 for year in years(text))


def test_the_hand_marked_figures_are_found(shared: Path) -> None:
    """Each figure that a person marked is read with its value and bound in its sentence."""

    lines = (shared / "eval" / "figures-dev.jsonl").read_text(encoding="utf-8").splitlines()
    gold = [json.loads(line) for line in lines]
    missed = [
        row["span_text"]
        for row in gold
        if not any(
            f.value in [Decimal(str(v)) for v in (row["value"], *row.get("value_alt", ()))]
            and f.bound in (row["bound"], *row.get("bound_alt", ()))
            for f in figures(row["sentence"])
        )
    ]
    assert missed == []


@pytest.mark.parametrize(
    "piece",
    ["1", "一", "二〇", "a", "1.", "万", "1+", "百分之", "“二", "1,234", "近", "1万", "十", "点", "-", "1—"],
)
def test_no_repetition_makes_reading_fail(piece: str) -> None:
    text = piece * 5_000
    assert all(text[f.start : f.end] == f.text for f in figures(text, every=True))
    assert isinstance(years(text), tuple)


def test_every_real_text_is_read(shared: Path) -> None:
    folder = shared / "data" / "gov" / "provincial_2026_clean"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    assert texts
    for text in texts:
        found = figures(text)
        assert len(found) > 100
        assert all(text[f.start : f.end] == f.text for f in found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("三成六的居民", ["36%"]),
        ("三成的居民", ["30%"]),
        ("千分之五", ["5‰"]),
        ("零分之五", []),
    ],
)
def test_shares_in_words(text: str, told: list[str]) -> None:
    assert [one for one in shown(text) if one.endswith(("%", "‰"))] == told
