"""While a library grows: what is indexed so far is found, readers do not wait, a fault costs no file."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from shelf import HashedWords, write

from retrieval.library import Library
from retrieval.values.errors import EmbeddingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

LONG = [f"第{n}项工作由第{n}组负责，{'逐月推进，' * 25}年底验收。" for n in range(300)]


class _Slow(HashedWords):
    """Waits after some texts until it is told to go on."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()
        self._after = after

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.embedded) >= self._after:
            self.reached.set()
            self.go_on.wait(60)
        random = np.random.default_rng(len(self.embedded))
        self.embedded.extend(texts)
        rows = random.standard_normal((len(texts), self.dimension))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _folder(tmp_path: Path, files: int) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for n in range(files):
        write(folder, f"{n:02d}.md", f"第{n}市", *(f"{n}。{text}" for text in LONG))
    return folder


@pytest.mark.slow
def test_what_is_indexed_is_found_while_the_rest_is_embedded(home: Path, tmp_path: Path) -> None:
    """Texts are indexed some thousand passages at a time, and a reader meets them before all are done."""
    embedder = _Slow(after=4_400)
    folder = _folder(tmp_path, 16)
    with Library.open(home, embedder=embedder, write=True) as library:
        work = threading.Thread(target=library.ingest, args=([folder],))
        work.start()
        try:
            assert embedder.reached.wait(120)
            with Library.open(home, embedder=HashedWords()) as reader:
                first = reader.find("第7组负责的第7项工作")
                assert first
                assert any(hit.dense is not None for hit in first)
                assert reader.find("第9组负责的第9项工作")
        finally:
            embedder.go_on.set()
            work.join()
        assert len(library.documents()) == 16


def test_readers_keep_their_view_while_a_writer_is_at_work(home: Path, tmp_path: Path) -> None:
    """In the midst of an ingest a question is answered from the last view; at its end from the newest."""
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        library.ingest([write(tmp_path, "a.md", "吉林市", "口袋公园新建了八十七处。")])
        with Library.open(home, embedder=HashedWords()) as reader:
            assert len(reader.documents()) == 1
            (home / "working").touch()
            library.ingest_sources([])
            write(tmp_path, "b.md", "台州市", "夜班公交新开了十二条。")
            assert not (home / "working").exists()
            library.ingest([tmp_path / "b.md"])
            assert len(reader.documents()) == 2


def test_a_fault_of_the_embedder_costs_no_file(home: Path, tmp_path: Path) -> None:
    """All files are kept and found by their words before it is told."""

    class Faulty(HashedWords):
        def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise EmbeddingError("没有向量")

    folder = _folder(tmp_path, 15)
    with Library.open(home, embedder=Faulty(), write=True) as library:
        with pytest.raises(EmbeddingError):
            library.ingest([folder])
        assert len(library.documents()) == 15
        assert library.find("第7组负责的第7项工作")[0].words is not None
