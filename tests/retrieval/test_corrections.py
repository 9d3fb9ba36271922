"""Facts set right stay right, nothing is embedded again; a folder that looks unmounted loses no texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval import Library
from retrieval.ingest.report import Status
from retrieval.values.documents import Filter
from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

REPORT = "工作情况报告\n\n一、做法\n\n全年新建泵站9座，修复堤防14公里。\n\n二、打算\n\n再修20公里。\n"


class CountingEmbedder:
    """Vectors of length one by a text's characters; counts the texts it is given."""

    name = "counting"
    dimension = 8

    def __init__(self) -> None:
        self.given = 0

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += len(texts)
        return np.stack([self.query(text) for text in texts])

    def each(self, batches: Sequence[Sequence[str]]) -> Iterator[NDArray[np.float32]]:
        yield from map(self.passages, batches)

    def query(self, text: str) -> NDArray[np.float32]:
        made = np.ones(self.dimension, np.float32)
        for char in text:
            made[ord(char) % self.dimension] += 1
        return made / np.float32(np.linalg.norm(made))


def test_a_fact_is_set_right_without_embedding_again(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    embedder = CountingEmbedder()
    with Library.open(tmp_path / "home", embedder=embedder, write=True) as library:
        library.ingest([path])
        before, made = library.documents()[0], embedder.given
        assert (before.place, before.date) == (None, None)
        done = library.correct(before.id, {"place": "台州市", "date": "2031-02-03", "title": "台州水利报告"})
        assert done is not None
        assert done.reason == ""
        after = library.documents()[0]
        assert (after.place, after.province, after.date) == ("台州市", "浙江省", "2031-02-03")
        assert (after.title, after.year) == ("台州水利报告", 2031)
        assert [hit.document.id for hit in library.find("堤防", filter=Filter(places=("台州市",)))][:1] == [
            after.id
        ]
        whole = library.document(after.id)
        assert whole is not None
        assert all(whole.text[p.start : p.end] == p.text for p in library.passages(after.id))
        assert embedder.given == made
        # Read again, unchanged or not, it stays right.
        assert library.ingest([path]).files[0].status is Status.UNCHANGED
        path.write_text(REPORT.replace("9座", "11座"), encoding="utf-8")
        assert library.ingest([path]).files[0].status is Status.INGESTED
        assert library.documents()[0].place == "台州市"
        # Taken back, the text speaks for itself again.
        library.correct(library.documents()[0].id, {"place": "", "date": "", "title": ""})
        assert library.documents()[0].place is None


def test_several_texts_of_a_file_are_not_set_right_together(tmp_path: Path) -> None:
    body = "这里写的是正文，说明全年做了哪些工作，取得哪些成效，内容足够长，能够成段。"
    (tmp_path / "a.txt").write_text(
        f"台州市\n海塘的故事\n{body}\n温州市\n山路的故事\n{body}\n", encoding="utf-8"
    )
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "a.txt"])
        assert len(library.documents()) == 2
        with pytest.raises(RetrievalError, match="好几篇"):
            library.correct(library.documents()[0].id, {"place": "嘉兴市"})
        assert library.correct("nothing", {"place": "嘉兴市"}) is None


def filled(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(
            f"第{number}份材料\n\n全年修路{number + 2}公里。\n", encoding="utf-8"
        )


def test_an_emptied_folder_is_not_taken_for_removal(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    filled(folder, 4)
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([folder])
        for path in folder.iterdir():
            path.unlink()
        (told,) = library.ingest([folder]).files
        assert told.status is Status.REFUSED
        assert "--prune" in told.reason
        assert len(library.documents()) == 4
        gone = library.ingest([folder], prune=True).files
        assert [one.status for one in gone] == [Status.REMOVED] * 4
        assert library.documents() == ()


def test_most_of_many_gone_is_refused_and_a_few_are_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    filled(folder, 9)
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([folder])
        (folder / "0.txt").unlink()
        assert [one.path for one in library.ingest([folder]).of(Status.REMOVED)] == [str(folder / "0.txt")]
        for number in range(1, 7):
            (folder / f"{number}.txt").unlink()
        assert len(library.ingest([folder]).of(Status.REFUSED)) == 1
        assert len(library.documents()) == 8
