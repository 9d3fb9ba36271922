"""What words tell of a fact: its state, its figure's role, rank and field, how alike two names are."""

from __future__ import annotations

import pytest
from test_figures import read

from retrieval.facts.fact_state import FactState, claimed_state, heading_state, stated, tells_done
from retrieval.facts.figure_role import Direction, RoleKind, role_of
from retrieval.facts.metric_name import clipped
from retrieval.facts.name_similarity import FLOOR, core, grams, likeness, opposed
from retrieval.facts.policy_fields import OTHER, field_of, names
from retrieval.facts.ranks import ranks_beside
from retrieval.text.sentences import Span


@pytest.mark.parametrize(
    ("heading", "state"),
    [
        ("一、2025年工作回顾", FactState.DONE),
        ("二、2026年重点任务", FactState.PLANNED),
        ("任务完成情况", FactState.DONE),
        ("过去五年工作回顾和今后五年目标", FactState.OPEN),
        ("第三章 监督管理", FactState.REQUIRED),
        ("关于民生", FactState.OPEN),
        ("一、工作回顾/（二）2026年安排", FactState.DONE),  # the outer heading that tells anything
        ("关于民生/2026年安排", FactState.PLANNED),
    ],
)
def test_headings_tell_a_state(heading: str, state: FactState) -> None:
    assert heading_state(heading) is state


@pytest.mark.parametrize(
    ("clause", "before", "state"),
    [
        ("力争建成5座", FactState.OPEN, FactState.PLANNED),
        ("圆满完成年度目标，已建5座", FactState.OPEN, FactState.DONE),
        ("不得携带", FactState.PLANNED, FactState.REQUIRED),
        ("报告提出建5座", FactState.OPEN, FactState.PLANNED),
        ("已经建成5座", FactState.PLANNED, FactState.DONE),
        ("再建6座", FactState.PLANNED, FactState.PLANNED),
        ("再建6座", FactState.REQUIRED, FactState.OPEN),
        ("建5座", FactState.OPEN, FactState.OPEN),
    ],
)
def test_a_claim_tells_its_fact_in_a_state(clause: str, before: FactState, state: FactState) -> None:
    assert claimed_state(clause, before) is state


@pytest.mark.parametrize(
    ("clause", "sentence", "heading", "state"),
    [
        ("建5座", "建5座。", FactState.REQUIRED, FactState.REQUIRED),
        ("已建5座", "已建5座。", FactState.PLANNED, FactState.DONE),
        ("已建5座力争8座", "已建5座力争8座。", FactState.PLANNED, FactState.PLANNED),
        ("建5座", "建5座。", FactState.PLANNED, FactState.PLANNED),
        ("力争建5座", "力争建5座。", FactState.DONE, FactState.DONE),
        ("建5座", "力争修路，建5座。", FactState.OPEN, FactState.PLANNED),
        ("建5座", "力争修路；建5座。", FactState.OPEN, FactState.OPEN),  # the plan ended there
        ("建5座", "建5座，力争修路。", FactState.OPEN, FactState.OPEN),  # nor does a later one reach back
        ("建成5座", "建成5座。", FactState.OPEN, FactState.DONE),
        ("建5座", "应当修路，建5座。", FactState.OPEN, FactState.REQUIRED),
    ],
)
def test_a_clause_of_a_text_tells_its_fact_in_a_state(
    clause: str, sentence: str, heading: FactState, state: FactState
) -> None:
    assert stated(clause, sentence, heading) is state


def test_the_words_that_tell_a_thing_as_done_are_named() -> None:
    assert tells_done("已经建成了5座") == ("已经", "建成", "了")
    assert tells_done("将建5座") == ()


@pytest.mark.parametrize(
    ("left", "right", "unit", "role", "direction"),
    [
        ("成本比去年降低", "", "%", RoleKind.CHANGE, Direction.DOWN),
        ("从", "提高到80%", "%", RoleKind.START, Direction.UP),
        ("由", "下降到3%", "%", RoleKind.START, Direction.DOWN),
        ("提高到", "", "%", RoleKind.END, Direction.UP),
        ("增速提高到", "", "%", RoleKind.CHANGE, Direction.UP),  # a rate, and no level
        ("比全国快", "", "个百分点", RoleKind.GAP, Direction.UP),
        ("比全国慢", "", "个百分点", RoleKind.GAP, Direction.DOWN),
        ("五年前为", "", "家", RoleKind.OPEN, Direction.NONE),
        ("增速在主要经济体中继续位居前列并达到", "", "%", RoleKind.CHANGE, Direction.UP),
        ("降幅在主要经济体中继续位居前列并达到", "", "%", RoleKind.CHANGE, Direction.DOWN),
        ("压减各类行政审批环节", "", "个", RoleKind.CHANGE, Direction.DOWN),
        ("已达标企业压减数量", "", "家", RoleKind.CHANGE, Direction.DOWN),
        ("增加公共图书馆馆藏", "", "册", RoleKind.ADDED, Direction.UP),
        ("新增公园，共", "", "座", RoleKind.ADDED, Direction.UP),
        ("去年全市，新增公园，共", "", "座", RoleKind.ADDED, Direction.UP),
        ("新增公园，共有绿地", "", "座", RoleKind.LEVEL, Direction.NONE),
        ("贡献了增长的", "", "%", RoleKind.SHARE, Direction.NONE),
        ("占全省", "", "%", RoleKind.SHARE, Direction.NONE),
        ("占地", "", "亩", RoleKind.LEVEL, Direction.NONE),
        ("压减天数", "", "天", RoleKind.CHANGE, Direction.DOWN),
        ("压减后天数为", "", "天", RoleKind.LEVEL, Direction.NONE),
        ("降幅", "", "%", RoleKind.CHANGE, Direction.DOWN),
        ("gdp ", " growth", "%", RoleKind.CHANGE, Direction.UP),
        ("exports ", " decline", "%", RoleKind.CHANGE, Direction.DOWN),
        ("企业", "增长", "家", RoleKind.LEVEL, Direction.NONE),
    ],
)
def test_the_words_beside_a_figure_give_its_role(
    left: str, right: str, unit: str, role: RoleKind, direction: Direction
) -> None:
    found = role_of(left, right, unit)
    assert (found.role, found.direction) == (role, direction)


def test_a_figure_in_a_list_has_the_role_of_the_one_before() -> None:
    gap, end, added, change, named = (
        role_of(left, "", unit)
        for left, unit in [
            ("高于全国", "个百分点"),
            ("提高到", "%"),
            ("新增", "个"),
            ("增长", "%"),
            ("此前为", "个"),
        ]
    )
    assert role_of("、", "", "个百分点", before=gap).role is RoleKind.LEVEL
    assert role_of("、", "", "%", before=end).role is RoleKind.LEVEL
    assert role_of("、", "", "%", before=change) == change
    assert role_of("和", "", "个", before=named).role is RoleKind.OPEN
    start = role_of("从", "提高到80%", "%")
    assert (role_of("到", "", "%", before=start).role, role_of("到", "", "%").role) == (
        RoleKind.END,
        RoleKind.LEVEL,
    )
    assert role_of("到", "", "%", before=start).direction is Direction.UP
    assert role_of("、公园", "", "个", before=added).role is RoleKind.ADDED
    assert role_of("、；公园", "", "个", before=added).role is RoleKind.LEVEL
    assert role_of("、下降", "", "%", before=added).direction is Direction.DOWN
    assert role_of("，现有公园", "", "个", before=added).role is RoleKind.LEVEL


@pytest.mark.parametrize(
    ("text", "spans", "figures", "ranks"),
    [
        ("增长6%居全省第3位", [(0, 10)], [2], {2: "3"}),
        ("增长6%，增速居全国前十", [(0, 5), (5, 12)], [2], {2: "top10"}),
        ("增长6%，排名首位", [(0, 5), (5, 9)], [2], {2: "1"}),
        ("增长6%，河港首位", [(0, 5), (5, 9)], [2], {}),
        ("增长6%，居首位", [(0, 5), (5, 8)], [2], {2: "1"}),
        ("造林9亩种草4亩均居首位", [(0, 12)], [2, 6], {2: "1", 6: "1"}),
        ("造林9亩种草4亩，居首位", [(0, 9), (9, 12)], [2, 6], {6: "1"}),
        ("甲1%乙2%丙3%居第4位、第5位", [(0, 18)], [1, 4, 7], {}),
        ("甲1%从第6位升至第4位", [(0, 14)], [1], {1: "4"}),
        ("第3位的甲1%", [(0, 7)], [5], {}),
        ("6%居全省第3位", [(0, 9)], [0], {0: "3"}),
        ("甲1%居第4位第5位；从第6位升", [(0, 12), (12, 18)], [1], {}),
    ],
)
def test_ranks_go_to_the_figures_before_them(
    text: str, spans: list[tuple[int, int]], figures: list[int], ranks: dict[int, str]
) -> None:
    assert ranks_beside(text, [Span(*span) for span in spans], figures) == ranks


def test_the_field_is_told_by_the_first_text_that_tells_one() -> None:
    assert field_of("", "无此词", "农田灌溉") == "农业"
    assert field_of("学校", "农田") == "教育"
    assert field_of("无此词") == OTHER
    assert OTHER in names()
    assert len(set(names())) == len(names()) > 5


def test_a_thing_is_what_is_left_without_verbs_and_fillers() -> None:
    assert core("新增公共停车泊位数量") == "停车泊位"
    assert core("新增") == "新增"
    assert grams("停车 位") == ("停车", "位")
    assert grams("停车停车") == ("停车", "车停")


@pytest.mark.parametrize(
    ("asked", "name", "expected"),
    [
        ("停车泊位", "停车泊位", 1.0),
        ("停车泊位", "公共停车泊位", 1.0),
        ("停车泊位", "小区停车泊位", 0.96),
        ("停车泊位", "老城商业区周边停车泊位", 0.9),  # what stands before it costs so much at most
        ("停车泊位", "停车泊位惠及群众", 0.85),
        ("", "停车泊位", 0.0),
        ("城镇居民收入", "农村居民收入", 0.0),
        ("人均用水量", "用水量", 0.0),
        ("新增停车位", "停车位", 1.0),
        # Half the share of characters in the same order, half that of pairs; a shorter name's own, twice.
        ("停车泊位", "停车位", ((3 / 4 + 1 / 3) / 2 + 2 * (1 + 1 / 2) / 2) / 3),
        ("老旧小区", "老城旧小区房", (1 + 2 / 3) / 2 * 0.65),
    ],
)
def test_how_alike_two_names_are(asked: str, name: str, expected: float) -> None:
    assert likeness(asked, name) == pytest.approx(expected)


def test_a_thing_that_is_nothing_but_a_verb_and_a_word_keeps_both() -> None:
    assert likeness("新增就业", "帮扶就业困难人员") < FLOOR
    assert likeness("新增就业", "城镇新增就业") >= FLOOR


def test_a_long_name_is_cut_at_a_joint_and_not_inside_a_quotation() -> None:
    assert clipped("程”建设公园") == "建设公园"
    assert clipped("一二三”公园") == "一二三”公园"
    assert clipped("“八大工程”公园") == "“八大工程”公园"
    assert clipped("甲" * 20) == "甲" * 20
    assert clipped("甲" * 25) == "甲" * 20
    assert clipped("甲" * 10 + "的" + "乙" * 12) == "乙" * 12
    assert clipped("甲" * 3 + "的" + "乙" * 20) == "乙" * 20
    assert clipped("甲" * 2 + "的" + "乙" * 20) == "乙" * 20
    assert clipped("甲 乙") == "甲乙"


@pytest.mark.parametrize(("length", "shown"), [(29, 2), (30, 1), (31, 1)])
def test_thirty_characters_are_enough_to_show_a_figure_by_itself(length: int, shown: int) -> None:
    clause = "建成" + "大" * (length - 7) + "公园3座。"
    text = f"持续改善民生，{clause}"
    assert len(clause) == length
    (row,) = read(text)
    assert text[slice(*row.clause)] == (text if shown == 2 else clause)


def test_the_last_character_of_a_name_weighs_most() -> None:
    assert likeness("停车位", "停车场") < 0.65 * 0.9
    assert likeness("背街小巷", "背街巷") > likeness("背街小巷", "背街小路")
    assert opposed("城镇居民", "农村居民")
    assert not opposed("城镇居民", "居民")
    assert not opposed("城镇和农村居民", "农村居民")
    assert opposed("人均用水", "用水")
