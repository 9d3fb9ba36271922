"""``chengwen doctor`` asks the model a real question, and tells what it learned of its server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_server import fails, said, say, serving
from speech_server import listening, text
from test_doctor import SAID, Wired, chatting, look, settings
from town import TownWiring

from bot.operations.doctor import _model

if TYPE_CHECKING:
    from pathlib import Path

    from chat_server import Body, Reply


def told(home: Path, reply: Reply) -> tuple[str, list[Body]]:
    with serving(reply) as server:
        found = _model(TownWiring(chatting(home, server.url)), SAID)
        return found.told, [asked.body for asked in server.requests]


def test_it_asks_with_instructions_and_evidence_of_real_length(tmp_path: Path) -> None:
    words, asked = told(tmp_path, say("42个[1]"))
    assert "可用" in words
    assert [one["role"] for one in asked[0]["messages"]] == ["system", "user"]
    assert asked[0]["stream"] is True
    assert len(said(asked[0])) > 3000
    assert "没有答对" not in words


def test_it_tells_of_a_wrong_answer_and_of_evidence_that_was_cut(tmp_path: Path) -> None:
    words, _ = told(tmp_path, say("不知道", usage=(500, 3), always=True))
    assert "没有答对" in words
    assert "只读了500个" in words


def test_it_tells_what_it_learned(tmp_path: Path) -> None:
    def old(body: Body) -> Reply:
        roles = [one["role"] for one in body["messages"]]
        return fails(400, "System role not supported") if "system" in roles else say("42个[1]")

    words, asked = told(tmp_path, old)
    assert "system 角色" in words
    assert len(asked) == 2


def test_a_speech_server_is_tried_where_one_is_set(tmp_path: Path) -> None:
    with listening(text("")) as server:
        chosen = settings(tmp_path, transcription_model="m", transcription_base_url=server.url)
        wiring = Wired(chosen)
        found = [one for one in look(wiring) if "语音模型" in one.told]
        server.reply = (401, "application/json", b"{}")
        refused = [one for one in look(wiring) if "TRANSCRIPTION_API_KEY" in one.told]
    assert [one.good for one in found] == [True]
    assert [one.good for one in refused] == [False]
    assert not [one for one in look(Wired(settings(tmp_path))) if "语音" in one.told]


def test_a_key_goes_only_where_it_was_given_for(tmp_path: Path) -> None:
    """Without an address of its own the chat model's server is asked, with its key; else never with that."""
    chat = {
        "openai_base_url": "http://chat.example/v1",
        "openai_api_key": "sk-chat",
        "transcription_model": "m",
    }
    beside = Wired(settings(tmp_path, **chat)).speech()
    own = Wired(settings(tmp_path, **chat, transcription_base_url="http://own.example/v1")).speech()
    assert beside is not None
    assert own is not None
    assert (beside.base_url, beside.api_key) == ("http://chat.example/v1", "sk-chat")
    assert (own.base_url, own.api_key) == ("http://own.example/v1", None)
