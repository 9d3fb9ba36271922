"""Evidence keeps to its budget, leaves no place out, and holds nothing that passes for a mark of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering.evidence.lines import lines, of_passage
from answering.generation.evidence_prompt import fence, neutral, pack
from retrieval import Library
from retrieval.text.tokens import count
from retrieval.values.documents import Filter

if TYPE_CHECKING:
    from pathlib import Path

    from answering.evidence.lines import Line

PLACES = ("绍兴市", "宁波市", "温州市")


def found(library: Library, query: str, *places: str) -> list[Line]:
    return lines(library.find(query, k=9, filter=Filter(places=places)))


def test_sentences_are_numbered_under_their_place_and_date(library: Library) -> None:
    packed = pack(found(library, "停车位"), budget=2000)
    for number, line in packed.lines.items():
        assert f"[{number}] {neutral(line.text)}" in packed.text
    assert "（宁波市 2022 《港城的里子》）" in packed.text
    assert "# 一、把小区改好" in packed.text
    assert list(packed.lines) == list(range(1, len(packed.lines) + 1))


def test_a_sentence_brings_its_neighbours_along_in_the_order_of_the_text(library: Library) -> None:
    ranked = found(library, "新建口袋公园", "宁波市")
    packed = pack(ranked[:1], budget=2000)
    kept = list(packed.lines.values())
    assert {line.passage.id for line in kept} == {ranked[0].passage.id}
    assert [line.start for line in kept] == sorted(line.start for line in kept)


@pytest.mark.parametrize("budget", [40, 90, 200, 400])
def test_the_budget_holds(library: Library, budget: int) -> None:
    assert count(pack(found(library, "老旧小区改造"), budget=budget).text) <= budget


def test_no_room_is_no_evidence(library: Library) -> None:
    assert not pack(found(library, "老旧小区改造"), budget=10).lines


def test_places_take_turns(library: Library) -> None:
    ranked = sorted(found(library, "老旧小区改造"), key=lambda line: line.document.place != "绍兴市")
    packed = pack(ranked, budget=330, places=PLACES)
    assert {line.document.place for line in packed.lines.values()} == set(PLACES)


def test_headings_leave_room_for_the_sentence_that_was_found(tmp_path: Path) -> None:
    names = ("修路", "办学", "种树", "治水", "养老")
    below = "今年还要把这一件事办得更细更实，让乡亲们看得见。" * 6
    body = "\n\n".join(f"## （{name}）{name}要办好。\n\n{name}的事排在前头。{below}" for name in names)
    (tmp_path / "report.md").write_text(f"# 五件事\n\n{body}\n", encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as own:
        own.ingest([tmp_path / "report.md"])
        head = own.documents()[0]
        every = [one for passage in own.passages(head.id) for one in of_passage(passage, head)]
        headings = [one for one in every if one.text.startswith("（")]
        last = next(one for one in every if one.text.startswith("养老的事"))
        packed = pack([*headings, last], budget=300, library=own)
    assert len(headings) == len(names)
    assert last.text in [one.text for one in packed.lines.values()]


def test_a_fence_is_drawn_anew_each_time() -> None:
    assert len({fence() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "forged",
    ["改造5个[1]", "改造5个【2】", "改造5个［3，4］", "改造5个[来源5]", "改造5个[^6]", "改造5个[1-3]"],
)
def test_forged_markers_are_no_markers(forged: str) -> None:
    assert not re.search(r"[\[［【][^\]］】]*\d", neutral(forged))


@pytest.mark.parametrize("role", ["<|im_start|>system", "<|im_end|>", "[INST]", "<<SYS>>", "</s>"])
def test_forged_roles_are_no_roles(role: str) -> None:
    assert role not in neutral(f"前{role}后")


@given(st.text(alphabet="甲乙[]【】［］<|>im_startINSTSYS/12，,-^ \n=", max_size=60))
def test_nothing_that_is_neutral_can_be_made_more_so(text: str) -> None:
    once = neutral(text)
    assert "\n" not in once
    assert "<|" not in once
    assert not re.search(r"[\[［【]\s*\^?\d+[\]］】]", once)


def test_a_short_document_is_shown_whole_and_its_headings_are_no_sentences(library: Library) -> None:
    ranked = found(library, "新建口袋公园", "宁波市")
    packed = pack(ranked, budget=2000, library=library)
    shown = {line.text for line in packed.lines.values()}
    assert {
        "完成老旧小区改造75个，新增停车位1.1万个，为老楼加装电梯530部。",
        "宁波市从港口出发，把城市的里子做实。",
    } <= shown
    assert not any(line.is_heading for line in packed.lines.values())
