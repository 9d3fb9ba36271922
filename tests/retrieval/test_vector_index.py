"""A collection of vectors in Chroma: found, changed, checked, and refused where it is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, entry

from retrieval.index.chroma.collection import VectorIndex, looks_whole
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.values.documents import IndexEntry

EMBEDDER = HashedWords()
ENTRIES = [
    entry(f"{place}-{n}", f"{name}：第{n}项任务关于{subject}。", place=name, year=2020 + n, genre=genre)
    for place, name, genre in (("jl", "吉林市", "speech"), ("tz", "台州市", "report"))
    for n, subject in enumerate(("公园", "公交", "积分", "菜场"))
]


def vectors(entries: Sequence[IndexEntry]) -> NDArray[np.float32]:
    return EMBEDDER.passages([one.text for one in entries])


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[VectorIndex]:
    """Give an index of eight passages of two documents."""
    made = VectorIndex.create(tmp_path, model="hashed", vectors=vectors)
    made.apply(ENTRIES, ())
    yield made
    made.close()


def test_the_nearest_are_found(chroma: VectorIndex) -> None:
    """The graph and a comparison of everything agree on passages and cosines, best first."""
    asked = EMBEDDER.query("第2项任务关于积分")
    scored = {one.id: float(vectors([one])[0] @ asked) for one in ENTRIES}
    best = dict(sorted(scored.items(), key=lambda one: -one[1])[:5])
    found = chroma.find(asked, limit=5)
    assert found == pytest.approx(best, abs=1e-3)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert len(chroma.find(asked, limit=400)) == len(ENTRIES)


def test_what_is_saved_is_there_when_it_is_opened_again(chroma: VectorIndex, tmp_path: Path) -> None:
    """The graph is in its files, and a text that is asked for is its own nearest."""
    chroma.save()
    chroma.close()
    written = {path.name: path.read_bytes() for path in tmp_path.glob("*/*")}
    assert "index_metadata.pickle" in written
    again = VectorIndex.open(tmp_path, model="hashed", vectors=vectors)
    again.warm()
    found = again.find(EMBEDDER.query(ENTRIES[5].text), limit=1)
    assert found == {ENTRIES[5].id: pytest.approx(1.0, abs=1e-3)}
    again.close()
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*/*")} == written, (
        "reading changes nothing"
    )


def test_changes_replace_and_drop(chroma: VectorIndex) -> None:
    """Putting an id again replaces it, dropping forgets it, and doing either twice changes nothing."""
    changed = entry("jl-0", "吉林市：夜班公交到零点。", place="吉林市", year=2021)
    for _ in range(2):
        chroma.apply([changed], ["tz-3", "never-there"])
        assert chroma.count() == 7
        found = chroma.find(EMBEDDER.query(changed.text), limit=1)
        assert found == {"jl-0": pytest.approx(1.0, abs=1e-3)}


def test_lost_vectors_are_noticed(chroma: VectorIndex) -> None:
    """A check compares the vectors themselves, not how many there are."""
    chroma.check(ENTRIES)
    with pytest.raises(IndexBroken):
        chroma.check([entry("zz-1", "不在其中")])
    with pytest.raises(IndexBroken):
        chroma.check([entry("jl-0", "同一编号，另一段话")])


def test_an_index_of_another_model_is_not_opened(chroma: VectorIndex, tmp_path: Path) -> None:
    """The model's name is part of what is opened."""
    again = VectorIndex.open(tmp_path, model="hashed", vectors=vectors)
    assert again.count() == 8
    again.close()
    with pytest.raises(IndexBroken):
        VectorIndex.open(tmp_path, model="another", vectors=vectors)


def test_another_measure_is_noticed(tmp_path: Path) -> None:
    """Chroma keeps the measure that a collection was made with; any but cosine is refused."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    with chromadb.PersistentClient(path=str(tmp_path), settings=settings) as client:
        client.create_collection(
            "passages-hashed-v2",
            embedding_function=None,
            metadata={"model": "hashed"},
            configuration={"hnsw": {"space": "l2"}},
        )
    with pytest.raises(IndexBroken, match="l2"):
        VectorIndex.open(tmp_path, model="hashed", vectors=vectors)


def test_a_graph_made_with_other_numbers_is_noticed(tmp_path: Path) -> None:
    """``get_or_create`` keeps what is there, whatever it is asked for; what is opened is looked at."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    with chromadb.PersistentClient(path=str(tmp_path), settings=settings) as client:
        client.create_collection(
            "passages-hashed-v2",
            embedding_function=None,
            metadata={"model": "hashed"},
            configuration={"hnsw": {"space": "cosine", "max_neighbors": 16}},
        )
    with pytest.raises(IndexBroken, match="16"):
        VectorIndex.open(tmp_path, model="hashed", vectors=vectors)


def test_what_is_no_database_is_seen_from_outside(tmp_path: Path) -> None:
    """Missing, foreign and cut files are seen without opening them."""
    path = tmp_path / "chroma.sqlite3"
    assert not looks_whole(tmp_path)
    path.write_bytes(b"noise" * 100)
    assert not looks_whole(tmp_path)
    with pytest.raises(IndexBroken):
        VectorIndex.open(tmp_path, model="hashed", vectors=vectors)
