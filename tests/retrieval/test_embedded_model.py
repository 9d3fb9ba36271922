"""The embedded model gives sound vectors for any text, and those of the engine whose weights it uses."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.embeddings.e5.model import EmbeddedModel
from retrieval.embeddings.e5.weights import find_weights
from retrieval.values.errors import EmbeddingUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.embeddings.embedder import Embedder

HOSTILE = {
    "empty": "",
    "white space": " \t\n　 ",
    "NUL": "\0台州\0",
    "lone surrogates": "\ud800台州\udfff",
    "one character that stands for eighteen": "ﷺ" * 10,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "huge": "文明城市" * 500_000,
    "huge without a space": "x" * 1_000_000,
    "marks of the model": "<s></s><pad><mask><unk>",
    "combining marks": "e" + "́" * 5000,
    "unassigned": "\U000e0fff\U0010ffff￾",
}


def lengths(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_has_a_vector_of_length_one(embedder: Embedder, text: str) -> None:
    vectors = np.vstack([embedder.query(text), embedder.passages([text])])
    assert vectors.shape == (2, embedder.dimension)
    assert lengths(vectors) == pytest.approx([1, 1], abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(), max_size=200))
def test_any_text_has_a_vector_of_length_one(embedder: Embedder, text: str) -> None:
    assert lengths(embedder.query(text)) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.passages([]).shape == (0, embedder.dimension)


def test_vectors_come_in_the_order_of_the_texts_whatever_their_lengths(embedder: Embedder) -> None:
    texts = [f"第{n}条：" + "志愿服务进社区。" * (n % 7) for n in range(40)]
    together = embedder.passages(texts)
    alone = np.vstack([embedder.passages([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.9999


def test_the_right_passage_is_nearest(embedder: Embedder) -> None:
    texts = ["全市建成公共图书馆九座，藏书三百万册。", "今年新增公交线路十二条。", "粮食总产量创历史新高。"]
    found = [
        int(np.argmax(embedder.passages(texts) @ embedder.query(question)))
        for question in ("有几个图书馆？", "公交开了多少条线？", "How was the grain harvest?")
    ]
    assert found == [0, 1, 2]


def test_sentences_for_somebody_who_waits_have_the_vectors_of_passages(embedder: EmbeddedModel) -> None:
    texts = ["夜班公交开到凌晨", "口袋公园", "老旧小区加装电梯，居民先议后建"]
    made = embedder.quickly(texts)
    assert made.shape == (3, embedder.dimension)
    assert (made * embedder.passages(texts)).sum(axis=1) == pytest.approx([1, 1, 1], abs=0.02)
    assert embedder.quickly([]).shape == (0, embedder.dimension)


def test_width_and_white_space_make_no_difference(embedder: Embedder) -> None:
    plain, wide = embedder.query("ABC 2021年 (试点)"), embedder.query("　ＡＢＣ  ２０２１年\n（试点） ")
    assert plain @ wide == pytest.approx(1, abs=1e-5)


def test_threads_may_share_one_model(embedder: Embedder) -> None:
    texts = [f"{n}个村建成文明实践站" for n in range(16)]
    wanted = [embedder.query(text) for text in texts]
    got: dict[int, np.ndarray] = {}
    threads = [
        threading.Thread(target=lambda n=n: got.update({n: embedder.query(texts[n])})) for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(got[n] @ wanted[n] == pytest.approx(1, abs=1e-5) for n in range(16))


def test_missing_weights_are_told_in_a_sentence(home: Path) -> None:
    with pytest.raises(EmbeddingUnavailable, match="损坏"):
        EmbeddedModel(home, weights=home / "nowhere.bin")


def test_a_package_that_is_not_installed_is_told_in_a_sentence() -> None:
    with pytest.raises(EmbeddingUnavailable, match="只按字词检索"):
        find_weights("no_such_package_here")
