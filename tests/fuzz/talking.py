"""What strangers send in Telegram: deep links, commands, taps; all of the bot but the network gets them."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import inputs
from refusing import BOT, NUMBERS, Telegram
from telegram import Update
from telegram.ext import ApplicationBuilder

from answering import Answerer
from bot.config.settings import Settings
from bot.presentation.page_links import PageLinks
from bot.store import Store
from bot.telegram.handlers import UpdateHandlers, dispatch
from bot.telegram.sending.timeouts import Timeouts
from bot.telegram.service import TelegramService

if TYPE_CHECKING:
    from random import Random

    from retrieval import Library

ADMIN, STRANGER, GROUP = 1_000_001, 1_000_002, -1_000_003
QUESTION = "吉林市新施划了多少停车泊位？"
# Stand for what is there: an answer's id, a passage's, a document's.
_THERE = ("{answer}", "{passage}", "{document}")
_ACTS = (
    *(
        "am",
        "ao",
        "ap",
        "apg",
        "apo",
        "ask",
        "at",
        "ato",
        "atx",
        "au",
        "cy",
        "del",
        "dr",
        "fg",
        "fgc",
        "fgf",
        "fgo",
    ),
    *("fgp", "g", "ia", "lg", "ol", "olp", "p", "r", "s", "sh", "shx", "sq", "sv", "x", "abc", "S", ""),
)
_COMMANDS = (
    *("admin", "broadcast", "cancel", "cities", "compare", "export", "feedback", "figures", "forget", "help"),
    *("lang", "measures", "new", "off", "on", "outline", "privacy", "sources", "start", "why", "nothing"),
)
FOLLOWED = 3  # buttons under what a command brings that are tapped


class Desk:
    """The bot with a store of its own, a Telegram in this process, and one answer given already."""

    def __init__(self, library: Library) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="chengwen-fuzz-talk-")
        home = Path(self._home.name)
        settings = Settings.load(
            {
                "CHENGWEN_HOME": str(home),
                "TELEGRAM_BOT_TOKEN": "7:AA" + 33 * "0",
                "TELEGRAM_ADMINS": str(ADMIN),
            }
        )
        self._store = Store.open(home / "store.db")
        service = TelegramService(
            settings=settings,
            answerer=Answerer(library),
            library=library,
            store=self._store,
            patience=Timeouts(typing=9.0, live=9.0),
            links=PageLinks("https://example.org/read"),
        )
        handlers = UpdateHandlers(service._parts())
        self._loop = asyncio.new_event_loop()
        self._telegram = Telegram()
        bot = ApplicationBuilder().token(settings.telegram_bot_token or "").request(self._telegram)
        self._app = bot.get_updates_request(Telegram()).updater(None).job_queue(None).build()
        self._loop.run_until_complete(self._app.initialize())
        handlers.register(self._app)
        self._updates = itertools.count(1)
        atexit.register(self.close)
        self._there = dict.fromkeys(_THERE, "")
        self._there = self._known(library)

    def close(self) -> None:
        self._loop.run_until_complete(self._app.shutdown())
        self._loop.close()
        self._store.close()
        self._home.cleanup()

    def take(self, words: str, *, who: int, chat: int, tapped: bool) -> None:
        """Let the bot answer a text or a tap. Raises AssertionError if it fails, or sends what is refused."""
        for name in _THERE:
            words = words.replace(name, self._there[name])
        number = next(self._updates)
        update = Update.de_json(
            {"update_id": number, **self._told(words, who, chat, tapped=tapped)}, self._app.bot
        )
        self._telegram.refused.clear()
        self._loop.run_until_complete(asyncio.wait_for(dispatch(self._app, update), 30))
        assert not self._telegram.refused, self._telegram.refused
        failed = [one for one in self._store.failures.recent(BOT["id"], limit=1) if one.update_id == number]
        assert not failed, f"{failed[0].kind}: {failed[0].message}"

    def offered(self) -> list[str]:
        """Return what the buttons carry that were shown since this was asked last."""
        chats = self._telegram.chats
        sent, rows = chats.sent(), []
        for message in sent:
            rows += message.get("reply_markup", {}).get("inline_keyboard", [])
        chats.messages.clear()
        chats.order.clear()
        return [one["callback_data"] for row in rows for one in row if "callback_data" in one]

    def _told(self, words: str, who: int, chat: int, *, tapped: bool) -> dict[str, Any]:
        user = {"id": who, "is_bot": False, "first_name": "x", "language_code": "zh-hans"}
        said = {"message_id": next(NUMBERS), "date": int(time.time()), "from": user}
        said |= {"chat": self._telegram.chats.chat(chat), "text": words}
        if tapped:
            sent = {**said, "from": BOT, "text": "x"}
            self._telegram.chats.keep(sent)
            return {
                "callback_query": {
                    "id": "1",
                    "from": user,
                    "chat_instance": "1",
                    "message": sent,
                    "data": words,
                }
            }
        command = words.split(maxsplit=1)[0] if words.startswith("/") else ""
        length = len(command.encode("utf-16-le")) // 2
        entities = [{"type": "bot_command", "offset": 0, "length": length}] if length > 1 else []
        self._telegram.chats.keep(said)
        return {"message": {**said, "entities": entities}}

    def _known(self, library: Library) -> dict[str, str]:
        """Ask a question, and return the ids that what is sent may name."""
        self.take(QUESTION, who=STRANGER, chat=STRANGER, tapped=False)
        kept = self._store.talks.answer_to(BOT["id"], 1)
        assert kept is not None
        (cited, *_) = kept.answer.citations
        return dict(zip(_THERE, (kept.id, cited.passage, cited.document), strict=True))


@cache
def _desk(library: Library) -> Desk:
    return Desk(library)


def _id(chance: Random) -> str:
    some = chance.random()
    if some < 0.4:
        return chance.choice(_THERE)
    if some < 0.7:
        return "".join(
            chance.choice("abcxyz0189_-:AZ") for _ in range(chance.choice((0, 1, 8, 10, 20, 59, 64)))
        )
    return str(chance.choice((0, 1, -1, 2, 9999, 10**9))) if some < 0.85 else inputs.words(chance)[:30]


def link(chance: Random) -> str:
    """Make what a deep link may carry, or what somebody writes in its place."""
    odd = chance.choice(("", " ", "\n", "=", "%00", "s_", "_"))
    named = f"{chance.choice(('s_', 'c_', 'q_', 'x_', ''))}{_id(chance)}{odd}"
    return f"{named}_{_id(chance)}" if chance.random() < 0.5 else named


def command(chance: Random) -> str:
    """Make a command with words after it."""
    return f"/{chance.choice(_COMMANDS)} {inputs.words(chance) if chance.random() < 0.7 else _id(chance)}"


def button(chance: Random) -> str:
    """Make the data of a tap: a stranger's client may send any."""
    return ":".join((chance.choice(_ACTS), *(_id(chance) for _ in range(chance.randint(0, 4)))))


def follow(library: Library, given: str) -> None:
    """A deep link leads somewhere, or the person is told that it does not."""
    _desk(library).take(f"/start {given}", who=STRANGER, chat=STRANGER, tapped=False)
    _desk(library).offered()


def order(library: Library, given: str) -> None:
    """A command is answered, whoever gives it and wherever; so are taps on what it brings."""
    desk = _desk(library)
    for who, chat in ((ADMIN, ADMIN), (STRANGER, GROUP)):
        desk.take(given, who=who, chat=chat, tapped=False)
        for data in desk.offered()[:FOLLOWED]:
            desk.take(data, who=who, chat=chat, tapped=True)
    desk.offered()


def press(library: Library, given: str) -> None:
    """A tap is answered, whoever makes it and wherever."""
    for who, chat in ((ADMIN, ADMIN), (STRANGER, STRANGER), (STRANGER, GROUP)):
        _desk(library).take(given, who=who, chat=chat, tapped=True)
    _desk(library).offered()
