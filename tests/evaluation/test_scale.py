"""Growth is measured on what it says: texts once embedded, homes gone on with, recall against everything."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from evaluation.datasets.kept_vectors import KeptVectors
from evaluation.datasets.material import MissingMaterialError, SharedMaterial
from evaluation.datasets.scale_texts import scale_files
from evaluation.performance.scale_home import fill, filled
from evaluation.performance.scale_queries import chroma_recall, places_of, waits
from retrieval.embeddings.embedder import words_alone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class _Counting:
    name, dimension = "counting", 8

    def __init__(self) -> None:
        self.made = 0

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.made += len(texts)
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        row = np.random.default_rng(len(text)).standard_normal(8).astype(np.float32)
        return np.asarray(row / np.linalg.norm(row), np.float32)


def test_a_text_is_embedded_once_over_many_runs(tmp_path: Path) -> None:
    """What is in the file is not made again, and is what was made, but for its last digits."""
    first, second = _Counting(), _Counting()
    made = KeptVectors(first, tmp_path / "v.db").passages(["一", "二二", "一"])
    again = KeptVectors(second, tmp_path / "v.db").passages(["二二", "三三三", "一"])
    assert (first.made, second.made) == (2, 1)
    assert np.array_equal(made[[1, 0]], again[[0, 2]])
    assert np.allclose(again[1], first.query("三三三"), atol=1e-3)


def test_documents_are_put_together_and_mixed(tmp_path: Path) -> None:
    """A document is one file with its passages in order, and the first hundred are of many kinds."""
    try:
        files = scale_files(SharedMaterial(), tmp_path / "files")
    except MissingMaterialError as error:
        pytest.skip(str(error))
    assert len(files) > 3_000
    assert scale_files(SharedMaterial(), tmp_path / "files") == files
    titles = {path.read_text(encoding="utf-8").splitlines()[0] for path in files[:100]}
    assert len(titles) == 100


@pytest.mark.slow
def test_a_small_home_is_measured(tmp_path: Path) -> None:
    """Filled in parts, asked with and without a place, and nothing missed where all is compared."""
    if reason := words_alone("embedded"):
        pytest.skip(reason)
    files = []
    for n, place in enumerate(("杭州市", "宁波市", "温州市")):
        path = tmp_path / f"{n}.txt"
        path.write_text(
            f"{place}政府工作报告\n\n一、工作\n{place}新建公园{n + 3}处，群众满意。", encoding="utf-8"
        )
        files.append(path)
    home = tmp_path / "scale" / "home"
    home.mkdir(parents=True)
    vectors = home.parent / "vectors.db"
    assert fill(home, files, passages=3, vectors=vectors) is None, "vectors had to be made"
    shutil.rmtree(home)
    made = filled(home, files, passages=3, vectors=vectors)
    assert made.passages >= 3
    assert 0 < made.share < 1
    assert made.disk["chroma"] > 0
    embedder = KeptVectors(_model(home.parent), vectors)
    asked = ["杭州市新建了多少公园？", "温州市的公园"]
    assert chroma_recall(home, embedder, asked) == 1.0
    inside = waits(home, embedder, asked, places_of(home))
    assert inside.at("search", 0.5) > 0
    assert inside.at("waiting", 0.95) > 0


def _model(home: Path) -> _Counting:
    from retrieval.embeddings.embedder import open_embedder

    return open_embedder(home=home)  # type: ignore[return-value]
