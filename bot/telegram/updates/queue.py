"""How updates come in: kept first, then worked on in each person's order, and finished when answered."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import deque
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from telegram import Update

from bot.store import ReceivedUpdate, StoreError, TakenOverError
from bot.telegram.sending.timeouts import Timeouts, set_within
from bot.telegram.updates.leases import InboxLeases
from bot.telegram.updates.payloads import (
    fault,
    follows,
    is_full,
    is_passing,
    is_urgent,
    joined,
    lane,
    received,
    whole,
)
from retrieval.values.errors import CatalogueAway

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Coroutine, Hashable, Iterable, Sequence

    from telegram import Bot

    from bot.store import Store
    from bot.telegram.streaming.signs import TypingIndicator

    Work = Callable[[Update], Coroutine[Any, Any, None]]


LOG = logging.getLogger(__name__)
WIDTH = 512  # updates worked on at the same time; the answers among them wait their turn
SUSPECT = 3  # an update that was begun so often and not ended is worked on beside no other such one
ATTEMPTS = 12  # if the process does not survive that either, so often, it is given up at the last
FAILURES = 3  # what fails so often by itself is given up, too
APOLOGIES = 2  # that are tried then, before an update is left until the next start
BEHIND = 0.2  # seconds until it is looked again whether another process has answered what comes first


class BatchedCalls:
    """Does ``work`` for several numbers at once, in a thread; it returns those for which it could be done."""

    def __init__(self, work: Callable[[Sequence[int]], Collection[int]]) -> None:
        self._work = work
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._busy: asyncio.Task[None] | None = None

    async def __call__(self, number: int) -> bool:
        """Tell whether it could be done for a number; raises what ``work`` raises."""
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((number, told))
        if self._busy is None:
            self._busy = asyncio.create_task(self._run())
        return await told

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                done = await asyncio.to_thread(self._work, [number for number, _ in batch])
            except Exception as error:  # noqa: BLE001 - a failure must not end the conversation
                for _, told in batch:
                    if not told.done():
                        told.set_exception(error)
            else:
                for number, told in batch:
                    if not told.done():
                        told.set_result(number in done)
        self._busy = None


class UpdateQueue:
    """Takes updates in, each once however often it comes, and sees them through.

    ``handle`` answers an update, and may raise; ``give_up`` apologises for one that was begun too often. Of
    several processes that share a store one works on an update; it holds it ``patience.lease`` seconds.
    What fails, as when the store is away, is tried again after a pause, and holds up what its person sent
    later. Where the process ends again and again, what it was at is tried one at a time: only one of them is
    at fault, and the others are not to be given up with it. A text at Telegram's limit waits
    ``patience.paste`` seconds for its next part.
    """

    def __init__(  # noqa: PLR0913 - two that it is between, two kinds of work, and three ways to set it up
        self,
        bot: Bot,
        store: Store,
        *,
        handle: Work,
        give_up: Work,
        patience: Timeouts | None = None,
        signs: TypingIndicator | None = None,
        leases: InboxLeases | None = None,
    ) -> None:
        self._bot = bot
        self._store = store
        self._handle = handle
        self._give_up = give_up
        self._patience = patience or Timeouts()
        self._signs = signs
        self._hands: dict[int, ReceivedUpdate] = {}  # what this process is to answer
        self._begun: set[int] = set()  # of these, what was begun and so counted in this life
        self._begin = BatchedCalls(partial(store.inbox.begin_all, bot.id, owner=store.owner))
        self._finish = BatchedCalls(partial(store.inbox.finish_all, bot.id))
        self._suspects = asyncio.Lock()
        self._closing = asyncio.Event()
        self._own = leases or InboxLeases(store, bot.id, lease=self._patience.lease)
        self._holding: asyncio.Task[None] | None = None
        self._lanes = SerialLanes[int](self._work, width=WIDTH)
        self._passing: set[asyncio.Task[None]] = set()
        self._outside: list[tuple[int, dict[str, Any]]] = []
        self._usher: asyncio.Task[None] | None = None

    async def take(self, payloads: Iterable[str]) -> None:
        """Keep updates, given as JSON, and begin with those that are new; when this returns they are safe.

        What is worth nothing in a few seconds is answered beside, and lost if it can't be; what has not the
        shape of an update is buried with its reason.
        """
        updates = [(json.loads(one), one) for one in map(whole, payloads)]
        faults = [fault(update) for update, _ in updates]
        for (update, _), reason in zip(updates, faults, strict=True):
            if reason is not None:
                await self._bury(update, reason)
        updates = [one for one, reason in zip(updates, faults, strict=True) if reason is None]
        for update, _ in updates:
            if is_passing(update):
                self._pass(update)
        came = [received(update, one) for update, one in updates if not is_passing(update)]
        if not came:
            return
        self._put(await asyncio.to_thread(self._receive, came))
        if any(one.update_id not in self._hands for one in came):
            # Finished, another's, or kept by a commit that seemed to fail, and then in no hands yet.
            renew, lease = self._store.inbox.renew, self._patience.lease
            own = partial(renew, self._bot.id, owner=self._store.owner, lease=lease)
            self._put(await asyncio.to_thread(own))

    async def resume(self) -> int:
        """Begin with what was left unfinished when the bot ran last, and return how much that is.

        From here on, what another process leaves behind when it dies is taken over, too.
        """
        left = await self._own.begin()
        self._put(left)
        self._holding = asyncio.create_task(self._own.run(self._put))
        return len(left)

    async def close(self, *, seconds: float) -> int:
        """Begin nothing more, wait for what is being answered, and return how much is left undone."""
        self._closing.set()
        if self._usher is not None:
            self._usher.cancel()
        for passing in self._passing:
            passing.cancel()
        await self._lanes.close(seconds=seconds)
        if self._signs is not None:
            self._signs.close()
        if self._holding is not None:
            self._holding.cancel()
            await self._own.release()
        return len(self._hands)

    async def _bury(self, update: dict[str, Any], reason: str) -> None:
        """Keep nothing of an update but why, for admins to see."""
        LOG.warning("an update was buried: %s", reason)
        note = partial(self._store.failures.note, self._bot.id, secrets.token_hex(3))
        with suppress(StoreError):
            await asyncio.to_thread(
                note, kind="UnusableUpdate", message=reason, update_id=update["update_id"]
            )

    def _receive(self, came: list[ReceivedUpdate]) -> tuple[ReceivedUpdate, ...]:
        return self._store.inbox.receive(
            self._bot.id, came, owner=self._store.owner, lease=self._patience.lease
        )

    def _put(self, came: Iterable[ReceivedUpdate]) -> None:
        """Take updates into the hands, show that, and let each wait for its turn."""
        new = [one for one in came if one.update_id not in self._hands]
        self._hands.update((one.update_id, one) for one in new)
        updates = {one.update_id: json.loads(one.payload) for one in new}
        if self._signs is not None:
            for update_id, update in updates.items():
                self._signs.begin(update_id, update)
        self._outside.extend(updates.items())
        if self._usher is None or self._usher.done():
            self._usher = asyncio.create_task(self._let_in())

    async def _let_in(self) -> None:
        """Let work begin, on a crowd once it was shown that it was heard.

        Meanwhile more may come in: anyone who waits for its turn must not wait for its sign as well.
        """
        while self._outside:
            if self._signs is not None:
                await self._signs.shown()
            inside, self._outside = self._outside, []
            for update_id, update in inside:
                self._queue(update_id, update)

    def _queue(self, update_id: int, update: dict[str, Any]) -> None:
        if is_urgent(update):
            self._lanes.express(update_id)
        else:
            self._lanes.put(lane(update), update_id)

    def _pass(self, update: dict[str, object]) -> None:
        passing = asyncio.create_task(self._passed(update))
        self._passing.add(passing)
        passing.add_done_callback(self._passing.discard)

    async def _passed(self, update: dict[str, object]) -> None:
        try:
            await self._handle(Update.de_json(update, self._bot))
        except Exception:
            LOG.exception("update %s could not be dealt with", update.get("update_id"))

    async def _work(self, update_id: int) -> None:
        """See an update through, however often that takes; it must not raise."""
        tries = failures = 0
        while not self._closing.is_set():
            tries += 1
            one = self._hands[update_id]
            hopeless = failures >= FAILURES or one.attempts >= ATTEMPTS
            try:
                await self._in_turn(one, self._give_up if hopeless else self._handle)
            except TakenOverError:
                LOG.warning("update %s was taken over by another process in its midst", update_id)
                self._let_go(update_id)
                return
            except (StoreError, CatalogueAway) as error:
                LOG.warning("update %s waits for the database: %s", update_id, error)
            except Exception:
                LOG.exception("update %s could not be dealt with", update_id)
                failures += 1
                if failures >= FAILURES + APOLOGIES:
                    return  # it is tried again when the bot starts next
            else:
                return
            await set_within(self._closing, self._patience.before(tries))

    async def _in_turn(self, one: ReceivedUpdate, work: Work) -> None:
        if await self._is_behind(one):
            again = partial(self._queue, one.update_id, json.loads(one.payload))
            asyncio.get_running_loop().call_later(BEHIND, again)
            return
        async with self._suspects if one.attempts >= SUSPECT else nullcontext():
            await self._done(one, work)
        self._let_go(one.update_id)

    async def _done(self, one: ReceivedUpdate, work: Work) -> None:
        if not await self._is_ours(one.update_id):
            LOG.warning("update %s was taken over by another process", one.update_id)
            return
        whole = await self._whole(one)
        await work(Update.de_json(json.loads(whole.payload), self._bot))
        await self._finish(one.update_id)

    async def _is_ours(self, update_id: int) -> bool:
        """Note that work on an update begins, and tell whether it is still this process's to do.

        It is counted once a life: what is counted are deaths, not a database that was away.
        """
        if update_id not in self._begun:
            self._begun.add(update_id)
            return await self._begin(update_id)
        claim, lease = self._store.inbox.claim, self._patience.lease
        return await asyncio.to_thread(claim, self._bot.id, update_id, owner=self._store.owner, lease=lease)

    def _let_go(self, update_id: int) -> None:
        del self._hands[update_id]
        self._begun.discard(update_id)
        if self._signs is not None:
            self._signs.end(update_id)

    async def _is_behind(self, one: ReceivedUpdate) -> bool:
        """Tell whether something that the same person sent before is still to be answered.

        In this process lanes keep the order; only others can be late with what comes first.
        """
        update = json.loads(one.payload)
        if not self._store.is_shared or is_urgent(update):
            return False
        earlier = await asyncio.to_thread(self._store.inbox.before, self._bot.id, one)
        before = [json.loads(other.payload) for other in earlier]
        return any(lane(other) == lane(update) and not is_urgent(other) for other in before)

    async def _whole(self, one: ReceivedUpdate) -> ReceivedUpdate:
        """Return an update with what its sender's client cut off of it, if that comes at once."""
        parts = [one]
        while is_full(parts[-1].payload):
            place = lane(json.loads(one.payload))
            after = await self._lanes.behind(place, within=self._patience.paste)
            if after is None or not follows(parts[-1].payload, self._hands[after].payload):
                break
            parts.append(self._hands[self._lanes.take(place)])
        if len(parts) == 1:
            return one
        whole = replace(self._hands[one.update_id], payload=joined(part.payload for part in parts))
        absorbed = [part.update_id for part in parts[1:]]
        await asyncio.to_thread(self._store.inbox.absorb, self._bot.id, whole, absorbed=absorbed)
        self._hands[one.update_id] = whole
        for part in absorbed:
            self._let_go(part)
        return whole


Job = TypeVar("Job")


class SerialLanes(Generic[Job]):
    """Does jobs: those of one lane in the order in which they were put, at most ``width`` at a time in all.

    ``work`` must not raise; a job that was not begun when the lanes close is left undone.
    """

    def __init__(self, work: Callable[[Job], Awaitable[None]], *, width: int) -> None:
        self._work = work
        self._width = asyncio.Semaphore(width)
        self._waiting: dict[Hashable, deque[Job]] = {}
        self._news: dict[Hashable, asyncio.Event] = {}
        self._walkers: set[asyncio.Task[None]] = set()
        self._open = True
        self._undone = 0

    def put(self, lane: Hashable, job: Job) -> None:
        """Put a job at the end of its lane."""
        self._undone += 1
        if lane in self._waiting:
            self._waiting[lane].append(job)
            if lane in self._news:
                self._news[lane].set()
            return
        self._waiting[lane] = deque([job])
        self._start(self._walk(lane))

    async def behind(self, lane: Hashable, *, within: float) -> Job | None:
        """Return the next job of a lane whose work goes on, without taking it; wait for one if need be."""
        waiting = self._waiting.get(lane)
        if waiting is None:
            return None
        if not waiting and self._open:
            news = self._news[lane] = asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), within)
            self._news.pop(lane, None)
        return waiting[0] if waiting else None

    def take(self, lane: Hashable) -> Job:
        """Take the next job of a lane, and return it: it is done with the one that is worked on."""
        self._undone -= 1
        return self._waiting[lane].popleft()

    def express(self, job: Job) -> None:
        """Do a job at once, past all lanes and whatever fills them."""
        self._undone += 1
        self._start(self._alone(job))

    async def close(self, *, seconds: float) -> int:
        """Begin nothing more, give what was begun ``seconds`` to end, and return how many are left undone."""
        self._open = False
        if self._walkers:
            _, late = await asyncio.wait(self._walkers, timeout=seconds)
            for walker in late:
                walker.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return self._undone

    def _start(self, walk: Coroutine[Any, Any, None]) -> None:
        walker = asyncio.create_task(walk)
        self._walkers.add(walker)
        walker.add_done_callback(self._walkers.discard)

    async def _alone(self, job: Job) -> None:
        if self._open:
            await self._work(job)
            self._undone -= 1

    async def _walk(self, lane: Hashable) -> None:
        waiting = self._waiting[lane]
        try:
            while waiting:
                async with self._width:
                    if not self._open:
                        return
                    await self._work(waiting.popleft())
                    self._undone -= 1
        finally:
            del self._waiting[lane]
