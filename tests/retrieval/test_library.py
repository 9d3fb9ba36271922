"""The library as its readers and its writer use it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source, write

from retrieval.ingest.report import Status
from retrieval.library import Library
from retrieval.values.documents import Filter, Genre
from retrieval.values.errors import (
    CatalogueBroken,
    EmbeddingError,
    IndexLocked,
    IndexMismatch,
    RetrievalError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.values.documents import Source

PARKS = "全市新建口袋公园一百二十个，居民出门三百米就能走进绿地。"
BUSES = "夜班公交延长到零点，覆盖所有的火车站和医院。"
POINTS = "诚信积分覆盖四百九十万名居民，积分可以换取图书馆服务。"
MARKETS = "菜市场全部完成改造，摊位统一编号，水电分户计量。"


@pytest.fixture
def embedder() -> HashedWords:
    return HashedWords()


@pytest.fixture
def library(home: Path, embedder: HashedWords) -> Iterator[Library]:
    """Give a writer's library with a text of each of two cities."""
    with Library.open(home, embedder=embedder, write=True) as opened:
        opened.ingest_sources([_jilin(), _taizhou()])
        yield opened


def _jilin(*lines: str) -> Source:
    text = "\n".join(lines or (PARKS, BUSES))
    return source("jilin", text, place="吉林市", title="吉林市的经验", date="2021-06-03")


def _taizhou() -> Source:
    return source("taizhou", f"{POINTS}\n{MARKETS}", place="台州市", title="台州市的经验", date="2022-06-03")


def test_a_hit_is_proved_by_its_document(library: Library) -> None:
    """The passage found is a slice of the document it names, with scores of both legs."""
    best = library.find("口袋公园有多少个")[0]
    assert "口袋公园一百二十个" in best.passage.text
    assert best.document.text[best.passage.start : best.passage.end] == best.passage.text
    assert best.document.place == "吉林市"
    assert best.dense is not None
    assert best.words is not None


def test_hits_come_best_first_and_no_more_than_asked(library: Library) -> None:
    """Scores fall along the ranking, whose length is at most k."""
    scores = [hit.score for hit in library.find("积分和公园", k=2)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert library.find("积分", k=0) == ()


def test_a_filter_is_hard(library: Library) -> None:
    """No hit lies outside the limits, and limits that nothing meets find nothing."""
    for limits in (
        Filter(places=("台州市",)),
        Filter(years=(2022,)),
        Filter(places=("台州市",), years=(2022,)),
        Filter(documents=tuple(d.id for d in library.documents() if d.place == "台州市")),
    ):
        assert {hit.document.place for hit in library.find("口袋公园", filter=limits)} == {"台州市"}
    for limits in (
        Filter(places=("延安市",)),
        Filter(places=("台州市",), years=(2021,)),
        Filter(documents=("nothing",)),
        Filter(genres=(Genre.REGULATION,)),
    ):
        assert library.find("口袋公园", filter=limits) == ()


def test_each_place_gets_its_share(library: Library) -> None:
    """With a quota a place that says more on a subject does not crowd out the others."""
    alone = library.find("口袋公园和夜班公交", k=2)
    shared = library.find("口袋公园和夜班公交", k=2, per_place=1)
    assert [hit.document.place for hit in alone] == ["吉林市", "吉林市"]
    assert {hit.document.place for hit in shared} == {"吉林市", "台州市"}


@pytest.mark.parametrize("question", ["口袋公園有多少個", "口袋公园有多少个", "口　袋　公　园"])
def test_script_and_width_do_not_matter(library: Library, question: str) -> None:
    """A question in traditional script or full width finds simplified text."""
    assert "口袋公园" in library.find(question)[0].passage.text


def test_a_simplified_question_finds_traditional_text(library: Library) -> None:
    """And the other way round."""
    library.ingest_source(source("hant", "圖書館延長開放時間，假日照常借閱。", title="圖書館"))
    assert "圖書館延長" in library.find("图书馆延长开放时间")[0].passage.text


def test_an_unchanged_text_is_not_embedded_again(library: Library, embedder: HashedWords) -> None:
    """Ingesting the same bytes with the same options does nothing at all."""
    before = len(embedder.embedded), library.version
    assert library.ingest_source(_jilin()).status is Status.UNCHANGED
    assert (len(embedder.embedded), library.version) == before


def test_a_changed_text_replaces_its_own_passages(library: Library, embedder: HashedWords) -> None:
    """What is gone is not found, what is new is, and only what is new has been embedded."""
    del embedder.embedded[:]
    long = "新修的步道沿江二十公里，" * 12 + "两岸都装了路灯。"
    kept = "门前三包落实到每一户商家，" * 12 + "每月检查一次。"
    library.ingest_source(_jilin(kept, PARKS))
    first = len(embedder.embedded)
    library.ingest_source(_jilin(kept, long))
    assert not any(PARKS in hit.passage.text for hit in library.find(PARKS))
    assert "沿江二十公里" in library.find("沿江步道")[0].passage.text
    assert not any("门前三包" in text for text in embedder.embedded[first:])
    assert any("沿江" in text for text in embedder.embedded[first:])


def test_a_removed_text_is_gone_everywhere(library: Library) -> None:
    """Neither leg, nor the catalogue, nor any reading finds it."""
    gone = library.find("诚信积分")[0].passage
    assert library.remove("taizhou")
    assert not library.remove("taizhou")
    assert library.places() == ("吉林市",)
    assert [known.key for known in library.sources()] == ["jilin"]
    assert library.document(gone.document) is None
    assert library.passage(gone.id) is None
    assert library.passages(gone.document) == ()
    assert all(hit.document.source == "jilin" for hit in library.find("诚信积分"))


def test_the_last_text_can_be_removed_too(library: Library) -> None:
    """An empty library finds nothing, and takes texts again."""
    assert library.remove("taizhou")
    assert library.remove("jilin")
    assert library.find("诚信积分") == ()
    library.ingest_source(_jilin())
    assert library.places() == ("吉林市",)


def test_passages_are_read_in_order(library: Library) -> None:
    """Passages of a document know their neighbours."""
    document = next(d.id for d in library.documents() if d.place == "吉林市")
    long = [f"第{n}件实事已经办结，" * 20 + "群众满意。" for n in range(4)]
    library.ingest_source(_jilin(*long))
    document = next(d.id for d in library.documents() if d.place == "吉林市")
    passages = library.passages(document)
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    assert len(passages) >= 4
    assert library.neighbours(passages[1].id) == (passages[0], passages[2])
    assert library.neighbours(passages[0].id) == (None, passages[1])
    assert library.neighbours(passages[-1].id) == (passages[-2], None)
    assert library.neighbours("nothing-00000000") == (None, None)
    assert library.passage(passages[2].id) == passages[2]


def test_a_document_that_was_read_in_pieces_is_read_whole(library: Library) -> None:
    """What a search has read of it is no limit to who opens it, in whatever order."""
    hit = library.find("停车泊位")[0]
    again = library.passages(hit.document.id)
    assert hit.passage in again
    assert len(again) > 1
    assert library.find("停车泊位")[0] == hit


def test_words_are_located_wherever_they_stand_verbatim(library: Library) -> None:
    """The first place in each document, by what stands in the texts now; nothing where there is none."""
    library.ingest_source(source("other", f"{BUSES}\n{PARKS}\n{PARKS}", place="台州市", title="转载"))
    found = library.locate("口袋公园一百二十个")
    assert [library.document(one.document).place for one in found] == ["吉林市", "台州市"]
    assert all("口袋公园一百二十个" in one.text for one in found)
    assert found[1].text.startswith("全市")
    library.ingest_source(_jilin(BUSES))
    assert [library.document(one.document).place for one in library.locate("口袋公园一百二十个")] == [
        "台州市"
    ]
    assert library.locate("口袋公園一百二十個") == library.locate(" ") == library.locate("%") == ()


def test_heads_tell_all_but_text_and_points(library: Library) -> None:
    """A head is its document without the text, and the document itself has it."""
    for head in library.documents():
        whole = library.document(head.id)
        assert whole is not None
        assert (head.text, head.points) == ("", ())
        assert (head.title, head.place, head.sections) == (whole.title, whole.place, whole.sections)
        assert whole.text


def test_a_text_that_is_told_anew_says_so_as_a_head_and_whole(library: Library) -> None:
    """What a file says of itself goes with its document; one that says nothing is taken at its word."""
    told = source("pingxiang", BUSES, place="萍乡市", title="萍乡市的经验", kind="restatement")
    library.ingest_sources([told])
    restated = {head.place: head.restated for head in library.documents()}
    assert restated == {"吉林市": False, "台州市": False, "萍乡市": True}
    assert all(library.document(head.id).restated == head.restated for head in library.documents())


def test_the_share_of_passages_with_a_word(library: Library) -> None:
    """Words are counted as they are indexed."""
    total = sum(known.passages for known in library.sources())
    found = library.frequency(["公园", "不见"])
    assert found == {"公园": pytest.approx(1 / total), "不见": 0.0}


def test_a_reader_sees_what_a_writer_adds(home: Path, library: Library) -> None:
    """A library that was opened before a change finds the change."""
    with Library.open(home, embedder=HashedWords()) as reader:
        version = reader.version
        assert not any("风貌街区" in hit.passage.text for hit in reader.find("风貌街区"))
        library.ingest_source(source("new", "老城的风貌街区保护了八十七处院落。", title="老城"))
        assert "风貌街区" in reader.find("风貌街区")[0].passage.text
        assert reader.version > version
        assert len(reader.documents()) == 3


def test_only_one_writes(home: Path, library: Library) -> None:
    """A second writer is told who holds the lock, and readers are not held up."""
    with pytest.raises(IndexLocked, match=str(os.getpid())):
        Library.open(home, embedder=HashedWords(), write=True)
    with Library.open(home, embedder=HashedWords()) as reader:
        assert reader.find("口袋公园")


def test_the_lock_ends_with_the_library(home: Path) -> None:
    """After a writer has closed the next one may write."""
    for _ in range(2):
        with Library.open(home, embedder=None, write=True) as opened:
            opened.ingest_source(_jilin())


def test_a_reader_can_not_change_anything(home: Path, library: Library) -> None:
    """Opened without ``write``, a library refuses changes."""
    with Library.open(home, embedder=HashedWords()) as reader:
        with pytest.raises(RetrievalError, match="只读"):
            reader.ingest_source(_jilin())
        with pytest.raises(RetrievalError, match="只读"):
            reader.remove("jilin")


def test_another_model_is_told_what_to_run(home: Path, library: Library) -> None:
    """Vectors of two models are never compared; a rebuild changes over, embedding everything once."""
    library.close()
    other = HashedWords("another")
    for write_too in (False, True):
        with pytest.raises(IndexMismatch, match="ingest --rebuild"):
            Library.open(home, embedder=other, write=write_too)
    with Library.open(home, embedder=other, rebuild=True) as opened:
        assert len(other.embedded) == sum(known.passages for known in opened.sources())
        assert "口袋公园" in opened.find("口袋公园")[0].passage.text
    with Library.open(home, embedder=HashedWords("another")) as reader:
        assert reader.find("口袋公园")[0].dense is not None
    with pytest.raises(IndexMismatch):
        Library.open(home, embedder=HashedWords())


def test_a_model_that_returns_finds_its_vectors(home: Path, library: Library) -> None:
    """Going over to another model and back embeds nothing twice."""
    library.close()
    Library.open(home, embedder=HashedWords("another"), rebuild=True).close()
    back = HashedWords()
    with Library.open(home, embedder=back, rebuild=True) as opened:
        assert opened.find("口袋公园")[0].dense is not None
    assert back.embedded == []


def test_words_alone_serve_until_there_is_a_model(home: Path) -> None:
    """Without an embedder hits have words only; with one, what lacks vectors gets them."""
    with Library.open(home, embedder=None, write=True) as opened:
        opened.ingest_source(_jilin())
        hit = opened.find("口袋公园")[0]
        assert (hit.dense, hit.words is not None) == (None, True)
    with Library.open(home, embedder=HashedWords()) as reader:
        assert reader.find("口袋公园")[0].dense is not None


def test_changes_without_a_model_are_made_up_for(home: Path, library: Library) -> None:
    """What was changed and removed while no model was at hand is in the vectors once it is back."""
    library.close()
    with Library.open(home, embedder=None, write=True) as opened:
        opened.remove("taizhou")
        opened.ingest_source(_jilin(MARKETS))
    with Library.open(home, embedder=HashedWords(), write=True) as opened:
        hits = opened.find("菜市场摊位")
        assert [MARKETS in hit.passage.text for hit in hits] == [True] * len(hits)
        assert hits[0].dense is not None


class _Silenced(HashedWords):
    """An endpoint that answers for passages, and fails for questions."""

    def query(self, text: str) -> NDArray[np.float32]:
        raise EmbeddingError("the endpoint does not answer")


def test_words_serve_when_a_question_gets_no_vector(home: Path) -> None:
    """An endpoint that is down does not end the search."""
    with Library.open(home, embedder=_Silenced(), write=True) as opened:
        opened.ingest_source(_jilin())
        hit = opened.find("口袋公园")[0]
        assert (hit.dense, "口袋公园" in hit.passage.text) == (None, True)


class _Down(HashedWords):
    """An endpoint that answers for nothing."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise EmbeddingError("the endpoint does not answer")

    query = _Silenced.query


def test_a_text_is_kept_while_vectors_can_not_be_had(home: Path) -> None:
    """Ingest says what is wrong; the text is known and found by words, and gets its vectors later."""
    with (
        Library.open(home, embedder=_Down(), write=True) as opened,
        pytest.raises(EmbeddingError, match="does not answer"),
    ):
        opened.ingest_source(_jilin())
    for write_too in (False, True):
        with Library.open(home, embedder=_Down(), write=write_too) as opened:
            hit = opened.find("口袋公园")[0]
            assert (hit.dense, "口袋公园" in hit.passage.text) == (None, True)
    with Library.open(home, embedder=HashedWords()) as reader:
        assert reader.find("口袋公园")[0].dense is not None


def test_many_threads_may_ask_while_one_writes(home: Path, library: Library) -> None:
    """Every answer is whole and true to its document, whatever is being changed."""
    with Library.open(home, embedder=HashedWords()) as reader, ThreadPoolExecutor(4) as pool:

        def ask(_: int) -> bool:
            hits = reader.find("口袋公园")
            return all(h.document.text[h.passage.start : h.passage.end] == h.passage.text for h in hits)

        asked = [pool.submit(ask, n) for n in range(40)]
        for n in range(6):
            library.ingest_source(_jilin(*[f"新增第{n}件事，" * k for k in range(3, 9)], PARKS))
        assert all(one.result() for one in asked)
        assert any("新增第5件事" in hit.passage.text for hit in reader.find("新增第5件事"))


def test_files_are_reported_one_by_one(home: Path, tmp_path: Path) -> None:
    """A bad file is told of and does not stop the others; progress is heard; a second run changes nothing."""
    folder = tmp_path / "texts"
    folder.mkdir()
    write(folder, "a.md", "吉林市", PARKS)
    (folder / "b.txt").write_bytes(b"")
    write(folder, "c.md", "台州市", POINTS)
    heard: list[tuple[str, int, int]] = []
    with Library.open(home, embedder=HashedWords(), write=True) as opened:
        report = opened.ingest([folder], progress=lambda *told: heard.append(told))
        again = opened.ingest([folder])
    assert [file.status for file in report.files] == [Status.INGESTED, Status.REFUSED, Status.INGESTED]
    assert [file.documents for file in report.files] == [1, 0, 1]
    assert "b.txt" in report.of(Status.REFUSED)[0].reason
    assert ("read", 3, 3) in heard
    assert [stage for stage, done, total in heard if done == total] == ["read", "words", "vectors"]
    assert [file.status for file in again.files] == [Status.UNCHANGED, Status.REFUSED, Status.UNCHANGED]
    stages = {"read", "parse", "register", "catalogue", "words", "embed", "vectors", "graph"}
    assert set(report.seconds) == stages
    assert all(seconds >= 0 for seconds in report.seconds.values())


def test_a_text_that_became_unreadable_stays_known(home: Path, tmp_path: Path) -> None:
    """What was known of a file is kept when a new version of it is refused."""
    path = write(tmp_path, "a.md", "吉林市", PARKS)
    with Library.open(home, embedder=None, write=True) as opened:
        opened.ingest([path])
        path.write_bytes(b"")
        assert opened.ingest([path]).files[0].status is Status.REFUSED
        assert "口袋公园" in opened.find("口袋公园")[0].passage.text


def test_a_folder_is_taken_as_it_stands(home: Path, tmp_path: Path) -> None:
    """A text whose file is gone from its folder is forgotten; texts of other folders are not."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    gone = write(inside, "a.md", "吉林市", PARKS)
    write(inside, "b.md", "台州市", POINTS)
    other = write(outside, "c.md", "延安市", MARKETS)
    with Library.open(home, embedder=None, write=True) as opened:
        opened.ingest([inside, outside])
        gone.unlink()
        other.unlink()
        report = opened.ingest([inside])
        assert [(file.key, file.status) for file in report.files][-1] == (str(gone), Status.REMOVED)
        assert len(opened.sources()) == 2
        assert not any("口袋公园" in hit.passage.text for hit in opened.find("口袋公园"))


def test_a_fact_that_is_given_anew_is_kept_anew(home: Path, tmp_path: Path) -> None:
    """The same bytes with other options are another text to understand."""
    path = tmp_path / "note.txt"
    path.write_text(f"{PARKS}\n{BUSES}\n", encoding="utf-8")
    with Library.open(home, embedder=HashedWords(), write=True) as opened:
        opened.ingest([path])
        report = opened.ingest([path], options={"place": "某某新区"})
        assert report.files[0].status is Status.INGESTED
        assert opened.places() == ("某某新区",)
        assert opened.find("口袋公园", filter=Filter(places=("某某新区",)))


def test_an_empty_home_answers_with_nothing(home: Path) -> None:
    """A fresh home can be read: it holds nothing."""
    with Library.open(home / "new", embedder=HashedWords()) as opened:
        assert opened.find("口袋公园") == ()
        assert opened.documents() == ()
        assert opened.version == 0
        assert opened.frequency(["公园"]) == {"公园": 0.0}


def test_a_home_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    """A file in the place of the folder is a sentence, not a trace."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(CatalogueBroken, match="CHENGWEN_HOME"):
        Library.open(tmp_path / "file" / "home", embedder=None)


def test_a_broken_catalogue_is_told(home: Path) -> None:
    """Bytes that are no database are named as such, and left alone."""
    path = home / "catalogue.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(CatalogueBroken, match=r"catalogue\.db"):
        Library.open(home, embedder=None)
    assert path.read_bytes().startswith(b"no database")
