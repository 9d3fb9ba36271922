"""Vectors of a library: made once, searched in Chroma or compared in the catalogue, never mixed."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source

from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.vectors import CatalogueVectors
from retrieval.index.chroma.availability import IndexAvailability
from retrieval.index.chroma.embedded import EmbeddedVectors
from retrieval.index.chroma.retriever import ChromaRetriever
from retrieval.library import Library
from retrieval.values.documents import Filter
from retrieval.values.errors import IndexMismatch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUBJECTS = ("口袋公园", "夜班公交", "诚信积分", "菜市场改造", "老旧小区")


@pytest.fixture
def filled(home: Path) -> Path:
    """Give a home with five texts."""
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        library.ingest_sources(
            source(f"s{n}", f"关于{subject}，全市已经办了{n + 3}件实事。", title=subject, place=f"第{n}市")
            for n, subject in enumerate(SUBJECTS)
        )
    return home


class QuickWords(HashedWords):
    """The same, at once."""

    def quickly(self, texts):
        return self.passages(texts)


def test_sentences_are_compared_with_a_question_and_embedded_once(filled: Path) -> None:
    embedder = QuickWords()
    with Library.open(filled, embedder=embedder) as library:
        texts = ("夜班公交开到凌晨", "口袋公园有长椅", "夜班公交开到凌晨")
        first = library.nearness("夜班公交", texts)
        assert first is not None
        assert first[0] == first[2] > first[1]
        assert library.nearness("夜班公交", texts[:2]) == pytest.approx(first[:2])
        assert sorted(embedder.embedded) == sorted(set(texts))
        assert library.nearness("夜班公交", ()) is None


def test_sentences_are_not_compared_where_the_embedder_is_slow_or_lacks(filled: Path) -> None:
    with Library.open(filled, embedder=HashedWords()) as library:
        assert library.nearness("夜班公交", ("夜班公交开到凌晨",)) is None
    with Library.open(filled, embedder=None) as library:
        assert library.nearness("夜班公交", ("夜班公交开到凌晨",)) is None


@pytest.fixture
def catalogue(filled: Path) -> Iterator[Catalogue]:
    """Give its catalogue."""
    opened = Catalogue.open(filled / "catalogue.db")
    yield opened
    opened.close()


LIMITS = (Filter(), Filter(places=("第2市", "第4市")), Filter(years=(2021,)), Filter(places=("他市",)))


@pytest.mark.parametrize("narrow", [5_000, 0], ids=["narrow", "wide"])
@pytest.mark.parametrize("wide", [400, 2], ids=["enough", "too few"])
def test_a_part_is_searched_as_if_all_of_it_were_compared(
    filled: Path, catalogue: Catalogue, narrow: int, wide: int
) -> None:
    """Whether it is compared, picked from Chroma's hits, or compared because too few of these lie inside."""
    kept = CatalogueVectors(catalogue, "hashed")
    with closing(EmbeddedVectors(catalogue, filled, HashedWords())) as embedded:
        serving, reach = embedded.keeper.index, IndexAvailability(lambda: None, again="")
        near = ChromaRetriever(serving, reach=reach, kept=kept, narrow=narrow, wide=wide)
        asked = embedded.query("诚信积分")
        for limits in LIMITS:
            found = near.find(asked, limit=2, limits=limits)
            assert list(found) == list(kept.nearest(asked, limit=2, limits=limits))
            assert near.scores(asked, found) == pytest.approx(found, abs=1e-3)
            assert kept.number(limits) == len(kept.nearest(asked, limit=99, limits=limits))
        reach.close()


def test_a_narrow_part_needs_no_chroma(filled: Path, catalogue: Catalogue) -> None:
    """Its vectors are in the catalogue: Chroma's folder may be gone."""
    shutil.rmtree(filled / "chroma")
    with closing(EmbeddedVectors(catalogue, filled, HashedWords())) as embedded:
        found = embedded.nearest().find(embedded.query("诚信积分"), limit=2, limits=LIMITS[1])
    assert len(found) == 2


def test_both_scripts_are_embedded_as_one(filled: Path, catalogue: Catalogue) -> None:
    """A question in traditional script has the vector of the same question in simplified script."""
    embedded = EmbeddedVectors(catalogue, filled, HashedWords())
    assert embedded.query("誠信積分有多少").tolist() == embedded.query("诚信积分有多少").tolist()


def test_a_model_that_changed_its_dimension_is_told(filled: Path) -> None:
    """The same name with other numbers in a vector is another model; a rebuild embeds everything anew."""
    longer = HashedWords(dimension=80)
    with Library.open(filled, embedder=longer) as reader, pytest.raises(IndexMismatch, match="80"):
        reader.find("诚信积分")
    with (
        Library.open(filled, embedder=longer, write=True) as library,
        pytest.raises(IndexMismatch, match="--rebuild"),
    ):
        library.ingest_source(source("new", "新的一段话，从未入库。", title="新"))
    with Library.open(filled, embedder=longer, rebuild=True) as library:
        assert len(longer.embedded) == sum(known.passages for known in library.sources()) == 6
        assert library.find("诚信积分")[0].dense is not None


def test_embedding_is_heard_of(home: Path) -> None:
    """Progress tells the passages embedded so far, of all that lack a vector."""
    heard: list[tuple[str, int, int]] = []
    text = "\n".join(f"第{n}件事，{'分步落实，' * 30}年内办结。" for n in range(150))
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        library.ingest_sources([source("long", text)], progress=lambda *told: heard.append(told))
        total = sum(known.passages for known in library.sources())
    made = [(done, of) for stage, done, of in heard if stage == "vectors"]
    assert made[0] == (0, total)
    assert made[-1] == (total, total)
    assert [done for done, _ in made] == sorted({done for done, _ in made})
    assert len(made) > 2
