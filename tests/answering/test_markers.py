"""Markers are read in every shape that models type them, and what is no marker stays."""

from __future__ import annotations

import pytest

from answering.generation.citation_markers import split


@pytest.mark.parametrize(
    ("text", "bare", "numbers"),
    [
        ("改造小区74个[1]。", "改造小区74个。", (1,)),
        ("改造小区74个。[1][2]", "改造小区74个。", (1, 2)),
        ("改造小区74个。【1】", "改造小区74个。", (1,)),
        ("改造小区74个［1，2］。", "改造小区74个。", (1, 2)),
        ("改造小区74个 [1-3].", "改造小区74个.", (1, 2, 3)),
        ("改造小区74个。[3]、[5]和[6]", "改造小区74个。", (3, 5, 6)),
        ("改造小区74个。[^3]", "改造小区74个。", (3,)),
        ("改造小区74个。[来源1]", "改造小区74个。", (1,)),
        ("改造小区74个。（来源：[2]）", "改造小区74个。", (2,)),
        ("改造小区74个。（资料1、2）", "改造小区74个。", (1, 2)),
        ("改造小区74个(1)。", "改造小区74个。", (1,)),
        ("改造小区74个。(1)", "改造小区74个。", (1,)),
        ("改造小区74个。【4†source】", "改造小区74个。", (4,)),
        ("改造小区74个<sup>5</sup>", "改造小区74个", (5,)),
        ("根据资料[1]，改造小区74个。", "改造小区74个。", (1,)),
        ("如[1]所示，改造小区74个。", "改造小区74个。", (1,)),
        ("改造小区[1]74个，投资[2]5亿元[1]。", "改造小区74个，投资5亿元。", (1, 2)),
        ("It built 3 parks. [Source 2, Source 3]", "It built 3 parks.", (2, 3)),
        ("[1](https://example.org/a)改造小区", "改造小区", (1,)),
    ],
)
def test_markers_are_taken_out_and_their_numbers_read(text: str, bare: str, numbers: tuple[int, ...]) -> None:
    assert split(text) == (bare, numbers)


@pytest.mark.parametrize(
    "text", ["（1）加强领导。", "[2021]年的事", "占地3.5（约4）亩。", "数组[a]", "《条例（试行）》"]
)
def test_what_is_no_marker_stays(text: str) -> None:
    assert split(text) == (text, ())
