"""The real bot over the real texts of a home, in front of the checking proxy: what people would read.

``python tests/telegram/conversations.py HOME draw [--count N] [--seed S] [FILE.jsonl …]`` prints messages at
random: answers to questions of the files (an object a line, "question" and maybe "history"), what commands
say, and what buttons open. ``… HOME play SCRIPT.json [--pictures FOLDER]`` plays conversations: an object
that gives each name its lines. A line that begins with "> " taps the button of that label twice, one that
begins with "@group " is said in a group. Pictures are as wide as a phone. HOME is copied first.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import random
import shutil
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stage.emulator import Emulators
from stage.people import MENTION, Person, Room
from stage.proxy import Proxy, shown

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from evaluation.web.browser import browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

COMMANDS = (
    *("/start", "/help", "/cities", "/outline", "/sources", "/why", "/new", "/cancel", "/lang"),
    *("/feedback", "/privacy", "/export", "/forget", "/following", "/figures", "/measures", "/compare"),
    *("/promises", "/follow", "/check", "/share", "/nonsense", "你好", "谢谢", "你是谁", "？", "hello"),
)
QUIET = 1.0  # seconds without a call after which the bot has said what it had to say
TAPPED = 0.35  # share of drawn messages below which a button is tapped
STYLE = """<!doctype html><meta charset="utf-8"><style>
body{margin:0;padding:14px 10px;background:#c9dcc5;font:15px/1.5 "Noto Sans CJK SC","Noto Sans SC",sans-serif}
.said,.asked{border-radius:14px;padding:8px 12px;margin:6px 0;background:#fff;width:fit-content;max-width:88%;
white-space:pre-wrap;overflow-wrap:anywhere}
.asked{background:#e6fdd4;margin-left:auto}
blockquote{margin:2px 0;padding:5px 10px;border-left:3px solid #4a90d9;border-radius:5px;background:#eaf3fb;
font-size:14px}
.shut{max-height:4.5em;overflow:hidden}.row{display:flex;gap:4px;max-width:93%;margin:4px 0}
.row span{flex:1;background:#7f9b79;color:#fff;border-radius:8px;text-align:center;padding:6px 3px;
font-size:14px}
.note{color:#456;font-size:13px;text-align:center}</style>"""
TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="shut">', "</blockquote>"),
}


@dataclass
class Scene:
    """A conversation as it goes: what was said by either side, in order."""

    room: Room
    told: list[tuple[str, dict[str, Any] | str]] = field(default_factory=list)  # "asked", "said", "tap"

    async def says(self, text: str) -> list[dict[str, Any]]:
        """Say something, and return the messages of the bot that are new or have changed since."""
        self.told.append(("asked", text))
        words = text.removeprefix("@group ")
        before = self._standing()
        await self.room.says(f"{MENTION} {words}" if words != text else words)
        return await self._settled(before, added=True)

    async def taps(self, message: dict[str, Any], label: str) -> list[dict[str, Any]]:
        """Tap a button, and return the messages that are new or have changed since."""
        self.told.append(("tap", f"[{label}]"))
        before = self._standing()
        await self.room.taps(label, on=message)
        return await self._settled(before)

    def _standing(self) -> dict[int, dict[str, Any]]:
        return {one["message_id"]: one for one in self.room.said()}

    async def _settled(
        self, before: dict[int, dict[str, Any]], *, added: bool = False
    ) -> list[dict[str, Any]]:
        """Wait until all is said; of what ``added`` brings, changes of older messages are no part."""
        proxy, began = self.room.proxy, time.monotonic()
        count, since = -1, began
        while time.monotonic() - since < QUIET or (
            not self._news(before, added=added) and time.monotonic() - began < 20
        ):
            busy = [one for one in proxy.calls if one.method != "getUpdates"]
            if len(busy) != count:
                count, since = len(busy), time.monotonic()
            await asyncio.sleep(0.05)
        news = self._news(before, added=added)
        self.told += [("said", one) for one in news]
        return news

    def _news(self, before: dict[int, dict[str, Any]], *, added: bool) -> list[dict[str, Any]]:
        said = self.room.said()
        if added:
            return [one for one in said if one["message_id"] not in before]
        return [one for one in said if before.get(one["message_id"]) is not one]


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[Proxy]:
    """The bot as it is wired for people, over a copy of ``home``, until this is left."""
    emulators = Emulators()
    token, emulator = emulators.token()
    proxy = Proxy(emulator.url, token, None)
    await proxy.start()
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(shutil.copytree(home, Path(folder) / "home"))
        told = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_BASE_URL": proxy.url, "CHENGWEN_HOME": str(copied)}
        wiring = Wiring(Settings.load({**told, "READER_URL": "https://read.example.org"}))
        stop = asyncio.Event()
        with wiring.library() as library, wiring.store() as store:
            service = wiring.telegram(library, store)
            object.__setattr__(service, "site", ())
            serving = asyncio.create_task(service.serve(stop))
            try:
                await proxy.until(lambda: proxy.made("getUpdates"))
                yield proxy
            finally:
                stop.set()
                await serving
                await proxy.stop()
                emulators.stop()


def labels(message: dict[str, Any]) -> list[str]:
    """Return the labels of the buttons that bring something back when they are tapped."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row if "callback_data" in button]


def printed(message: dict[str, Any]) -> str:
    """Return a message with its buttons as plain text."""
    words = message.get("text") or message.get("caption", "")
    kinds = [f"<{kind}>" for kind in ("photo", "document") if kind in message]
    rows = ["  ".join(f"[{one}]" for one in row) for row in shown(message)]
    return "\n".join([*kinds, words, *rows])


async def draw(home: Path, files: Sequence[Path], *, count: int, seed: int) -> None:
    """Print messages that were drawn at random."""
    chance = random.Random(seed)
    asked = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines() if line]
    number = 0
    async with running(home) as proxy:
        while number < count:
            scene = Scene(
                Room(proxy, Person(language_code=chance.choice(("zh-hans", "zh-hans", "zh-hant", "en"))))
            )
            question = chance.choice(asked) if asked and chance.random() < 0.7 else {}
            before = [one["content"] for one in question.get("history", ()) if one["role"] == "user"]
            text = question.get("question") or chance.choice(COMMANDS)
            for one in before:
                await scene.says(one)
            news = await scene.says(text)
            step = text
            if news and labels(news[-1]) and chance.random() < TAPPED:
                label = chance.choice(labels(news[-1]))
                news, step = await scene.taps(news[-1], label), f"{text} → [{label}]"
            for message in news[:2]:
                number += 1
                print(f"\n=== {number}. {step}\n{printed(message)}", flush=True)


async def play(home: Path, script: dict[str, list[str]], pictures: Path | None) -> None:
    """Play conversations; a button is tapped twice where it is still there, and what that adds is told."""
    async with running(home) as proxy:
        for name, lines in script.items():
            scene = Scene(_room(proxy, lines))
            last: list[dict[str, Any]] = []
            for text in lines:
                label = text.removeprefix("> ")
                if label == text:
                    last = await scene.says(text) or last
                    continue
                if label not in labels(last[-1]):
                    print(f"{name}: no button {label} among {labels(last[-1])}")
                    continue
                known = len(scene.room.said())
                last = await scene.taps(last[-1], label) or last
                if label in labels(last[-1]):
                    await scene.taps(last[-1], label)
                print(f"{name} {label}: {len(scene.room.said()) - known} new messages after two taps")
            for kind, what in scene.told:
                print(f"--- {name} {kind}: {what if isinstance(what, str) else printed(what)}")
            if pictures:
                await asyncio.to_thread(_pictured, scene, pictures / f"{name}.png")


def _room(proxy: Proxy, lines: Sequence[str]) -> Room:
    english = any(line.isascii() and not line.startswith(("/", "> ")) for line in lines)
    person = Person(language_code="en" if english else "zh-hans")
    if not any(line.startswith("@group ") for line in lines):
        return Room(proxy, person)
    return Room(proxy, person, chat={"id": -100_123, "type": "supergroup", "title": "业主群"})


def _pictured(scene: Scene, path: Path) -> None:
    parts = []
    for kind, what in scene.told:
        if isinstance(what, str):
            style = "note" if kind == "tap" else "asked"
            parts.append(f'<div class="{style}">{html.escape(what)}</div>')
            continue
        parts.append(f'<div class="said">{_markup(what)}</div>')
        rows = ("".join(f"<span>{html.escape(one)}</span>" for one in row) for row in shown(what))
        parts += [f'<div class="row">{row}</div>' for row in rows]
    with browser() as started:
        page = started.new_page(viewport={"width": 390, "height": 100})
        page.set_content(STYLE + "".join(parts))
        page.screenshot(path=path, full_page=True)
        page.close()


def _markup(message: dict[str, Any]) -> str:
    words = message.get("text") or message.get("caption") or ""
    raw = words.encode("utf-16-le")
    marks: dict[int, str] = {}
    for one in sorted(message.get("entities", ()), key=lambda one: (one["offset"], -one["length"])):
        opened, closed = TAGS.get(one["type"], ("", ""))
        first, last = one["offset"], one["offset"] + one["length"]
        marks[first] = marks.get(first, "") + opened
        marks[last] = closed + marks.get(last, "")
    cuts = sorted({0, len(raw) // 2, *marks})
    return "".join(_marked(raw, marks, cuts))


def _marked(raw: bytes, marks: dict[int, str], cuts: list[int]) -> Iterator[str]:
    for at, end in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        yield marks.get(at, "")
        yield html.escape(raw[2 * at : 2 * end].decode("utf-16-le"))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("what", choices=("draw", "play"))
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_intermixed_args()
    if given.what == "draw":
        asyncio.run(draw(given.home, given.files, count=given.count, seed=given.seed))
        return
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    script = json.loads(given.files[0].read_text("utf-8"))
    asyncio.run(play(given.home, script, given.pictures))


if __name__ == "__main__":
    main()
