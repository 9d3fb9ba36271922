"""Every button of every view is tapped twice: the second tap changes nothing and sends nothing."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from stage.members import moved_in
from stage.people import NUMBERS, Person, Room, entities
from test_scene_promises import county_in

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.store import Store
from bot.telegram.admin.tools import AdminTools
from retrieval.ingest.preview import Preview

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """Taps buttons in rooms of their own and notes what a second tap did.

    ``room`` makes another one, of somebody new if it is not told otherwise. Where ``edits`` is false, a
    tap may show its page as it is by then.
    """

    stage: Any
    room: Callable[[], Room] | None = None
    deep: int = DEEP
    edits: bool = True
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
        await self.mailed()
        if query["data"].startswith("del:"):  # which deletes what it is of, before it says so
            told = self.stage.proxy.made
            await self.stage.proxy.until(
                lambda: (
                    len(told("editMessageText")) > edits
                    or any(call.given.get("text") for call in told("answerCallbackQuery")[-1:])
                )
            )

    def standing(self, messages):
        """Return what a second tap must leave as it is."""
        return _seen(messages) if self.edits else [one["message_id"] for one in messages]

    async def mailed(self):
        """Wait until no broadcast is on its way."""
        query = "SELECT COUNT(*) FROM mailings WHERE state = 'running'"
        with closing(sqlite3.connect(self.stage.home / "bot.db")) as store:
            while store.execute(query).fetchone()[0]:  # noqa: ASYNC110 - in its database
                await asyncio.sleep(0.005)

    async def walk(self, steps):
        """Say what ``steps`` tell, and tap each kind of button twice, those of nearer views first."""
        paths = [()]
        for path in paths:
            _, view = await self.reached(steps, path)
            for at, button in enumerate(_buttons(view)):
                if (kind := (_named(steps), *_kind(button))) in self.known:
                    continue
                self.known.add(kind)
                await self.twice(steps, path, at, button)
                if len(path) + 1 < self.deep:
                    paths.append((*path, at))

    async def twice(self, steps, path, at, button):
        """Tap a button of the view at ``path`` twice, in a room of its own."""
        room, view = await self.reached(steps, path)
        if at >= len(_buttons(view)):
            return
        await self.tap(room, view, _buttons(view)[at])
        once = room.said()
        await self.tap(room, view, _buttons(view)[at])
        self.tapped += 1
        if self.standing(room.said()) != self.standing(once):
            way = " ".join(str(one) for one in path)
            self.doubled.append(f"{_named(steps)} {way} [{button['text']}]")

    async def reached(self, steps, path):
        room = self.room() if self.room else self.stage.room(person=Person())
        for step in steps:
            await self.done(await self.stage.proxy.inject(_written(room, step)))
        view = room.said()[-1]
        for at in path:
            if at >= len(_buttons(view)):
                return room, {}
            before = _seen(room.said())
            await self.tap(room, view, _buttons(view)[at])
            view = next((one for one in reversed(room.said()) if _seen([one])[0] not in before), {})
        return room, view


def _written(room, step):
    """Return the update that a step makes: words, a message of another kind, or what happens to a chat."""
    if isinstance(step, str):
        return {"message": room.write({"text": step, **entities(step)})}
    return step if "my_chat_member" in step else {"message": room.write(step)}


def _named(steps):
    return steps[-1] if isinstance(steps[-1], str) else next(iter(steps[-1]))


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


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    with county_in(tmp_path_factory.mktemp("county")) as held:
        yield held


async def test_a_second_tap_on_what_targets_bring_adds_nothing(stage, county):
    wiring, stage.library = county
    stage.answerer, stage.suggestions = wiring.answerer(stage.library), None
    walk = Walk(stage)
    stage.proxy.expected = "message is not modified"
    async with stage.running():
        for root in ("/promises", "/promises 德清 2031"):
            await walk.walk((root,))
    assert walk.doubled == []
    assert walk.tapped > 4
    assert {act for _, act, _ in walk.known} >= {"pm"}


async def test_a_second_tap_on_a_groups_switch_adds_nothing(stage):
    """The switch under the greeting, and under what the commands say."""
    chat, admin = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}, Person()
    stage.proxy.members.promote(chat["id"], admin.id)
    walk = Walk(stage, room=lambda: stage.room(person=admin, chat=chat), deep=3)
    stage.proxy.expected = "message is not modified"
    async with stage.running():
        for step in ("/off", "/on", moved_in(chat, admin.user)):
            await walk.walk((step,))
        assert len(walk.known) == walk.tapped
    assert walk.doubled == []
    assert walk.tapped >= 5


class Shelf:
    """A library whose sources can be taken out, as its keeper does it; and that keeper."""

    def __init__(self, library):
        self.library, self.removed, self.taken = library, [], []

    def __getattr__(self, name):
        return getattr(self.library, name)

    def sources(self):
        return [one for one in self.library.sources() if one.key not in self.removed]

    async def remove(self, key):
        self.removed.append(key)

    async def preview(self, path):
        return Preview(path=path.name, media="text/plain")

    async def take(self, path):
        self.taken.append(path.name)
        return SimpleNamespace(status=None, reason="")


async def test_a_second_tap_on_what_admins_see_does_nothing_twice(stage):
    """People, groups, texts, opinions, failures, corrections, an upload and a broadcast; four taps deep."""
    admin, other = Person(), Person(first_name="旁人")
    stage.more["TELEGRAM_ADMINS"] = str(admin.id)
    shelf = stage.library = Shelf(stage.library)
    stage.tools = AdminTools(keeper=shelf, reread=stage.settings)
    with closing(Store.open(stage.home / "bot.db")) as store:
        for words in ("泊位数不对", "题目有错字"):
            store.corrections.add(document="x", start=0, end=1, text=words)
    walk = Walk(stage, room=lambda: stage.room(person=admin), deep=4, edits=False)
    stage.proxy.expected = "message is not modified"
    upload = {"document": stage.proxy.files.document("报告.txt", "清河市工作报告".encode())}
    async with stage.running():
        await walk.done(await stage.proxy.inject(_written(stage.room(person=other), "你好")))
        for step in ("/admin", f"/admin {other.id}", upload, "/broadcast 今晚维护"):
            await walk.walk((step,))
    assert walk.doubled == []
    assert {act for _, act, _ in walk.known} >= {"ao", "ap", "apg", "apo", "at", "ato", "atx", "au", "am"}
    assert walk.tapped > 20
    assert len(shelf.removed) == len(set(shelf.removed)) > 0
    # Twice: once by the two taps, once on the way to what such a tap shows.
    assert shelf.taken == ["报告.txt"] * 2
    assert [one["text"] for one in stage.room(person=other).said()].count("今晚维护") == 2
