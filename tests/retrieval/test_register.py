"""The register stands and falls with its documents, and finds one thing under other words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval import Library
from retrieval.catalog.fact_query import Ask
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import FLOOR, likeness

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home", embedder=None, write=True) as opened:
        opened.ingest(sorted(CORPUS.glob("*.md")))
        yield opened


def test_every_row_stands_at_its_offsets(library: Library) -> None:
    rows = [one.row for one in library.register.figures(Ask())]
    assert len(rows) > 80
    for row in rows:
        document = library.document(row.document)
        assert document is not None
        passage = library.passage(row.passage)
        assert passage is not None
        assert passage.start <= row.start < row.end <= passage.end
        assert row.clause[0] <= row.start < row.end <= row.clause[1]
    for measure in library.register.measures(Ask()):
        assert measure.start < measure.end


def test_one_thing_is_found_under_other_words(library: Library) -> None:
    found = library.register.figures(Ask(things=("停车泊位",)))
    assert {one.row.place for one in found} == {"吉林市", "萍乡市"}
    assert all(one.likeness >= FLOOR for one in found)


def test_limits_are_hard(library: Library) -> None:
    found = library.register.figures(Ask(places=("延安市",), kinds=(FigureKind.STATE,), units=("%",)))
    assert found
    assert {(one.row.place, one.row.kind, one.row.unit) for one in found} == {
        ("延安市", FigureKind.STATE, "%")
    }
    assert library.register.figures(Ask(things=("航天飞机",))) == ()


def test_nothing_is_left_of_a_removed_document(library: Library) -> None:
    for known in library.sources():
        library.remove(known.key)
    assert library.register.count() == (0, 0)
    with sqlite3.connect(library.home / "catalogue.db") as file:
        assert [
            file.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("metrics", "metric_grams")
        ] == [0, 0]
    file.close()


def test_a_catalogue_of_the_older_format_is_filled_from_the_texts_it_holds(library: Library) -> None:
    before, home = library.register.count(), library.home
    library.close()
    file = sqlite3.connect(home / "catalogue.db")
    for table in ("figures", "measures", "metric_grams", "metrics"):
        file.execute(f"DROP TABLE {table}")
    file.execute("DELETE FROM meta WHERE name = 'register'")
    file.execute("PRAGMA user_version=2")
    file.commit()
    file.close()
    with Library.open(home, embedder=None) as opened:
        assert opened.register.count() == before


@pytest.mark.parametrize(
    ("asked", "name", "same"),
    [
        ("停车泊位", "新增停车位", True),
        ("背街小巷", "改造小巷", True),
        ("老旧小区改造", "开工改造城镇老旧小区", True),
        ("城镇居民人均可支配收入", "农村居民人均可支配收入", False),
        ("老旧小区改造", "棚户区改造", False),
        ("停车泊位", "停车场", False),
        ("新增就业", "帮扶就业困难人员", False),
    ],
)
def test_likeness_parts_one_thing_from_another(asked: str, name: str, same: bool) -> None:
    assert (likeness(asked, name) >= FLOOR) == same
