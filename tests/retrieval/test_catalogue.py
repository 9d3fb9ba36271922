"""The catalogue: whole transactions, a log to replay, and sentences when it can't be used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from shelf import source

from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.vector_rows import PassageVectors
from retrieval.catalog.vectors import CatalogueVectors
from retrieval.parsing.passages import prefixed
from retrieval.values.documents import Document, Filter, Genre, Passage, Point, Section, key_of
from retrieval.values.errors import CatalogueBroken

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Give an empty catalogue."""
    opened = Catalogue.open(tmp_path / "catalogue.db")
    yield opened
    opened.close()


def contents(name: str, *texts: str, year: int = 2021) -> list[tuple[Document, tuple[Passage, ...]]]:
    """Return a document of these passages, with a section and a point over all of it."""
    whole = "".join(texts)
    document = Document(
        id=name,
        source=name,
        text=whole,
        title="题目",
        genre=Genre.SPEECH,
        place="吉林市",
        province="吉林省",
        year=year,
        date=f"{year}-06-03",
        speaker="某某",
        event="培训班",
        collection="摘编",
        sections=(Section(numeral="一", title="办法", level=1, start=0, end=len(whole), body=2),),
        points=(Point(numeral="一", marker="一是", start=0, end=len(whole)),),
        offset=7,
    )
    passages = []
    for n, text in enumerate(texts):
        start = len("".join(texts[:n]))
        passages.append(
            Passage(
                id=f"{name}-{key_of(text).hex()[:8]}",
                document=name,
                ordinal=n,
                start=start,
                end=start + len(text),
                text=text,
                section="一",
                point="一",
                heading=("一、办法",),
            )
        )
    return [(document, tuple(passages))]


def put(catalogue: Catalogue, name: str, *texts: str, year: int = 2021) -> list[str]:
    """Put a source of one document; return the ids of its passages."""
    made = contents(name, *texts, year=year)
    catalogue.put(source(name, "".join(texts)), f"state of {name}", made)
    return [passage.id for passage in made[0][1]]


def test_what_is_put_comes_back_whole(catalogue: Catalogue) -> None:
    """A document and its passages are read as they were put, field by field."""
    (document, passages), *_ = made = contents("doc", "第一段。", "第二段。")
    catalogue.put(source("doc", "x"), "state", made)
    whole = catalogue.wholes(["doc"])["doc"]
    assert whole.document == document
    assert whole.passages == passages
    assert catalogue.state("doc") == "state"
    assert catalogue.state("other") is None
    head = catalogue.heads()[0]
    assert (head.sections, head.text, head.points) == (document.sections, "", ())


def test_a_piece_is_read_for_some_passages_and_grows_by_others(catalogue: Catalogue) -> None:
    """It holds the passages asked for, and those of an older piece as long as the document is the same."""
    ids = put(catalogue, "doc", "第一段。", "第二段。", "第三段。")
    put(catalogue, "other", "别的。")
    assert catalogue.pieces(["gone-00000000"]) == catalogue.pieces([]) == {}
    first = catalogue.pieces([ids[0]])["doc"]
    assert (first.complete, [one.id for one in first.passages]) == (False, [ids[0]])
    assert first.passage(ids[0]) == catalogue.wholes(["doc"])["doc"].passages[0]
    assert ids[0] in first
    assert ids[1] not in first
    both = catalogue.pieces([ids[1]])["doc"].joined(first)
    assert ids[0] in both
    assert ids[1] in both
    again = put(catalogue, "doc", "前面插入一段。", "第一段。", "第二段。", "第三段。")
    newer = catalogue.pieces([again[2]])["doc"].joined(both)
    assert [one.text for one in newer.passages] == ["第二段。"]


def test_the_log_tells_what_to_replay(catalogue: Catalogue) -> None:
    """Only passages whose words or facts changed are touched, and each as it stands now."""
    first, second = put(catalogue, "doc", "第一段。", "第二段。")
    assert set(catalogue.pending(0).put) == {first, second}
    since = catalogue.version
    third = put(catalogue, "doc", "前面插入一段。", "第二段。")[0]
    pending = catalogue.pending(since)
    assert (set(pending.put), set(pending.dropped)) == ({third}, {first})
    assert pending.version == catalogue.version == since + 1
    since = catalogue.version
    put(catalogue, "doc", "前面插入一段。", "第二段。", year=2022)
    assert set(catalogue.pending(since).put) == {third, second}
    catalogue.remove("doc")
    assert set(catalogue.pending(0).dropped) == {first, second, third}
    assert catalogue.pending(0).put == ()


def test_a_pruned_log_says_so(catalogue: Catalogue) -> None:
    """Who comes from before the log's beginning is told that it is not complete."""
    put(catalogue, "doc", "第一段。")
    put(catalogue, "more", "第二段。")
    catalogue.prune(1)
    assert not catalogue.pending(0).complete
    assert catalogue.pending(1).complete
    assert len(catalogue.pending(1).put) == 1


def test_a_put_that_fails_changes_nothing(catalogue: Catalogue) -> None:
    """Two passages of one id are refused, and what was known before stays known."""
    put(catalogue, "doc", "第一段。")
    version = catalogue.version
    document, passages = contents("doc", "另一段。")[0]
    with pytest.raises(CatalogueBroken):
        catalogue.put(source("doc", "y"), "new state", [(document, (*passages, *passages))])
    assert catalogue.version == version
    assert catalogue.state("doc") == "state of doc"
    assert catalogue.wholes(["doc"])["doc"].document.text == "第一段。"


def test_sources_are_counted(catalogue: Catalogue) -> None:
    """Each source is told with its documents and passages."""
    put(catalogue, "b", "第一段。", "第二段。")
    put(catalogue, "a", "第三段。")
    assert [(s.key, s.documents, s.passages) for s in catalogue.sources()] == [("a", 1, 1), ("b", 1, 2)]
    assert catalogue.count() == 3
    assert {e.id for e in catalogue.entries()} == set(catalogue.sample())


def test_entries_are_what_indexes_hold(catalogue: Catalogue) -> None:
    """An entry has the prefixed text, its key, and the facts to filter by."""
    ids = put(catalogue, "doc", "第一段。", "第二段。")
    ((document, passages),) = contents("doc", "第一段。", "第二段。")
    (one,) = catalogue.entries(ids[1:])
    assert one.text == prefixed(passages[1], document)
    assert one.key == key_of(one.text)
    assert (one.place, one.year, one.genre, one.document) == ("吉林市", 2021, "speech", "doc")


def _pack(catalogue: Catalogue, kept: CatalogueVectors, *documents: str) -> None:
    """Give each passage a vector of its own, kept with its document; those kept by text are taken first."""
    for name in documents:
        keys = tuple(entry.key for entry in catalogue.entries_of([name]))
        held = kept.get(keys)
        made = np.stack([held.get(key, np.full(3, key[0], np.float32)) for key in keys])
        kept.pack([PassageVectors(document=name, keys=keys, vectors=made)])


def test_vectors_go_with_the_last_text_that_used_them(catalogue: Catalogue) -> None:
    """A vector is kept while any passage has its text, and dropped with the last one."""
    kept = CatalogueVectors(catalogue, "model")
    put(catalogue, "doc", "同一段话。")
    put(catalogue, "twin", "同一段话。")
    keys = {entry.key for entry in catalogue.entries()}
    assert kept.lacking() == ("doc", "twin")
    assert kept.unmade(kept.lacking()) == 1
    _pack(catalogue, kept, "doc", "twin")
    assert (kept.lacking(), kept.dimension(), kept.count()) == ((), 3, 2)
    catalogue.remove("doc")
    assert set(kept.get(keys)) == keys
    catalogue.remove("twin")
    assert kept.get(keys) == {}
    assert kept.count() == 0


def test_vectors_outlive_the_cut_that_used_them(catalogue: Catalogue) -> None:
    """A text that is cut otherwise and then as before finds its vectors; too many unused ones are dropped."""
    kept = CatalogueVectors(catalogue, "model")
    put(catalogue, "doc", "第一段话。", "第二段话。")
    keys = [entry.key for entry in catalogue.entries()]
    _pack(catalogue, kept, "doc")
    before = kept.get(keys)
    put(catalogue, "doc", "第一段话。第二段话。")
    kept.settle()
    assert kept.unmade(kept.lacking()) == 1
    _pack(catalogue, kept, "doc")
    put(catalogue, "doc", "第一段话。", "第二段话。")
    kept.settle()
    assert kept.lacking() == ("doc",)
    assert kept.unmade(kept.lacking()) == 0
    _pack(catalogue, kept, "doc")
    assert {key: row.tolist() for key, row in kept.get(keys).items()} == {
        key: row.tolist() for key, row in before.items()
    }
    kept.keep([f"{n:016d}".encode() for n in range(1_500)], np.ones((1_500, 3), np.float32))
    kept.trim()
    assert kept.count() == 2 + 1_000
    assert set(kept.get(keys)) == set(keys)


def test_a_passage_has_the_vector_of_its_own_text(catalogue: Catalogue) -> None:
    """Wherever it stands in its document; while the row is of another cut, its passages have none."""
    kept = CatalogueVectors(catalogue, "model")
    texts = [f"第{n}段话，说的是第{n * 7}件事。" for n in range(9)]
    names = put(catalogue, "doc", *texts)
    put(catalogue, "other", *texts[3:6])
    _pack(catalogue, kept, "doc", "other")
    keys = {entry.id: entry.key for entry in catalogue.entries()}
    held = kept.held_by(reversed(names))
    assert {name: row[0] for name, row in held.items()} == {name: keys[name][0] for name in names}
    asked = np.array([1, 0, 0], np.float32)
    assert kept.cosines(asked, names[4:6]) == {name: float(keys[name][0]) for name in names[4:6]}
    best = kept.nearest(asked, limit=4, limits=Filter(documents=("doc",)))
    assert list(best.values()) == sorted((float(keys[name][0]) for name in names), reverse=True)[:4]
    assert kept.number(Filter(documents=("other",))) == 3
    assert kept.number(Filter(years=(1999,))) == 0
    put(catalogue, "doc", *texts[1:])
    assert kept.held_by(put(catalogue, "doc", *texts[1:])) == {}
    assert kept.nearest(asked, limit=4, limits=Filter(documents=("doc",))) == {}


def test_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    """A catalogue of a later version of the program is not touched."""
    import sqlite3

    path = tmp_path / "catalogue.db"
    Catalogue.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(CatalogueBroken, match="升级"):
        Catalogue.open(path)


FULL = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from test_catalogue import Catalogue, CatalogueBroken, put
catalogue = Catalogue.open(Path(sys.argv[1]))
put(catalogue, "small", "入库的一段。")
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
try:
    put(catalogue, "large", *[f"第{n}段，" * 40 for n in range(3000)])
except CatalogueBroken as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
print(catalogue.version, [known.key for known in catalogue.sources()])
"""


def test_no_room_is_told_and_costs_nothing(tmp_path: Path) -> None:
    """Where no more can be written, a sentence says so and what was known stays."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "catalogue.db")],
        capture_output=True,
        text=True,
        check=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(
                [str(ROOT), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
            ),
        },
    )
    told, state = done.stdout.splitlines()
    assert "磁盘" in told
    assert state == "1 ['small']"
