"""Words laid out as a tree match what the same words match one after the other, the longest first."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.regex_trie import alternatives

words = st.sets(st.text(alphabet="建成设立a.|[-^", min_size=1, max_size=4), min_size=1, max_size=30)

letters = st.characters(min_codepoint=0x4E00, max_codepoint=0x4E5F)  # many first characters: groups of them
many = st.sets(st.text(alphabet=letters, min_size=1, max_size=3), min_size=50, max_size=120)


@given(words, st.text(alphabet="建成设立a.|[-^", max_size=30))
def test_a_tree_finds_what_a_list_finds(some: set[str], text: str) -> None:
    flat = "|".join(re.escape(word) for word in sorted(some, key=lambda word: (-len(word), word)))
    assert re.findall(f"(?:{alternatives(some)})", text) == re.findall(flat, text)


@given(many, st.text(alphabet=letters, max_size=40))
def test_a_tree_of_many_finds_what_a_list_finds(some: set[str], text: str) -> None:
    flat = "|".join(re.escape(word) for word in sorted(some, key=lambda word: (-len(word), word)))
    assert re.findall(f"(?:{alternatives(some)})", text) == re.findall(flat, text)


@given(words)
def test_each_word_is_matched_whole(some: set[str]) -> None:
    pattern = re.compile(f"(?:{alternatives(some)})")
    assert all(pattern.fullmatch(word) for word in some)
