"""Scenes of how the bot presents itself: what clients list and show, put right at each start."""

from __future__ import annotations

import re

import pytest
from stage.faults import Refusal
from stage.profile import ADMIN, GROUP, PRIVATE

from answering.values.answer import Language
from bot.messages import messages
from bot.telegram.context.feature import BotCommandRoute, CommandAudience
from bot.telegram.views.profile import BotProfile, listed

SETTERS = ("setMyCommands", "setMyDescription", "setMyShortDescription", "setChatMenuButton")


async def settled(stage):
    """Wait until the last thing that is looked at was looked at."""
    looked = len(stage.proxy.made("getChatMenuButton"))
    async with stage.running():
        await stage.proxy.until(lambda: len(stage.proxy.made("getChatMenuButton")) > looked)
        if stage.proxy.profile.menu["type"] == "default":
            await stage.proxy.until(lambda: stage.proxy.made("setChatMenuButton"))


async def test_commands_and_descriptions_stand_in_every_language(stage):
    await settled(stage)
    profile = stage.proxy.profile
    words = {"zh": "怎么用", "en": "How to use me", "fr": "怎么用"}
    for code, word in words.items():
        assert profile.shown(PRIVATE, code)["help"] == word
        assert profile.shown(GROUP, code)["help"] == word
    assert profile.texts["description", "en"].startswith("I have read")
    assert profile.texts["short_description", "zh"] == messages(Language.HANS).say("profile_about")
    assert profile.menu == {"type": "commands"}


async def test_what_stands_as_it_should_is_not_set_again(stage):
    await settled(stage)
    set_before = [call for call in stage.proxy.calls if call.method in SETTERS]
    assert len(set_before) == 3 * 3 + 2 * 3 + 1
    stage.proxy.profile.texts["description", "en"] = "something else"
    await settled(stage)
    again = [call for call in stage.proxy.calls if call.method in SETTERS][len(set_before) :]
    assert [(call.method, call.given["language_code"]) for call in again] == [("setMyDescription", "en")]


async def test_groups_list_what_is_of_use_there(stage):
    await settled(stage)
    profile = stage.proxy.profile
    private, group = profile.shown(PRIVATE, "zh"), profile.shown(GROUP, "zh")
    assert group.keys() < private.keys()
    assert "export" not in group
    assert profile.shown(ADMIN, "zh").keys() >= group.keys()


async def test_every_command_that_is_listed_is_answered(stage):
    room = stage.room()
    await settled(stage)
    async with stage.running():
        for name in stage.proxy.profile.shown(PRIVATE, "zh"):
            await room.says(f"/{name}")
            told = await room.hears()
            assert "没有这个命令" not in told.get("text", told.get("caption"))


async def test_help_lists_the_commands_of_the_place_where_it_is_asked_for(stage):
    person = stage.room()
    group = stage.room(person=person.person, chat={"id": -100123, "type": "supergroup", "title": "社区"})
    await settled(stage)
    async with stage.running():
        await person.says("/help")
        told = (await person.hears())["text"]
        await group.says("/help")
        there = (await group.hears())["text"]
    listed_here = stage.proxy.profile.shown(PRIVATE, "zh")
    assert {name: word for name, word in listed_here.items() if f"/{name} {word}" in told} == listed_here
    assert set(re.findall(r"^/(\w+)", there, re.MULTILINE)) == set(stage.proxy.profile.shown(GROUP, "zh"))


async def test_a_bot_that_can_not_be_presented_answers_all_the_same(stage, caplog):
    room = stage.room()
    for method in ("getMyCommands", "getMyDescription", "getChatMenuButton"):
        stage.proxy.play(Refusal(method=method, times=99, code=400, description="Bad Request: nope"))
    async with stage.running():
        await stage.proxy.until(lambda: stage.proxy.made("getChatMenuButton"))
        await room.says("停车泊位建了多少？")
        await room.hears()
    assert "could not be presented" in caplog.text


def test_an_operator_sees_more_than_others():
    said = messages(Language.EN)
    commands = (
        BotCommandRoute(name="help", work=_nothing, listed=(CommandAudience.PRIVATE,)),
        BotCommandRoute(name="privacy", work=_nothing, listed=(CommandAudience.OPERATORS,)),
        BotCommandRoute(name="start", work=_nothing),
    )
    seen = {
        audience: [one.command for one in listed(commands, audience, said)]
        for audience in (
            frozenset({CommandAudience.PRIVATE}),
            frozenset({CommandAudience.PRIVATE, CommandAudience.OPERATORS}),
        )
    }
    assert list(seen.values()) == [["help"], ["help", "privacy"]]


@pytest.mark.parametrize("language", list(Language))
def test_descriptions_keep_to_telegrams_limits(language):
    said = messages(language)
    assert len(said.say("profile_about")) <= 120
    assert len(said.say("profile_description")) <= 512
    commands = [key for key in said.texts if key.startswith("command_")]
    assert all(len(said.say(key)) <= 256 for key in commands)


async def test_the_texts_open_from_the_button_where_they_have_an_address(stage):
    await settled(stage)
    calls = len(stage.proxy.calls)

    async with stage.running():
        from telegram import Bot

        bot = Bot(stage.proxy.token, base_url=f"{stage.proxy.url}/bot")
        async with bot:
            reader = "https://read.example.org/"
            await BotProfile(bot=bot, commands=(), language=Language.HANS, reader=reader).settle()
    assert [call.method for call in stage.proxy.calls[calls:]].count("setChatMenuButton") == 1
    assert stage.proxy.profile.menu["web_app"] == {"url": "https://read.example.org/"}


async def _nothing(_visit):
    raise AssertionError
