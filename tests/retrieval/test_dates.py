"""Dates of heads and file names come out as exact as they are given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.parsing.dates import iso_date, iso_dates, year_of


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
