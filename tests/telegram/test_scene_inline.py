"""Scenes of inline mode: passages while one types in any chat, and an answer made where it was asked for."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from dataclasses import replace

import pytest
from stage.faults import Cut
from stage.inline import STALE, Field
from stage.people import Person, bold
from stage.proxy import shown
from stage.spec import units
from stage.texts import SENTENCES, library_of

from bot.store import Store
from bot.telegram.views.inline_results import InlinePassageFinder
from retrieval.values.documents import Hit

ANSWER, OPEN, FULL = "💬 生成回答", "在城问里打开", "📖 全文"


class Search:
    """Finds every passage that shares a character with the query, in order; remembers what was sought."""

    def __init__(self, library):
        self.library = library
        self.sought = []

    def __call__(self, text, *, k):
        self.sought.append(text)
        hits = [one for one in self.library.cut if set(one.text) & set(text)]
        document = self.library.held[0]
        return [Hit(passage=one, document=document, score=1.0) for one in hits[:k]]


class Suggested:
    """Knows what to begin with, and nothing to go on with."""

    def to_start(self, said):
        return ("停车泊位建了多少？", "志愿者有多少？")

    def ready(self, answer, said):
        return ()


class Pages:
    def passage(self, passage):
        return f"https://read.example.org/p/{passage}"


@pytest.fixture
def search(stage):
    search = Search(stage.library)
    stage.parts["finders"] = (InlinePassageFinder(search),)
    stage.suggestions = Suggested()
    return search


@pytest.fixture
def field(stage):
    return Field(stage.proxy, Person())


def buttons(message):
    rows = message["reply_markup"]["inline_keyboard"]
    return {one["text"]: one.get("url") or one.get("callback_data") for row in rows for one in row}


async def test_passages_are_offered_at_once_with_where_they_stand_and_without_asking_for_an_answer(
    stage, search, field
):
    stage.parts["links"] = Pages()
    async with stage.running():
        offered = await field.asks("停车")
    asking, *passages = offered["results"]
    assert asking["title"] == "生成回答：停车"
    assert [one["title"] for one in passages] == ["清河市 · 《把一座城过成一家人》 · 2021-06-03"]
    (passage,) = passages
    assert passage["description"] == SENTENCES[0]
    text = passage["shown"]["text"]
    assert text.startswith("清河市 · 《把一座城过成一家人》 · 2021-06-03\n一、从小事做起")
    assert text.endswith(SENTENCES[0])
    assert buttons(passage["shown"]) == {
        OPEN: "https://t.me/chengwen_test_bot?start=s_abcdefgh23-pppppp00",
        FULL: "https://read.example.org/p/abcdefgh23-pppppp00",
    }
    assert offered.get("is_personal", "false") == "false"
    assert int(offered["cache_time"]) > 0
    assert stage.answerer.asked == []


async def test_what_is_offered_shows_first_the_clause_that_was_sought(stage, field):
    stage.library = library_of(sentences=["今年修了三条路，新建停车泊位一万二千个。桥也通了。"])
    stage.parts["finders"] = (InlinePassageFinder(Search(stage.library)),)
    async with stage.running():
        sought = await field.asks("停车泊位")
        other = await field.asks("今年")
    assert sought["results"][1]["description"] == "…新建停车泊位一万二千个。桥也通了。"
    assert other["results"][1]["description"].startswith("今年修了三条路")


async def test_only_the_newest_query_of_somebody_who_types_is_looked_up(stage, search, field):
    other = Field(stage.proxy, Person())
    stage.patience = replace(stage.patience, keys=0.3)
    async with stage.running():
        passed = [await field.types(text) for text in ("停", "停车", "停车泊")]
        theirs = await other.types("志愿")
        last = await field.types("停车泊位")
        await field.sees(last)
        await other.sees(theirs)
    assert sorted(search.sought) == ["停车泊位", "志愿"]
    assert not set(passed) & set(stage.proxy.inline.answers)


async def test_who_waited_too_long_for_their_turn_is_not_looked_up_any_more(stage, field):
    gate, sought, begun, loop = threading.Event(), [], asyncio.Queue(), asyncio.get_running_loop()

    def slowly(text, _said):
        sought.append(text)
        loop.call_soon_threadsafe(begun.put_nowait, text)
        gate.wait(10)
        return []

    stage.parts["finders"] = (slowly,)
    stage.patience = replace(stage.patience, keys=0.0, glance=0.2)
    others = [Field(stage.proxy, Person()) for _ in range(2)]
    async with stage.running():
        first = [await one.types("停车") for one in others]
        for _ in others:
            await begun.get()
        await field.types("志愿")
        await asyncio.sleep(0.5)
        gate.set()
        for query in first:
            await stage.proxy.until(lambda: query in stage.proxy.inline.answers)  # noqa: B023
        assert (await field.asks("志愿者"))["results"] == []
    assert sought == ["停车", "停车", "志愿者"]


async def test_before_anything_is_typed_examples_are_offered_in_ones_own_language(stage, search, field):
    english = Field(stage.proxy, Person(language_code="en"))
    async with stage.running():
        offered = await field.asks("  ")
        theirs = await english.asks("")
    assert [one["title"] for one in offered["results"]] == [
        "生成回答：停车泊位建了多少？",
        "生成回答：志愿者有多少？",
    ]
    assert theirs["results"][0]["title"].startswith("Answer: ")
    assert offered["is_personal"] == "true"
    assert search.sought == []


async def test_a_query_of_256_characters_is_answered_like_any_other(stage, search, field):
    async with stage.running():
        offered = await field.asks("停车" * 128)
        message = field.sends(offered["results"][0])
        await field.taps(ANSWER, message)
        await field.becomes(message, SENTENCES[0])
    assert len(offered["results"]) == 2
    assert stage.answerer.asked == ["停车" * 128]


async def test_more_is_offered_page_by_page(stage, field):
    stage.library = library_of(sentences=[f"第{at}条，停车。" for at in range(25)])
    stage.parts["finders"] = (InlinePassageFinder(Search(stage.library)),)
    names, offset = [], ""
    async with stage.running():
        while True:
            offered = await field.asks("停", offset=offset)
            names += [one["id"] for one in offered["results"]]
            offset = offered["next_offset"]
            if not offset:
                break
    assert len(names) == len(set(names)) == 26


async def test_an_endless_passage_is_offered_within_the_limits(stage, field):
    stage.library = library_of(sentences=["停车，" * 5000 + "完。"])
    stage.parts["finders"] = (InlinePassageFinder(Search(stage.library)),)
    async with stage.running():
        offered = await field.asks("停车")
    assert all(units(one["shown"]["text"]) <= 4096 for one in offered["results"])


async def test_a_stale_query_and_a_broken_search_are_nobodys_trouble(stage, search, field, caplog):
    stage.proxy.expected = STALE
    broken = [RuntimeError("internal detail")]
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def sometimes(text, said):
        if text == "坏":
            loop.call_soon_threadsafe(begun.set)
            raise broken[0]
        return InlinePassageFinder(search)(text, said)

    stage.parts["finders"] = (sometimes,)
    async with stage.running():
        await field.types("停车", stale=True)
        await stage.proxy.until(lambda: stage.proxy.made("answerInlineQuery"))
        await field.types("坏")
        await begun.wait()
        assert (await field.asks("停车泊位"))["results"]
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == broken


async def test_queries_pass_by_the_inbox_and_do_not_wait_for_answers(stage, search, field):
    room = stage.room(person=field.person)
    stage.answerer.gate.clear()
    async with stage.running():
        await room.says("慢慢想")
        await stage.answerer.begun.wait()
        await field.asks("停车")
        stage.answerer.gate.set()
        await room.hears()


async def test_queries_and_taps_come_in_by_webhook_too(stage, search, field):
    stage.webhook()
    async with stage.running():
        message = field.sends((await field.asks("停车泊位建了多少？"))["results"][0])
        await field.taps(ANSWER, message)
        await field.becomes(message, SENTENCES[0])


async def test_an_answer_is_made_in_the_chat_where_its_question_was_sent(stage, search, field):
    async with stage.running():
        offered = await field.asks("停车泊位建了多少？")
        message = field.sends(offered["results"][0])
        before = stage.proxy.inline.messages[message]
        assert before["text"] == "问：停车泊位建了多少？"
        await field.taps(ANSWER, message, by=Person(first_name="旁人"))
        answer = await field.becomes(message, SENTENCES[0])
    assert answer["text"].splitlines()[1] == f"{SENTENCES[0]}[1]"
    assert bold(answer)[0] == "问：停车泊位建了多少？"
    assert shown(answer) == [["[1]", "[2]", "[3]"]]
    start = buttons(answer)["[2]"].removeprefix("https://t.me/chengwen_test_bot?start=")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start)
    room = stage.room(person=Person())
    async with stage.running():
        await room.says(f"/start {start}")
        card = await room.hears()
        await room.says("/start c_nothing_1")
        assert "找不到" in (await room.hears())["text"]
    assert bold(card)[-1] == SENTENCES[1]
    assert shown(card)[-1] == ["📋 复制", "👍", "👎"]
    assert stage.answerer.histories == [()]


async def test_a_question_that_is_chosen_is_answered_without_a_tap(stage, search, field):
    """Where Telegram tells of it; a tap beside it makes no second answer, and a passage is left as it is."""
    stage.answerer.gate.clear()
    async with stage.running():
        offered = await field.asks("停车泊位建了多少？")
        message = await field.chooses(offered["results"][0])
        await stage.proxy.until(lambda: stage.answerer.writing)
        await field.taps(ANSWER, message)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
        stage.answerer.gate.set()
        answer = await field.becomes(message, SENTENCES[0])
        passage = await field.chooses(offered["results"][1])
        again = await field.asks("停车泊位建了多少？")
        await field.becomes(await field.chooses(again["results"][0]), SENTENCES[0])
    assert shown(answer) == [["[1]", "[2]", "[3]"]]
    assert stage.proxy.inline.messages[passage] == offered["results"][1]["shown"]
    assert len(stage.answerer.writing) == 2


async def test_for_what_no_text_has_nothing_is_offered(stage, field):
    stage.parts["finders"] = (InlinePassageFinder(lambda text, k: ()),)
    async with stage.running():
        assert (await field.asks("紫色的长颈鹿"))["results"] == []


async def test_two_who_tap_get_one_answer_and_see_that_it_is_being_made(stage, search, field):
    stage.answerer.gate.clear()
    async with stage.running():
        message = field.sends((await field.asks("停车泊位建了多少？"))["results"][0])
        for person in (Person(), Person()):
            await field.taps(ANSWER, message, by=person)
        await field.becomes(message, "正在查材料")
        stage.answerer.gate.set()
        await field.becomes(message, SENTENCES[0])
        await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 2)
    assert len(stage.answerer.asked) == 1


async def test_a_failure_is_told_where_it_was_asked_and_can_be_tried_again(stage, search, field, caplog):
    script = stage.answerer.script

    def broken(question):
        raise ZeroDivisionError("internal detail")

    stage.answerer.script = broken
    async with stage.running():
        message = field.sends((await field.asks("停车泊位建了多少？"))["results"][0])
        await field.taps(ANSWER, message)
        told = await field.becomes(message, "问：停车泊位建了多少？\n")
        (record,) = [record for record in caplog.records if record.exc_info]
        assert record.getMessage().split()[-1] in told["text"]
        assert "internal detail" not in told["text"]
        stage.answerer.script = script
        await field.taps(ANSWER, message)
        await field.becomes(message, SENTENCES[0])


async def test_the_button_works_after_a_restart_and_says_so_when_its_question_is_forgotten(
    stage, search, field
):
    async with stage.running():
        offered = await field.asks("停车泊位建了多少？")
    message, other = (field.sends(offered["results"][0]) for _ in range(2))
    async with stage.running():
        await field.taps(ANSWER, message)
        await field.becomes(message, SENTENCES[0])
    store = Store.open(stage.home / "bot.db")
    assert store.typed.prune(1e12) == 1
    store.close()
    async with stage.running():
        await field.taps(ANSWER, other)
        await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 2)
    assert "找不到" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]


async def test_an_edit_that_may_have_arrived_is_made_again(stage, search, field):
    stage.proxy.play(Cut(method="editMessageText", delivered=True))
    stage.proxy.expected = "not modified"
    async with stage.running():
        message = field.sends((await field.asks("停车泊位建了多少？"))["results"][0])
        await field.taps(ANSWER, message)
        await stage.proxy.until(lambda: len(stage.proxy.made("editMessageText")) == 2)
    assert SENTENCES[0] in stage.proxy.inline.messages[message]["text"]


async def test_an_answer_longer_than_a_message_leads_on_to_the_bot(stage, field):
    stage.library = library_of(sentences=[f"第{at:03d}条，{'清' * 42}。" for at in range(202)])
    library = stage.library
    stage.answerer.script = lambda question: library.quoted(question, *(one.text for one in library.cut))
    stage.parts["finders"] = (InlinePassageFinder(Search(library)),)
    async with stage.running():
        message = field.sends((await field.asks("全部说清"))["results"][0])
        await field.taps(ANSWER, message)
        answer = await field.becomes(message, "第000条")
    rows = shown(answer)
    assert sum(map(len, rows)) <= 100
    assert rows[-1] == ["到城问里接着看"]
    assert json.dumps(rows)


async def test_a_closed_bot_offers_and_makes_nothing_for_whoever_may_not_use_it(stage, search, field):
    friend = Field(stage.proxy, Person())
    stage.more |= {"TELEGRAM_MODE": "closed", "TELEGRAM_ALLOWED": str(friend.person.id)}
    async with stage.running():
        nothing = await field.asks("停车")
        offered = await friend.asks("停车")
        message = friend.sends(offered["results"][0])
        await field.taps(ANSWER, message)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
        assert "指定的人" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]
        await friend.taps(ANSWER, message)
        await friend.becomes(message, SENTENCES[0])
    assert nothing["results"] == []
    assert len(offered["results"]) == 2
    assert offered["is_personal"] == "true"
    assert len(stage.answerer.asked) == 1


async def test_an_answer_counts_against_what_whoever_taps_may_ask(stage, search, field):
    stage.more["TELEGRAM_PERSON_DAY"] = "1"
    async with stage.running():
        offered = await field.asks("停车泊位建了多少？")
        first, second = (field.sends(offered["results"][0]) for _ in range(2))
        await field.taps(ANSWER, first)
        await field.becomes(first, SENTENCES[0])
        await field.taps(ANSWER, second)
        await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 2)
    assert "1" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]
    assert stage.proxy.inline.messages[second]["text"] == "问：停车泊位建了多少？"
    assert len(stage.answerer.asked) == 1


async def test_help_and_privacy_tell_of_it_only_where_it_is_on(stage):
    room = stage.room()
    for is_on in (True, False):
        stage.proxy.me["supports_inline_queries"] = is_on
        async with stage.running():
            await room.says("/help")
            assert ("在任何聊天里写 @chengwen_test_bot" in (await room.hears())["text"]) is is_on
            await room.says("/privacy")
            assert ("不记是谁打的" in (await room.hears())["text"]) is is_on
