"""How near words are: shared pairs of characters, short forms, what is put in, left out or exchanged."""

from __future__ import annotations

import numpy as np
import pytest

from answering.judge.nearness import (
    Nearness,
    abbreviates,
    bare,
    content,
    contrast,
    covered,
    edits,
    expanded,
    grams,
    in_chinese,
    uncovered,
)


def test_words_are_told_by_their_pairs_of_characters() -> None:
    assert grams("停车位 车") == {"停车", "车位", "车"}
    assert grams("gdp增长") == {"gdp", "增长"}


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        ("停车位", "停车位", 1.0),
        ("停车位", "停车场", (1 + 0.25 / 2) / 2),  # one pair, and of the other one character alone
        ("停车位", "位置", 0.25 / 2 / 2),
        ("停车位", "公园", 0.0),
        ("", "公园", 0.0),
        ("车", "停车", 0.25),
    ],
)
def test_how_much_of_a_text_another_has(part: str, whole: str, share: float) -> None:
    assert covered(part, whole) == pytest.approx(share)


@pytest.mark.parametrize(
    ("claim", "one", "other", "both", "side"),
    [
        ("水运货运量", "水运", "空运", False, 1.0),
        ("空运货运量", "水运", "空运", False, -1.0),
        ("货运量", "水运", "空运", False, 0.0),
        ("水运", "水运", "水运", False, 0.0),
        ("水运", "水运货物", "水运", False, -0.3),  # has none of the words that are its alone
        ("水运货物", "水运货物", "水运", False, 0.7),
        ("水运货物", "水运货物", "水运", True, 0.0),
    ],
)
def test_which_of_two_a_claim_has_the_words_of(
    claim: str, one: str, other: str, *, both: bool, side: float
) -> None:
    assert contrast(claim, one, other, both=both) == pytest.approx(side)


def test_figures_places_and_fillers_claim_nothing_by_themselves() -> None:
    text = "台州已建成公园5座。"
    marks = content(text, [(0, 2)])
    assert "".join(char for char, mark in zip(text, marks, strict=True) if mark) == "建成公园座"
    assert bare("全市共建成公园5个，达到目标") == "建成公园█"


@pytest.mark.parametrize(
    ("claim", "sources", "runs"),
    [
        ("建成公园", "建成公园", []),
        ("建成公园", "建成", ["公园"]),
        ("建成公园", "公共园地建成", []),  # short for 公共园地
        ("建成桥", "建成路", ["桥"]),
        ("建成桥", "桥梁建成", []),
        ("旧桥改造新路", "改造", ["旧桥", "新路"]),
    ],
)
def test_what_no_source_has_is_told_in_runs(claim: str, sources: str, runs: list[str]) -> None:
    assert uncovered(claim, [True] * len(claim), sources) == runs


@pytest.mark.parametrize(
    ("short", "whole", "is_short"),
    [
        ("村委会", "村民委员会", True),
        ("村委会", "委员会村", False),
        ("加梯", "加装两部电梯", True),
        ("加梯", "加装的四层电梯", False),  # more than four characters apart
        ("会", "委员会", False),
        ("甲乙丙丁戊", "甲乙丙丁戊", True),
        ("甲乙丙丁戊己", "甲乙丙丁戊己", False),
        ("ab", "a b", False),
        ("村委", "村，委", False),
    ],
)
def test_a_word_may_be_short_for_a_name(short: str, whole: str, *, is_short: bool) -> None:
    assert abbreviates(short, whole) is is_short


@pytest.mark.parametrize(
    ("clause", "source", "found"),
    [
        ("建成公园5座", "建成公园8座", ()),
        ("建成公园", "拆除公园", (("replace", "建成", "拆除"),)),
        ("建成大型公园", "建成公园", (("insert", "大型", ""),)),
        ("建成公园", "建成大型公园", (("left_out", "", "大型"),)),
    ],
)
def test_changes_between_two_clauses(
    clause: str, source: str, found: tuple[tuple[str, str, str], ...]
) -> None:
    assert edits(clause, source) == found


def test_words_for_the_same_thing_are_added() -> None:
    assert expanded("公园").split()[0] == "公园"
    assert in_chinese("建成公园") == "建成公园"
    assert "出口" in in_chinese("the exports of the city")


class Embedder:
    """Turns a text into its length and one; counts what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[1.0, 0.0] if "桥" in text else [0.0, 1.0] for text in texts], dtype=np.float32)


def test_texts_are_embedded_once_and_nothing_for_the_empty() -> None:
    embedder = Embedder()
    near = Nearness(embedder)  # type: ignore[arg-type]
    near.prepare(["建桥", "修路", "建桥", ""])
    near.prepare(["修路"])
    assert embedder.asked == ["建桥", "修路"]
    assert (near.cosine("建桥", "修路"), near.cosine("建桥", "拆桥")) == (0.0, 1.0)
    assert embedder.asked == ["建桥", "修路", "拆桥"]
    assert near.cosine("", "建桥") == Nearness(None).cosine("甲", "乙")
