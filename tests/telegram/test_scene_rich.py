"""Scenes of rich messages: where Telegram takes them, and what is there where it does not."""

from __future__ import annotations

import json

import pytest
from stage.faults import OddAnswer
from stage.people import MENTION
from stage.proxy import shown
from stage.texts import SENTENCES

from answering.values.answer import Answer, Outcome, Shape, Statement

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
WHERE = "清河市 · 2021年 · 《把一座城过成一家人》"


async def test_a_rich_answer_refers_to_passages_that_unfold_in_it(stage):
    stage.proxy.rich = set()
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
    tree = answer["tree"]
    assert [one.text for one in tree.parts()[::2]] == [f"{one}[{n}]" for n, one in enumerate(SENTENCES, 1)]
    assert [one.text for one in tree.all("summary")] == [f"[{n}] {WHERE}" for n in (1, 2, 3)]
    assert [one.text for one in tree.all("mark")] == list(SENTENCES)
    assert [one.given["href"] for one in tree.all("a")] == ["#s1", "#s2", "#s3"]
    assert shown(answer) == [["[1]", "[2]", "[3]", "分享"]]
    assert stage.proxy.made("sendMessage") == []


async def test_a_source_of_a_rich_answer_opens_in_it_and_folds_to_what_it_was(stage):
    stage.proxy.rich = set()
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        answer = await room.hears()
        card = await room.opens("[2]", on=answer)
        assert "一、从小事做起" in card["text"]
        folded = await room.opens("收起", on=card)
    assert folded["rich_message"] == answer["rich_message"]
    assert len(room.said()) == 1


async def test_a_comparison_is_a_table_with_a_column_of_years_and_its_passages_below(stage):
    stage.proxy.rich = set()
    room = stage.room()
    cited = tuple(stage.library.cite(n, quote) for n, quote in ((1, "一万二千个"), (2, "三千余处")))
    stage.answerer.script = lambda question: Answer(
        question=question,
        outcome=Outcome.COMPUTED,
        shape=Shape.TABLE,
        statements=tuple(
            Statement(lead=lead, text=one.quote, citations=(one.number,))
            for lead, one in zip(("泊位", "楼道"), cited, strict=True)
        ),
        citations=cited,
    )
    async with stage.running():
        await room.says("比一比")
        tree = (await room.hears())["tree"]
    assert [[cell.text for cell in row.parts()] for row in tree.all("tr")] == [
        ["泊位", "一万二千个", "2021年", "[1]"],
        ["楼道", "三千余处", "2021年", "[2]"],
    ]
    assert [one.tag for one in tree.parts()] == ["table", "details", "details"]


async def test_a_server_without_rich_messages_is_asked_once_and_gets_html_from_then_on(stage):
    first, second = stage.room(), stage.room()
    async with stage.running():
        for room in (first, second, first):
            await room.says("停车泊位建了多少？")
            assert "expandable_blockquote" in [one["type"] for one in (await room.hears())["entities"]]
    async with stage.running():
        await second.says("那志愿者呢？")
        await second.hears()
    assert len(stage.proxy.made("sendRichMessage")) == 1
    assert len(first.said() + second.said()) == 4


async def test_a_chat_that_refuses_is_remembered_and_others_go_on(stage):
    plain, other = stage.room(), stage.room()
    stage.proxy.rich = {other.id}
    async with stage.running():
        for room in (plain, other, plain):
            await room.says("停车泊位建了多少？")
            await room.hears()
    assert ["rich_message" in one for one in (*plain.said(), *other.said())] == [False, False, True]
    assert len(stage.proxy.made("sendRichMessage")) == 2


async def test_marks_of_html_reach_a_rich_message_as_words(stage):
    stage.proxy.rich = set()
    room = stage.room()
    words = "<b>泊位</b> & <a href='#s9'>一万</a></p><script>"
    stage.answerer.script = lambda question: Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        statements=(Statement(text=words, citations=(1,)),),
        citations=(stage.library.cite(1, "一万二千个"),),
    )
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
    assert answer["tree"].parts()[0].text == f"{words}[1]"
    (call,) = stage.proxy.made("sendRichMessage")
    assert json.loads(call.given["rich_message"])["skip_entity_detection"] is True


async def test_what_goes_beyond_a_rich_message_comes_in_parts(stage):
    stage.proxy.rich = set()
    room = stage.room()
    stage.answerer.script = lambda question: Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        statements=tuple(Statement(text=f"第{n}条，" + "好" * 100) for n in range(200)),
    )
    async with stage.running():
        await room.says("说下去")
        parts = [await room.hears() for _ in range(6)]
    assert stage.proxy.made("sendRichMessage") == []
    assert parts[-1]["text"].splitlines()[-1].startswith("第199条")


@pytest.mark.parametrize(
    ("method", "result"),
    [
        *(("sendRichMessage", one) for one in (True, "ok", {}, [1], {"message_id": "7"}, None)),
        ("sendMessage", True),  # of others the library itself makes something
    ],
)
async def test_an_answer_of_an_odd_shape_loses_and_doubles_nothing(stage, method, result):
    """Telegram said that it took the message; nothing more is known of it, and it is not sent again."""
    stage.proxy.rich = set() if method == "sendRichMessage" else None
    stage.proxy.play(OddAnswer(method=method, result=result))
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(room.said()) == 2
    assert len(stage.proxy.made(method)) == 2
