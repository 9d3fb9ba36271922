"""Passages are groups of whole sentences inside one section and point, and hold every character once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SPEECH

from retrieval.ingest.preview import statistics_of
from retrieval.loaders.load import files, read, read_bytes
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import _Names, cut, prefixed
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.documents import Document, Genre, Passage, Point, Source

if TYPE_CHECKING:
    from pathlib import Path

GAZETTEER = Gazetteer()
SENTENCE = "全市新建公园12个，改造老旧小区85个，惠及群众3.6万余户。"


def document(text: str, name: str = "stdin") -> Document:
    return parse(read_bytes(text.encode(), name), gazetteer=GAZETTEER)[-1]


def check(whole: Document, passages: tuple[Passage, ...]) -> None:
    """Check offsets, order and coverage: each character that is not white space once."""
    assert all(whole.text[one.start : one.end] == one.text for one in passages)
    assert [one.ordinal for one in passages] == list(range(len(passages)))
    assert "".join("".join(one.text.split()) for one in passages) == "".join(whole.text.split())
    assert all(one.text == one.text.strip() for one in passages)
    assert len({one.id for one in passages}) == len(passages)


def crosses(passages: tuple[Passage, ...], whole: Document) -> list[str]:
    """List the passages in which a point begins or ends; headings before a point's start are no crossing."""
    bodies = {one.start: one.body for one in whole.sections}
    found = []
    for one in passages:
        body = one.start
        while body in bodies and bodies[body] > body:
            body = bodies[body]
        inside = (point for point in whole.points if point.start < one.end and point.end > body)
        found += [one.text for point in inside if body < point.start or one.end > point.end]
    return found


def test_every_shared_text_is_cut_whole_and_never_across_sections_or_points(shared: Path) -> None:
    for path in files([shared / "data" / "gov", shared / "corpus"]):
        for whole in parse(read(path), gazetteer=GAZETTEER):
            passages = cut(whole)
            check(whole, passages)
            assert crosses(passages, whole) == [], path
            starts = {one.start for one in whole.sections}
            assert all(
                not (starts & set(range(one.start + 1, one.end))) or heads(whole, one) for one in passages
            )
            lengths = [len(one.text) for one in passages]
            assert max(lengths) <= 405, path
            assert sum(60 <= length <= 262 for length in lengths) >= len(lengths) * 0.65, path


def heads(whole: Document, passage: Passage) -> bool:
    """Tell whether the sections that begin inside a passage begin with nothing but headings before them."""
    for one in whole.sections:
        if passage.start < one.start < passage.end:
            before = [other for other in whole.sections if passage.start <= other.start < one.start]
            if any(whole.text[other.body : one.start].strip() for other in before[-1:]):
                return False
    return True


def test_the_seed_speeches_have_their_heads_and_points_as_passages(shared: Path) -> None:
    preface, jilin, *_ = parse(read(shared / "corpus" / "2021-wenming-peixun-3.txt"), gazetteer=GAZETTEER)
    (head,) = cut(preface)
    assert (head.section, head.point, head.heading) == ("0", None, ())
    first, *others = cut(jilin)
    assert (first.section, first.point) == ("0", None)
    assert first.text.startswith("吉林省吉林市")
    assert jilin.title in first.text
    assert [(one.section, one.point) for one in others] == [(a, b) for a in "一二三四" for b in "一二三"]
    assert others[0].text.startswith(others[0].heading[0])


def test_title_lines_and_the_opening_are_a_passage_and_headings_begin_one() -> None:
    passages = cut(document(SPEECH))
    assert [(one.section, one.point) for one in passages] == [
        ("0", None),
        *(("一", point) for point in "一二三"),
        ("二", None),
        *(("二", point) for point in "一二三"),
    ]
    assert passages[0].text == SPEECH[: SPEECH.index("\n一、")]
    assert passages[1].text == "一、坚持以人为本，把街巷修好\n一是摸清底数。全市排查背街小巷126条，建立台账。"
    assert passages[1].heading == ("一、坚持以人为本，把街巷修好",)
    assert passages[4].text.endswith("98.5%。")


def test_headings_without_text_of_their_own_go_to_what_follows() -> None:
    text = f"题目\n开头说明。\n一、街巷\n（一）修路\n1.主路\n{SENTENCE}\n（二）修桥\n二、江水\n{SENTENCE}"
    passages = cut(document(text))
    assert passages[1].text == f"一、街巷\n（一）修路\n1.主路\n{SENTENCE}"
    assert passages[1].heading == ("一、街巷", "（一）修路", "1.主路")
    assert [one.text for one in passages[2:]] == ["（二）修桥", f"二、江水\n{SENTENCE}"]
    assert [one.section for one in passages] == ["0", "一", "一", "二"]
    assert [one.heading for one in passages[2:]] == [("一、街巷", "（二）修桥"), ("二、江水",)]


def test_headings_are_told_as_printed() -> None:
    articles = "\n".join(f"第{one}条 {SENTENCE}" for one in "一二三")
    text = f"# 云溪市街巷条例\n## 第一章\u3000总\u3000则\n{articles}"
    assert cut(document(text))[1].heading == ("第一章 总则", "第一条")
    inline = f"题目\n一、一体推进。{SENTENCE}"
    assert cut(document(inline))[1].heading == ("一、一体推进",)
    plain = f"# 云溪市纪要\n## 概况\n{SENTENCE * 2}\n## 进展\n{SENTENCE * 2}"
    assert [one.heading for one in cut(document(plain))] == [(), ("概况",), ("进展",)]


def test_a_short_preface_is_one_passage_and_a_report_has_its_opening_apart() -> None:
    whole = document(f"题目\n开头说明。\n{SENTENCE * 4}\n{SENTENCE * 3}")
    preface = replace(whole, genre=Genre.PREFACE)
    assert (len(cut(whole)), len(cut(preface))) == (2, 1)
    size = 80
    assert len(whole.text) > size * 2.7
    assert len(cut(preface, size=size)) > 1


def test_points_that_overlap_leave_each_character_in_one_passage() -> None:
    text = f"题目\n一、街巷\n甲：{SENTENCE * 6}"
    whole = document(text)
    starts = [text.index("甲：") + at * len(SENTENCE) for at in range(4)]
    points = [
        Point(numeral=numeral, marker=numeral, start=start, end=end)
        for numeral, start, end in [
            ("一", starts[0], starts[2]),
            ("二", starts[1], starts[3]),
            ("三", starts[2], starts[3]),
        ]
    ]
    passages = cut(replace(whole, points=tuple(points)))
    check(whole, passages)
    assert [one.point for one in passages] == [None, "一", "三", None]


def test_a_name_that_is_taken_is_not_given_again() -> None:
    names, taken = _Names(), _Names()
    taken._used.add(names.new("甲"))
    assert taken.new("甲") == names.new("甲")  # as if the same text stood there before


def test_sizes_come_near_what_is_asked_for() -> None:
    text = "题目\n" + "\n".join(SENTENCE * 4 for _ in range(30))
    for size in (80, 150, 300):
        lengths = [len(one.text) for one in cut(document(text), size=size)]
        assert abs(sum(lengths) / len(lengths) - size) < size * 0.3
        assert max(lengths) <= size * 1.75 + 40


def test_an_overlong_sentence_is_cut_at_clauses_or_where_nothing_parts_it() -> None:
    long = "，".join(f"第{number}项工作按期完成" for number in range(60)) + "。"
    passages = cut(document(f"题目\n开头说明。\n{long}"))
    check(document(f"题目\n开头说明。\n{long}"), passages)
    assert all(one.text.endswith(("，", "。")) for one in passages)
    solid = document("题目\n开头。\n" + "字" * 3000)
    check(solid, cut(solid))
    assert max(len(one.text) for one in cut(solid)) <= 262


def test_a_line_broken_by_a_lost_link_stays_in_one_sentence() -> None:
    text = f"题目\n开头说明。\n{SENTENCE * 3}以PM\n2.5\n浓度下降为主线，守护蓝天。{SENTENCE * 3}"
    assert any("以PM\n2.5\n浓度下降为主线，守护蓝天。" in one.text for one in cut(document(text)))


def test_unchanged_text_keeps_its_name_when_other_text_changes() -> None:
    before = {one.text: one.id for one in cut(document(SPEECH))}
    after = {one.text: one.id for one in cut(document(SPEECH.replace("88条", "99条")))}
    kept = before.keys() & after.keys()
    assert len(kept) == len(before) - 1
    assert all(before[text] == after[text] for text in kept)
    assert all(re.fullmatch(r"[a-z2-7]{10}-[a-z2-7]{8}", name) for name in before.values())


def test_the_prefix_says_whose_passage_it_is() -> None:
    whole = document(SPEECH)
    passage = cut(whole)[0]

    def head(title: str, genre: Genre, place: str | None = "台州市", year: int | None = 2031) -> Document:
        return Document(id="", source="", text="", title=title, genre=genre, place=place, year=year)

    labels = [
        (head("题", Genre.SPEECH), "台州市："),
        (head("题", Genre.REPORT), "台州市2031年："),
        (head("街巷条例", Genre.REGULATION), "街巷条例："),
        (head("2031年全国报告", Genre.REPORT, place=None), "2031年全国报告："),
        (head("摘编", Genre.PREFACE, place=None), ""),
        (head("题" * 24, Genre.REGULATION), "题" * 24 + "："),
        (head("题" * 25, Genre.REGULATION), "台州市："),
        (head("题" * 25, Genre.REGULATION, place=None), ""),
        (head("题", Genre.REPORT, year=None), "台州市："),
    ]
    assert [prefixed(passage, one) for one, _ in labels] == [label + passage.text for _, label in labels]


def test_understanding_counts_documents_sections_points_and_passages(shared: Path) -> None:
    documents = parse(read(shared / "corpus" / "2021-wenming-peixun-3.txt"), gazetteer=GAZETTEER)
    told = statistics_of(documents)
    assert (told.documents, told.sections, told.points) == (5, 15, 12)
    assert told.passages == sum(len(cut(one)) for one in documents)
    assert [one.sections for one in told.parts] == [0, 4, 4, 4, 3]
    assert told == statistics_of(documents, [one for whole in documents for one in cut(whole)])
    assert told.parts[1].date == "2021"


PIECE = st.sampled_from(
    ["一、甲", "二、乙", "（一）丙。", "1.丁", "第一条 ", "一是", "二是", "三是", "首先", "其次", SENTENCE,
     "字" * 70, "，", "。", "；", "：", "“", "”", "\n", "\n\n", "\u3000\u3000", "\u00a0", "# 题",
     "吉林省吉林市", "台州市", "附件1", "x" * 30, "\u200b", "\U0001f600"]
)  # fmt: skip


@given(st.lists(PIECE, max_size=40).map("".join), st.integers(40, 300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_cut_whole(text: str, size: int) -> None:
    source = Source(key="x.txt", text=text, digest="", media="text/plain")
    for whole in parse(source, gazetteer=GAZETTEER):
        check(whole, cut(whole, size=size))
        assert crosses(cut(whole, size=size), whole) == []


ODD = ["字", "一是", "“", "，", "甲。", "\u3000\u3000字", "一、", "1.", "（一）", "——", "第一条 "]


@pytest.mark.parametrize("piece", ODD)
def test_odd_long_lines_are_cut_whole(piece: str) -> None:
    source = Source(key="x", text=piece * 20_000 + "字", digest="", media="text/plain")
    for whole in parse(source, gazetteer=GAZETTEER):
        check(whole, cut(whole))
