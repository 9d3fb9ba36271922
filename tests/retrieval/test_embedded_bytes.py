"""Matrices of eight bits give the vectors of those of four, on processors that sum bytes without a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.embeddings.e5.graph import encoder
from retrieval.embeddings.e5.graph_int8 import ByteParts, exact
from retrieval.embeddings.e5.model import EmbeddedModel, Encoder
from retrieval.embeddings.e5.weights import Weights, find_weights

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "全市新建公共停车场三十二座，新增泊位一万八千个。",
    "坚持每月一次的城市管理联席会议制度，形成长效机制。",
    "The city renewed 214 old communities in 2021.",
    "一" * 300,
    "。",
]


@pytest.fixture(scope="module")
def weights() -> Weights:
    return Weights(find_weights())


def network(weights: Weights, kind: type[ByteParts] | None) -> Encoder:
    return Encoder(encoder(weights, kind) if kind else encoder(weights), threads=1)


@pytest.mark.skipif(not exact(), reason="this processor has no instructions for products of bytes")
def test_vectors_are_those_of_the_four_bit_matrices(weights: Weights) -> None:
    rng = np.random.default_rng(4)
    words = weights.words(rng.integers(10, 200_000, 6 * 90)).reshape(6, 90, -1)
    mask = np.ones((6, 90), np.int32)
    mask[3:, 40:] = 0
    fast, slow = (network(weights, kind).vectors(words, mask) for kind in (ByteParts, None))
    assert (fast * slow).sum(axis=1).min() > 0.997


@pytest.mark.skipif(not exact(), reason="this processor has no instructions for products of bytes")
def test_a_vector_hangs_on_its_own_text_alone(weights: Weights) -> None:
    rng = np.random.default_rng(5)
    words = weights.words(rng.integers(10, 200_000, 2 * 60)).reshape(2, 60, -1)
    loud = np.concatenate([words[:1], 40 * words[1:]])
    mask = np.ones((2, 60), np.int32)
    bulk = network(weights, ByteParts)
    assert bulk.vectors(words, mask)[0] == pytest.approx(bulk.vectors(loud, mask)[0], abs=1e-5)


def test_without_such_instructions_the_four_bit_matrices_serve(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = EmbeddedModel(home).passages(TEXTS)
    monkeypatch.setattr("retrieval.embeddings.e5.model.exact", lambda: False)
    plain = EmbeddedModel(home).passages(TEXTS)
    assert (given * plain).sum(axis=1).min() > 0.997


@pytest.mark.parametrize(
    ("machine", "flags", "told"),
    [
        ("x86_64", "fpu sse4_2 avx2 avx512f avx512_vnni", True),
        ("x86_64", "fpu sse4_2 avx2 avx_vnni", True),
        ("x86_64", "fpu sse4_2 avx2 avx512f", False),
        ("aarch64", "", True),
        ("arm64", "", True),
    ],
)
def test_the_processor_is_asked(home: Path, machine: str, flags: str, *, told: bool) -> None:
    file = home / "cpuinfo"
    file.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: spectre_v1\n", encoding="ascii")
    assert exact(file, machine) is told


def test_a_system_that_does_not_tell_is_taken_for_one_without(home: Path) -> None:
    assert exact(home / "nowhere", "x86_64") is False
