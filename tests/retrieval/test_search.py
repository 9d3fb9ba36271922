"""How two legs become one ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ranking.hybrid import Query, Retrievers, search
from retrieval.values.documents import Filter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

VECTOR = np.ones(2, dtype=np.float32)


class Fixed:
    """A leg that always finds the same; ids are "<place>-<n>"."""

    def __init__(self, **scores: float) -> None:
        self._scores = {name.replace("_", "-"): score for name, score in scores.items()}

    def find(self, _asked: object, *, limit: int, limits: Filter) -> dict[str, float]:
        held = {n: s for n, s in self._scores.items() if not limits.places or n[:2] in limits.places}
        return dict(sorted(held.items(), key=lambda pair: -pair[1])[:limit])

    def scores(self, _asked: str | NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        return {name: self._scores[name] for name in ids if name in self._scores}

    def frequency(self, words: Iterable[str]) -> dict[str, float]:
        return dict.fromkeys(words, 0.0)


def _names(legs: Retrievers, *, vector: bool = True, **how: object) -> list[str]:
    query = Query(text="问", vector=VECTOR if vector else None)
    values: dict[str, object] = {"k": 9, "limits": Filter()} | how
    return [one.passage for one in search(legs, query, **values)]  # type: ignore[arg-type]


def test_what_both_legs_find_comes_first() -> None:
    """A passage good in both legs goes before the best of either leg alone."""
    legs = Retrievers(words=Fixed(aa_1=9, aa_2=8, aa_3=1), nearest=Fixed(aa_2=0.8, aa_3=0.9, aa_1=0.1))
    assert _names(legs)[0] == "aa-2"


def test_one_leg_serves_alone() -> None:
    """Without vectors the words' order stands, without a word index the vectors'."""
    words, near = Fixed(aa_1=2, aa_2=1), Fixed(aa_1=0.1, aa_2=0.9)
    assert _names(Retrievers(words=words)) == ["aa-1", "aa-2"]
    assert _names(Retrievers(words=words, nearest=near), vector=False) == ["aa-1", "aa-2"]
    assert _names(Retrievers(words=None, nearest=near)) == ["aa-2", "aa-1"]
    assert _names(Retrievers(words=None)) == []


def test_scores_of_both_legs_are_kept() -> None:
    """A passage that one leg did not find has no score of that leg."""
    legs = Retrievers(words=Fixed(aa_1=2), nearest=Fixed(aa_2=0.9))
    ranked = search(legs, Query(text="问", vector=VECTOR), k=2, limits=Filter())
    assert {one.passage: (one.words, one.dense) for one in ranked} == {"aa-1": (2, None), "aa-2": (None, 0.9)}


def test_each_place_has_its_share() -> None:
    """A quota limits each place, and each place has its first before any has its second."""
    words = Fixed(aa_1=9, aa_2=8, aa_3=7, bb_1=2, bb_2=1, cc_1=0.5)
    limits = Filter(places=("aa", "bb", "cc", "dd"))
    assert _names(Retrievers(words=words), limits=limits, per_place=1) == ["aa-1", "bb-1", "cc-1"]
    assert _names(Retrievers(words=words), limits=limits, per_place=2) == [
        "aa-1",
        "bb-1",
        "cc-1",
        "aa-2",
        "bb-2",
    ]
    assert _names(Retrievers(words=words), limits=limits, per_place=2, k=4) == [
        "aa-1",
        "bb-1",
        "cc-1",
        "aa-2",
    ]
    assert _names(Retrievers(words=words), limits=limits, per_place=0) == []


scores = st.dictionaries(
    st.sampled_from([f"{p}_{n}" for p in ("aa", "bb") for n in range(9)]), st.floats(0, 50)
)


@settings(max_examples=80, deadline=None)
@given(scores, scores, st.integers(0, 12), st.sampled_from([None, 1, 2]))
def test_a_ranking_is_sound(
    words: dict[str, float], near: dict[str, float], k: int, per_place: int | None
) -> None:
    """Whatever the legs say: no passage twice, never more than asked, none outside the limits."""
    legs = Retrievers(words=Fixed(**words), nearest=Fixed(**near))
    limits = Filter(places=("bb",))
    found = _names(legs, k=k, limits=limits, per_place=per_place)
    assert len(found) == len(set(found)) <= k
    assert all(name.startswith("bb") for name in found)
    if per_place is None:
        known = {name for name in (*words, *near) if name.startswith("bb")}
        assert len(found) == min(k, len(known))
    else:
        assert len(found) <= per_place


def test_equal_scores_have_one_order() -> None:
    """The same question gets the same answer: ties are broken by name."""
    legs = Retrievers(words=Fixed(bb_1=1, aa_1=1, cc_1=1))
    assert _names(legs) == ["aa-1", "bb-1", "cc-1"]


def test_what_is_planned_goes_before_what_is_done_when_asked_so() -> None:
    """Of passages both legs find equally good, the one of the tense that is asked for comes first."""
    legs = Retrievers(
        words=Fixed(aa_1=5, aa_2=5, aa_3=1), tenses=lambda ids: {"aa-1": -1, "aa-2": 1, "aa-3": 0}
    )
    asked = {"今年的目标是多少": "aa-2", "去年达到多少": "aa-1", "有哪些做法": "aa-1"}
    for text, first in asked.items():
        assert search(legs, Query(text=text), k=1, limits=Filter())[0].passage == first
