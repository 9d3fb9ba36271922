"""Weights are read as the format says, run as the network is defined, and refused when they are damaged."""

from __future__ import annotations

from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tiny_weights as tiny
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.embeddings.e5.model import EmbeddedModel
from retrieval.embeddings.e5.weights import Weights
from retrieval.values.errors import EmbeddingUnavailable

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = tiny.content(tiny.arrays())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "weights.bin")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


def normalised(value: np.ndarray, network: dict[str, np.ndarray], name: str) -> np.ndarray:
    centred = value - value.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return centred / spread * network[f"{name}.w"] + network[f"{name}.b"]


def embedded(network: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """Compute the vector as the network is defined, in plain float32."""

    def matrix(value: np.ndarray, name: str) -> np.ndarray:
        return value @ network[f"{name}.w"].T + network[f"{name}.b"]

    value = network["emb.word"][ids] + network["emb.pos"][: len(ids)] + network["emb.type"][0]
    value = normalised(value, network, "emb.ln")
    for layer in range(tiny.LAYERS):
        parts = [np.split(matrix(value, f"l{layer}.{part}"), tiny.HEADS, axis=1) for part in "qkv"]
        heads = []
        for asked, known, told in zip(*parts, strict=True):
            likeness = np.exp(asked @ known.T / sqrt(asked.shape[1]))
            heads.append(likeness / likeness.sum(axis=1, keepdims=True) @ told)
        value = normalised(value + matrix(np.hstack(heads), f"l{layer}.ao"), network, f"l{layer}.aln")
        opened = matrix(value, f"l{layer}.fi")
        opened *= 0.5 * (1 + np.vectorize(erf)(opened / sqrt(2)))
        value = normalised(value + matrix(opened, f"l{layer}.fo"), network, f"l{layer}.oln")
    mean = value.mean(axis=0)
    return mean / np.linalg.norm(mean)


def test_the_file_is_read_as_it_was_written(file: Path) -> None:
    weights, network = Weights(file), tiny.arrays()
    ids = np.array([5, 3, 5, 0])
    assert np.allclose(weights.words(ids), network["emb.word"][ids], atol=1e-6)
    assert np.array_equal(weights.plain("l1.aln.b"), network["l1.aln.b"])
    packed, scales = weights.packed("l0.fi.w", tiny.WIDTH)
    steps = np.stack((packed & 15, packed >> 4), axis=-1).reshape(*scales.shape, 32).astype(np.float32) - 8
    assert np.allclose((steps * scales[..., None]).reshape(-1, tiny.WIDTH), network["l0.fi.w"], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("台州市", [0, 6, 7, 4, 8, 11, 2]),
        ("州城市书吧。", [0, 6, 7, 4, 10, 13, 15, 16, 2]),
        ("文明狗猫城", [0, 6, 7, 4, 12, 3, 14, 2]),
    ],
)
def test_the_graph_computes_what_the_network_defines(
    file: Path, home: Path, text: str, ids: list[int]
) -> None:
    """Int8 arithmetic rounds, so not to the last digit."""
    vector = EmbeddedModel(home, weights=file).passages([text])[0]
    assert vector @ embedded(tiny.arrays(), ids) > 0.999


def test_padding_has_no_part_in_a_vector(file: Path, home: Path) -> None:
    model = EmbeddedModel(home, weights=file)
    short, long = "台州", "台州市文明城市书吧。"
    assert np.allclose(model.passages([short, long, long])[0], model.passages([short])[0], atol=1e-5)


def test_a_text_over_the_limit_is_cut(file: Path, home: Path) -> None:
    model = EmbeddedModel(home, weights=file)
    vectors = model.passages(["台" * tiny.POSITIONS, "台" * 10_000])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5)


@pytest.mark.parametrize("kept", [0, 3, 40, 100, 400, 1000, len(WHOLE) - 1])
def test_a_truncated_file_is_refused_in_a_sentence(tmp_path: Path, home: Path, kept: int) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(WHOLE[:kept])
    with pytest.raises(EmbeddingUnavailable, match="损坏"):
        EmbeddedModel(home, weights=file)


@settings(max_examples=60, deadline=None)
@example(at=20, put=b"\x00")
@given(at=st.integers(0, 900), put=st.binary(min_size=1, max_size=8))
def test_a_damaged_head_is_refused_or_harmless(folder: Path, at: int, put: bytes) -> None:
    file = folder / "damaged.bin"
    file.write_bytes(WHOLE[:at] + put + WHOLE[at + len(put) :])
    try:
        vector = EmbeddedModel(folder, weights=file).query("台州")
    except EmbeddingUnavailable:
        return
    assert vector.shape[0] > 0


def test_a_file_of_another_format_is_refused(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(b"GGUF" + WHOLE[4:])
    with pytest.raises(EmbeddingUnavailable, match="损坏"):
        EmbeddedModel(home, weights=file)
