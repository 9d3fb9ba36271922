"""How updates come in: kept first, then worked on in each person's order, and finished when answered."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from telegram import Update

from bot.store import Received, StoreError
from bot.telegram.lanes import Lanes
from bot.telegram.pasting import follows, is_full, joined
from bot.telegram.stopping import is_urgent

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable, Iterable

    from telegram import Bot

    from bot.store import Store

LOG = logging.getLogger(__name__)
WIDTH = 512  # updates worked on at the same time; the answers among them wait their turn
LEASE = 30.0  # seconds for which an update is held by the process that works on it, unless renewed
ASKING = ("ask:", "fgc:", "del:")  # how taps begin that ask a question, or end the whole conversation
ATTEMPTS = 3  # an update that the process did not survive so often is given up


class Intake:
    """Takes updates in, each once however often it comes, and sees them through.

    ``handle`` answers an update, and may raise; ``give_up`` apologises for one that was begun too often. Of
    several processes that share a store one works on an update; it holds it ``lease`` seconds at a time.
    ``pasting`` is how long, in seconds, a text at Telegram's limit waits for its next part.
    """

    def __init__(
        self,
        bot: Bot,
        store: Store,
        *,
        handle: Callable[[Update], Coroutine[Any, Any, None]],
        give_up: Callable[[Update], Coroutine[Any, Any, None]],
        lease: float = LEASE,
        pasting: float = 1.0,
    ) -> None:
        self._bot = bot
        self._store = store
        self._handle = handle
        self._give_up = give_up
        self._lease = lease
        self._pasting = pasting
        self._holding: asyncio.Task[None] | None = None
        self._lanes = Lanes[Received](self._work, width=WIDTH)
        self._passing: set[asyncio.Task[None]] = set()

    async def take(self, payloads: Iterable[str]) -> None:
        """Keep updates, given as JSON, and begin with those that are new; when this returns they are safe.

        What is worth nothing in a few seconds is answered beside, and lost if it can't be.
        """
        updates = [(json.loads(one), one) for one in payloads]
        for update, _ in updates:
            if _is_passing(update):
                self._pass(update)
        came = [_received(update, one) for update, one in updates if not _is_passing(update)]
        if not came:
            return
        for new in await asyncio.to_thread(self._receive, came):
            self._put(new)

    async def resume(self) -> int:
        """Begin with what was left unfinished when the bot ran last, and return how much that is.

        From here on, what another process leaves behind when it dies is taken over, too.
        """
        left = await asyncio.to_thread(self._adopt, own=True)
        for one in left:
            self._put(one)
        self._holding = asyncio.create_task(self._hold())
        return len(left)

    async def close(self, *, seconds: float) -> int:
        """Begin nothing more, wait for what is being answered, and return how much is left undone."""
        for passing in self._passing:
            passing.cancel()
        left = await self._lanes.close(seconds=seconds)
        if self._holding is not None:
            self._holding.cancel()
            with suppress(StoreError):
                await asyncio.to_thread(self._store.inbox.release, self._bot.id, owner=self._store.owner)
        return left

    async def _hold(self) -> None:
        """Keep hold of what is being worked on, and look for what a dead process held."""
        while True:
            await asyncio.sleep(self._lease / 3)
            try:
                for one in await asyncio.to_thread(self._held):
                    LOG.warning("update %s is taken over from a process that is gone", one.update_id)
                    self._put(one)
            except StoreError:
                LOG.exception("the inbox can't be asked")

    def _held(self) -> tuple[Received, ...]:
        self._store.inbox.renew(self._bot.id, owner=self._store.owner, lease=self._lease)
        return self._adopt(own=False)

    def _adopt(self, *, own: bool) -> tuple[Received, ...]:
        return self._store.inbox.adopt(self._bot.id, owner=self._store.owner, lease=self._lease, own=own)

    def _receive(self, came: list[Received]) -> tuple[Received, ...]:
        return self._store.inbox.receive(self._bot.id, came, owner=self._store.owner, lease=self._lease)

    async def _begun(self, one: Received) -> bool:
        begin = self._store.inbox.begin
        return await asyncio.to_thread(begin, self._bot.id, one.update_id, owner=self._store.owner)

    def _put(self, one: Received) -> None:
        update = json.loads(one.payload)
        if is_urgent(update):
            self._lanes.express(one)
        else:
            self._lanes.put(_lane(update), one)

    def _pass(self, update: dict[str, object]) -> None:
        passing = asyncio.create_task(self._handle(Update.de_json(update, self._bot)))
        self._passing.add(passing)
        passing.add_done_callback(self._passing.discard)

    async def _work(self, one: Received) -> None:
        try:
            if not await self._begun(one):
                LOG.warning("update %s was taken over by another process", one.update_id)
                return
            one = await self._whole(one)
            update = Update.de_json(json.loads(one.payload), self._bot)
            await (self._handle(update) if one.attempts < ATTEMPTS else self._give_up(update))
            await asyncio.to_thread(self._store.inbox.finish, self._bot.id, one.update_id)
        except Exception:
            # Left unfinished: it is tried again when the bot starts next.
            LOG.exception("update %s could not be dealt with", one.update_id)

    async def _whole(self, one: Received) -> Received:
        """Return an update with what its sender's client cut off of it, if that comes at once."""
        parts = [one]
        while is_full(parts[-1].payload):
            lane = _lane(json.loads(one.payload))
            after = await self._lanes.behind(lane, within=self._pasting)
            if after is None or not follows(parts[-1].payload, after.payload):
                break
            self._lanes.take(lane)
            parts.append(after)
        if len(parts) == 1:
            return one
        whole = replace(one, payload=joined(part.payload for part in parts))
        absorbed = [part.update_id for part in parts[1:]]
        await asyncio.to_thread(self._store.inbox.absorb, self._bot.id, whole, absorbed=absorbed)
        return whole


def _is_passing(update: dict[str, object]) -> bool:
    return "inline_query" in update


def _received(update: dict[str, Any], payload: str) -> Received:
    _, chat, person = _whose(update)
    return Received(update_id=int(update["update_id"]), payload=payload, chat=chat or 0, person=person or 0)


def _lane(update: dict[str, object]) -> Hashable:
    """Name the lane of an update: what a person writes in a chat keeps its order, and so do taps, beside it.

    Nobody in a group waits for the answers to others.
    """
    return _whose(update)


def _whose(update: dict[str, object]) -> tuple[str, int | None, int | None]:
    """Return what kind an update is, the chat and the person."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        content = update.get(kind)
        if isinstance(content, dict):
            is_tap = kind == "callback_query"
            message = (content.get("message") or {}) if is_tap else content
            chat, person = message.get("chat", {}).get("id"), content.get("from", {}).get("id")
            # A question keeps its place among the others, however it is asked; so does what edits it.
            aside = is_tap and not str(content.get("data", "")).startswith(ASKING)
            return kind if aside or kind == "my_chat_member" else "message", chat, person
    return "other", None, None
