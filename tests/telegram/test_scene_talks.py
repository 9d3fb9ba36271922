"""Scenes of a talk: how it begins, where links lead, what is asked by a tap, and what follows an answer."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from stage.people import Person, bold
from stage.proxy import shown, sourced

from answering.values.answer import Answer, Outcome
from bot.presentation.suggestions import Suggestions


@pytest.fixture
def stage(stage):
    """The bot with questions to ask next, tried on what the scripted answerer says."""

    def answered(question):
        return stage.answerer.script(question)

    stage.suggestions = Suggestions(stage.library, answered)
    stage.answerer.script = lambda question: stage.library.quoted(question, *_cited(stage, question))
    return stage


def _cited(stage, question):
    """Quote the second sentence to what is suggested, and the first to all else."""
    number = 1 if "志愿者" in question else 0
    return [stage.library.cut[number].text]


async def test_the_greeting_offers_questions_that_a_tap_asks(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/start")
        greeting = await room.hears()
        (example,), *_ = shown(greeting)
        assert example.startswith("清河市")
        await room.taps(example)
        answer = await room.hears()
    assert bold(answer)[0] == f"问：{example}"
    assert sourced(answer) == [["[1]"]]
    assert stage.answerer.asked == [example]
    assert "reply_to_message" not in answer


async def test_a_question_on_a_button_is_asked_also_after_a_restart_and_by_another_process(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/start")
        greeting = await room.hears()
    stage.suggestions = None
    async with stage.running():
        (example,), *_ = shown(greeting)
        await room.taps(example)
        await room.hears()
    assert stage.answerer.asked == [example]


async def test_a_question_that_is_not_answered_any_more_is_no_example(stage):
    room = stage.room()
    stage.answerer.script = lambda question: Answer(question=question, outcome=Outcome.NOT_IN_CORPUS)
    async with stage.running():
        await room.says("/start")
        assert shown(await room.hears()) == []


async def test_a_group_is_greeted_without_questions(stage):
    room = stage.room(chat={"id": -100777, "type": "supergroup", "title": "社区"})
    async with stage.running():
        await room.says("/start")
        assert shown(await room.hears()) == []


async def test_under_an_answer_stand_questions_to_go_on_with_and_the_next_answer_has_them_at_once(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
        edited = await stage.proxy.until(lambda: stage.proxy.made("editMessageReplyMarkup"))
        assert len(edited) == 1
        answer = stage.proxy.chats.messages[room.id, answer["message_id"]]
        (question,) = [row[0] for row in shown(answer) if row[0].endswith("？")]
        assert sourced(answer) == [["[1]"]]
        await room.taps(question, on=answer)
        assert question in bold(await room.hears())[0]
        await room.says("再问一次停车")
        again = await room.hears()
    assert [question] in shown(again)
    assert len(stage.proxy.made("editMessageReplyMarkup")) == 1


async def test_nothing_is_suggested_after_what_is_no_answer_or_in_a_group(stage):
    room = stage.room()
    group = stage.room(chat={"id": -100778, "type": "supergroup", "title": "社区"})
    async with stage.running():
        await group.says("@chengwen_test_bot 停车泊位建了多少？")
        assert shown(await group.hears()) == [["[1]"]]
        stage.answerer.script = lambda question: Answer(
            question=question, outcome=Outcome.OUT_OF_SCOPE, reason="creative", details={"held": "清河市"}
        )
        await room.says("写首诗")
        assert shown(await room.hears()) == []
        await room.says("/help")
        await room.hears()
    assert stage.proxy.made("editMessageReplyMarkup") == []


async def test_an_answer_that_was_shared_opens_by_its_link_until_it_is_taken_back(stage):
    asker, friend = stage.room(), stage.room(person=Person(first_name="友"))
    async with stage.running():
        await asker.says("停车泊位建了多少？")
        await asker.hears()
        await asker.taps("分享")
        shared = await asker.hears()
        (send, undo) = shared["reply_markup"]["inline_keyboard"][0]
        link = parse_qs(urlsplit(send["url"]).query)["url"][0]
        payload = parse_qs(urlsplit(link).query)["start"][0]
        assert link in shared["text"]
        assert len(payload) <= 64
        await friend.says(f"/start {payload}")
        seen = await friend.hears()
        assert bold(seen)[0] == "问：停车泊位建了多少？"
        card = await friend.opens("[1]", on=seen)
        assert stage.library.cut[0].text in card["text"]
        assert bold(await friend.opens("收起", on=card))[0] == "问：停车泊位建了多少？"
        await asker.taps(undo["text"], on=shared)
        assert "已收回" in (await asker.sees(shared))["text"]
        await friend.says(f"/start {payload}")
        assert "已经收回" in (await friend.hears())["text"]


async def test_what_nobody_shared_is_opened_by_its_asker_alone(stage):
    asker, other = stage.room(), stage.room(person=Person(first_name="别"))
    async with stage.running():
        await asker.says("停车泊位建了多少？")
        answer = await asker.hears()
        data = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        payload = "q_" + data.split(":")[1]
        await other.says(f"/start {payload}")
        assert "从来没有过" in (await other.hears())["text"]
        await asker.says(f"/start {payload}")
        assert "停车泊位建了多少" in (await asker.hears())["text"]
        await other.says("/start q_nothing")
        assert "从来没有过" in (await other.hears())["text"]


async def test_only_who_asked_can_share(stage):
    asker, other = stage.room(), stage.room(person=Person(first_name="别"))
    async with stage.running():
        await asker.says("停车泊位建了多少？")
        answer = await asker.hears()
        theirs = {**answer, "chat": other.chat}
        stage.proxy.chats.keep({**theirs, "message_id": 9_000_001})
        await other.taps("分享", on={"message_id": 9_000_001})
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
    assert "只有提问的人" in stage.proxy.made("answerCallbackQuery")[0].given["text"]


async def test_a_person_chooses_the_language_that_the_bot_speaks_and_answers_follow_the_question(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/lang")
        choice = await room.hears()
        assert shown(choice) == [["简体中文", "繁體中文", "English"], ["✓ 跟随 Telegram"]]
        await room.taps("English", on=choice)
        choice = await room.sees(choice)
        assert choice["text"].startswith("All right")
        assert "✓ English" in shown(choice)[0]
    async with stage.running():
        await room.says("/help")
        assert (await room.hears())["text"].startswith("Just write")
        await room.says("停车泊位建了多少？")
        assert "分享" in str(shown(await room.hears()))
        await room.says("How many parking spaces?")
        assert "Share" in str(shown(await room.hears()))
        await room.taps("As Telegram", on=choice)
        await room.sees(choice)
        await room.says("/help")
        assert (await room.hears())["text"].startswith("直接写下")


async def test_commands_are_listed_in_the_language_that_was_chosen_or_is_read(stage):
    chooser, reader = stage.room(), stage.room(person=Person(language_code="zh-hant"))
    async with stage.running():
        await chooser.says("/lang")
        await chooser.hears()
        await chooser.taps("English")
        await stage.proxy.until(lambda: stage.proxy.profile.commands.get((f"chat:{chooser.id}", "")))
        await reader.says("/start")
        await reader.hears()
        await stage.proxy.until(lambda: stage.proxy.profile.commands.get((f"chat:{reader.id}", "")))
    profile = stage.proxy.profile
    assert profile.shown((), "zh", chat=chooser.id)["help"] == "How to use me"
    assert profile.shown((), "zh", chat=reader.id)["help"] == "怎麼用"


async def test_in_a_group_a_choice_of_language_is_ones_own(stage):
    chat = {"id": -100779, "type": "supergroup", "title": "社区"}
    one, other = stage.room(chat=chat), stage.room(chat=chat, person=Person(first_name="乙"))
    async with stage.running():
        await one.says("/lang")
        asked = await one.hears()
        await other.taps("English", on=asked)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
        await one.says("/help")
        assert (await one.hears())["text"].startswith("直接写下")
        await other.says("/help")
        other.heard = 2
        assert (await other.hears())["text"].startswith("Just write")
    assert stage.proxy.made("editMessageText") == []
