"""BM25 over characters and pairs: what is found, in which limits, after which changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import entry

from retrieval.index.keyword import WordIndex, looks_whole
from retrieval.values.documents import Filter, Genre
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = Filter()


@pytest.fixture
def index(tmp_path: Path) -> WordIndex:
    """Give an index of three passages."""
    made = WordIndex.create(tmp_path)
    made.apply(
        [
            entry("a-1", "吉林市：口袋公园一百二十个。", place="吉林市", year=2021, genre="speech"),
            entry("b-1", "台州市：公园里有诚信积分驿站。", place="台州市", year=2022, genre="report"),
            entry("b-2", "台州市：GDP增长5.77%。", place="台州市", year=2022, genre="report"),
        ],
        (),
    )
    return made


def test_the_passage_that_shares_most_comes_first(index: WordIndex) -> None:
    """Pairs of characters and whole numbers count."""
    assert list(index.find("口袋公园", limit=9, limits=EVERYTHING)) == ["a-1", "b-1"]
    assert list(index.find("ＧＤＰ增长５.７７％", limit=1, limits=EVERYTHING)) == ["b-2"]
    assert index.find("，。！", limit=9, limits=EVERYTHING) == {}
    assert index.find("公园", limit=0, limits=EVERYTHING) == {}


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        (Filter(places=("台州市",)), {"b-1"}),
        (Filter(places=("台州市", "吉林市")), {"a-1", "b-1"}),
        (Filter(years=(2021,)), {"a-1"}),
        (Filter(years=(2021,), places=("台州市",)), set()),
        (Filter(documents=("b",)), {"b-1"}),
        (Filter(genres=(Genre.SPEECH, Genre.OTHER)), {"a-1"}),
        (Filter(places=("延安市",)), set()),
    ],
)
def test_limits_are_hard(index: WordIndex, limits: Filter, found: set[str]) -> None:
    """Every kind of limit holds inside the engine."""
    assert set(index.find("公园", limit=9, limits=limits)) == found


def test_limits_do_not_change_scores(index: WordIndex) -> None:
    """A limit admits or not; it says nothing on how well a passage fits."""
    free = index.find("公园驿站", limit=9, limits=EVERYTHING)
    held = index.find("公园驿站", limit=9, limits=Filter(places=("台州市",)))
    assert held["b-1"] == pytest.approx(free["b-1"])
    assert index.scores("公园驿站", ["b-1", "b-2", "c-9"]) == pytest.approx({"b-1": free["b-1"]})


def test_changes_replace_and_drop(index: WordIndex) -> None:
    """Putting an id again replaces it, dropping forgets it, and doing either twice changes nothing."""
    for _ in range(2):
        index.apply([entry("a-1", "吉林市：夜班车到零点。")], ["b-1", "never-there"])
        assert index.find("公园", limit=9, limits=EVERYTHING) == {}
        assert list(index.find("夜班车", limit=9, limits=EVERYTHING)) == ["a-1"]
        assert index.count() == 2


def test_an_index_is_there_when_opened_again(index: WordIndex, tmp_path: Path) -> None:
    """What was committed is on disk, and another reader sees it."""
    again = WordIndex.open(tmp_path)
    assert list(again.find("口袋公园", limit=1, limits=EVERYTHING)) == ["a-1"]
    index.apply([], ["a-1"])
    again.reload()
    assert again.count() == 2
    again.apply([], ["b-2"])
    assert again.frequency(["公园", "没有"]) == {"公园": 1.0, "没有": 0.0}


def test_a_missing_entry_is_noticed(index: WordIndex) -> None:
    """A check of what should be there tells what is not."""
    index.check([entry("a-1", "口袋公园")])
    with pytest.raises(IndexBroken, match="z-9"):
        index.check([entry("z-9", "口袋公园")])


def test_what_is_no_index_is_broken(tmp_path: Path) -> None:
    """An empty folder or a cut file is told as broken, never as a foreign error."""
    assert not looks_whole(tmp_path)
    with pytest.raises(IndexBroken):
        WordIndex.open(tmp_path)
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(IndexBroken):
        WordIndex.open(tmp_path)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_question_breaks_a_search(question: str) -> None:
    """Whatever is asked is words to look for, never a query language."""
    found = _SHARED.find(question, limit=5, limits=EVERYTHING)
    assert len(found) <= 1


def _shared() -> WordIndex:
    import tempfile
    from pathlib import Path

    made = WordIndex.create(Path(tempfile.mkdtemp()))
    made.apply([entry("a-1", '口袋公园 AND (OR NOT "quoted" words:1)')], ())
    return made


_SHARED = _shared()
