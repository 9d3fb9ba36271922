"""Every button of every view is tapped twice: the second tap changes nothing and sends nothing."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from stage.people import NUMBERS, Person, entities

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings

# What brings views with buttons, each to a person of their own.
ROOTS = (
    *(
        "/start",
        "/cities",
        "/lang",
        "/figures 吉林",
        "/measures 延安",
        "/compare",
        "/promises",
        "/outline 延安",
    ),
    *(
        "吉林市一共清理了多少处野广告？",
        "台州做了哪些事？",
        "各城市停车位排名",
        "台州和萍乡各改造了多少老旧小区？",
    ),
)
AFTER = ("/sources", "/why", "/forget")  # to somebody who asked a question before
DEEP = 2  # taps from a view


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A home filled as a first start fills it; words alone serve, to be quick."""
    home = tmp_path_factory.mktemp("shipped")
    wiring = Wiring(Settings.load({"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none"}))
    with wiring.filled(lambda: nullcontext(lambda stage, done, total: None)) as library:
        yield wiring, library


@pytest.fixture
def stage(stage, shipped):
    wiring, stage.library = shipped
    stage.answerer = wiring.answerer(stage.library)
    stage.suggestions = wiring.suggestions(stage.library)
    return stage


@dataclass
class Walk:
    """Taps buttons in rooms of their own and notes what a second tap did."""

    stage: Any
    tapped: int = 0
    doubled: list[str] = field(default_factory=list)
    known: set[tuple[str, ...]] = field(default_factory=set)

    async def done(self, update_id):
        """Wait until an update is dealt with."""
        query = "SELECT finished FROM inbox WHERE update_id = ?"
        with closing(sqlite3.connect(self.stage.home / "bot.db")) as store:
            while (store.execute(query, (update_id,)).fetchone() or (None,))[0] is None:  # noqa: ASYNC110 - in its database
                await asyncio.sleep(0.005)

    async def tap(self, room, message, button):
        query = {
            "id": str(next(NUMBERS)),
            "from": room.person.user,
            "message": {name: value for name, value in message.items() if name != "tree"},
            "chat_instance": str(room.id),
            "data": button["callback_data"],
        }
        self.stage.proxy.queries.add(query["id"])
        edits = len(self.stage.proxy.made("editMessageText"))
        await self.done(await self.stage.proxy.inject({"callback_query": query}))
        if query["data"].startswith("del:"):  # which deletes what it is of, before it says so
            told = self.stage.proxy.made
            await self.stage.proxy.until(
                lambda: (
                    len(told("editMessageText")) > edits
                    or any(call.given.get("text") for call in told("answerCallbackQuery")[-1:])
                )
            )

    async def walk(self, steps, path=()):
        """Say what ``steps`` tell to somebody new, tap along ``path``, and then each button twice."""
        room, view = await self.reached(steps, path)
        for at, button in enumerate(_buttons(view)):
            if (kind := (steps[-1], *_kind(button))) in self.known:
                continue
            self.known.add(kind)
            room, view = await self.reached(steps, path)
            if at >= len(_buttons(view)):
                continue
            await self.tap(room, view, _buttons(view)[at])
            once = room.said()
            await self.tap(room, view, _buttons(view)[at])
            self.tapped += 1
            if _seen(room.said()) != _seen(once):
                self.doubled.append(f"{steps[-1]} {' '.join(str(one) for one in path)} [{button['text']}]")
            if len(path) + 1 < DEEP:
                await self.walk(steps, (*path, at))

    async def reached(self, steps, path):
        room = self.stage.room(person=Person())
        for text in steps:
            await self.done(
                await self.stage.proxy.inject({"message": room.write({"text": text, **entities(text)})})
            )
        view = room.said()[-1]
        for at in path:
            if at >= len(_buttons(view)):
                return room, {}
            before = _seen(room.said())
            await self.tap(room, view, _buttons(view)[at])
            view = next((one for one in reversed(room.said()) if _seen([one])[0] not in before), {})
        return room, view


def _buttons(message):
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if "callback_data" in button]


def _kind(button):
    """Return what a button does and its label, but for numbers and the words of questions."""
    act = button["callback_data"].partition(":")[0]
    return act, "" if act == "ask" else re.sub(r"[\d/一二三四五六七八九十]+", "", button["text"])


def _seen(messages):
    return [
        (one["message_id"], one.get("text"), one.get("caption"), str(one.get("reply_markup")))
        for one in messages
    ]


async def test_a_second_tap_on_any_button_adds_nothing(stage):
    walk = Walk(stage)
    stage.proxy.expected = "message is not modified"  # which a second tap that changes nothing brings about
    async with stage.running():
        for root in ROOTS:
            await walk.walk((root,))
        for root in AFTER:
            await walk.walk(("吉林市一共清理了多少处野广告？", root))
        await walk.walk(("/follow 停车", "/follow 吉林", "/following"))
    assert walk.doubled == []
    assert walk.tapped > 60
