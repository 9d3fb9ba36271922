"""One process of the bot in the simulation: real intake, leases, lanes, pace, delivery and store."""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING, Any

from sqlalchemy import Float, bindparam, create_engine, event
from sqlalchemy.pool import StaticPool
from telegram.ext import ExtBot

from bot.store import Store, StoreError
from bot.store.database import Database
from bot.store.tables.answer_tables import METADATA
from bot.telegram.sending.calls import ReplyAddress, UncancelledRequest
from bot.telegram.sending.delivery import ChatReply
from bot.telegram.sending.rate_limit import ChatRateLimit, RateLimiter
from bot.telegram.sending.timeouts import Timeouts
from bot.telegram.updates.leases import InboxLeases
from bot.telegram.updates.queue import UpdateQueue
from evaluation.simulation.telegram_model import READ, TOKEN, FailingNetwork
from evaluation.simulation.virtual_loop import LIFE, START, ProcessLife

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Engine
    from telegram import Update

    from bot.telegram.updates.leases import Put
    from evaluation.simulation.draws import Draws
    from evaluation.simulation.telegram_model import TelegramModel
    from evaluation.simulation.virtual_loop import VirtualLoop

PATIENCE = Timeouts(read=READ, stop=10.0)
OFFER, GIVEN_UP = "?", "!"  # what ends the text of an offer to send an answer again, and of an apology


def parts_of(update: int) -> list[str]:
    """Return the texts of an answer."""
    return [f"{update}:{part}" for part in range(1 + update % 3)]


def memory_engine() -> Engine:
    """Return a database in memory with the tables of a store."""
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False, "isolation_level": None}
    )
    # Past SQLAlchemy, which takes five times as long for it; nobody else is here who could refuse.
    event.listen(engine, "begin", lambda connection: connection.connection.driver_connection.execute("BEGIN"))
    METADATA.create_all(engine)
    return engine


class SharedDatabase(Database):
    """A database that several processes share, with one clock, and that is away at times."""

    def __init__(self, engine: Engine, loop: VirtualLoop, draws: Draws, *, is_shared: bool) -> None:
        super().__init__(engine, pauses=())
        self._loop, self._draws, self._is_shared = loop, draws, is_shared
        self.away_until = 0.0

    @property
    def is_file(self) -> bool:
        """Whether one process has it for itself; the language of the statements stays SQLite's."""
        return not self._is_shared

    def insert(self, table: Any) -> Any:
        """Return an INSERT that can say what to do on a conflict."""
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - beside the name of the function it replaces

        return sqlite.insert(table)

    def clock(self) -> ColumnElement[float]:
        """Return the time by the database's own clock."""
        return bindparam(None, callable_=lambda: START + self._loop.time(), type_=Float)

    def alone(self, connection: object, what: str) -> None:
        """Do nothing: each transaction of the simulation is alone."""

    def _insist(self, work: Callable[[Any], Any], *, writing: bool, pauses: tuple[float, ...]) -> Any:
        if self._loop.time() < self.away_until:
            if writing and self._draws.happens(0.1):  # a commit that went through and seemed to fail
                super()._insist(work, writing=writing, pauses=pauses)
            raise StoreError("the store is away")
        return super()._insist(work, writing=writing, pauses=pauses)


class _Leases(InboxLeases):
    """Leases that are renewed by the loop: the simulation has no threads."""

    async def run(self, put: Put) -> None:
        while True:
            await asyncio.sleep(self._lease / 5)
            try:
                found = await self._call(self._looked)
            except StoreError:
                continue
            put(found)


class Replica:
    """A process that answers each update with one to three messages, told by its id."""

    def __init__(
        self, name: str, database: SharedDatabase, telegram: TelegramModel, loop: VirtualLoop
    ) -> None:
        self.life = ProcessLife(name)
        self._draws, self._loop = telegram.draws, loop
        self._context = contextvars.copy_context()
        self._context.run(LIFE.set, self.life)
        store = Store(database)
        # Its name is drawn from the seed, too.
        store._name = f"{name}-{self._draws.chance.getrandbits(32):08x}"  # noqa: SLF001
        self._store = store
        pace = RateLimiter(30, PATIENCE.chat)
        pace._private = ChatRateLimit(PATIENCE.chat, clock=loop.time)  # noqa: SLF001
        self._bot: ExtBot[Any] = ExtBot(
            TOKEN, request=_request(telegram), get_updates_request=_request(telegram), rate_limiter=pace
        )
        self._queue: UpdateQueue | None = None

    @property
    def is_up(self) -> bool:
        """Whether updates can be brought to it."""
        return self._queue is not None and not self.life.is_over

    def start(self) -> asyncio.Task[None]:
        """Begin to live."""
        return self._run(self._start())

    async def take(self, payload: str) -> None:
        """Bring an update; returns when it is kept, and never where the process dies before."""
        assert self._queue is not None
        await asyncio.shield(self._run(self._queue.take([payload])))

    def stop(self) -> asyncio.Task[None]:
        """End in good order."""
        return self._run(self._stop())

    def kill(self) -> None:
        """End at once: nothing that it has begun goes on."""
        if self.life.over_at is None:
            self.life.over_at = self._loop.time()

    def _run(self, work: Any) -> asyncio.Task[Any]:
        return self._context.run(lambda: self._loop.create_task(work))

    async def _start(self) -> None:
        await self._bot.initialize()
        queue = UpdateQueue(
            self._bot,
            self._store,
            handle=self._answer,
            give_up=self._give_up,
            patience=PATIENCE,
            leases=_Leases(self._store, self._bot.id, lease=PATIENCE.lease),
        )
        while True:
            try:
                await queue.resume()
            except StoreError:
                await asyncio.sleep(1)
            else:
                break
        self._queue = queue

    async def _stop(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            await queue.close(seconds=PATIENCE.stop)
        await self._bot.shutdown()

    async def _answer(self, update: Update) -> None:
        await asyncio.sleep(self._draws.until(0.5))
        reply = self._reply(update)
        if not await reply.send_all(parts_of(update.update_id)):
            await reply.insist(f"{update.update_id}{OFFER}")

    async def _give_up(self, update: Update) -> None:
        await self._reply(update).send(f"{update.update_id}{GIVEN_UP}")

    def _reply(self, update: Update) -> ChatReply:
        assert update.effective_chat is not None
        address = ReplyAddress(chat=update.effective_chat.id)
        return ChatReply(
            self._bot, self._store, update_id=update.update_id, address=address, patience=PATIENCE
        )


def _request(telegram: TelegramModel) -> UncancelledRequest:
    way = {"transport": FailingNetwork(telegram), "trust_env": False}
    return UncancelledRequest(httpx_kwargs=way, read_timeout=READ, write_timeout=READ)
