"""Figures of merit are what their names say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.reporting.metrics import coverage, first_rank, mean, percentile, recall_at, share

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=50)


def test_recall_counts_queries_whose_first_right_hit_is_high_enough() -> None:
    ranks = [1, 3, None, 5]
    assert [recall_at(k, ranks) for k in (1, 3, 4, 5)] == [0.25, 0.5, 0.5, 0.75]


def test_first_rank_counts_from_one() -> None:
    assert first_rank([False, True, True]) == 2
    assert first_rank([False, False]) is None
    assert first_rank([]) is None


def test_shares_and_means_of_nothing_are_zero() -> None:
    assert share([]) == 0.0
    assert mean([]) == 0.0


def test_share_and_mean_of_something() -> None:
    assert share([True, False, True, True]) == 0.75
    assert mean([1.0, 2.0, 6.0]) == 3.0


def test_percentile_is_the_nearest_rank() -> None:
    values = [40.0, 10.0, 30.0, 20.0]
    assert percentile(values, 0.5) == 20.0
    assert percentile(values, 0.51) == 30.0
    assert percentile(values, 0.95) == 40.0
    assert percentile(values, 0.0) == 10.0


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.floats(0, 1))
def test_at_least_that_part_of_the_values_lies_at_or_below_a_percentile(
    values: list[float], part: float
) -> None:
    found = percentile(values, part)
    assert found in values
    assert sum(value <= found for value in values) >= part * len(values) - 1e-9


def test_coverage_counts_visible_characters_within_the_asked_stretches() -> None:
    text = "题目\n甲乙丙丁"
    found = coverage(text, [(3, 5), (4, 6)], within=[(2, 7)])
    assert (found.once, found.more, found.never) == (0.5, 0.25, 0.25)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40), st.data())
def test_tiles_cover_every_visible_character_once(text: str, data: st.DataObject) -> None:
    cuts = sorted({0, len(text), *data.draw(st.lists(st.integers(0, len(text)), max_size=5))})
    tiles = list(pairwise(cuts))
    found = coverage(text, tiles, within=[(0, len(text))])
    visible = any(not char.isspace() for char in text)
    assert (found.once, found.never, found.more) == (1.0 if visible else 0.0, 0.0, 0.0)
