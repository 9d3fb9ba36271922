from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering.llm.reasoning_filter import Thoughts


def shown(*pieces: str) -> str:
    thoughts = Thoughts()
    return "".join(map(thoughts.without, pieces)) + thoughts.rest()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("好的[1]。", "好的[1]。"),
        ("<think>想一想</think>\n\n好的[1]。", "好的[1]。"),
        ("好<think>想</think>的", "好的"),
        ("<think>甲</think>一<think>乙</think>二", "一二"),
        ("<think>还没想完", ""),
        ("想了又想</think>好的", "想了又想好的"),
        ("1 < 2，2 > 1", "1 < 2，2 > 1"),
        ("a <thi", "a <thi"),
        ("<thinking>好", "<thinking>好"),
        ("\n\n 好", "好"),
        ("", ""),
    ],
)
def test_thoughts_are_left_out(said: str, expected: str) -> None:
    assert shown(said) == expected
    assert shown(*said) == expected


@given(st.text("<>/think好。 \n", max_size=60), st.integers(1, 7))
def test_how_it_is_cut_into_pieces_makes_no_difference(said: str, size: int) -> None:
    pieces = [said[start : start + size] for start in range(0, len(said), size)]
    assert shown(*pieces) == shown(said)
