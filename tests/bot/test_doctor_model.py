"""``chengwen doctor`` asks the model a real question, and tells what it learned of its server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_server import fails, said, say, serving
from test_doctor import SAID, chatting
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
