"""What a model types is taken apart: bullets, heads, rows and marks go, the claim and its numbers stay."""

from __future__ import annotations

import pytest

from answering.generation.unit import utterance


@pytest.mark.parametrize(
    ("unit", "text", "numbers", "item"),
    [
        ("改造老旧小区75个[1]。", "改造老旧小区75个。", (1,), False),
        ("\n- 宁波市：改造75个[1][2]", "宁波市：改造75个", (1, 2), True),
        ("1. 改造75个[3]", "改造75个", (3,), True),
        ("• 改造75个[3]", "改造75个", (3,), True),
        ("**宁波市**：改造75个[1]", "宁波市：改造75个", (1,), False),
        ("## 改造75个[1]", "改造75个", (1,), False),
        ("回答：改造75个[1]", "改造75个", (1,), False),
        ("| 宁波市 | 改造75个 | [1] |", "宁波市：改造75个", (1,), True),
        ("Answer: 75 estates [1].", "75 estates.", (1,), False),
    ],
)
def test_the_claim_is_what_is_left(unit: str, text: str, numbers: tuple[int, ...], item: bool) -> None:
    said = utterance(unit)
    assert said is not None
    assert (said.text, said.numbers, said.item) == (text, numbers, item)
    assert not said.silent


@pytest.mark.parametrize("unit", ["", " \n", "---", "| --- | :-: |", "- ", "[1]", "**", "```", "。"])
def test_what_says_nothing_is_nothing(unit: str) -> None:
    assert utterance(unit) is None


@pytest.mark.parametrize(
    "unit",
    [
        "资料没有写到。",
        "温州市：资料没有写到",
        "所引句子中没有提到市长姓名[1]。",
        "文中未明确说明地铁长度",
        "无法确定。",
        "The evidence does not say.",
        "No information is given about the metro.",
    ],
)
def test_a_model_may_say_that_the_texts_do_not_tell(unit: str) -> None:
    said = utterance(unit)
    assert said is not None
    assert said.silent


@pytest.mark.parametrize("unit", ["3.5公里步道[1]", "2022年改造75个[1]", "-5度[1]"])
def test_a_figure_is_no_list_number(unit: str) -> None:
    said = utterance(unit)
    assert said is not None
    assert not said.item
    assert said.text == unit.replace("[1]", "")
