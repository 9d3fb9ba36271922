"""Derived data that is damaged or lost is made anew from the catalogue, without a person or the model."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source

from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINES = [f"第{n}项任务由第{n * 7}科承办，{'按月公布进度，' * 20}群众满意。" for n in range(12)]


@pytest.fixture
def filled(home: Path) -> Path:
    """Give a home with a text in it, whose writer has ended well."""
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        library.ingest_source(source("text", "\n".join(LINES), title="任务"))
    return home


def _generation(home: Path, kind: str) -> Path:
    mark = json.loads((home / kind / "current.json").read_text())
    return home / kind / str(mark["folder"])


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _largest(folder: Path) -> Path:
    return max((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.stat().st_size)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "words are gone": lambda home: shutil.rmtree(home / "words"),
    "words' generation is gone": lambda home: shutil.rmtree(_generation(home, "words")),
    "words' table of contents is cut": lambda home: _cut(_generation(home, "words") / "meta.json"),
    "words' largest file is cut": lambda home: _cut(_largest(_generation(home, "words"))),
    "vectors are gone": lambda home: shutil.rmtree(home / "chroma"),
    "vectors' generation is gone": lambda home: shutil.rmtree(_generation(home, "chroma")),
    "vectors' database is cut": lambda home: _cut(_generation(home, "chroma") / "chroma.sqlite3"),
    "vectors' database is noise": lambda home: (_generation(home, "chroma") / "chroma.sqlite3").write_bytes(
        b"noise" * 2000
    ),
    "the marks are cut": lambda home: [_cut(home / kind / "current.json") for kind in ("words", "chroma")],
}


@pytest.mark.parametrize("write", [True, False], ids=["writer", "reader"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_mended_at_opening(filled: Path, damage: str, write: bool) -> None:
    """The next to open, to write or to read, finds everything again, and embeds nothing for it."""
    DAMAGE[damage](filled)
    embedder = HashedWords()
    with Library.open(filled, embedder=embedder, write=write) as library:
        best = library.find("第77科承办什么", k=1)[0]
        assert "第77科" in best.passage.text
        assert best.words is not None
        assert best.dense is not None
    assert embedder.embedded == []
    for kind in ("words", "chroma"):
        assert _generation(filled, kind).is_dir()
    assert (_generation(filled, "chroma") / "chroma.sqlite3").read_bytes()[:6] == b"SQLite"


def test_damage_met_while_reading_is_mended(filled: Path) -> None:
    """An index that goes bad under an open library is made anew and the question answered."""
    with Library.open(filled, embedder=HashedWords()) as reader:
        assert reader.find("第77科")
        with Library.open(filled, embedder=HashedWords(), write=True) as writer:
            writer.ingest_source(source("more", "新添的一段文字，说的是别的事。", title="别的"))
        shutil.rmtree(_generation(filled, "words"))
        assert "第77科" in reader.find("第77科")[0].passage.text


def _noise_in_the_graph(home: Path) -> None:
    next(_generation(home, "chroma").glob("*/data_level0.bin")).write_bytes(b"noise" * 2000)


def test_a_damaged_graph_is_not_opened_and_mended_aside(filled: Path) -> None:
    """It would end the program: the question goes by words alone, and the next ones by meaning again."""
    _noise_in_the_graph(filled)
    embedder = HashedWords()
    with Library.open(filled, embedder=embedder) as library:
        best = library.find("第77科承办什么", k=1)[0]
        assert "第77科" in best.passage.text
        assert best.dense is None
        until = time.monotonic() + 90
        while library.find("第77科承办什么", k=1)[0].dense is None:
            assert time.monotonic() < until
            time.sleep(0.1)
    assert embedder.embedded == []


def test_a_damaged_graph_is_not_copied(filled: Path) -> None:
    """The next change finds it out, and makes all of it again."""
    _noise_in_the_graph(filled)
    with Library.open(filled, embedder=HashedWords(), write=True) as library:
        library.ingest_source(source("more", "新添的一段文字，说的是别的事。", title="别的"))
        assert library.find("第77科")[0].dense is not None


def test_a_change_is_replayed_not_made_again(filled: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where nothing is damaged the words are changed in place, and the vectors in a copy of their folder."""
    words, vectors = (_generation(filled, kind) for kind in ("words", "chroma"))
    graph = next(vectors.glob("*/data_level0.bin")).relative_to(vectors)
    with Library.open(filled, embedder=HashedWords(), write=True) as library:
        library.ingest_source(source("more", "新添的一段文字，说的是别的事。", title="别的"))
        library.remove("text")
        assert [hit.document.source for hit in library.find("新添")] == ["more"]
    assert _generation(filled, "words") == words
    assert _generation(filled, "chroma") != vectors
    assert (_generation(filled, "chroma") / graph).exists()  # the collection is the same one
    assert "重建" not in caplog.text


def test_an_index_of_another_catalogue_is_not_used(filled: Path) -> None:
    """A catalogue that was put in the place of another gets indexes of its own."""
    for name in ("catalogue.db", "catalogue.db-wal", "catalogue.db-shm"):
        (filled / name).unlink(missing_ok=True)
    with Library.open(filled, embedder=HashedWords(), write=True) as library:
        library.ingest_source(source("other", "另一座城市的另一段话。", title="另一篇"))
        hits = library.find("第77科承办什么")
        assert [hit.document.source for hit in hits] == ["other"]


def test_an_index_older_than_the_log_is_made_anew(filled: Path) -> None:
    """A backup of an index, put back after the changes it lacks were dropped from the log, is not trusted."""
    backup = filled.parent / "backup"
    shutil.copytree(filled / "words", backup)
    with Library.open(filled, embedder=HashedWords(), write=True) as library:
        library.ingest_source(
            source("text", "\n".join([*LINES[:-1], "换上的一段话，字数相仿。"]), title="任务")
        )
    shutil.rmtree(filled / "words")
    shutil.copytree(backup, filled / "words")
    with Library.open(filled, embedder=HashedWords()) as library:
        assert "换上的一段话" in library.find("换上的一段话")[0].passage.text


def test_what_a_dead_writer_left_is_never_opened(filled: Path) -> None:
    """It is a copy that nothing names; the next writer makes its own and deletes that."""
    left = filled / "chroma" / "000999"
    shutil.copytree(_generation(filled, "chroma"), left)
    for path in left.rglob("*.bin"):
        path.write_bytes(b"half written")
    embedder = HashedWords()
    with Library.open(filled, embedder=embedder, write=True) as library:
        library.ingest_source(source("more", "新添的一段文字，说的是别的事。", title="别的"))
        assert library.find("第77科")[0].dense is not None
    assert "第77科" not in "".join(embedder.embedded)
    assert not left.exists()
