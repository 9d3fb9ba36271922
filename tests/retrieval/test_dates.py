"""Dates of heads and file names come out as exact as they are given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.parsing.dates import (
    head_dates,
    is_date_line,
    is_issuer,
    iso_date,
    iso_dates,
    opening_date,
    signature,
    signing_date,
    year_of,
)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-06-03", "2021-06-03"),
        ("——2026年1月25日在云溪市人民代表大会上", "2026-01-25"),
        ("2031年1—7月主要经济指标", "2031"),
        ("2031年1-7月", "2031"),
        ("2026年02月10日 07时41分", "2026-02-10"),
        ("２０２１年５月", "2021-05"),
        ("二〇二一年十二月三十一日", "2021-12-31"),
        ("二○二一年六月三日", "2021-06-03"),
        ("2021/6/3", "2021-06-03"),
        ("会议纪要20210603", "2021-06-03"),
        ("养犬管理条例(2020-04-09)", "2020-04-09"),
        ("2023-2023年工作报告", "2023"),
        ("2021-wenming-3", "2021"),
        ("2021年13月", "2021"),
        ("2021年2月30日", "2021-02"),
        ("第12021号", None),
        ("没有日期", None),
    ],
)
def test_a_date_is_read_as_exact_as_it_is(text: str, date: str | None) -> None:
    assert iso_date(text) == date


def test_all_dates_come_in_order_and_years_are_told() -> None:
    assert iso_dates("2003年11月28日批准，2012年5月10日修正") == ("2003-11-28", "2012-05-10")
    assert (year_of("2012-05"), year_of(None)) == (2012, None)


@given(st.dates())
@settings(max_examples=60, deadline=None)
def test_days_from_1900_on_are_read_back(day: object) -> None:
    text = str(day)
    expected = text if 1900 <= int(text[:4]) < 2100 else None
    assert (iso_dates(text) or (None,))[0] == expected


def test_a_signature_is_a_body_with_a_day_alone_below_it() -> None:
    signed = "请认真执行。\n云溪市人民政府办公室\n2031年4月5日\n云溪市财政局\n2032年1月1日"
    assert signature(signed) == ("云溪市人民政府办公室", "2031年4月5日")
    assert signing_date(signed) == "2031-04-05"
    assert signing_date("\n  云溪市统计局 \n\n （二〇三一年四月五日） ") == "2031-04-05"
    assert signature("2031年4月5日\n云溪市人民政府") is None  # below the day
    assert signature("云溪市人民政府\n特此通知。\n2031年4月5日") is None  # not directly below
    assert signing_date("云溪市人民政府\n自2031年4月5日起施行") is None


def test_a_line_of_a_date_holds_nothing_else_but_brackets() -> None:
    assert is_date_line("（2031年4月5日）")
    assert is_date_line("二〇三一年四月五日")
    assert not is_date_line("通过于2031年4月5日")
    assert not is_date_line("2031年4月")


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("云溪市发展和改革委员会", True),
        ("云溪市统计局 ", True),
        ("云溪市统计局的报告", False),
        ("云" * 37 + "统计局", True),
        ("云" * 38 + "统计局", False),
    ],
)
def test_a_body_is_named_by_a_short_line_that_ends_with_what_it_is(line: str, is_one: bool) -> None:
    assert is_issuer(line) is is_one


def test_lines_of_a_head_that_end_with_a_day_give_it() -> None:
    lines = [
        "市统计局　2031年3月18日",
        "2031年3月18日公布",
        "（2030年1月25日）",
        "云" * 31 + "2031年3月18日",
        "云溪市",
    ]
    assert list(head_dates(lines)) == ["2031-03-18", "2030-01-25"]
    assert list(head_dates(["云" * 30 + "2031年3月18日"])) == ["2031-03-18"]  # 40 characters
    assert list(head_dates(["自2029年1月2日起施行 2031年3月18日"])) == ["2031-03-18"]  # the last of a line
    assert list(head_dates(["2031年2月30日"])) == []  # no day


def test_the_day_of_a_meeting_is_told_by_the_line_that_names_it_first() -> None:
    opened = "会议纪要\n2031年6月3日，市长主持召开市政府第12次常务会议。\n2032年1月1日，又召开会议。"
    assert opening_date(opened) == "2031-06-03"
    assert opening_date("2031年6月，市长主持召开常务会议。") is None
    assert opening_date("\n" * 7 + "2031年6月3日，举行新闻发布会。") == "2031-06-03"
    assert opening_date("\n" * 8 + "2031年6月3日，举行新闻发布会。") is None  # not in the first eight lines
    assert opening_date("2031年6月3日，天气晴。") is None
    late = "市长在市民中心主持召开市政府常务会议研究有关工作安排的会议并强调，"
    assert opening_date(f"{late}2031年6月3日起施行。") is None  # a day that is no part of the opening
