"""Scenes of asking: what a person writes, and what comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stage.people import Person, bold, unfolded
from stage.proxy import shown, sourced
from stage.spec import units
from stage.texts import library_of

from answering.values.answer import Answer, Language, Outcome, Statement, Turn
from bot.messages import messages


async def test_a_greeting_names_the_places_that_are_known(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/start")
        greeting = await room.hears()
    assert "清河市" in greeting["text"]
    assert stage.answerer.asked == []


async def test_a_start_by_a_link_with_a_payload_greets_too(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/start from_a_poster")
        assert "清河市" in (await room.hears())["text"]


async def test_a_question_is_answered_with_numbered_sources_and_a_button_for_each(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？"]
    assert unfolded(answer) == [
        f"{passage.text}[{number}]" for number, passage in enumerate(stage.library.cut, 1)
    ]
    assert sourced(answer) == [["[1]", "[2]", "[3]"]]


async def test_help_and_refusals_speak_the_language_that_a_person_set_in_telegram(stage):
    words = {
        "zh-hans": "直接写下问题",
        "zh-hant": "直接寫下問題",
        "en": "Just write your question",
        "fr": "直接写下问题",
    }
    async with stage.running():
        for code, start in words.items():
            room = stage.room(person=Person(language_code=code))
            await room.says("/help")
            assert (await room.hears())["text"].startswith(start)


async def test_places_are_called_as_the_person_would_call_them(stage):
    room = stage.room(person=Person(language_code="en"))
    stage.library.held[0] = replace(stage.library.held[0], place="延安市")
    async with stage.running():
        for command in ("/start", "/cities"):
            await room.says(command)
            assert "Yan'an (延安市)" in (await room.hears())["text"]


async def test_an_english_question_is_answered_in_an_english_frame(stage):
    room = stage.room()
    stage.answerer.script = lambda question: Answer(
        question=question,
        outcome=Outcome.NOT_IN_CORPUS,
        language=Language.EN,
        reason="weather",
        details={"held": "Qinghe"},
    )
    async with stage.running():
        await room.says("Will it rain in Qinghe?")
        answer = await room.hears()
    assert answer["text"] == messages(Language.EN).say("weather", held="Qinghe")
    assert shown(answer) == []


async def test_every_source_opens_its_passage_with_the_cited_words_in_bold(stage):
    room = stage.room()
    quotes = ["一万二千个", "三千余处", "二十六万人"]
    stage.answerer.script = lambda question: stage.library.quoted(question, *quotes)
    async with stage.running():
        await room.says("都有哪些数字？")
        answer = await room.hears()
        for number, quote in enumerate(quotes, 1):
            card = await room.opens(f"[{number}]", on=answer)
            assert bold(card)[-1] == quote
            assert f"\n[{number}] 清河市" in card["text"]
            for told in ("把一座城过成一家人", "2021-06-03", "一、从小事做起", "（一）把路边的事"):
                assert told in card["text"]
    assert len(room.said()) == 1


async def test_the_neighbours_of_a_passage_are_seen_in_its_place_and_lead_back(stage):
    room = stage.room()
    first, middle, last = (passage.text for passage in stage.library.cut)
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        card = await room.opens("[2]")
        assert shown(card)[1] == ["◀ 上一段", "下一段 ▶"]
        await room.taps("◀ 上一段", on=card)
        card = await room.sees(card)
        assert first in card["text"]
        assert middle not in bold(card)
        assert shown(card)[1] == ["下一段 ▶"]
        await room.taps("[2]", on=card)
        card = await room.sees(card)
        assert bold(card)[-1] == middle
        await room.taps("下一段 ▶", on=card)
        card = await room.sees(card)
        assert last in card["text"]
        assert shown(card)[1] == ["◀ 上一段"]
    assert len(room.said()) == 1


async def test_a_follow_up_is_asked_with_what_was_said_before_and_not_after_new(stage):
    room = stage.room()
    async with stage.running():
        for question in ("清河市建了多少泊位？", "那志愿者呢？", "/new", "再问一个"):
            await room.says(question)
            await room.hears()
    first, second, third = stage.answerer.histories
    assert first == third == ()
    said = "\n".join(f"{passage.text}[{number}]" for number, passage in enumerate(stage.library.cut, 1))
    assert second == (Turn(role="user", content="清河市建了多少泊位？"), Turn(role="assistant", content=said))


async def test_two_people_have_two_conversations(stage):
    async with stage.running():
        for name in ("甲", "乙"):
            room = stage.room(person=Person(first_name=name))
            await room.says("建了多少？")
            await room.hears()
    assert stage.answerer.histories == [(), ()]


@pytest.mark.parametrize(
    "text", ["<b>粗</b>", "a < b && c > d", "&lt;script&gt;", "<", "</b>", "&#60;i>", "[1](x)"]
)
async def test_marks_in_question_and_answer_are_shown_as_they_are_written(stage, text):
    room = stage.room()
    stage.answerer.script = lambda question: Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        statements=(Statement(lead=question, text=question),),
    )
    async with stage.running():
        await room.says(text)
        answer = await room.hears()
    assert answer["text"] == f"{text}：{text}"
    assert bold(answer) == [f"{text}："]


async def test_an_answer_of_ten_thousand_characters_comes_whole_in_parts_with_its_buttons_on_the_last(stage):
    room = stage.room()
    library = stage.library = library_of(sentences=[f"第{at:03d}条，{'清' * 42}。" for at in range(202)])
    stage.answerer.script = lambda question: library.quoted(question, *(one.text for one in library.cut))
    async with stage.running():
        await room.says("全部说来")
        parts = [await room.hears() for _ in range(3)]
        many = await room.opens("…")
        card = await room.opens("[100]", on=many)
        assert library.cut[99].text in card["text"]
    assert "\n".join(part["text"] for part in parts).splitlines() == [
        f"{passage.text}[{number}]" for number, passage in enumerate(library.cut, 1)
    ]
    assert sum(units(part["text"]) for part in parts) > 10_000
    assert [bool(shown(part)) for part in parts] == [False, False, True]
    assert shown(parts[-1]) == [[*(f"[{number}]" for number in range(1, 7)), "…", "分享"]]
    assert {len(row) for row in sourced(many)} == {8, 4}


async def test_one_sentence_of_ten_thousand_characters_is_cut_between_clauses(stage):
    room = stage.room()
    clause = "好" * 99 + "，"
    stage.answerer.script = lambda question: Answer(
        question=question, outcome=Outcome.ANSWERED, statements=(Statement(text=clause * 100),)
    )
    async with stage.running():
        await room.says("说下去")
        parts = [await room.hears() for _ in range(3)]
    assert "".join(part["text"] for part in parts) == clause * 100
    assert all(part["text"].endswith("，") for part in parts)


async def test_the_longest_ids_have_room_in_a_button(stage):
    room = stage.room()
    library = stage.library = library_of("z" * 32)
    stage.answerer.script = lambda question: library.quoted(question, *(one.text for one in library.cut))
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        card = await room.opens("[3]")
        await room.taps("◀ 上一段", on=card)
        assert library.cut[1].text in (await room.sees(card))["text"]


async def test_typing_is_shown_while_an_answer_takes_long(stage):
    room = stage.room()
    stage.answerer.gate.clear()
    async with stage.running():
        await room.says("想久一点")
        await stage.proxy.until(lambda: stage.proxy.made("sendChatAction"))
        assert room.said() == []
        stage.answerer.gate.set()
        await room.hears()
    (typing,) = stage.proxy.made("sendChatAction")
    assert typing.given == {"chat_id": str(room.id), "action": "typing"}


async def test_each_kind_that_can_not_be_read_gets_a_kind_word_of_its_own(stage):
    room = stage.room()
    file = {"file_id": "f", "file_unique_id": "u"}
    look = {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}
    kinds = {
        "语音": {"voice": {**file, "duration": 3}},
        "图片": {"photo": [{**file, "width": 9, "height": 9}]},
        "贴纸": {"sticker": {**file, **look}},
        "文件": {"document": {**file, "file_name": "a.pdf"}},
        "文字": {"location": {"latitude": 43.8, "longitude": 126.5}},
    }
    async with stage.running():
        for word, kind in kinds.items():
            await room.posts(kind)
            told = (await room.hears())["text"]
            assert word in told
            assert "字" in told
    assert stage.answerer.asked == []


async def test_the_words_under_a_picture_are_a_question(stage):
    room = stage.room()
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    async with stage.running():
        await room.posts({"photo": photo, "caption": "停车泊位建了多少？"})
        answer = await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？"]
    assert sourced(answer) == [["[1]", "[2]", "[3]"]]


async def test_an_unknown_command_is_told_so(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/teleport")
        assert "/help" in (await room.hears())["text"]


async def test_a_failure_is_told_with_its_id_and_without_a_trace(stage, caplog):
    room = stage.room()

    def broken(question):
        raise ZeroDivisionError("internal detail")

    stage.answerer.script = broken
    async with stage.running():
        await room.says("会出错的")
        told = await room.hears()
    (record,) = [record for record in caplog.records if record.exc_info]
    number = record.getMessage().split()[-1]
    assert number in told["text"]
    assert "ZeroDivisionError" not in told["text"]
    assert "internal detail" not in told["text"]


async def test_questions_of_one_chat_keep_their_order_and_do_not_hold_up_another_chat(stage):
    slow, quick = stage.room(), stage.room(person=Person(first_name="快"))
    stage.answerer.gate.clear()
    stage.answerer.held = lambda question: question == "慢一"
    async with stage.running():
        await slow.says("慢一")
        await slow.says("慢二")
        await quick.says("快一")
        await quick.hears()
        assert "慢二" not in stage.answerer.asked
        stage.answerer.gate.set()
        await slow.hears()
        await slow.hears()
    assert [question for question in stage.answerer.asked if question != "快一"] == ["慢一", "慢二"]


async def test_a_tap_is_served_while_a_question_of_the_same_chat_takes_long(stage):
    room = stage.room()
    async with stage.running():
        await room.says("第一问")
        await room.hears()
        stage.answerer.gate.clear()
        await room.says("第二问")
        assert "一、从小事做起" in (await room.opens("[1]"))["text"]
        stage.answerer.gate.set()
        await room.hears()
