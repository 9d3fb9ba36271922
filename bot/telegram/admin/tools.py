"""What admins work with: the library worker, the model's state, settings that can be read again."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Protocol

from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.config.settings import Settings
    from bot.store import Store
    from bot.telegram.access_control import AccessPolicy, UsageQuota
    from bot.telegram.streaming.fair_queue import FairQueue
    from retrieval.ingest.preview import Preview
    from retrieval.ingest.report import FileReport


# What a running bot can go by at once; all else is read when it starts.
AT_ONCE = frozenset(
    {
        "telegram_admins",
        "telegram_allowed",
        "telegram_mode",
        "telegram_person_minute",
        "telegram_person_day",
        "telegram_person_tokens",
        "telegram_chat_minute",
        "telegram_chat_day",
        "telegram_chat_tokens",
        "telegram_answers",
        "telegram_keep_days",
        "telegram_file_megabytes",
    }
)


class LibraryWorkerLike(Protocol):
    """Looks at files and changes the library; see ``bot.assembly.library_worker``. All may raise BotError."""

    async def preview(self, path: Path) -> Preview:
        """Return what would be read of a file."""
        ...

    async def take(self, path: Path) -> FileReport:
        """Read a file into the library."""
        ...

    async def remove(self, key: str) -> None:
        """Take a source out of the library."""
        ...


class ModelLike(Protocol):
    """The model that words answers."""

    @property
    def name(self) -> str:
        """Which it is."""
        ...

    @property
    def resting(self) -> float:
        """For how many seconds more it is left alone after failures."""
        ...

    def spent(self) -> int:
        """Return the tokens spent today; blocks."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminTools:
    """What the rest of the program gives to admins."""

    keeper: LibraryWorkerLike
    reread: Callable[[], Settings]  # reads the settings again; raises SettingsError
    model: ModelLike | None = None


@dataclass(slots=True, kw_only=True)
class AdminState:
    """The settings as they are now, and what follows them."""

    settings: Settings
    gate: AccessPolicy
    allowance: UsageQuota
    turns: FairQueue
    tools: AdminTools | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def uptime(self) -> float:
        """For how many seconds the bot has been running."""
        return time.monotonic() - self.began

    def follow(self, fresh: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Go by new settings; return the variables that changed, and those of them that need a restart."""
        changed = [
            one for one in fields(fresh) if getattr(fresh, one.name) != getattr(self.settings, one.name)
        ]
        self.settings = fresh
        self.gate.follow(fresh)
        self.allowance.follow(fresh)
        self.turns.widen(fresh.telegram_answers)
        later = [one.metadata["variable"] for one in changed if one.name not in AT_ONCE]
        return tuple(one.metadata["variable"] for one in changed), tuple(later)


LOG = logging.getLogger(__name__)
EVERY = 2.0  # seconds from one look to the next
KIND = "reload"


async def tell(store: Store, bot: int) -> None:
    """Let the other processes read their settings again. Raises StoreError."""
    await asyncio.to_thread(store.notices.note, bot, KIND)


async def follow(store: Store, bot: int, office: AdminState) -> None:
    """Look until cancelled whether another process was told to read its settings again, and do so too."""
    known: float | None = None  # so that what was told while this process started is not missed
    while True:
        try:
            before, known = known, await asyncio.to_thread(store.notices.last, bot, KIND)
            if known not in (None, before):
                await _read(office)
        except BotError as error:
            LOG.warning("settings were not read again: %s", error)
        await asyncio.sleep(EVERY)


async def _read(office: AdminState) -> None:
    if office.tools is None:
        return
    fresh = await asyncio.to_thread(office.tools.reread)
    changed, later = office.follow(fresh)
    LOG.info("settings were read again; changed: %s, of these after a restart: %s", changed, later)
