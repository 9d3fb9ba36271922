"""Scenes with a model behind the bot: a scripted server over real HTTP, the shipped texts, real gates."""

from __future__ import annotations

import asyncio
import re
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from chat_server import cuts, fails, said, say, serving, stalls
from stage.people import MENTION, bold
from stage.proxy import shown

from answering.pipeline import Answerer
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
ASKED = "吉林市一共清理了多少处野广告？"
TRUE = "吉林市共清理野广告160余万处"
SOON = 60.0  # seconds for what is to be at once
LIE = "吉林市还清理了999万处野广告"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The library of a first start; words alone serve, to be quick."""
    home = tmp_path_factory.mktemp("shipped")
    wiring = Wiring(Settings.load({"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none"}))
    with wiring.filled(lambda: nullcontext(lambda stage, done, total: None)) as library:
        yield library


@pytest.fixture
def modelled(stage, shipped):
    """Give what puts a model at this address behind the bot."""

    def put(url: str, second: str = "") -> None:
        wiring = Wiring(
            Settings.load(
                {
                    "CHENGWEN_HOME": str(stage.home),
                    "CHAT_MODEL": "scripted",
                    "OPENAI_BASE_URL": url,
                    "OPENAI_API_KEY": "sk-secret-of-a-test",
                    "VERIFIER_URL": second,
                }
            )
        )
        stage.library = shipped
        stage.answerer = Answerer(shipped, wiring.writer(shipped))
        stage.patience = replace(stage.patience, live=0.05, draft=0.05, edits=0.1, group=0.1, first=0.1)

    return put


def at(words: str) -> Callable[[dict[str, object]], str]:
    """Return the number under which the evidence shows the sentence with these words."""

    def number(body):
        found = re.search(rf"^(\[\d+\]) .*{words}", said(body), re.MULTILINE)
        assert found is not None, "the sentence is not in the evidence"
        return found[1]

    return number


def spoken(*sentences: str):
    """Say sentences, each resting on the one of the 160余万处."""
    return lambda body: "".join(f"{one}{at('160余万处')(body)}。" for one in sentences)


async def drafted(stage, words):
    return await stage.proxy.until(
        lambda: next((one for one in stage.proxy.chats.drafts if words in one["text"]), None)
    )


async def test_a_lie_is_never_shown_not_even_in_a_draft_and_why_tells_of_it(stage, modelled):
    room = stage.room()
    with serving(say(spoken(TRUE, LIE), size=2, pause=0.03)) as server:
        modelled(server.url)
        async with stage.running():
            await room.says(ASKED)
            assert f"{TRUE}。[1]" in (await drafted(stage, "160余万"))["text"]
            answer = await room.hears()
            await room.says("/why")
            told = await room.hears()
            detailed = await room.opens("详细", on=told)
    assert TRUE in answer["text"]
    assert shown(answer)[0][0] == "[1]"
    everything = [*stage.proxy.chats.drafts, answer]
    assert not [one for one in everything if "999" in one["text"]]
    assert "999万" in told["text"]
    assert "数字与所引原文不符" in told["text"]
    assert "scripted" not in told["text"]
    assert "scripted" in detailed["text"]
    assert server.wrong == []


async def test_a_second_models_doubt_is_told_under_why_and_changes_no_answer(stage, modelled):
    room = stage.room()
    with serving(say(spoken(TRUE))) as server, serving(say("否")) as second:
        modelled(server.url, second.url)
        async with stage.running():
            await room.says(ASKED)
            answer = await room.hears()
            await room.says("/why")
            told = await room.hears()
    assert TRUE in answer["text"]
    assert shown(answer)[0][0] == "[1]"
    assert "另一个模型：有疑问（只作参考）" in told["text"]
    assert (len(second.requests), server.wrong, second.wrong) == (1, [], [])


@pytest.mark.parametrize("way", ["button", "cancel"])
async def test_a_stop_hangs_up_on_the_model(stage, modelled, way):
    room = stage.room(chat=GROUP) if way == "button" else stage.room()
    reply = say(lambda body: spoken(TRUE)(body) + "还有", size=2, pause=0.03, endless=True)
    with serving(reply) as server:
        modelled(server.url)
        async with stage.running():
            await room.says(f"{MENTION} {ASKED}" if way == "button" else ASKED)
            if way == "button":
                status = await stage.proxy.until(
                    lambda: next((one for one in room.said() if TRUE in one["text"]), None)
                )
                await room.taps("⏹ 停止", on=status)
            else:
                await drafted(stage, TRUE)
                await room.says("/cancel")
            answer = await stage.proxy.until(
                lambda: next((one for one in room.said() if "已停止" in one["text"]), None)
            )
            assert await asyncio.to_thread(server.requests[0].gone.wait, SOON)
            card = await room.opens("[1]", on=answer)
    assert "160余万处" in card["text"]
    assert TRUE in answer["text"]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply", [fails(401), fails(500), cuts("吉林市共清理"), say("")], ids=["401", "500", "cut", "empty"]
)
async def test_a_model_that_fails_costs_a_line_and_no_answer(stage, modelled, reply):
    room = stage.room()
    with serving(reply) as server:
        modelled(server.url)
        async with stage.running():
            await room.says(ASKED)
            answer = await room.hears()
    assert "160余万处" in answer["text"]
    assert shown(answer)[0][0] == "[1]"
    assert "sk-secret" not in answer["text"]
    assert len(room.said()) == 1


async def test_marks_of_html_in_a_models_words_reach_nobody_as_marks(stage, modelled):
    room = stage.room()
    with serving(say(spoken(f"<b>{TRUE}</b><script>", TRUE), size=3)) as server:
        modelled(server.url)
        async with stage.running():
            await room.says(ASKED)
            answer = await room.hears()
    assert "160余万处" in answer["text"]
    assert not any("script" in one for one in bold(answer))
    assert server.wrong == []


async def test_a_model_that_falls_silent_can_be_stopped(stage, modelled):
    room = stage.room()
    with serving(stalls("吉林市")) as server:
        modelled(server.url)
        async with stage.running():
            await room.says(ASKED)
            await drafted(stage, "写作中" if server.requests else "中…")
            await stage.proxy.until(lambda: server.requests and stage.proxy.chats.drafts)
            await room.says("/cancel")
            assert (await room.hears())["text"] == "好，停下了。"
            assert await asyncio.to_thread(server.requests[0].gone.wait, SOON)


async def test_answers_are_kept_for_the_address_that_they_came_from(shipped, tmp_path):
    """The same model's name behind another address is another model."""

    async def ask(url: str) -> str:
        told = {"CHENGWEN_HOME": str(tmp_path), "CHAT_MODEL": "scripted", "OPENAI_BASE_URL": url}
        wiring = Wiring(Settings.load(told | {"OPENAI_API_KEY": "sk-x"}))
        answer = await wiring.answerer(shipped).answer(ASKED)
        return "".join(one.text for one in answer.statements)

    with serving(say(spoken(TRUE))) as one, serving(say(spoken(TRUE))) as other:
        first = [await ask(one.url), await ask(one.url)]
        second = await ask(other.url)
        again = await ask(one.url)
    assert [*first, second, again] == [f"{TRUE}。"] * 4
    assert (len(one.requests), len(other.requests)) == (1, 1)
