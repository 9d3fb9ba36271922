"""A home that an older program made is taken over: nothing is embedded, and that program may run on."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source

from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.digests import digests_of
from retrieval.library import Library

if TYPE_CHECKING:
    from pathlib import Path

KEY, FLOAT = 16, 2  # bytes
TEXTS = {
    f"s{n}": f"关于{subject}，全市办了{n + 3}件实事。\n群众对{subject}的评价是满意。"
    for n, subject in enumerate(("口袋公园", "夜班公交", "诚信积分", "菜市场改造"))
}


@pytest.fixture
def older(home: Path) -> Path:
    """Give a home as format 3 left it: a row for each text's vector, and two folders of indexes."""
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        library.ingest_sources(source(key, text, title=key, place=f"{key}市") for key, text in TEXTS.items())
    with closing(sqlite3.connect(home / "catalogue.db")) as file:
        packed = file.execute("SELECT model, dimension, text_keys, vectors FROM document_vectors").fetchall()
        for model, dimension, keys, vectors in packed:
            size = dimension * FLOAT
            for n in range(len(keys) // KEY):
                row = (model, keys[n * KEY : (n + 1) * KEY], vectors[n * size : (n + 1) * size])
                file.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", row)
        file.execute("DROP TABLE document_vectors")
        file.execute("DROP INDEX documents_by_facts")
        file.execute("ALTER TABLE documents DROP COLUMN cut")
        file.execute("PRAGMA user_version=3")
        file.commit()
    (home / "chroma").rename(home / "vectors")
    (home / "nearest").mkdir()
    return home


def _rows(home: Path) -> int:
    with closing(sqlite3.connect(home / "catalogue.db")) as file:
        return int(file.execute("SELECT count(*) FROM vectors").fetchone()[0])


@pytest.mark.parametrize("write", [True, False], ids=["writer", "reader"])
def test_nothing_is_embedded_again(older: Path, write: bool) -> None:
    """The first to open it finds everything by meaning, from the vectors that were kept."""
    embedder = HashedWords()
    with Library.open(older, embedder=embedder, write=write) as library:
        best = library.find("诚信积分")[0]
        assert best.document.source == "s2"
        assert best.dense is not None
        assert library.standing.lag == 0
    assert embedder.embedded == []


def test_a_text_that_is_ingested_again_is_not_embedded_again(older: Path) -> None:
    """Also where it is cut otherwise by now, as far as its passages are the same."""
    embedder = HashedWords()
    with Library.open(older, embedder=embedder, write=True) as library:
        for key, text in TEXTS.items():
            library.ingest_source(source(key, text, title=key, place=f"{key}市", speaker="某人"))
    assert embedder.embedded == []


def test_a_program_of_before_finds_what_it_had(older: Path) -> None:
    """Its rows and folders stay for a day; then the next writer deletes them, and nothing is lost."""
    before = _rows(older)
    with Library.open(older, embedder=HashedWords(), write=True):
        pass
    assert _rows(older) == before > 0
    assert (older / "nearest").exists()
    with closing(Catalogue.open(older / "catalogue.db")) as catalogue:
        told = digests_of(catalogue)
        catalogue.note("packed", "2026-01-02T03:04:05+00:00")
    embedder = HashedWords()
    with Library.open(older, embedder=embedder, write=True) as library:
        library.ingest_source(source("more", "新添的一段话。", title="新"))
        library.remove("more")
        assert library.find("诚信积分")[0].dense is not None
    assert _rows(older) == 0
    assert not (older / "nearest").exists()
    assert not (older / "vectors").exists()
    with closing(Catalogue.open(older / "catalogue.db")) as catalogue:
        assert digests_of(catalogue) == told


def test_what_a_program_of_before_writes_meanwhile_is_taken_over(older: Path) -> None:
    """It notes no cut on a document, and keeps a row for each text: both are put right."""
    with Library.open(older, embedder=HashedWords(), write=True) as library:
        library.ingest_source(source("more", "旧程序写入的一段话，说的是图书馆。", title="新"))
    with closing(sqlite3.connect(older / "catalogue.db")) as file:
        model, document, keys, vectors = file.execute(
            "SELECT model, document, text_keys, vectors FROM document_vectors JOIN documents ON id = document"
            " WHERE source = 'more'"
        ).fetchone()
        assert len(keys) == KEY
        file.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", (model, keys, vectors))
        file.execute("DELETE FROM document_vectors WHERE document = ?", (document,))
        file.execute("UPDATE documents SET cut = NULL WHERE id = ?", (document,))
        file.commit()
    embedder = HashedWords()
    with Library.open(older, embedder=embedder, write=True) as library:
        library.catch_up()
        assert library.find("图书馆", k=1)[0].dense is not None
    assert embedder.embedded == []


def test_bringing_up_is_undone_where_it_is_killed(older: Path) -> None:
    """It is one transaction: a child that dies in it leaves the older format, and the next one does it."""
    for seconds in (0.0, 0.01, 0.02, 0.05):
        child = os.fork()
        if child == 0:
            Catalogue.open(older / "catalogue.db")
            os._exit(0)
        time.sleep(seconds)
        os.kill(child, 9)
        os.waitpid(child, 0)
        with closing(sqlite3.connect(older / "catalogue.db")) as file:
            number = file.execute("PRAGMA user_version").fetchone()[0]
            packed = file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'document_vectors'")
            assert (number > 3) == bool(packed.fetchone()[0])
    with Library.open(older, embedder=HashedWords()) as library:
        assert library.find("诚信积分")[0].dense is not None
