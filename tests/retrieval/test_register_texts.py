"""The register over real reports and rules: every row stands where it says, and changes with its words."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from retrieval.facts.figures import figures_of
from retrieval.facts.models import FigureKind
from retrieval.facts.policy_actions import measures_of
from retrieval.facts.sentence_reading import readings
from retrieval.loaders.load import files, read
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.places.gazetteer import Gazetteer
from retrieval.quantities import Bound, figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document, Passage

SAMPLE = 500
SPOKEN = "二三四五六七八九"


@cache
def documents(folder: Path) -> list[tuple[Document, Sequence[Passage]]]:
    gazetteer = Gazetteer()
    texts = (one for path in files([folder]) for one in parse(read(path), gazetteer=gazetteer, options={}))
    return [(document, cut(document)) for document in texts]


@pytest.fixture
def gov(shared: Path) -> list[tuple[Document, Sequence[Passage]]]:
    return documents(shared / "data" / "gov")


def rows_of(document: Document, passages: Sequence[Passage]) -> list[FigureRow]:
    return [row for sentence in readings(document, passages) for row in figures_of(sentence)]


def anew(document: Document, passage: Passage, row: FigureRow, words: str) -> list[FigureRow]:
    """Read a row's passage once more with other words in the place of the figure's."""
    at, end = row.start - passage.start, row.end - passage.start
    text = passage.text[:at] + words + passage.text[end:]
    changed = replace(passage, text=text, end=passage.start + len(text))
    return rows_of(document, [changed])


def sampled(gov: list[tuple[Document, Sequence[Passage]]]) -> list[tuple[Document, Passage, FigureRow]]:
    found = []
    for document, passages in gov:
        named = {passage.id: passage for passage in passages}
        found += [(document, named[row.passage], row) for row in rows_of(document, passages)]
    return random.Random(7).sample(found, SAMPLE)


def test_every_row_stands_verbatim_at_its_offsets(gov) -> None:
    count = 0
    for document, passages in gov:
        named = {passage.id: passage for passage in passages}
        for row in rows_of(document, passages):
            passage, text = named[row.passage], document.text
            within = passage.text[row.start - passage.start : row.end - passage.start]
            assert text[row.start : row.end] == within != ""
            assert passage.start <= row.sentence[0] <= row.clause[0] <= row.start
            assert row.end <= row.clause[1] <= row.sentence[1] <= passage.end
            assert re.search(r"[\d一二两三四五六七八九十百千万亿半几数]", within)
            count += 1
    assert count > 2_500


def test_every_measure_stands_verbatim_at_its_offsets(gov) -> None:
    count = 0
    for document, passages in gov:
        named = {passage.id: passage for passage in passages}
        for row in (r for sentence in readings(document, passages) for r in measures_of(sentence)):
            passage = named[row.passage]
            words = document.text[row.start : row.end]
            assert passage.text[row.start - passage.start : row.end - passage.start] == words
            assert row.sentence[0] <= row.start < row.end <= row.sentence[1]
            assert all(figure in words for figure in row.figures)
            count += 1
    assert count > 5_000


def test_a_rows_value_is_that_of_its_own_words(gov) -> None:
    wrong = []
    for document, _, row in sampled(gov):
        words = document.text[row.start : row.end]
        alone = figures(words, every=True)
        if row.kind is not FigureKind.NAME and not (alone and alone[0].value == row.value):
            wrong.append((words, row.value))
    assert len(wrong) <= SAMPLE // 100, wrong


def test_a_changed_digit_gives_another_value(gov) -> None:
    chance = random.Random(11)
    kept = []
    for document, passage, row in sampled(gov):
        words = document.text[row.start : row.end]
        spots = [m.start() for m in re.finditer(r"[1-9]|[二三四五六七八九]", words)]
        if row.kind is FigureKind.NAME or not spots:
            continue
        at = chance.choice(spots)
        among = "123456789" if words[at].isascii() else SPOKEN
        other = words[:at] + chance.choice([d for d in among if d != words[at]]) + words[at + 1 :]
        if other == words:
            continue
        same = [r for r in anew(document, passage, row, other) if r.start == row.start]
        kept += [(words, other) for r in same if (r.value, r.high) == (row.value, row.high)]
    assert kept == []


def test_another_unit_gives_another_unit(gov) -> None:
    kept = []
    for document, passage, row in sampled(gov):
        words = document.text[row.start : row.end]
        if row.kind is FigureKind.NAME or not row.unit or not words.endswith(row.unit):
            continue
        other = words.removesuffix(row.unit) + ("公里" if row.unit != "公里" else "亿元")
        if other == words or row.unit in other:  # 4.5%—5%: the lower bound has a unit of its own
            continue
        same = [r for r in anew(document, passage, row, other) if r.start == row.start]
        kept += [(words, other) for r in same if r.unit == row.unit]
    assert kept == []


def test_a_bound_goes_with_its_word(gov) -> None:
    kept = []
    for document, passage, row in sampled(gov):
        words = document.text[row.start : row.end]
        if row.bound is Bound.EXACT or row.kind is FigureKind.NAME:
            continue
        other = re.sub(
            "余|多(?!个)|近|约|左右|以上|以下|以内|超过?|突破|不低于|不超过|高于|低于|不少于|达到", "", words
        )
        if other == words:
            continue
        same = [r for r in anew(document, passage, row, other) if r.value == row.value and r.unit == row.unit]
        kept += [(words, other) for r in same if r.start == row.start and r.bound == row.bound != Bound.ABOUT]
    assert kept == []


def test_no_row_outlives_its_words(gov) -> None:
    kept = []
    for document, passage, row in sampled(gov):
        words = document.text[row.start : row.end]
        left = anew(document, passage, row, "")
        kept += [words for r in left if r.start == row.start and r.end == row.end and r.value == row.value]
    assert kept == []


def test_rows_are_of_the_place_that_their_document_speaks_for(gov) -> None:
    for document, passages in gov[:6]:
        moved = replace(document, place="清河市")
        assert {row.place for row in rows_of(moved, passages)} <= {"清河市"}
