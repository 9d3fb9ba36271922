"""Headings are told by their marks and their order; sections nest and end where they should."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.parsing.heading_marks import chinese, ordinal
from retrieval.parsing.paragraphs import paragraphs
from retrieval.parsing.sections import sections

if TYPE_CHECKING:
    from retrieval.values.documents import Section

LONG = "这一句没有句号，" * 12 + "到这里才结束。"
BODY = "这里是正文，说明做了什么事情，取得了什么效果，还有哪些不足需要改进。"


def found(text: str, **levels: int) -> list[Section]:
    return list(sections(text, paragraphs(text), levels={}, head=levels.get("head", 0)))


def told(text: str, *, head: int = 0) -> list[tuple[int, str, str]]:
    return [(one.level, one.numeral, one.title) for one in found(text, head=head)]


def test_the_usual_marks_nest() -> None:
    marks = ("", "一、街巷\n（一）修路\n1.主路", "（1）北段", "（二）修桥", "二、江水")
    text = "".join(f"{one}\n{BODY}\n" for one in marks)
    assert told(text) == [
        (1, "0", ""),
        (1, "一", "街巷"),
        (2, "一", "修路"),
        (3, "1", "主路"),
        (4, "1", "北段"),
        (2, "二", "修桥"),
        (1, "二", "江水"),
    ]
    whole = {one.title: text[one.start : one.end] for one in found(text)}
    assert whole["街巷"].startswith("一、街巷")
    assert whole["街巷"].endswith(BODY)
    assert "二、江水" not in whole["街巷"]
    assert whole["修路"].count(BODY) == 2


def test_a_heading_on_the_line_of_its_text_ends_with_its_first_sentence() -> None:
    text = f"（一）把路修好。{BODY}\n（二）把桥修好，{LONG}\n（三）把水管好！{BODY}"
    first, second, third = found(text)
    assert (first.title, text[first.body : first.end]) == ("把路修好", BODY)
    assert (second.title, text[second.body :][:5]) == ("把桥修好", "把桥修好，")
    assert third.title == "把水管好"


def test_numbers_out_of_order_are_no_headings() -> None:
    assert told(f"二、无头的条目\n{BODY}") == [(1, "0", "")]
    assert told(f"一、二、三产业融合发展\n{BODY}") == [(1, "0", "")]
    assert told(f"一、街巷\n{BODY}\n八、九点钟的太阳\n{BODY}\n二、江水\n{BODY}") == [
        (1, "一", "街巷"),
        (1, "二", "江水"),
    ]
    assert told(f"5.5%左右的目标\n{BODY}") == [(1, "0", "")]


def test_one_heading_lost_in_copying_does_not_cost_those_behind_it() -> None:
    assert [one for _, one, _ in told(f"一、街巷\n{BODY}\n三、公园\n{BODY}\n四、江水\n{BODY}")] == [
        "一",
        "三",
        "四",
    ]


def test_a_table_of_contents_does_not_double_sections() -> None:
    contents = "目录\n一、街巷……………1\n二、江水……………3\n三、公园……………5\n"
    text = f"{contents}一、街巷\n{BODY}\n二、江水\n{BODY}\n三、公园\n{BODY}"
    assert told(text) == [(1, "0", ""), (1, "一", "街巷"), (1, "二", "江水"), (1, "三", "公园")]
    assert found(text)[1].start == len(contents)


def test_articles_keep_their_lists_together() -> None:
    text = (
        f"## 第一章\u3000总\u3000则\n第一条 {BODY}\n第二条 有下列行为之一的：\n（一）乱丢；\n（二）乱贴。\n"
        f"## 第二章 附则\n第三条【施行】 本条例自公布之日起施行。"
    )
    assert told(text) == [
        (1, "第一章", "总则"),
        (2, "第一条", ""),
        (2, "第二条", ""),
        (1, "第二章", "附则"),
        (2, "第三条", "施行"),
    ]
    assert "（二）乱贴" in text[found(text)[2].start : found(text)[2].end]


def test_an_annex_closes_what_stands_before_it_and_takes_its_name_from_the_line_below() -> None:
    marks = ("一、街巷", "附件1\n民生实事\n一、修路", "二、修桥", "附件2\n名词解释\n1.“两江”：指南江和北江。")
    text = "".join(f"{one}\n{BODY}\n" for one in marks)
    assert told(text) == [
        (1, "一", "街巷"),
        (1, "附件1", "民生实事"),
        (2, "一", "修路"),
        (2, "二", "修桥"),
        (1, "附件2", "名词解释"),
        (3, "1", "“两江”"),
    ]


def test_headings_that_the_file_marks_need_no_number() -> None:
    text = f"# 题目\n{BODY}\n## 街巷\n{BODY}\n### 修路\n{BODY}\n## 江水\n{BODY}"
    assert told(text, head=1) == [(1, "0", ""), (1, "1", "街巷"), (2, "1", "修路"), (1, "2", "江水")]
    plain = f"题目\n{BODY}\n街巷\n{BODY}"
    marked = sections(plain, paragraphs(plain), levels={plain.index("街巷"): 2}, head=1)
    assert [one.title for one in marked] == ["", "街巷"]


def test_bold_and_hashes_are_no_part_of_a_title() -> None:
    assert told(f"**一、街巷**\n{BODY}\n## **二、江水**\n{BODY}") == [(1, "一", "街巷"), (1, "二", "江水")]


@pytest.mark.parametrize("number", [1, 9, 10, 11, 19, 20, 21, 35, 99])
def test_chinese_numbers_read_back(number: int) -> None:
    assert ordinal(chinese(number)) == number


def test_numbers_above_a_hundred_are_read() -> None:
    assert [ordinal(text) for text in ("一百", "一百零三", "二百一十", "120", "甲")] == [
        100,
        103,
        210,
        120,
        0,
    ]


LINE = st.sampled_from(
    ["一、甲", "二、乙", "三、丙", "（一）丁。" + BODY, "（二）戊", "1.己", "2.庚：" + BODY, "（1）辛",
     "第一章 壬", "第一条 " + BODY, "第二条 " + BODY, "# 癸", "## 子", "附件1", "附件", "名词解释", BODY,
     "短行", "", "\u3000\u3000", "> 注", "1.5", "目录"]
)  # fmt: skip


@given(st.lists(LINE, max_size=25))
@settings(max_examples=100, deadline=None)
def test_sections_lie_in_the_text_in_order_and_nest(lines: list[str]) -> None:
    text = "\n".join(lines)
    all_sections = found(text, head=1)
    for one in all_sections:
        assert 0 <= one.start <= one.body <= max(one.body, one.end) <= len(text)
        assert one.start < one.end
    for first, second in pairwise(all_sections):
        assert first.start < second.start
        assert first.end <= second.start or second.end <= first.end
