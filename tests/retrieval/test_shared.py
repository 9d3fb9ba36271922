"""A catalogue in PostgreSQL: the same content as in a file, one writer, and machines that follow it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source

from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.digests import digests_of
from retrieval.index.keyword import WordIndex, looks_whole
from retrieval.index.sync.generations import Generations
from retrieval.index.sync.sync import IndexKind, IndexSynchronizer
from retrieval.library import Library
from retrieval.values.errors import CatalogueAway, CatalogueBroken, IndexBroken, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from postgres import Postgres
    from sqlalchemy import Connection

    from retrieval.values.documents import IndexEntry

TEXTS = {
    "a": "吉林市新建口袋公园87处，投入3.5亿元。\n一是修路，全长20公里。二是种树。",
    "b": "台州市新开夜班公交12条，增长8%以上。",
    "c": "延安市改造老旧小区近300个。",
}


def _fill(library: Library) -> None:
    library.ingest_sources(source(key, text, title=key, place=f"{key}市") for key, text in TEXTS.items())


def _soon(library: Library, words: str, key: str | None) -> bool:
    """Tell whether a text is found first, or is not found, within some seconds."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = [hit.document.source for hit in library.find(words)]
        if (found[:1] == [key]) if key else all(one != "b" for one in found):
            return True
        time.sleep(0.1)
    return False


def test_a_database_holds_what_a_file_holds(tmp_path: Path, database_url: str) -> None:
    """The same texts give the same catalogue in both, also after a change and a removal."""
    told = []
    for home, database in ((tmp_path / "file", None), (tmp_path / "shared", database_url)):
        with Library.open(home, embedder=HashedWords(), write=True, database=database) as library:
            _fill(library)
            library.ingest_source(source("c", TEXTS["c"] + "完成率95%。", title="c", place="c市"))
            library.remove("b")
            hits = [(hit.passage.id, round(hit.score, 3)) for hit in library.find("口袋公园有多少处")]
        with closing(Catalogue.open(database or home / "catalogue.db")) as catalogue:
            told.append((digests_of(catalogue), hits, catalogue.version))
    assert told[0] == told[1]


def test_a_machine_follows_what_another_writes(tmp_path: Path, database_url: str) -> None:
    """What one takes and removes, the other finds and forgets, embeds nothing, and says how far it is."""
    follower = HashedWords()
    with (
        Library.open(tmp_path / "one", embedder=HashedWords(), write=True, database=database_url) as one,
        Library.open(tmp_path / "two", embedder=follower, database=database_url) as two,
    ):
        assert two.find("夜班公交") == ()
        _fill(one)
        assert _soon(two, "夜班公交", "b")
        assert two.standing.lag == 0
        assert two.version == one.version
        assert two.find("夜班公交")[0].dense is not None
        one.remove("b")
        assert _soon(two, "夜班公交", None)
    assert follower.embedded == []


def test_a_machine_that_was_away_catches_up(tmp_path: Path, database_url: str) -> None:
    """An index from before the changes is brought on at opening; a new machine makes its own."""
    with Library.open(tmp_path / "one", embedder=HashedWords(), write=True, database=database_url) as one:
        one.ingest_source(source("a", TEXTS["a"]))
        Library.open(tmp_path / "two", embedder=HashedWords(), database=database_url).close()
        _fill(one)
    for home in ("two", "three"):
        with Library.open(tmp_path / home, embedder=HashedWords(), database=database_url) as library:
            assert library.find("夜班公交")[0].document.source == "b"
            assert library.standing.lag == 0


def test_one_machine_writes_at_a_time(tmp_path: Path, database_url: str) -> None:
    """A second writer on another machine is told who writes; when the first ends, it may."""
    with Library.open(tmp_path / "one", embedder=None, write=True, database=database_url):
        for _ in range(2):
            with pytest.raises(IndexLocked, match="chengwen"):
                Library.open(tmp_path / "two", embedder=None, write=True, database=database_url)
        with Library.open(tmp_path / "two", embedder=None, database=database_url) as reader:
            assert reader.sources() == ()
    with Library.open(tmp_path / "two", embedder=None, write=True, database=database_url) as two:
        _fill(two)
        assert len(two.documents()) == 3


def test_what_is_written_while_an_index_is_made_breaks_nothing(tmp_path: Path, database_url: str) -> None:
    """A new machine reads in the midst of an ingest elsewhere: its index is of then, and follows."""
    with Library.open(tmp_path / "one", embedder=None, write=True, database=database_url) as one:
        one.ingest_source(source("a", TEXTS["a"]))

        class Slow(WordIndex):
            """An index that takes as long as the other machine takes to write."""

            def apply(self, entries: Iterable[IndexEntry], dropped: Sequence[str]) -> None:
                super().apply(list(entries), dropped)
                _fill(one)

        with closing(Catalogue.open(database_url)) as catalogue:
            kind = IndexKind(name="x", stamp="x", create=Slow.create, open=Slow.open, whole=looks_whole)
            keeper = IndexSynchronizer(catalogue, Generations(tmp_path / "two"), kind)
            keeper.rebuild()
            assert keeper.behind
            keeper.catch_up()
            assert not keeper.behind
            index = keeper.index()
            assert index is not None
            assert index.count() == catalogue.count() > 2
            keeper.close()


def test_an_index_that_lacks_something_is_still_found_out(tmp_path: Path, database_url: str) -> None:
    """Where nobody wrote meanwhile, an index that holds less than the catalogue is not taken into use."""

    class Short(WordIndex):
        """An index that loses what it is given."""

        def apply(self, entries: Iterable[IndexEntry], dropped: Sequence[str]) -> None:
            super().apply(list(entries)[1:], dropped)

    with Library.open(tmp_path / "one", embedder=None, write=True, database=database_url) as one:
        _fill(one)
    with closing(Catalogue.open(database_url)) as catalogue:
        kind = IndexKind(name="x", stamp="x", create=Short.create, open=Short.open, whole=looks_whole)
        with pytest.raises(IndexBroken):
            IndexSynchronizer(catalogue, Generations(tmp_path / "two"), kind).rebuild()


def test_a_server_that_restarts_is_waited_for(tmp_path: Path, postgres: Postgres, database_url: str) -> None:
    """Who searches meanwhile gets what they asked for, a second later; so does who ingests."""
    with (
        Library.open(tmp_path / "one", embedder=None, write=True, database=database_url) as one,
        ThreadPoolExecutor() as aside,
    ):
        _fill(one)
        assert one.find("夜班公交")
        postgres.stop()
        found = aside.submit(one.find, "口袋公园")
        taken = aside.submit(one.ingest_source, source("d", "昆明市新增公园12处。", title="d"))
        time.sleep(1)
        postgres.start()
        assert found.result()[0].document.source == "a"
        assert taken.result()
        assert {one.key for one in one.sources()} == {"a", "b", "c", "d"}


def _break_off(postgres: Postgres, connection: Connection) -> None:
    postgres.stop()
    connection.exec_driver_sql("SELECT 1")


def test_a_connection_that_breaks_off_is_told_apart_from_what_is_broken(
    tmp_path: Path, postgres: Postgres, database_url: str
) -> None:
    """In the midst of reading nothing is tried again, but whoever asked hears that asking again may help."""
    with Library.open(tmp_path / "one", embedder=None, write=True, database=database_url) as one:
        _fill(one)
    with closing(Catalogue.open(database_url)) as catalogue:
        try:
            with pytest.raises(CatalogueAway), catalogue.reading() as connection:
                _break_off(postgres, connection)
        finally:
            postgres.start()
        assert catalogue.count() > 0


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """In a sentence that names the place and no password."""
    with pytest.raises(CatalogueBroken, match=r"PostgreSQL 127\.0\.0\.1:1/x") as told:
        Library.open(tmp_path, embedder=None, database="postgresql://u:hidden@127.0.0.1:1/x")
    assert "hidden" not in str(told.value)
    with pytest.raises(CatalogueBroken, match="DATABASE_URL"):
        Library.open(tmp_path, embedder=None, database="nonsense")
