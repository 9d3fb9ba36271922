"""Vectors on a Chroma server: filled, found, switched for all at once, lost and made up for."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source

from retrieval.catalog.catalog import Catalogue
from retrieval.index.chroma.http_client import ChromaServer
from retrieval.index.chroma.served import ChromaVectors
from retrieval.index.sync.serving_mark import CatalogueMark
from retrieval.index.sync.sync import silent
from retrieval.library import Library
from retrieval.runtime.stage_timer import StageTimer
from retrieval.values.documents import Filter
from retrieval.values.errors import IndexBroken, IndexMismatch, RetrievalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chroma import Chroma

    from retrieval.index.chroma.address import ChromaAddress
    from retrieval.index.sync.serving_mark import ServingMark

TEXTS = {
    "a": "吉林市新建口袋公园87处，投入3.5亿元。",
    "b": "台州市新开夜班公交12条，增长8%以上。",
    "c": "延安市改造老旧小区近300个。",
}
SOON = 90.0  # seconds, on a machine with much else to do
# A writer that stops in the midst of filling a new collection, and waits to be killed.
KILLED = """
import sys, time
from pathlib import Path
from shelf import HashedWords
from retrieval.index.chroma.address import ChromaAddress
from retrieval.library import Library
from retrieval.index.chroma.collection import VectorIndex

def half(index, entries, dropped):
    index._put(list(entries)[:1])
    print("half", flush=True)
    time.sleep(600)

VectorIndex.apply = half
home, database, url, name = sys.argv[1:]
address = ChromaAddress(url=url, database=name)
Library.open(Path(home), embedder=HashedWords(), rebuild=True, database=database or None, chroma=address)
"""


class Shop:
    """One catalogue, in a file or a database, with its vectors on a server."""

    def __init__(self, home: Path, database: str | None, address: ChromaAddress) -> None:
        self.home = home
        self.database = database
        self.address = address

    def open(
        self,
        home: str = "one",
        *,
        embedder: HashedWords | None = None,
        write: bool = False,
        rebuild: bool = False,
    ) -> Library:
        return Library.open(
            self.home / (home if self.database else "one"),
            embedder=embedder or HashedWords(),
            write=write,
            rebuild=rebuild,
            database=self.database,
            chroma=self.address,
        )

    def fill(self) -> None:
        with self.open(write=True) as library:
            library.ingest_sources(
                source(key, text, title=key, place=f"{key}市") for key, text in TEXTS.items()
            )

    def told(self) -> tuple[str, ...]:
        """What a process of its own is given."""
        return str(self.home / "one"), self.database or "", self.address.url, self.address.database

    def mark(self) -> ServingMark:
        with closing(Catalogue.open(self.database or self.home / "one" / "catalogue.db")) as catalogue:
            mark = CatalogueMark(catalogue).mark()
        assert mark is not None
        return mark

    def collections(self) -> dict[str, int]:
        with closing(ChromaServer(self.address, seconds=30)) as server:
            told = server.ask("GET", "/collections")
            return {one["name"]: server.ask("GET", f"/collections/{one['id']}/count") for one in told}


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path, chroma_address: ChromaAddress) -> Shop:
    """Give a catalogue in a file, or one in PostgreSQL."""
    shared = getattr(request, "param", "file") == "database"
    database = request.getfixturevalue("database_url") if shared else None
    return Shop(tmp_path, database, chroma_address)


both = pytest.mark.parametrize("shop", ["file", "database"], indirect=True)


def _found(library: Library, words: str) -> list[tuple[str, bool]]:
    return [(hit.document.source, hit.dense is not None) for hit in library.find(words)]


def _soon(told: Callable[[], bool]) -> bool:
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        if told():
            return True
        time.sleep(0.1)
    return False


@both
def test_what_is_ingested_is_found_on_the_server(shop: Shop) -> None:
    """As with an index at home: the same passages and scores, inside any limits, and nothing at home."""
    shop.fill()
    with (
        Library.open(shop.home / "home", embedder=HashedWords(), write=True) as at_home,
        shop.open() as served,
    ):
        at_home.ingest_sources(source(key, text, title=key, place=f"{key}市") for key, text in TEXTS.items())
        for limits in (Filter(), Filter(places=("a市", "b市")), Filter(places=("无市",))):
            for words in ("口袋公园有多少处", "公交", "改造小区"):
                told = [
                    [(hit.passage.text, hit.score, hit.dense) for hit in library.find(words, filter=limits)]
                    for library in (at_home, served)
                ]
                assert [text for text, *_ in told[0]] == [text for text, *_ in told[1]]
                for one, other in zip(*told, strict=True):
                    assert one[1:] == pytest.approx(other[1:], abs=1e-3)
        assert served.standing.lag == 0
        assert served.standing.vectors == served.version
    kept = {path.name for path in (shop.home / "one").iterdir()}
    assert "chroma" not in kept


@both
def test_a_rebuild_is_seen_by_an_open_reader(shop: Shop) -> None:
    """The mark names the new collection, the reader goes over to it, and the old one is swept in the end."""
    shop.fill()
    before = shop.mark()
    with shop.open("two") as reader:
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))
        shop.open(rebuild=True).close()
        after = shop.mark()
        assert after.folder != before.folder
        assert set(shop.collections()) == {before.folder, after.folder}  # within the time of grace
        with closing(ChromaServer(shop.address)) as server:
            server.ask("DELETE", f"/collections/{before.folder}")
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))
        assert reader.standing.away is None


@both
def test_a_change_is_replayed_not_made_anew(shop: Shop) -> None:
    """A text that is put in place of another, and one that is removed, change the collection that serves."""
    shop.fill()
    before = shop.mark()
    with shop.open("two") as reader, shop.open(write=True) as writer:
        writer.ingest_source(source("c", TEXTS["c"] + "完成率95%。", title="c", place="c市"))
        writer.remove("b")
        assert _soon(lambda: "b" not in [key for key, _ in _found(reader, "夜班公交")])
        assert _soon(lambda: _found(reader, "完成率")[0] == ("c", True))
        held = sum(one.passages for one in writer.sources())
    after = shop.mark()
    assert after.folder == before.folder
    assert after.version == before.version + 2
    assert shop.collections() == {after.folder: held}


@both
def test_a_server_that_is_away_costs_nobody_an_answer(
    shop: Shop, chroma: Chroma, caplog: pytest.LogCaptureFixture
) -> None:
    """Words go on, the log tells once, what is ingested meanwhile is kept, and all comes back by itself."""
    shop.fill()
    with shop.open("two") as reader:
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))
        chroma.stop()
        try:
            caplog.clear()
            for _ in range(20):
                assert _found(reader, "夜班公交")[0] == ("b", False)
            away = reader.standing.away
            assert away is not None
            assert chroma.url in away
            assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1
            with shop.open(write=True) as writer:
                writer.ingest_source(source("d", "昆明市新增公园12处。", title="d", place="d市"))
                assert chroma.url in str(writer.standing.away)
            assert _soon(lambda: _found(reader, "昆明市新增公园")[:1] == [("d", False)])
        finally:
            chroma.start()
        assert _soon(lambda: _found(reader, "昆明市新增公园")[:1] == [("d", True)])
        assert reader.standing.away is None
        assert reader.standing.lag == 0


def test_a_server_that_hangs_holds_up_no_answer_for_long(shop: Shop, chroma: Chroma) -> None:
    """Answers come while it takes connections and says nothing, for as long as it does."""
    shop.fill()
    with shop.open("two") as reader:
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))
        chroma.freeze()
        try:
            for _ in range(20):
                assert _found(reader, "夜班公交")[0] == ("b", False)
            assert reader.standing.away is not None
        finally:
            chroma.thaw()
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))


@both
def test_a_server_that_lost_all_is_filled_again_by_who_reads(shop: Shop, chroma: Chroma) -> None:
    """From the vectors that the catalogue kept: nothing is embedded, and nobody is needed."""
    shop.fill()
    before = shop.mark()
    embedder = HashedWords()
    with shop.open("two", embedder=embedder) as reader:
        chroma.empty(shop.address)
        assert _found(reader, "夜班公交")[0] == ("b", False)
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))
        held = sum(one.passages for one in reader.sources())
    assert embedder.embedded == []
    after = shop.mark()
    assert after.folder != before.folder
    assert shop.collections() == {after.folder: held}


def test_a_server_that_lost_all_is_filled_again_while_nobody_asks(shop: Shop, chroma: Chroma) -> None:
    """One question found it out; the next one, much later, is to find it mended."""
    shop.fill()
    with shop.open("two") as reader:
        chroma.empty(shop.address)
        assert _found(reader, "夜班公交")[0] == ("b", False)
        held = sum(one.passages for one in reader.sources())
        assert _soon(lambda: held in shop.collections().values())
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))


def test_a_server_that_lost_all_is_filled_again_by_who_writes(shop: Shop, chroma: Chroma) -> None:
    """To open for writing is enough, and embeds nothing."""
    shop.fill()
    chroma.empty(shop.address)
    embedder = HashedWords()
    with shop.open(write=True, embedder=embedder) as writer:
        assert _soon(lambda: _found(writer, "夜班公交")[0] == ("b", True))
        writer.check_server()
    assert embedder.embedded == []


@pytest.fixture
def put_back(shop: Shop, chroma: Chroma, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Fill the server, change a text after a copy of it, and give what puts that copy in its place."""
    older = tmp_path / "older"
    shop.fill()
    chroma.stop()
    shutil.copytree(chroma.data, older)
    chroma.start()
    with shop.open(write=True) as writer:
        writer.ingest_source(source("c", TEXTS["c"].replace("300", "400"), title="c", place="c市"))
    chroma.stop()

    def put() -> None:
        shutil.rmtree(chroma.data)
        shutil.copytree(older, chroma.data)
        chroma.start()

    yield put
    if chroma.process is None:  # it is others' too
        chroma.start()


def test_a_server_put_back_from_an_older_copy_is_found_out(shop: Shop, put_back: Callable[[], None]) -> None:
    """It holds the collection, and less than the mark says."""
    put_back()
    with shop.open() as reader, pytest.raises(IndexBroken, match="旧"):
        reader.check_server()
    with shop.open(write=True) as writer:
        writer.check_server()
        assert _soon(lambda: _found(writer, "近400个")[0] == ("c", True))


def test_an_older_copy_is_not_brought_on_as_if_it_were_whole(
    shop: Shop, put_back: Callable[[], None]
) -> None:
    """It lacks more than what came while the server was away."""
    with shop.open(write=True) as writer:
        writer.ingest_source(source("d", "d市新建图书馆5座。", title="d", place="d市"))
    put_back()
    with shop.open(write=True) as writer:
        writer.check_server()
        assert _soon(lambda: _found(writer, "近400个")[0] == ("c", True))
        assert _soon(lambda: _found(writer, "图书馆5座")[0] == ("d", True))


@both
def test_a_writer_killed_while_it_fills_leaves_the_old_mark(shop: Shop, tmp_path: Path) -> None:
    """The old collection serves on; the next writer fills a new one, and what was left is swept."""
    shop.fill()
    before = shop.mark()
    with shop.open("two") as reader:
        command = [sys.executable, "-c", KILLED, *shop.told()]
        env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"half\n"
            process.kill()
        assert shop.mark() == before
        assert len(shop.collections()) == 2
        assert _soon(lambda: _found(reader, "夜班公交")[0] == ("b", True))
    shop.open(rebuild=True).close()
    with closing(Catalogue.open(shop.database or shop.home / "one" / "catalogue.db")) as catalogue:
        vectors = ChromaVectors(catalogue, shop.address, HashedWords(), right=nullcontext, grace=0.0)
        vectors.catch_up(silent, StageTimer())
        vectors.close()
    assert set(shop.collections()) == {shop.mark().folder}


def test_two_catalogues_share_a_server(tmp_path: Path, chroma_address: ChromaAddress) -> None:
    """Neither sees, sweeps or counts what is the other's."""
    shops = [Shop(tmp_path / name, None, chroma_address) for name in ("x", "y")]
    for shop in shops:
        shop.fill()
    with shops[0].open(write=True) as library:
        library.remove("b")
    with closing(Catalogue.open(shops[0].home / "one" / "catalogue.db")) as catalogue:
        vectors = ChromaVectors(catalogue, chroma_address, HashedWords(), right=nullcontext, grace=0.0)
        vectors.rebuild(silent)
        vectors.catch_up(silent, StageTimer())
        vectors.close()
    assert set(shops[0].collections()) == {shop.mark().folder for shop in shops}
    for shop, told in zip(shops, ([], [("b", True)]), strict=True):
        with shop.open() as library:
            library.check_server()
            assert [one for one in _found(library, "夜班公交") if one[0] == "b"] == told


def test_another_model_is_refused_and_a_rebuild_brings_it(shop: Shop) -> None:
    """With the command to run; another number of dimensions under the same name likewise."""
    shop.fill()
    with pytest.raises(IndexMismatch, match="--rebuild"):
        shop.open(embedder=HashedWords("other"))
    longer = HashedWords(dimension=80)
    with shop.open(embedder=longer) as reader, pytest.raises(IndexMismatch, match="--rebuild"):
        reader.find("夜班公交")
    for embedder in (longer, HashedWords("other")):
        with shop.open(rebuild=True, embedder=embedder) as library:
            library.check_server()
            assert _soon(lambda: _found(library, "夜班公交")[0] == ("b", True))


def test_what_is_wrong_with_an_address_is_told(tmp_path: Path, chroma_address: ChromaAddress) -> None:
    """No server, no Chroma, no such database: a sentence each, no token in it, and the texts are kept."""
    wrong = {
        "连不上": replace(chroma_address, url="http://127.0.0.1:1", token="hidden-token"),
        "版本": replace(chroma_address, url=f"{chroma_address.url}/elsewhere", token="hidden-token"),
        "CHROMA_DATABASE": replace(chroma_address, database="nowhere", token="hidden-token"),
    }
    for number, (word, address) in enumerate(wrong.items()):
        shop = Shop(tmp_path / str(number), None, address)
        shop.fill()
        with shop.open() as library:
            assert _found(library, "夜班公交")[0] == ("b", False)
            with pytest.raises(RetrievalError) as told:
                library.check_server()
            with pytest.raises(RetrievalError) as refused:
                shop.open(rebuild=True)
        assert word in str(refused.value)
        assert "hidden-token" not in f"{told.value}{refused.value}{address!r}"


def test_the_official_client_reads_what_is_written(tmp_path: Path, chroma_address: ChromaAddress) -> None:
    """Collections are what Chroma's own client would have made of the same passages."""
    import chromadb
    from chromadb.config import Settings

    shop = Shop(tmp_path, None, chroma_address)
    shop.fill()
    host, port = chroma_address.url.removeprefix("http://").split(":")
    client = chromadb.HttpClient(
        host, int(port), database=chroma_address.database, settings=Settings(anonymized_telemetry=False)
    )
    # Its connections it never closes itself.
    with closing(client._server._session), closing(client._admin_client._server._session):
        held = client.get_collection(shop.mark().folder, embedding_function=None)
        found = held.query(query_embeddings=[HashedWords().query("夜班公交")], n_results=1)
    with shop.open() as library:
        assert found["ids"][0][0] == library.find("夜班公交", k=1)[0].passage.id
