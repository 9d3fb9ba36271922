"""What a figure says of its thing: role, direction, start, scope, rank and state."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source
from test_figures import read

from retrieval.catalog.fact_query import Ask
from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.facts.figures import figures_of
from retrieval.facts.sentence_reading import readings
from retrieval.library import Library
from retrieval.values.documents import Document, Genre, Passage

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.facts.models import FigureRow


def of_province(text: str, heading: str = "", *, genre: Genre = Genre.REPORT) -> list[FigureRow]:
    document = Document(
        id="d" * 10,
        source="s",
        text=text,
        title="t",
        genre=genre,
        year=2026,
        place="浙江省",
        province="浙江省",
    )
    passage = Passage(
        id="d-1",
        document=document.id,
        ordinal=0,
        start=0,
        end=len(text),
        text=text,
        heading=(heading,) if heading else (),
    )
    return [row for sentence in readings(document, [passage]) for row in figures_of(sentence)]


def test_both_ends_of_a_change_are_of_one_thing() -> None:
    rows = read("污水处理率由2020年的61%提高到88%，公交线路从40条增加到52条。")
    assert [(row.role, row.start_value) for row in rows] == [
        (RoleKind.START, None),
        (RoleKind.END, Decimal(61)),
        (RoleKind.START, None),
        (RoleKind.END, Decimal(40)),
    ]
    assert [row.metric for row in rows] == ["污水处理率", "污水处理率", "公交线路", "公交线路"]
    assert all(row.direction is Direction.UP for row in rows)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("进出口总额达到300亿元，增长6%。", [RoleKind.LEVEL, RoleKind.CHANGE]),
        ("新增停车位900个。", [RoleKind.ADDED]),
        ("案件数量下降11%。", [RoleKind.CHANGE]),
        ("增速高于全国0.4个百分点。", [RoleKind.GAP]),
        ("达标率91%，同比提高0.8个百分点。", [RoleKind.LEVEL, RoleKind.CHANGE]),
        ("绿电占全省用电量的31%。", [RoleKind.SHARE]),
        ("推进“五项工程”。", [RoleKind.OPEN]),
    ],
)
def test_what_a_figure_says_of_its_thing(text: str, roles: list[RoleKind]) -> None:
    assert [row.role for row in read(text)] == roles


def test_a_part_and_a_total_are_told_apart() -> None:
    rows = read("公园总数达到80座，其中口袋公园30座。")
    assert [(row.stock, row.part) for row in rows] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("衢州市新建桥梁12座，全省完成投资90亿元。", ["衢州市", ""]),
        ("衢州、丽水等4个市入选试点。", [""]),
        ("与衢州市共建园区3个。", [""]),
        ("浙江省新建桥梁12座。", [""]),
        ("新建桥梁12座通达衢州市。", [""]),
        ("南京市派出专家30名。", [""]),
    ],
)
def test_a_place_inside_is_the_scope_of_its_figures(text: str, scopes: list[str]) -> None:
    assert [row.scope for row in of_province(text)] == scopes


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("工业增加值增长9%，增速居全国第3位；投资增长5%。", ["3", ""]),
        ("一产、二产增加值分别增长6%、5%，分别居全国第二、第七。", ["2", "7"]),
        ("造林90万亩、种草40万亩，均居全国首位。", ["1", "1"]),
        ("出口总额达到3亿元，从全国第六位上升到第四位。", ["4"]),
        ("进出口增长53%，清河港吞吐量居全国第二。", [""]),
    ],
)
def test_a_rank_is_of_the_figures_it_is_told_of(text: str, ranks: list[str]) -> None:
    assert [row.rank for row in of_province(text)] == ranks


@pytest.mark.parametrize(
    ("text", "heading", "state"),
    [
        ("新建桥梁12座。", "一、过去一年工作回顾", FactState.DONE),
        ("新建桥梁12座。", "二、2026年重点任务", FactState.PLANNED),
        ("财政安排资金90亿元，比去年增加8亿元。", "三、今年工作安排", FactState.PLANNED),
        ("森林覆盖率61%。", "一、过去一年工作回顾", FactState.STANDING),
    ],
)
def test_the_state_is_set_by_kind_heading_and_words(text: str, heading: str, state: FactState) -> None:
    assert {row.state for row in of_province(text, heading)} == {state}


def test_a_rule_requires() -> None:
    rows = of_province("逾期不改正的，处五百元以上罚款。", genre=Genre.REGULATION)
    assert [row.state for row in rows] == [FactState.REQUIRED]
    assert [row.state for row in of_province("绿地率30%。", genre=Genre.REGULATION)] == [FactState.REQUIRED]


def test_what_is_read_is_what_the_catalogue_gives_back(home: Path) -> None:
    text = "浙江省政府工作报告\n绿电占比由21%提高到30%，居全国第2位；其中衢州市新建电站9座。"
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        library.ingest_source(source("one", text, title="浙江省政府工作报告", place="浙江省"))
        held = [one.row for one in library.register.figures(Ask())]
    assert [(r.role, r.start_value, r.rank, r.scope, r.part, r.direction) for r in held] == [
        (RoleKind.START, None, "", "", False, Direction.UP),
        (RoleKind.END, Decimal(21), "2", "", False, Direction.UP),
        (RoleKind.ADDED, None, "", "衢州市", True, Direction.UP),
    ]


def test_people_and_households_are_counted_without_a_unit() -> None:
    rows = of_province("解决12万农村人口的饮水问题，增加3万沼气用户。")
    assert [(row.value, row.unit) for row in rows] == [(Decimal(120000), "人"), (Decimal(30000), "户")]
    assert "沼气用户" in rows[1].metric


def test_what_a_plan_opens_with_of_the_year_before_is_done() -> None:
    text = "过去一年，各项工作进展顺利。粮食产量达到39.5 万吨。今年，粮食产量达到41万吨。"
    before, aimed = of_province(text, "三、2026年的工作安排")
    assert (before.value, before.year) == (Decimal(395000), 2025)
    assert before.state is not FactState.PLANNED
    assert (aimed.year, aimed.state) == (2026, FactState.PLANNED)
