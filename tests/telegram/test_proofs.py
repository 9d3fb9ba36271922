"""Passages folded under the sentences that rest on them, in whatever room there is."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from stage import markup, rich
from stage.spec import units
from stage.texts import SENTENCES, library_of

from answering.values.answer import Answer, Outcome, Shape, Statement
from bot.presentation.rendering import BlockKind, TextStyle
from bot.telegram.formatting import html
from bot.telegram.views.proofs import LEAST, proved, proved_richly


def folded(blocks):
    return [one for one in blocks if one.kind is BlockKind.FOLD]


@pytest.mark.parametrize("count", [1, 5, 40, 300])
@pytest.mark.parametrize("length", [20, 400, 3000])
def test_whatever_is_cited_the_answer_stays_within_limits_and_every_fold_shows_its_words(count, length):
    library = library_of(sentences=[f"第{at:03d}条{'清' * length}。" for at in range(count)])
    quotes = [one.text[:12] for one in library.cut]
    blocks = proved(library, library.quoted("都说了什么？", *quotes))
    pages = html.messages(blocks)
    assert all(len(page.encode()) <= 32_768 for page in pages)
    assert len(pages) == 1 or count > 24
    shown = [run.text for one in folded(blocks) for run in one.runs if run.style is TextStyle.CITED]
    assert shown == quotes[: len(shown)]
    assert len(shown) == count or count > 24


def test_a_passage_cited_twice_is_folded_once_under_the_first_sentence():
    library = library_of()
    answer = library.quoted("停车泊位建了多少？", SENTENCES[0])
    answer = replace(answer, statements=answer.statements * 2)
    blocks = proved(library, answer)
    assert len(folded(blocks)) == 2
    assert blocks[-1].text == f"{SENTENCES[0]}[1]"


def test_a_passage_is_folded_under_the_row_that_rests_on_it_alone_and_not_under_the_sum():
    library = library_of()
    answer = library.quoted("一共多少？", *SENTENCES[:2])
    total = Statement(text="合计两项", citations=(1, 2))
    blocks = proved(library, replace(answer, statements=(total, *answer.statements)))
    assert [one.kind is BlockKind.FOLD for one in blocks] == [False, False, True, True, False, True, True]


def test_the_members_of_a_list_from_one_passage_have_it_once_under_the_last():
    library = library_of(sentences=["三件事：修路12公里；种树3万株；", "建桥4座。"])
    first, second = library.cut[:2]
    answer = library.quoted("做了什么？", "修路12公里", "种树3万株", "建桥4座")
    assert [one.passage for one in answer.citations] == [first.id, first.id, second.id]
    blocks = proved(library, answer)
    kinds = [one.kind is BlockKind.FOLD for one in blocks]
    assert kinds == [False, False, True, True, False, True, True]
    assert blocks[2].text.startswith("[1][2] ")
    cited = [run.text for run in blocks[3].runs if run.style is TextStyle.CITED]
    assert cited == ["修路12公里", "种树3万株"]


def test_a_passage_that_is_cited_again_further_down_is_shown_once_and_referred_to():
    library = library_of(sentences=["修路12公里；种树3万株；", "建桥4座。"])
    blocks = proved(library, library.quoted("做了什么？", "修路12公里", "建桥4座", "种树3万株"))
    folds = [one.text for one in folded(blocks)]
    assert len(folds) == 5
    assert folds[-1].startswith("[3] ")
    assert folds[-1].endswith("（同[1]）")


def test_a_sum_that_cites_a_passage_under_its_first_number_has_no_other_fold_for_it():
    library = library_of(sentences=["修路12公里；种树3万株；", "建桥4座。"])
    answer = library.quoted("做了什么？", "修路12公里", "建桥4座", "种树3万株")
    total = Statement(text="三件事", citations=(1, 2, 3))
    shown = proved(library, replace(answer, statements=(total, *answer.statements[:2])))
    assert [one.kind is BlockKind.FOLD for one in shown] == [False, False, True, True, False, True, True]


def test_where_no_room_is_left_the_number_alone_stays():
    library = library_of()
    answer = library.quoted("都说了什么？", *SENTENCES)
    spent = sum(units(one) + 6 for one in SENTENCES)
    assert folded(proved(library, answer, room=spent + LEAST - 20)) == []
    assert 0 < len(folded(proved(library, answer, room=spent + LEAST + 40))) < 6


def test_a_text_that_tells_another_again_says_so_where_it_proves():
    library = library_of()
    library.held[0] = replace(library.held[0], restated=True)
    where, _ = folded(proved(library, library.quoted("停车泊位建了多少？", SENTENCES[0])))
    assert where.text == "[1] 清河市 · 2021年 · 《把一座城过成一家人》（本文是转述，不是原文）"


def test_a_passage_that_is_gone_leaves_the_words_that_were_cited():
    library = library_of()
    answer = library.quoted("停车泊位建了多少？", SENTENCES[0])
    library.cut.clear()
    assert folded(proved(library, answer))[-1].text == SENTENCES[0]


ODD = (
    "<b>",
    "&lt;",
    "</blockquote>",
    "\U0001f469\u200d\U0001f52c",
    "\n\n",
    "“引”",
    "停车泊位",
    "3.2%",
    "\x07",
    "a" * 90,
)


def made(chance: random.Random) -> tuple[object, Answer]:
    """Make a library and an answer of it, by chance."""
    words = ["".join(chance.choices(ODD, k=chance.randint(1, 25))) for _ in range(chance.randint(1, 9))]
    library = library_of(sentences=[f"第{at}条{one}。" for at, one in enumerate(words)])
    quotes = [one.text[: chance.randint(3, len(one.text))] for one in library.cut]
    answer = library.quoted("怎么样？", *quotes)
    statements = tuple(
        Statement(
            text="".join(chance.choices(ODD, k=chance.randint(1, 30))),
            lead=chance.choice(("", "清河市", "<i>")),
            level=chance.randint(0, 1),
            citations=tuple(sorted(chance.sample(range(1, len(quotes) + 1), chance.randint(0, len(quotes))))),
        )
        for _ in range(chance.choice((1, 2, 5, 12)))
    )
    shape = chance.choice(list(Shape))
    return library, replace(answer, outcome=Outcome.COMPUTED, statements=statements, shape=shape)


def test_two_thousand_answers_by_chance_keep_within_the_limits_in_both_forms():
    """Telegram's server reads each of them: HTML in messages, and the rich message where there is one."""
    chance, whole = random.Random(17), 0
    for _ in range(2000):
        library, answer = made(chance)
        for page in html.messages(proved(library, answer)):
            text, entities = markup.parse(page)
            assert 0 < units(text) <= 4096
            assert len(page.encode()) <= 32_768
            assert len(entities) <= 100
        if told := proved_richly(library, answer):
            whole += 1
            tree, _ = rich.read(json.dumps({"html": told}))
            assert len(tree.all("details")) <= len(answer.citations)
    assert whole > 1500
