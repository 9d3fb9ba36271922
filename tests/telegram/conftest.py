"""The stage for all scenes: one emulator at a time, a proxy and a bot for each test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from calls import CALLS
from stage.emulator import Emulators, free_port
from stage.people import Room
from stage.proxy import PATIENCE, Proxy
from stage.spec import Spec
from stage.texts import Library, Scripted, library_of, quoting

from bot.config.settings import Settings
from bot.store import Store
from bot.store.database import Database
from bot.telegram.sending.timeouts import Timeouts
from bot.telegram.service import TelegramService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.presentation.suggestions import Suggestions
    from bot.server.app import Routes
    from bot.store.delivery.inbox import Inbox
    from bot.telegram.admin.tools import AdminTools

SPEC = Path(__file__).resolve().parents[3] / "shared" / "telegram" / "bot-api-10.1.json"
BRISK = Timeouts(
    chat=0.0, typing=0.05, again=0.02, longest=0.2, poll=10, stop=5.0, read=10.0, connect=2.0, news=0.05
)


@pytest.fixture(scope="session")
def spec() -> Spec | None:
    """The Bot API as data, or None where the shared material does not stand beside this checkout."""
    return Spec.load(SPEC) if SPEC.is_file() else None


@pytest.fixture(scope="session")
def emulators() -> Iterator[Emulators]:
    emulators = Emulators()
    yield emulators
    emulators.stop()


@pytest.fixture
async def proxy(emulators: Emulators, spec: Spec | None) -> AsyncIterator[Proxy]:
    """Telegram, as this test sees it; at the end no call may have been refused."""
    token, emulator = emulators.token()
    proxy = Proxy(emulator.url, token, spec)
    await proxy.start()
    yield proxy
    await proxy.stop()
    CALLS.update(
        calls=len(proxy.calls),
        checked=len(proxy.calls) if spec else 0,
        violations=len(proxy.violations),
        refusals=len(proxy.refused),
    )
    assert proxy.violations == []
    assert proxy.refused == []


@dataclass
class Stage:
    """A bot that can be brought up, ended and brought up again, in front of one Telegram."""

    proxy: Proxy
    home: Path
    library: Library
    answerer: Scripted
    patience: Timeouts = BRISK
    told: list[str] = field(default_factory=list)
    suggestions: Suggestions | None = None
    open_store: Callable[[Path], Store] = Store.open
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    more: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)  # of the service: links, finders
    tools: AdminTools | None = None
    site: Routes = ()

    def settings(self) -> Settings:
        return Settings.load(
            {
                "CHENGWEN_HOME": str(self.home),
                "TELEGRAM_BOT_TOKEN": self.proxy.token,
                "TELEGRAM_BASE_URL": self.proxy.url,
                **self.more,
            }
        )

    def webhook(self) -> str:
        """Ask for updates by webhook, and return its address."""
        port = free_port()
        url = f"http://127.0.0.1:{port}/telegram"
        self.more |= {
            "TELEGRAM_WEBHOOK_URL": url,
            "TELEGRAM_WEBHOOK_PORT": str(port),
            "TELEGRAM_WEBHOOK_SECRET": "s3cret_-token",
        }
        return url

    def keep_with(self, inbox: type[Inbox]) -> None:
        """Let another inbox stand in the place of the store's own."""

        def opened(path: Path) -> Store:
            database = Database.open(path)
            store = Store(database)
            store.inbox = inbox(database)
            return store

        self.open_store = opened

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The bot runs inside; it has ended in good order when this is left."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.serve(stop))
        try:
            await self._up(running)
            yield
        finally:
            stop.set()
            await running

    async def serve(self, stop: asyncio.Event) -> None:
        store = self.open_store(self.home / "bot.db")
        try:
            await TelegramService(
                settings=self.settings(),
                answerer=self.answerer,
                library=self.library,
                store=store,
                tell=self._tell,
                patience=self.patience,
                tools=self.tools,
                suggestions=self.suggestions,
                site=self.site,
                **self.parts,
            ).serve(stop)
        finally:
            store.close()

    def _tell(self, sentence: str) -> None:
        self.told.append(sentence)
        self._news.set()

    async def tells(self, words: str) -> None:
        """Wait until whoever runs the bot was told a sentence with these words."""
        async with asyncio.timeout(PATIENCE):
            while not any(words in told for told in self.told):
                self._news.clear()
                await self._news.wait()

    async def _up(self, running: asyncio.Task[None]) -> None:
        calls = len(self.proxy.calls)
        ready = "setWebhook" if "TELEGRAM_WEBHOOK_URL" in self.more else "deleteWebhook"
        up = asyncio.create_task(
            self.proxy.until(lambda: any(call.method == ready for call in self.proxy.calls[calls:]))
        )
        await asyncio.wait({up, running}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            up.cancel()
            await running
        await up

    def room(self, **kwargs: Any) -> Room:
        return Room(self.proxy, **kwargs)


@pytest.fixture
def library() -> Library:
    return library_of()


@pytest.fixture
def answerer(library: Library) -> Scripted:
    return quoting(library)


@pytest.fixture
def stage(proxy: Proxy, home: Path, library: Library, answerer: Scripted) -> Stage:
    return Stage(proxy, home, library, answerer)
